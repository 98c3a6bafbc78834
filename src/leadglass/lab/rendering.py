"""The pending responses to one query are made once as bytes and streamed to whoever asks the same again.

Real servers cut messages into PDUs in their own ways (PS3.8 E, PS3.7 F.1), and a client must not depend on one, so
each record's response is cut in one of five.
"""

from collections.abc import Iterator

from leadglass.wire.commands import Command, CommandField, encode_command
from leadglass.wire.elements import DataSet, encode
from leadglass.wire.fragments import fragment
from leadglass.wire.pdu import P_DATA_TF
from leadglass.wire.pdu_codec import PDU_HEADER, PDV_HEADER

PENDING = 0xFF00
BATCH = 64  # records between two looks for a C-CANCEL


class Rendering:
    """The responses of one query in one presentation context; a batch is made when somebody first gets to it."""

    def __init__(self, found: Iterator[DataSet], context: "ResponseContext") -> None:
        """`found` gives the identifiers of the responses."""
        self._found = found
        self._context = context
        self._batches: list[bytes] = []
        self._count = 0

    def batch(self, index: int) -> bytes:
        """The next responses, b"" after the last."""
        while index >= len(self._batches):
            made = []
            for identifier in self._found:
                made.append(self._context.response(self._count, identifier))
                self._count += 1
                if len(made) == BATCH:
                    break
            if not made:
                return b""
            self._batches.append(b"".join(made))
        return self._batches[index]


class ResponseContext:
    """What all responses to one request have in common, and how they are cut."""

    def __init__(self, request: Command, context_id: int, *, explicit: bool, max_pdu_length: int) -> None:
        """`max_pdu_length` is the peer's."""
        self._id = context_id
        self._explicit = explicit
        self._limit = max_pdu_length
        self._command = encode_command(
            Command(
                field=CommandField.C_FIND_RSP,
                affected_sop_class_uid=request.affected_sop_class_uid,
                responded_message_id=request.message_id,
                status=PENDING,
                has_data_set=True,
            )
        )
        self._command_pdu = fragment(context_id, self._command, max_pdu_length, is_command=True)

    def response(self, index: int, identifier: DataSet) -> bytes:
        """One pending response; `index` decides how it is cut."""
        data = encode(identifier, explicit=self._explicit)
        way = index % 5
        if len(self._command) + len(data) + 64 > (self._limit or len(data) * 2 + 512) or way == 0:
            return self._command_pdu + fragment(self._id, data, self._limit, is_command=False)
        command, at = self._value(self._command, 1, last=True), 2 + 2 * (index % (len(data) // 2 - 1 or 1))
        head, tail = self._value(data[:at], 0, last=False), self._value(data[at:], 0, last=True)
        if way == 1:  # everything in one PDU
            return _pdu(command + self._value(data, 0, last=True))
        if way == 2:  # two fragments in one PDU
            return self._command_pdu + _pdu(head + tail)
        if way == 3:  # two fragments in two PDUs
            return self._command_pdu + _pdu(head) + _pdu(tail)
        return _pdu(command + head) + _pdu(tail)

    def _value(self, data: bytes, kind: int, *, last: bool) -> bytes:
        return PDV_HEADER.pack(len(data) + 2, self._id, kind | (2 if last else 0)) + data


def _pdu(values: bytes) -> bytes:
    return PDU_HEADER.pack(P_DATA_TF, len(values)) + values
