"""Only two errors leave this room: ours and theirs."""


class WireError(Exception):
    """Base of both."""


class LocalError(WireError):
    """We asked for something that the protocol does not allow here, or that cannot be encoded."""


class PeerError(WireError):
    """The peer's bytes break the protocol or a limit; the message names the rule and never a value.

    `reply` holds the bytes to send before the connection is closed: an A-ABORT where PS3.8 9.2 asks for one.
    """

    def __init__(self, message: str, reply: bytes = b"") -> None:
        """`message` says which rule was broken."""
        super().__init__(message)
        self.reply = reply
