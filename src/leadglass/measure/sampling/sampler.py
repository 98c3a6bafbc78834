"""An archive is measured by a sample: what is drawn, in which order, and when it is enough.

How many records are drawn is settled before they are, by others: nothing stops because of what it found, which would
make intervals too short.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import blake2b
from math import ceil, log

import msgspec

from leadglass.knowledge.modalities import shown_modality
from leadglass.measure.sampling.chances import normal_quantile
from leadglass.measure.sampling.estimate import Draw, Total, expected, total, uneven
from leadglass.measure.sampling.frames import OF_A_KIND, Frame, Tails, Unit
from leadglass.measure.sampling.pilot import Keys, Look, first_look, look_around, tried_keys, tried_patient_level
from leadglass.measure.sampling.question import DAY_S, Answer, Entry, Question, Source
from leadglass.measure.sampling.tails import drawn_tails, figures_at_end, width_for
from leadglass.model.exposure import Count, Exposure
from leadglass.model.record import Record
from leadglass.wire.queries import PATIENT

MOST_RECORDS = 15_000
COUNTED = 30_000  # studies up to which an archive is counted: it is twice what a sample reads
_MARGIN = 0.8  # of the half-width that is wanted, for errors that are only known when it is too late
_EVEN = 0.75  # patients need fewer: each counts one, and no study more
_AT_ONCE = 2_500  # records of one question
_OPEN = 900  # records that are drawn by patients, whatever their time and accession number
_RUNAWAY = 6  # times as many records as expected: something is gathered under one ending
_WINDOWS = 8  # of the day, where patients are drawn: a patient's studies do not come together then
_RARE = 1_000  # studies of a modality below which it is not drawn by itself
_A_QUESTION = 1_000  # records that a question costs a server beside those that it brings
_STEPS = 25  # questions for images at most


class Wish(Record):
    """How sure the figures are to be: half the interval's width as a share, and the confidence."""

    precision: float = 0.05
    confidence: float = 0.95


class Sampler:
    """Measures one archive."""

    def __init__(
        self, source: Source, below: Callable[[int], int], key: bytes, wish: Wish, most_records: int = MOST_RECORDS
    ) -> None:
        """`below(n)` is a random number from 0 to n - 1; `key` of patients' digests is random and dies with this."""
        self._source, self._below, self._wish = source, below, wish
        self._left = most_records
        self._keyed = blake2b(digest_size=8, key=key)
        self._keys = Keys()
        self._draws: list[Draw] = []
        self._patients: list[tuple[Tails, list[int]]] = []
        self._years: set[int] = set()
        self._numberless = 0
        self.limits: list[str] = []
        """In words, what the sample could not reach."""

    def __repr__(self) -> str:
        """Without values."""
        return "Sampler()"

    async def run(self) -> Exposure | None:
        """The figures; None where counting is the better way, or the only one."""
        look = await first_look(self._counted(), self._below)
        if look is None or not await look_around(self._counted(), look, self._below) or look.rough < COUNTED:
            return None
        self._keys = await tried_keys(self._counted(), look)
        if not self._keys.patients or look.frame is None:
            return None
        self._note_strangers(look)
        if not await self._draw_open(look):
            return None
        goal = (normal_quantile(self._wish.confidence) / (_MARGIN * self._wish.precision)) ** 2
        if not (await self._draw_patients(look, goal * _EVEN) and await self._draw_studies(look, goal)):
            return None
        await self._draw_images()
        return self._exposure()

    def _note_strangers(self, look: Look) -> None:
        """What no key can draw is told: its share is known from the slices of the day, which are drawn by no key."""
        units = [self._unit(entry) for entry in look.entries]
        strange = sum(not unit.patient_figures for unit in units)
        self._strange = strange / max(1, len(units))

    def _counted(self) -> Source:
        return _Counted(self._source, self)

    def spend(self, records: int) -> None:
        """Records that were received."""
        self._left -= records

    def _unit(self, entry: Entry) -> Unit:
        digest = self._keyed.copy()
        digest.update(entry.patient.strip(b" \0"))
        if entry.year is not None:
            self._years.add(entry.year)
        self._numberless += entry.images is None
        return Unit(
            patient=int.from_bytes(digest.digest(), "big"),
            second=entry.second,
            accession_figures=figures_at_end(entry.accession),
            patient_figures=figures_at_end(entry.patient),
            modalities=entry.kinds,
            images=entry.images or 0,
        )

    async def _drawn(self, frame: Frame, each: float) -> Draw | None:
        """Asks a frame's questions, each of which should bring `each` records; None where one ran away."""
        parts = []
        for question in frame.questions():
            units: list[Unit] = []
            strange = 0
            most = max(200, _RUNAWAY * each)

            def take(entry: Entry) -> bool:
                nonlocal strange
                unit = self._unit(entry)
                if frame.holds(unit, question) and _ends_as_asked(entry, question):  # noqa: B023 - asked at once
                    units.append(unit)  # noqa: B023
                else:
                    strange += 1
                return len(units) + strange <= most  # noqa: B023

            answer = await self._counted().ask(question, take)
            if not answer.whole or strange:
                self.limits.append(answer.why or "an answer held what was not asked for, or far more than expected")
                return None
            parts.append(tuple(units))
        return Draw(frame, tuple(parts))

    async def _draw_open(self, look: Look) -> bool:
        """A few patients with all of their studies, whatever those have for a time and an accession number."""
        width, count = width_for(look.rough, _OPEN, _OPEN)
        frame = Tails("patient", drawn_tails(width, count, self._below))
        draw = await self._drawn(frame, look.rough * 10**-width)
        if draw is None:
            return False
        self._draws.append(draw)
        patients = {unit.patient for unit in draw.parts[0]}
        if await tried_patient_level(self._counted(), frame.tails[0], len(patients)):
            self._keys = msgspec.structs.replace(self._keys, patient_level=True)
        return bool(patients)

    async def _draw_patients(self, look: Look, goal: float) -> bool:
        """Patients by the ends of their identifiers: at PATIENT level one record each, else with their studies."""
        units = [unit for part in self._draws[-1].parts for unit in part]
        studies_each = len(units) / max(1, len({unit.patient for unit in units}))
        patients = look.rough / studies_each
        cost = 1.0 if self._keys.patient_level else studies_each
        goal = min(goal, patients / 2, self._left * (0.25 if self._keys.patient_level else 0.5) / cost)
        width, count = width_for(patients, goal, _AT_ONCE / cost)
        frame = Tails("patient", drawn_tails(width, count, self._below))
        if not self._keys.patient_level:
            draw = await self._drawn(frame, look.rough * 10**-width)
            if draw is not None:
                self._draws.append(draw)
                self._patients.append((frame, [len({unit.patient for unit in part}) for part in draw.parts]))
            return draw is not None
        counts = []
        for tail in frame.tails:
            seen: set[bytes] = set()
            question = Question(level=PATIENT, patient=tail)
            most: float = max(200.0, _RUNAWAY * patients * 10**-width)

            def take(entry: Entry) -> bool:
                if entry.patient.rstrip(b" \0").endswith(tail.encode()):  # noqa: B023 - asked at once
                    seen.add(entry.patient)  # noqa: B023
                return len(seen) <= most  # noqa: B023

            answer = await self._counted().ask(question, take)
            if not answer.whole:
                return False
            counts.append(len(seen))
        self._patients.append((frame, counts))
        return True

    async def _draw_studies(self, look: Look, goal: float) -> bool:
        """Studies by the ends of accession numbers, which are a study's own; else by patients and hours of the day."""
        goal = min(goal, self._left / 2)
        if self._keys.accessions:
            width, count = width_for(look.rough, goal, _AT_ONCE)
            frames = [Tails("accession", drawn_tails(width, count, self._below))]
        else:
            width, count = width_for(look.rough / _WINDOWS, goal / _WINDOWS, _AT_ONCE)
            length = DAY_S // _WINDOWS
            frames = [
                Tails("patient", drawn_tails(width, max(1, count), self._below), window=(at, at + length - 1))
                for at in range(0, DAY_S, length)
            ]
        for frame in frames:
            draw = await self._drawn(frame, look.rough * 10**-frame.width)
            if draw is None:
                return False
            self._draws.append(draw)
        return True

    async def _draw_images(self) -> None:
        """Studies of those modalities that make the number of images uncertain, until it is sure enough."""
        if not self._keys.modalities:
            return
        for frame, each in self._image_frames():
            draw = await self._drawn(frame, each)
            if draw is not None:
                self._draws.append(draw)

    def _image_frames(self) -> list[tuple[Tails, float]]:
        """Which modalities are drawn how often: each step is the question that helps most for each record it brings."""
        often = expected(self._draws)
        units = [(unit, often(unit)) for draw in self._draws for part in draw.parts for unit in part if unit.images]
        found = sum(unit.images / chance for unit, chance in units)
        sizes: Counter[bytes] = Counter()
        for unit, chance in units:
            for code in unit.modalities:
                sizes[code] += 1 / chance  # type: ignore[assignment] # a Counter of fractions
        choices = [
            (code, width) for code, size in sizes.items() if size > _RARE and code.isalnum() for width in _widths(size)
        ]
        steps: Counter[tuple[bytes, int]] = Counter()
        left = float(self._left)
        goal = (_MARGIN * self._wish.precision / normal_quantile(self._wish.confidence) * found) ** 2
        while sum(steps.values()) < _STEPS:
            now = _variance_with(units, steps)
            if now <= goal:
                break
            gains = {
                choice: (now - _variance_with(units, steps + Counter([choice]))) / (_A_QUESTION + each)
                for choice in choices
                if (each := sizes[choice[0]] / 10 ** choice[1]) <= left and steps[choice] < 10 ** choice[1]
            }
            best = max(gains, key=gains.__getitem__, default=None)
            if best is None or gains[best] <= 0:
                break
            steps[best] += 1
            left -= sizes[best[0]] / 10 ** best[1]
        return [
            (
                Tails("patient", drawn_tails(width, count, self._below), modality=code.decode("ascii")),
                sizes[code] / 10**width,
            )
            for (code, width), count in steps.items()
        ]

    def _exposure(self) -> Exposure:
        draws = tuple(self._draws)
        seen = max(sum(map(len, draw.parts)) for draw in draws)
        studies = total(draws, _one)
        images = total(draws, lambda unit: float(unit.images))
        codes = {code for draw in draws for part in draw.parts for unit in part for code in unit.modalities}
        modalities: Counter[str] = Counter()
        for code in codes:
            modalities[shown_modality(code)] += round(total(draws, partial(_has, code)).value)
        confidence = self._wish.confidence
        figure = images.figure(confidence, 0)
        if self._numberless:
            self.limits.append("studies whose number of images the server left out are counted as without images")
            figure = Count.at_least(figure.low)
        return Exposure(
            patients=self._patients_figure(),
            studies=studies.figure(confidence, seen),
            images=figure if images.value else None,
            years=(min(self._years), max(self._years)) if self._years else None,
            modalities=dict(sorted(modalities.items(), key=lambda item: (-item[1], item[0]))) or None,
            limits=tuple(dict.fromkeys(self.limits)),
        )

    def _patients_figure(self) -> Count:
        """Patients whose identifiers end as drawn, over the chance; those of another scheme widen the interval."""
        (frame, counts), count = self._patients[-1], len(self._patients[-1][1])
        share, came = frame.share, sum(counts)
        variance = came * (1 - share) / share**2
        between = uneven([float(one) for one in counts], came)
        if between is not None:
            variance = between * (1 - share) / share**2
        result = Total(came / share, variance, 0.0 if between is None else count - 1)
        figure = result.figure(self._wish.confidence, came)
        often = expected(self._draws)
        units = [(unit, 1 / often(unit)) for draw in self._draws for part in draw.parts for unit in part]
        other = sum(weight for unit, weight in units if unit.patient_figures < frame.width)
        part = other / sum(weight for _, weight in units)
        if not part:
            return figure
        self.limits.append(f"{part:.1%} of studies have a patient identifier of another scheme")
        high = round((figure.high or figure.count) * (1 + 2 * part / max(0.01, 1 - part)))
        return Count(
            count=round(figure.count / (1 - part)),
            kind=figure.kind,
            low=figure.low,
            high=high,
            confidence=figure.confidence,
        )


class _Counted:
    """A source whose records are taken from a sampler's budget."""

    def __init__(self, source: Source, sampler: Sampler) -> None:
        self._source, self._sampler = source, sampler

    async def ask(self, question: Question, take: Callable[[Entry], bool]) -> Answer:
        answer = await self._source.ask(question, take)
        self._sampler.spend(answer.records)
        return answer


def _widths(size: float) -> tuple[int, ...]:
    """How wide the endings are that bring up to _AT_ONCE records of `size`, and those that bring a tenth of it."""
    width = max(1, ceil(log(size / _AT_ONCE, 10)))
    return width, width + 1


def _variance_with(units: Iterable[tuple[Unit, float]], steps: Counter[tuple[bytes, int]]) -> float:
    """The variance of the images to be expected where each modality is drawn so many times more."""
    shares: defaultdict[bytes, float] = defaultdict(float)
    for (code, width), count in steps.items():
        shares[code] += OF_A_KIND * count / 10**width
    return sum(
        unit.images**2 / (chance * (chance + sum(shares[code] for code in unit.modalities))) for unit, chance in units
    )


def _ends_as_asked(entry: Entry, question: Question) -> bool:
    return entry.patient.rstrip(b" \0").endswith(question.patient.encode()) and entry.accession.rstrip(b" \0").endswith(
        question.accession.encode()
    )


def _one(_: Unit) -> float:
    return 1.0


def _has(code: bytes, unit: Unit) -> float:
    return float(code in unit.modalities)
