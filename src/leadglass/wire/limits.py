"""Every bound on what a peer may send, each with its reason."""

# What we announce (PS3.8 D.1). Larger PDUs save nothing once a response of a few hundred bytes fits.
ANNOUNCED_MAX_PDU_LENGTH = 65_536

# Twice what we announce: some servers leave headers out of their sum; nobody needs more for an identifier.
MAX_PDU_LENGTH = 131_072

# 128 contexts with a dozen transfer syntaxes each take about 100 kB; a request that needs more is an attack.
MAX_ASSOCIATE_LENGTH = 131_072

# Context identifiers are the odd numbers from 1 to 255 (PS3.8 9.3.2.2).
MAX_PRESENTATION_CONTEXTS = 128

# A UID has 64 characters at most (PS3.5 9.1).
MAX_UID_LENGTH = 64

# A version name has 16 characters at most (PS3.7 D.3.3.2.4); real servers were seen with up to 32, so be tolerant.
MAX_VERSION_NAME_LENGTH = 64

# A command set has a few hundred bytes; Orthanc adds 64 for each UID that a C-GET failed to send.
MAX_COMMAND_LENGTH = 262_144

# A study-level identifier has a few hundred bytes, one with private elements a few thousand.
MAX_DATA_SET_LENGTH = 1_048_576

# A data set that is skipped (the failed UIDs of a C-GET reply) is never held, only passed over.
MAX_SKIPPED_LENGTH = 16_777_216

# Fragments may be empty; without a bound a peer could send them for ever inside one message.
MAX_FRAGMENTS = 65_536

# An identifier nests twice at most in practice (worklist: step, code); hostile ones nest for ever.
MAX_DEPTH = 16

# An identifier answers what was asked: tens of elements; private ones bring hundreds.
MAX_ELEMENTS = 10_000
