"""One archive answers many callers: a question that was asked before is answered from the same bytes."""

from leadglass.lab.answers import find, find_worklist
from leadglass.lab.archive import Archive
from leadglass.lab.rendering import Rendering, ResponseContext
from leadglass.wire.association import Message
from leadglass.wire.elements import decode
from leadglass.wire.uids import WORKLIST_FIND

MAX_RENDERINGS = 8  # of a whole archive each: a demonstration and a bench ask a handful of questions
_Key = tuple[int, int | None, str, bytes, bool, int]


class Service:
    """Answers queries from `archive`."""

    def __init__(self, archive: Archive) -> None:
        """Nothing is rendered yet."""
        self.archive = archive
        self._renderings: dict[_Key, Rendering] = {}

    def responses(self, message: Message, sop_class_uid: str, *, explicit: bool, max_pdu_length: int) -> Rendering:
        """The pending responses to a C-FIND. Raises QueryError, PeerError where the identifier cannot be read."""
        request = message.command
        key = (message.context_id, request.message_id, sop_class_uid, message.data, explicit, max_pdu_length)
        known = self._renderings.get(key)
        if known is not None:
            return known
        identifier = decode(message.data, explicit=explicit)
        if sop_class_uid == WORKLIST_FIND:
            found = find_worklist(self.archive, identifier)
        else:
            found = find(self.archive, sop_class_uid, identifier)
        context = ResponseContext(request, message.context_id, explicit=explicit, max_pdu_length=max_pdu_length)
        if len(self._renderings) >= MAX_RENDERINGS:
            del self._renderings[next(iter(self._renderings))]
        rendering = self._renderings[key] = Rendering(found, context)
        return rendering
