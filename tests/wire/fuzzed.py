"""The parsers of `wire`, each with samples: every one is fed whole, cut at every offset and mutated."""

from leadglass.wire import tags
from leadglass.wire.assembly import Assembly
from leadglass.wire.commands import CommandField, decode_command, encode_command
from leadglass.wire.elements import decode, encode
from leadglass.wire.pdu import DataTransfer, DataValue
from leadglass.wire.pdu_codec import PDU_HEADER, decode_pdu, decode_values, encode_pdu
from leadglass.wire.picker import Picker
from leadglass.wire.units import read_ae_title, read_uid
from leadglass.wire.user_information import decode_user_information, encode_user_information
from tests.wire.feeding import Parser
from tests.wire.samples import (
    DATA,
    DATA_SETS,
    FULL_COMMANDS,
    FULL_INFORMATION,
    PDUS,
    PLAIN_COMMANDS,
    REPLY_INFORMATION,
    command,
    established,
)

_PICKED = (tags.PATIENT_ID, tags.STUDY_INSTANCE_UID, tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE, 0x00091002)


def _pdu(data: bytes) -> object:
    if len(data) < PDU_HEADER.size:
        return None
    kind, _ = PDU_HEADER.unpack_from(data)
    return decode_pdu(kind, data[PDU_HEADER.size :])


def _both(data: bytes) -> object:
    """The two syntaxes in turn: the first byte tells which."""
    return decode(data[1:], explicit=data[:1] == b"E")


def _pick(data: bytes) -> object:
    return Picker(_PICKED, explicit=data[:1] == b"E").pick(data[1:])


def _events(data: bytes) -> object:
    association = established()
    association.receive(data)
    return list(association.events())


def _assembled(data: bytes) -> object:
    assembly = Assembly(skip_data_sets=False)
    assembly.contexts = {1: ("1.2", "1.3")}
    return [
        assembly.take(value.context_id, value.data, int(value.is_command), int(value.is_last))
        for value in decode_values(data)
    ]


DATA_SET_SAMPLES = tuple(
    (b"E" if explicit else b"I") + encode(data_set, explicit=explicit, undefined=undefined)
    for data_set in DATA_SETS
    for explicit in (False, True)
    for undefined in (False, True)
)

_FIND = command(CommandField.C_FIND_RSP, has_data_set=True)

_SENT = established().send_message(1, _FIND, DATA_SET_SAMPLES[-1][1:])
_VALUES = DataTransfer(
    values=(
        DataValue(context_id=1, is_command=True, is_last=False, data=encode_command(_FIND)[:30]),
        DataValue(context_id=1, is_command=True, is_last=True, data=encode_command(_FIND)[30:]),
        DataValue(context_id=1, is_command=False, is_last=True, data=b"1234"),
    )
)

FUZZED = {
    "leadglass.wire.assembly.Assembly": Parser(read=_assembled, samples=(encode_pdu(_VALUES)[6:],)),
    "leadglass.wire.association.Association": Parser(read=_events, samples=(_SENT,)),
    "leadglass.wire.commands.decode_command": Parser(
        read=decode_command, samples=tuple(map(encode_command, (*PLAIN_COMMANDS[:8], *FULL_COMMANDS[:4])))
    ),
    "leadglass.wire.elements.decode": Parser(read=_both, samples=DATA_SET_SAMPLES),
    "leadglass.wire.pdu_codec.decode_pdu": Parser(read=_pdu, samples=tuple(map(encode_pdu, PDUS))),
    "leadglass.wire.pdu_codec.decode_values": Parser(read=decode_values, samples=(encode_pdu(DATA)[6:],)),
    "leadglass.wire.picker.Picker": Parser(read=_pick, samples=DATA_SET_SAMPLES),
    "leadglass.wire.units.read_ae_title": Parser(read=read_ae_title, samples=(b"ANY-SCP         ",)),
    "leadglass.wire.units.read_uid": Parser(read=read_uid, samples=(b"1.2.840.10008.1.1\0",)),
    "leadglass.wire.user_information.decode_user_information": Parser(
        read=decode_user_information,
        samples=tuple(encode_user_information(info)[4:] for info in (FULL_INFORMATION, REPLY_INFORMATION)),
    ),
}
