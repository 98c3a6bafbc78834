"""Whether an answer that ended with success is whole: a limit that no status tells of is looked for by its length.

A limit is of the length of the longest answer, and of none that was exceeded. The longest is asked for in part: what
that holds, the answer must have held. Cost: for a slice of the day its two halves; else a tenth of the answer.
"""

from collections import Counter

from leadglass.measure.caps import SMALLEST_LIMIT, looks_round
from leadglass.measure.sampling.question import DAY_S, Entry, Question
from leadglass.model.record import Record
from leadglass.wire.queries import STUDY

_LOOSE, _SHARE = 1, 0.03  # by which two answers may differ while studies come in and go


class Part(Record):
    """Questions that together bring a part of an answer, and how many records of it the answer held."""

    questions: tuple[Question, ...]
    known: int

    def agrees(self, came: int) -> bool:
        """Whether so many records are what the answer held."""
        return abs(came - self.known) <= _LOOSE + _SHARE * self.known


class Held:
    """What one answer held, as counts by which a part of it can be foretold."""

    def __init__(self, question: Question) -> None:
        """Nothing came yet."""
        self.question = question
        self._first, self._last = question.seconds or (0, DAY_S - 1)
        plain = not (question.accession or question.patient)
        self._halved = plain and question.level == STUDY and self._first < self._last
        self._inside = 0
        self._before: Counter[bytes] = Counter()

    def __repr__(self) -> str:
        """Without values."""
        return f"Held({self._inside} records)"

    def add(self, entry: Entry) -> None:
        """One more record."""
        if self._halved:
            self._inside += entry.second is not None and self._first <= entry.second <= self._last
            return
        value, tail = (
            (entry.accession, self.question.accession)
            if self.question.accession
            else (entry.patient, self.question.patient)
        )
        plain = value.rstrip(b" \0")
        if plain.endswith(tail.encode()):
            figure = plain[: len(plain) - len(tail)][-1:]
            if figure.isdigit():
                self._before[figure] += 1

    def part(self) -> Part | None:
        """What to ask for; None where nothing divides the answer."""
        asked = self.question
        if self._halved:
            middle = (self._first + self._last) // 2
            halves = ((self._first, middle), (middle + 1, self._last))
            return Part(questions=tuple(_with(asked, seconds=half) for half in halves), known=self._inside)
        figure, known = self._before.most_common(1)[0] if self._before else (b"", 0)
        if not figure:
            return None
        key = "accession" if asked.accession else "patient"
        narrower = _with(asked, **{key: figure.decode("ascii") + getattr(asked, key)})
        return Part(questions=(narrower,), known=known)


class Lengths:
    """The lengths of all answers at one level."""

    def __init__(self) -> None:
        """None came yet."""
        self._no_limit = 0
        self._longest: Held | None = None
        self._most = 0

    def came(self, held: Held, records: int, *, whole: bool) -> Part | None:
        """One more answer; a part to ask for where its length looks like a limit."""
        again = records == self._most
        self._no_limit = max(self._no_limit, records - 1)
        if whole and records > self._most:
            self._longest = held
        self._most = max(self._most, records)
        looks = whole and records >= SMALLEST_LIMIT and records > self._no_limit and (again or looks_round(records))
        return held.part() if looks and records == self._most else None

    def proved(self) -> None:
        """The longest answer is whole."""
        self._no_limit = max(self._no_limit, self._most)

    def last(self) -> Part | None:
        """A part of the longest answer to ask for at the end, where nothing has shown that it is whole."""
        if self._longest is None or self._most < SMALLEST_LIMIT or self._most <= self._no_limit:
            return None
        return self._longest.part()


def _with(question: Question, **changed: object) -> Question:
    values = {name: getattr(question, name) for name in question.__struct_fields__}
    return Question(**{**values, **changed})
