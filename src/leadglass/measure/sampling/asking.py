"""Records are asked for within a budget, looked at once, and forgotten; what a server does amiss is noticed.

An answer is kept where it is whole, holds nothing that was not asked for, and, for the longest of a frame, where a
narrower question does not bring what it should have held: so no limit on answers passes for the end of an archive.
"""

from collections import Counter
from hashlib import blake2b

import msgspec

from leadglass.measure.sampling.costs import ABOUT, QUESTIONS, Costs, counting_is_cheaper
from leadglass.measure.sampling.estimate import Draw
from leadglass.measure.sampling.frames import Frame, Unit
from leadglass.measure.sampling.question import Answer, Entry, Question, Source
from leadglass.measure.sampling.tails import figures_at_end
from leadglass.model.record import Record
from leadglass.wire.queries import PATIENT, STUDY

RUNAWAY = 6  # times as many records as expected: something is gathered under one ending
_FEWEST = 200  # that an answer may hold in any case
_RESERVE = 0.04  # of the records, for answers that are longer than expected
_LATE = 0.1  # of the time
_TIES = 3  # answers of one length, the greatest of all: they were hardly so by chance
_PROOF = 20  # records that a narrower question is to bring at least
_PLENTY = 100  # at which one such question is enough
_CAME_IN = 0.01  # of the records, that may have come in meanwhile


class Held(Record):
    """One answer: its units, and how many of its identifiers have which figure before the ending asked for."""

    question: Question
    units: tuple[Unit, ...]
    before: dict[str, int]


class Asker:
    """Asks a source; `limits` says in words what was amiss."""

    def __init__(self, source: Source, key: bytes, most_records: int) -> None:
        """`key` of the patients' digests is random and dies with this."""
        self._source = source
        self._keyed = blake2b(digest_size=8, key=key)
        self._budget = most_records * (1 - _RESERVE)
        self._received = self._again = 0
        self._costs = Costs()
        self.counting_is_cheaper = False
        """Whether no sample is drawn since an exact count costs the server less."""
        self.years: set[int] = set()
        self.numberless = 0
        self.limits: list[str] = []
        self.longest: int | None = None
        """How many records the server's answers end at, where they do."""
        self.unsaid: int | None = None
        """The same where the server does not say that an answer ends early."""
        self._proved: dict[str, int] = {}
        self._lengths: list[int] = []

    def __repr__(self) -> str:
        """Without values."""
        return "Asker()"

    @property
    def left(self) -> float:
        """How many records may still be asked for, where some of those come twice, and where each takes its time."""
        records, seconds = self._source.left()
        most = min(self._budget - self._received, records * (1 - _RESERVE))
        if self._costs.are_known:
            price = self._costs.price()
            for_records_s = seconds * (1 - _LATE) - QUESTIONS / 2 * price.question_s
            most = min(most, for_records_s / price.record_s) if price.record_s else most * (for_records_s > 0)
        often = self._received / max(1, self._received - self._again) if self._again else 1.0
        return max(0.0, most / often)

    def is_dear(self, studies: float, sampled: float, room: float = ABOUT) -> bool:
        """Whether an exact count of so many costs the server less than a sample of `sampled`, within the budget."""
        records, seconds = self._source.left()
        self.counting_is_cheaper = self._costs.are_judged and counting_is_cheaper(
            self._costs.price(doubtful=True), studies, sampled, records, seconds, room
        )
        return self.counting_is_cheaper

    async def collected(self, question: Question, most: int) -> tuple[Answer, list[Entry]]:
        """The records of an answer, each once; one that has more than `most` is given up, and not whole."""
        entries: list[Entry] = []
        once = _Once()

        def take(entry: Entry) -> bool:
            if once.is_new(entry, question):
                entries.append(entry)
            return len(entries) <= most

        answer = await self._source.ask(question, take)
        self._note(question, answer, once)
        return answer, entries

    async def held(self, question: Question, frame: Frame, most: float) -> Held | None:
        """One answer of a frame; None where it is not to be relied on."""
        units: list[Unit] = []
        before: Counter[str] = Counter()
        once, strange = _Once(), 0

        def take(entry: Entry) -> bool:
            nonlocal strange
            unit = self.unit(entry, question)
            if not frame.holds(unit, question) or not ends_as_asked(entry, question):
                strange += 1
            elif once.is_new(entry, question):
                units.append(unit)
                before[_figure_before(entry, question)] += 1
            return len(units) + strange <= most

        answer = await self._source.ask(question, take)
        self._note(question, answer, once)
        if answer.whole and not strange:
            return Held(question=question, units=tuple(units), before=dict(before))
        if not answer.whole and not strange and len(units) <= most:
            self.longest = len(units)
        self.limits.append(answer.why or "an answer held what was not asked for, or far more than expected")
        return None

    async def drawn(self, frame: Frame, each: float) -> Draw | None:
        """Asks a frame's questions, each of which should bring `each` records; None where one is not to be trusted."""
        parts: list[Held] = []
        for question in frame.questions():
            held = await self.held(question, frame, max(_FEWEST, RUNAWAY * each))
            if held is None:
                return None
            parts.append(held)
        longest = max(parts, key=lambda held: len(held.units))
        if self.looks_cut():
            return None
        level, length = longest.question.level, len(longest.units)
        if length > self._proved.get(level, _FEWEST) and not await self.is_whole(longest, frame):
            self.ends_unsaid(length)
            return None
        if length > _FEWEST:
            self._proved[level] = max(self._proved.get(level, 0), length)
        return Draw(frame, tuple(held.units for held in parts))

    async def is_whole(self, held: Held, frame: Frame) -> bool:
        """Whether narrower questions bring no more than an answer held of theirs.

        The commonest figure is asked for: where an answer was cut, that is the least likely to have lost nothing.
        """
        figures = sorted(((count, figure) for figure, count in held.before.items() if figure), reverse=True)
        for count, figure in figures[: 1 if figures and figures[0][0] >= _PLENTY else 2]:
            if count < _PROOF:
                break
            key = "accession" if held.question.accession else "patient"
            narrower = msgspec.structs.replace(held.question, **{key: figure + getattr(held.question, key)})
            again = await self.held(narrower, frame, RUNAWAY * count)
            if again is None or len(again.units) > count + max(1, _CAME_IN * count):
                return False
        return True

    def looks_cut(self) -> bool:
        """Whether the longest answers at STUDY level are of one length, which chance hardly does."""
        longest = max(self._lengths, default=0)
        if longest < _PROOF or self._lengths.count(longest) < _TIES:
            return False
        self.ends_unsaid(longest)
        return True

    def ends_unsaid(self, length: int) -> None:
        """Answers end at a length, and nothing but narrower questions shows it."""
        self.longest = self.unsaid = length
        self.limits.append(f"the server's answers end at {length:,} records, and do not say so")

    def unit(self, entry: Entry, question: Question) -> Unit:
        """What the estimate needs of a record."""
        digest = self._keyed.copy()
        digest.update(entry.patient.strip(b" \0"))
        if entry.year is not None:
            self.years.add(entry.year)
        of_patient = question.level == PATIENT
        self.numberless += not entry.images and (not of_patient or bool(entry.studies))
        return Unit(
            patient=int.from_bytes(digest.digest(), "big"),
            second=entry.second,
            accession_figures=figures_at_end(entry.accession),
            patient_figures=figures_at_end(entry.patient),
            modalities=entry.kinds,
            images=max(0, entry.images or 0),
            studies=(entry.studies or 0) if of_patient else 1,
            born=entry.born,
            study=entry.study,
        )

    def dear(self) -> float:
        """How many records cost the server as much as a question does by itself, by the time that it took so far."""
        price = self._costs.price()
        if not price.record_s:
            return float("inf") if price.question_s else 0.0
        return price.question_s / price.record_s

    def _note(self, question: Question, answer: Answer, once: "_Once") -> None:
        self._received += answer.records
        self._again += once.again
        self._costs.note(answer.records, answer.seconds)
        if question.level == STUDY and answer.whole:
            self._lengths.append(answer.records)
        if once.again:
            self.limits.append("an answer held the same record twice: each was counted once")


class _Once:
    """Tells the records of one answer apart, as far as they tell."""

    def __init__(self) -> None:
        self._seen: set[object] = set()
        self.again = 0

    def is_new(self, entry: Entry, question: Question) -> bool:
        key: object = entry.study
        if question.level == PATIENT:
            key = entry.patient.strip(b" \0")
        elif not entry.study and entry.accession:
            key = (entry.patient, entry.accession, entry.second, entry.kinds, entry.images)
        if not key:
            return True
        new = key not in self._seen
        self._seen.add(key)
        self.again += not new
        return new


def ends_as_asked(entry: Entry, question: Question) -> bool:
    """Whether a record's identifiers end with what was asked for."""
    patient, accession = entry.patient.rstrip(b" \0"), entry.accession.rstrip(b" \0")
    return patient.endswith(question.patient.encode()) and accession.endswith(question.accession.encode())


def _figure_before(entry: Entry, question: Question) -> str:
    """The figure before the ending that was asked for; "" where there is none."""
    value, tail = (entry.accession, question.accession) if question.accession else (entry.patient, question.patient)
    plain = value.rstrip(b" \0")
    before = plain[len(plain) - len(tail) - 1 : len(plain) - len(tail)]
    return before.decode("ascii") if tail and before.isdigit() else ""
