"""Whether studies lie behind the end of a short answer, where dates do not tell: the same in parts, by another key.

A limit applies to each question, so an answer is whole where parts of it, each shorter, hold the same. Cost: at most 14
questions, which give each record of a short answer twice at most, and one for each key that is not heeded.
"""

import secrets
from collections.abc import Iterator

from leadglass.measure.tally import Tally
from leadglass.model.words import Status
from leadglass.net.questions import Questions, first_only
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import STUDY, identifier

_HALVES = ("000000-115959", "120000-235959")
_NO_TIME = "235959.999999"


async def more_by_other_keys(asking: Questions, tally: Tally) -> bool | None:
    """Whether a part holds a study that the answer did not; None where no key divides the answer."""
    for key, impossible, parts in _divisions():
        end = await asking.ask(STUDY, f"an impossible {key}", identifier(STUDY, *_FEWEST, **impossible), first_only)
        if end.records or end.status is not Status.SUCCESS or end.dimse_status != 0:
            continue
        whole, again = True, _Again(tally)
        for part in parts:
            before = len(again.known)
            end = await asking.ask(STUDY, f"a part by {key}", identifier(STUDY, *_FEWEST, **part), again.take)
            if again.more:
                return True
            size = len(again.known) - before
            ended = end.status is Status.SUCCESS and end.dimse_status == 0
            whole = whole and ended and size < tally.distinct_studies
        if whole and len(again.known) == tally.distinct_studies:
            return False
    return None


_FEWEST = (tags.STUDY_INSTANCE_UID,)
_Division = tuple[str, dict[str, str], tuple[dict[str, str], ...]]


def _divisions() -> Iterator[_Division]:
    """Keys by name, with a value that nobody has and the values that divide: times of day, endings of identifiers."""
    yield "StudyTime", {"study_time": _NO_TIME}, tuple({"study_time": half} for half in _HALVES)
    nobodys = f"*LEADGLASS{secrets.token_hex(8)}"
    yield "PatientID", {"patient_id": nobodys}, tuple({"patient_id": f"*{digit}"} for digit in range(10))


class _Again:
    """Looks for a study that a tally does not know, and knows again those that it does, by hashes."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.known: set[int] = set()
        self.more = False

    def take(self, data: bytes, explicit: bool) -> bool:
        uid = Picker(_FEWEST, explicit=explicit).pick(data).get(tags.STUDY_INSTANCE_UID, b"").strip(b" \0")
        if uid and self._tally.knows(uid):
            self.known.add(hash(uid))  # salted by the interpreter, and gone with this question
        else:
            self.more = bool(uid)
        return not self.more
