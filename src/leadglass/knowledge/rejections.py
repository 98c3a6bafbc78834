"""The answer to an association request, in words (PS3.8 Tables 9-18 and 9-21)."""

# (source, reason) of an A-ASSOCIATE-RJ, PS3.8 Table 9-21.
_REASONS = {
    (1, 1): "no reason given",
    (1, 2): "application context name not supported",
    (1, 3): "calling AE title not recognized",
    (1, 7): "called AE title not recognized",
    (2, 1): "no reason given",
    (2, 2): "protocol version not supported",
    (3, 1): "temporary congestion",
    (3, 2): "local limit exceeded",
}
_SOURCES = {1: "the service user", 2: "the service provider (ACSE)", 3: "the service provider (presentation)"}
_RESULTS = {1: "permanently", 2: "for now"}
# PS3.8 Table 9-18.
_CONTEXT_RESULTS = {
    0: "accepted",
    1: "rejected by the user",
    2: "no reason given",
    3: "abstract syntax not supported",
    4: "transfer syntaxes not supported",
}

CALLING_AE_TITLE_NOT_RECOGNIZED = (1, 3)
CALLED_AE_TITLE_NOT_RECOGNIZED = (1, 7)


def rejection_in_words(result: int, source: int, reason: int) -> str:
    """What an A-ASSOCIATE-RJ says, with the numbers for whoever looks them up."""
    how = _RESULTS.get(result, "in an unknown way")
    who = _SOURCES.get(source, "an unknown source")
    why = _REASONS.get((source, reason), "an unknown reason")
    return f"rejected {how} by {who}: {why} ({result}/{source}/{reason})"


def context_result_in_words(result: int) -> str:
    """The answer to one presentation context."""
    return _CONTEXT_RESULTS.get(result, f"an unknown answer ({result})")
