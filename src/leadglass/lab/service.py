"""One archive answers many callers: a question that was asked before is answered from the same bytes."""

from leadglass.lab.answers import Answer, count_images, encoded_each, find
from leadglass.lab.archive import Archive
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.manners import STANDARD, Manners
from leadglass.lab.rendering import Rendering, ResponseContext
from leadglass.lab.shelf import Shelf
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.worklist import find_worklist
from leadglass.wire.association import Message
from leadglass.wire.elements import decode
from leadglass.wire.uids import WORKLIST_FIND

MAX_RENDERINGS_BYTES = 64 << 20  # of all servers together
_Key = tuple[ArchiveSpec, Habits, Manners, int, int | None, str, bytes, bool, int]
_SHELF: Shelf[_Key, Rendering] = Shelf(MAX_RENDERINGS_BYTES)


class Service:
    """Answers queries from `archive`, with `habits` and `manners` that bend what matches and what is told."""

    def __init__(
        self,
        archive: Archive,
        habits: Habits = PLAIN,
        shelf: Shelf[_Key, Rendering] = _SHELF,
        *,
        manners: Manners = STANDARD,
    ) -> None:
        """Nothing is rendered yet."""
        self.archive = archive
        self.habits = habits
        self.manners = manners
        self._shelf = shelf

    def responses(self, message: Message, sop_class_uid: str, *, explicit: bool, max_pdu_length: int) -> Rendering:
        """The pending responses to a C-FIND. Raises QueryError, PeerError where the identifier cannot be read."""
        request, spec = message.command, self.archive.spec
        number = request.message_id
        asked = (message.context_id, number, sop_class_uid, message.data, explicit, max_pdu_length)
        key = (spec, self.habits, self.manners, *asked)
        known = self._shelf.get(key)
        if known is not None:
            return known
        identifier = decode(message.data, explicit=explicit)
        if sop_class_uid == WORKLIST_FIND:
            items = find_worklist(self.archive, identifier, self.habits, self.manners)
            answer = Answer(encoded_each(items, explicit=explicit))
        else:
            ways = (self.habits, self.manners)
            answer = find(self.archive, sop_class_uid, identifier, *ways, explicit=explicit)
        context = ResponseContext(request, message.context_id, max_pdu_length=max_pdu_length)
        return Rendering(answer, context, lambda whole, size: self._shelf.put(key, whole, size))

    def images(self, message: Message, sop_class_uid: str, *, explicit: bool) -> int:
        """How many images a C-GET asks for. Raises QueryError, PeerError where the identifier cannot be read."""
        identifier = decode(message.data, explicit=explicit)
        return count_images(self.archive, sop_class_uid, identifier, self.habits, self.manners)
