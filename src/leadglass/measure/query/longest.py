"""Whether the longest list of series or images is all there is: numbers that run on behind its end show a limit.

Cost: where a list is as long as a limit may be, at most 5 questions a level, each for the entities of one number.
"""

from enum import Enum, auto

from leadglass.measure.caps import SMALLEST_LIMIT, doubt_of
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, text
from leadglass.wire.picker import Picker
from leadglass.wire.queries import IMAGE, SERIES

UIDS = {SERIES: tags.SERIES_INSTANCE_UID, IMAGE: tags.SOP_INSTANCE_UID}
_NUMBERS = {SERIES: tags.SERIES_NUMBER, IMAGE: tags.INSTANCE_NUMBER}  # required keys of their levels (PS3.4 C.6.1.1)
_ALIKE = 3  # so many lists of one length, and none longer


class Longest:
    """The longest whole list of one level: what was asked for it, and hashes of what it held, in memory alone."""

    def __init__(self) -> None:
        """No list yet."""
        self.asked: DataSet = ()
        self.known: frozenset[int] = frozenset()
        self._end: FindEnd | None = None
        self._times = 0

    def __repr__(self) -> str:
        """Without values."""
        return f"Longest({self.entries} entries)"

    @property
    def entries(self) -> int:
        """Its length."""
        return self._end.records if self._end is not None else 0

    def note(self, asked: DataSet, end: FindEnd, uids: set[bytes]) -> None:
        """One more whole list: what was asked, and the UIDs that came."""
        if self._end is None or end.records > self.entries:
            self.asked, self._end, self._times = asked, end, 1
            self.known = frozenset(map(hash, uids))  # salted by the interpreter, and gone with this count
        elif end.records == self.entries:
            self._times += 1

    @property
    def doubt(self) -> str | None:
        """Why its length may be a limit, where nothing else tells: a limit is the length of several lists."""
        if self._end is None:
            return None
        cap = doubt_of(self._end)
        if cap is not None:
            return cap.sign
        return (
            "as several others have, and none has more"
            if self.entries >= SMALLEST_LIMIT and self._times >= _ALIKE
            else None
        )


class _Shown(Enum):
    """What a question for one number shows of a list."""

    MORE = auto()
    PART = auto()
    NOTHING = auto()
    ALL = auto()  # the number was not heeded


async def is_cut(asking: Questions, level: str, longest: Longest) -> bool | None:
    """Whether something of `level` has a number and stands in no list.

    False where the numbers begin with the list and end with it; None where they do not tell.
    """
    shown: dict[int, _Shown] = {}
    for first in (1, 0):
        for number in (first + longest.entries, first, first + longest.entries - 1):
            if number not in shown:
                shown[number] = await _under(asking, level, longest, number)
            if shown[number] in (_Shown.MORE, _Shown.ALL):
                return True if shown[number] is _Shown.MORE else None
        ends = shown[first], shown[first + longest.entries - 1]
        if ends == (_Shown.PART, _Shown.PART) and shown[first + longest.entries] is _Shown.NOTHING:
            return False
    return None


async def _under(asking: Questions, level: str, longest: Longest, number: int) -> _Shown:
    uids: set[bytes] = set()

    def take(data: bytes, explicit: bool) -> bool:
        uids.add(Picker((UIDS[level],), explicit=explicit).pick(data).get(UIDS[level], b"").strip(b" \0"))
        return len(uids) < longest.entries

    asked = tuple(sorted((*longest.asked, text(_NUMBERS[level], str(number))), key=lambda element: element.tag))
    end = await asking.ask(level, "what a number behind the longest list has", asked, take)
    if not {hash(uid) for uid in uids if uid} <= longest.known:
        return _Shown.MORE
    if len(uids) >= longest.entries > 1:
        return _Shown.ALL
    return _Shown.PART if end.records else _Shown.NOTHING
