"""How large an archive is, roughly: a few slices of the day over all dates, or else a few endings of identifiers.

Cost: up to three questions of a few seconds of the day for an archive of less than some 30,000 studies; else four or
five more of about a hundred records.
"""

from collections.abc import Callable

from leadglass.measure.sampling.asking import Asker, ends_as_asked
from leadglass.measure.sampling.estimate import Draw
from leadglass.measure.sampling.question import DAY_S, Entry, Question
from leadglass.measure.sampling.slices import Slice, Slices, drawn_slice
from leadglass.measure.sampling.tails import drawn_tails

_LOOKS_S = (3, 30, 300)  # of the day, and as the first look at an archive
FEW = 15  # records in it: an archive of less than about 30,000 studies, which is soon counted
_MOST = 2_000  # records that a first look takes
_PEAK = 2.2  # how much fuller than others the hours are that the first look falls into
_HOURS = (9, 16)
# Ends of the stretches of the day in hours, and the share of studies that is expected of each. Midnight itself is
# left out: programs write it where they know no time.
_STRETCHES = ((0, 8, 0.12), (8, 11, 0.34), (11, 14, 0.25), (14, 24, 0.29))
_A_SLICE, _SLICE_MOST = 120, 900  # records that one is meant to bring, and at which it is given up
_WIDTHS = (5, 4, 3)  # of endings that are tried where the time of day does not divide an archive


class Look:
    """What the first questions brought: kept until the last of the tests, and never written anywhere."""

    def __init__(self, rough: float, question: Question, entries: list[Entry]) -> None:
        """`rough` is how many studies there may be; `entries` are all that `question` brought."""
        self.rough = rough
        self.question, self.entries = question, entries
        self.all = entries
        self.draw: Draw | None = None
        """The slices of the day, where that divides the archive."""

    def __repr__(self) -> str:
        """Without values."""
        return f"Look({self.rough:.0f} studies)"


async def first_look(asker: Asker, below: Callable[[int], int]) -> Look | None:
    """The size of an archive; None where nothing divides it, or nearly nothing is in it."""
    return await _by_times(asker, below) or await _by_endings(asker, below)


async def _by_times(asker: Asker, below: Callable[[int], int]) -> Look | None:
    look: Look | None = None
    for seconds in _LOOKS_S:
        start = _HOURS[0] * 3600 + below((_HOURS[1] - _HOURS[0]) * 3600)
        question = Question(seconds=(start, start + seconds - 1))
        _, entries = await asker.collected(question, _MOST)
        apart = len({entry.second for entry in entries})
        together = apart == 1 < len(entries) and (len(entries) >= FEW or seconds == _LOOKS_S[-1])
        if together or not within(entries, question):
            asker.limits.append("StudyTime does not divide the archive")
            return None
        rough = len(entries) / seconds * DAY_S / _PEAK
        if len(entries) >= FEW:
            return await _around(asker, rough, below)
        look = Look(rough, question, entries) if entries else look
        if apart > 1 and seconds > _LOOKS_S[0]:
            return look
    return look


async def _around(asker: Asker, rough: float, below: Callable[[int], int]) -> Look | None:
    """Slices over the day; None where one of them does not come whole, and from where it was asked."""
    slices: list[Slice] = []
    for first, end, share in _STRETCHES:
        begin, length = first * 3600 + (first == 0), (end - first) * 3600 - (first == 0)
        slices.append(drawn_slice(begin, begin + length, _A_SLICE / max(1.0, rough * share), below))
    frame, parts = Slices(tuple(slices)), []
    for question in frame.questions():
        answer, entries = await asker.collected(question, _SLICE_MOST)
        if not answer.whole or not within(entries, question):
            asker.limits.append(answer.why or "StudyTime does not divide the archive")
            return None
        parts.append((question, entries))
    if asker.looks_cut():
        return None
    fullest = max(parts, key=lambda part: len(part[1]))
    lengths = frame.of_slices([float(len(entries)) for _, entries in parts])
    found = sum(length / one.chance for length, one in zip(lengths, slices, strict=True))
    look = Look(found or rough, *fullest)
    look.all = [entry for _, entries in parts for entry in entries]
    units = tuple(tuple(asker.unit(entry, question) for entry in entries) for question, entries in parts)
    look.draw = Draw(frame, units)
    return look


async def _by_endings(asker: Asker, below: Callable[[int], int]) -> Look | None:
    for width in _WIDTHS:
        [tail] = drawn_tails(width, 1, below)
        question = Question(patient=tail)
        answer, entries = await asker.collected(question, _MOST)
        if not answer.whole or not all(ends_as_asked(entry, question) for entry in entries):
            asker.limits.append(answer.why or "PatientID does not divide the archive by its end")
            return None
        if len(entries) >= 2 * FEW and len({entry.patient for entry in entries}) >= FEW:
            asker.limits.append("StudyTime does not divide the archive")
            return Look(len(entries) * 10.0**width, question, entries)
    return None


def within(entries: list[Entry], question: Question) -> bool:
    """Whether every record lies in the seconds that were asked for."""
    first, last = question.seconds or (0, DAY_S)
    return all(entry.second is not None and first <= entry.second <= last for entry in entries)
