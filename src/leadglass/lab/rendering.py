"""The pending responses to one query are made as bytes while somebody reads them, a batch after another.

Real servers cut messages into PDUs in their own ways (PS3.8 E, PS3.7 F.1), and a client must not depend on one, so
each record's response is cut in one of five.
"""

import struct
from collections.abc import Callable, Iterator

from leadglass.lab.answers import Answer, Encoded
from leadglass.wire.commands import Command, CommandField, encode_command
from leadglass.wire.fragments import fragment
from leadglass.wire.pdu import P_DATA_TF

PENDING = 0xFF00
BATCH = 64  # records between two looks for a C-CANCEL
MAX_KEPT_BYTES = 16 << 20  # of one rendering: a longer one is made anew for whoever asks again
_HEAD = struct.Struct(">BxIIBB")  # of a PDU and of its first data value (PS3.8 9.3.5)
_VALUE = struct.Struct(">IBB")  # of a data value
_LAST = 2


class Rendering:
    """The responses of one query in one presentation context, read from the front to the end."""

    def __init__(
        self,
        answer: Answer,
        context: "ResponseContext",
        keep: "Callable[[Rendering, int], None] | None" = None,
    ) -> None:
        """`keep` is told of a rendering that is whole and short."""
        self._answer = answer
        self._made = self._batches(context)
        self._records = 0
        self._keep = keep
        self._kept: list[bytes] | None = []
        self._kept_bytes = 0
        self._whole = False

    def batch(self, index: int) -> bytes:
        """The responses of batch `index`, b"" after the last; one that is not whole is asked for each in turn."""
        if self._kept is not None and index < len(self._kept):
            return self._kept[index]
        batch = b"" if self._whole else next(self._made, b"")
        if batch and self._kept is not None:
            self._kept.append(batch)
            self._kept_bytes += len(batch)
            if self._kept_bytes > MAX_KEPT_BYTES:
                self._kept = None
        if not batch and not self._whole:
            self._whole = True
            if self._kept is not None and self._keep is not None:
                self._keep(self, self._kept_bytes)
        return batch

    @property
    def ending(self) -> int | None:
        """The final status when all batches were read, None where the connection ends instead."""
        return self._answer.ending

    @property
    def matches(self) -> int | None:
        """How many records there are to be, None where that is known only when all were read."""
        return self._answer.matches

    def records(self, index: int) -> int:
        """How many records are in batch `index`, which was read."""
        return min(BATCH, self._records - index * BATCH)

    def _batches(self, context: "ResponseContext") -> Iterator[bytes]:
        count = 0
        waiting: list[bytes] = []
        for encoded in self._answer:
            waiting += context.responses(count, encoded)
            count += len(encoded.ends)
            at = 0
            while len(waiting) - at >= BATCH:
                self._records += BATCH
                yield b"".join(waiting[at : at + BATCH])
                at += BATCH
            del waiting[:at]
        if waiting:
            self._records += len(waiting)
            yield b"".join(waiting)


class ResponseContext:
    """What all responses to one request have in common, and how they are cut."""

    def __init__(self, request: Command, context_id: int, *, max_pdu_length: int) -> None:
        """`max_pdu_length` is the peer's. Raises LocalError where it leaves no room for data."""
        self._id = context_id
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

    def responses(self, start: int, encoded: Encoded) -> list[bytes]:
        """Pending responses; a record's number, from `start`, decides how its response is cut."""
        data, at, made = encoded.data, 0, []
        most = (self._limit or 1 << 20) - len(self._command) - 64
        for index, end in enumerate(encoded.ends, start):
            way = index % 5
            if end - at > most:
                made.append(self._command_pdu + fragment(self._id, data[at:end], self._limit, is_command=False))
            elif way == 0:
                made.append(self._command_pdu + self._pdu(data[at:end], last=True))
            else:
                half = (end - at) // 2 - 1 or 1
                made.append(self._cut(way, data[at:end], 2 + 2 * (index % half)))
            at = end
        return made

    def _cut(self, way: int, data: bytes, at: int) -> bytes:
        if way == 1:  # everything in one PDU
            return self._with_command(_VALUE.pack(len(data) + 2, self._id, _LAST) + data)
        if way == 2:  # two fragments in one PDU
            value = _VALUE.pack(len(data) - at + 2, self._id, _LAST)
            head = _HEAD.pack(P_DATA_TF, len(data) + 12, at + 2, self._id, 0)
            return b"".join((self._command_pdu, head, data[:at], value, data[at:]))
        if way == 3:  # two fragments in two PDUs
            return self._command_pdu + self._pdu(data[:at], last=False) + self._pdu(data[at:], last=True)
        head = self._with_command(_VALUE.pack(at + 2, self._id, 0) + data[:at])
        return head + self._pdu(data[at:], last=True)

    def _pdu(self, data: bytes, *, last: bool) -> bytes:
        size = len(data)
        return _HEAD.pack(P_DATA_TF, size + 6, size + 2, self._id, _LAST if last else 0) + data

    def _with_command(self, value: bytes) -> bytes:
        """One PDU of the command and a data value."""
        size = len(self._command)
        return _HEAD.pack(P_DATA_TF, size + 6 + len(value), size + 2, self._id, 1 | _LAST) + self._command + value
