"""Data values become messages: one at a time, in accepted contexts, bounded in length and number.

The path is written for speed: tens of thousands of C-FIND responses pass through it, most of which share one command
set byte for byte.
"""

import msgspec

from leadglass.wire.commands import Command, decode_command
from leadglass.wire.errors import PeerError
from leadglass.wire.limits import MAX_COMMAND_LENGTH, MAX_DATA_SET_LENGTH, MAX_FRAGMENTS, MAX_SKIPPED_LENGTH


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One DIMSE message (PS3.7 6.3). `data` is b"" where there is no data set, or where it was skipped."""

    context_id: int
    command: Command
    data: bytes = b""

    def __repr__(self) -> str:
        """Without values: what a patient's record holds is never printed, not by accident either."""
        return f"Message({self.command.field.name}, context {self.context_id}, {len(self.data)} bytes)"


class Assembly:
    """The message that is being put together."""

    def __init__(self, *, skip_data_sets: bool) -> None:
        """Nothing has come, and no context is accepted."""
        self.skip_data_sets = skip_data_sets
        self.contexts: dict[int, tuple[str, str]] = {}
        self._context_id = -1
        self._command: Command | None = None
        self._parts: list[bytes] = []
        self._length = 0
        self._fragments = 0
        self._skipping = False
        # The responses to one request mostly carry the same bytes, so the last command is kept.
        self._last_command = b""
        self._last_decoded: Command | None = None

    @property
    def begun(self) -> bool:
        """Whether a part of a message has come and the rest has not."""
        return self._command is not None or bool(self._parts)

    def take(self, context_id: int, data: bytes, is_command: int, is_last: int) -> Message | None:
        """One fragment; the message, where it completes one. A single fragment is bounded by its PDU."""
        if context_id != self._context_id:
            self._switch(context_id)
        command = self._command
        if (command is None) != (is_command > 0):
            raise PeerError("a data set without its command, or a command inside a message")
        if not is_last:
            self._hold(data)
            return None
        if self._parts:
            self._hold(data)
            data = b"".join(self._parts)
            self._parts = []
        if command is None:
            last = self._last_decoded
            command = last if last is not None and data == self._last_command else self._decode(data)
            if command.has_data_set:
                self._command = command
                return None
            return Message(context_id=self._context_id, command=command)
        self._command = None
        return Message(context_id=self._context_id, command=command, data=b"" if self.skip_data_sets else data)

    def _switch(self, context_id: int) -> None:
        if self._parts or self._command is not None:
            raise PeerError("a data value of another context inside a message")
        if context_id not in self.contexts:
            raise PeerError("a data value in a context that was not accepted")
        self._context_id = context_id

    def _hold(self, data: bytes) -> None:
        """Keeps a fragment of a command or data set that comes in several."""
        if not self._parts:
            self._length = self._fragments = 0
            self._skipping = self.skip_data_sets and self._command is not None
        limit = MAX_SKIPPED_LENGTH if self._skipping else MAX_DATA_SET_LENGTH
        if self._command is None:
            limit = MAX_COMMAND_LENGTH
        self._length += len(data)
        self._fragments += 1
        if self._length > limit or self._fragments > MAX_FRAGMENTS:
            raise PeerError("a message that is too long or in too many fragments")
        self._parts.append(b"" if self._skipping else data)

    def _decode(self, data: bytes) -> Command:
        command = decode_command(data)
        self._last_command, self._last_decoded = data, command
        return command
