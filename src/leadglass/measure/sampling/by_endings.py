"""An archive is drawn from by the ends of identifiers: patients at PATIENT level, or studies by their own numbers.

A few patients with all of their studies come first; they say what else is drawn, and how much of it. How many records
those bring is settled then: nothing stops because of what it found, which would make intervals too short.
"""

from collections.abc import Callable

from leadglass.measure.sampling.asking import Asker
from leadglass.measure.sampling.estimate import Draw, total
from leadglass.measure.sampling.frames import Frame, Tails, Unit
from leadglass.measure.sampling.keys import divides_by_accession, divides_by_birth, divides_by_modality, patient_level
from leadglass.measure.sampling.modalities import Plan, planned
from leadglass.measure.sampling.pilot import Look
from leadglass.measure.sampling.question import DAY_S
from leadglass.measure.sampling.sample import Sample, Wish, studies_of
from leadglass.measure.sampling.slices import Slices, births, drawn_slice
from leadglass.measure.sampling.tails import drawn_tails, endings_for
from leadglass.wire.queries import PATIENT, STUDY

_MARGIN = 0.8  # of the half-width that is wanted, for errors that are only known when it is too late
_HEAVY = 1.3  # times the unevenness of images that a few patients show: the largest are not among them
_OPEN = 900  # records that are drawn by patients, whatever their time and accession number
_AT_ONCE, _AT_ONCE_DEAR = 4_000, 8_000  # records of one question, and where questions are dear
_DEAR = 1_500  # records that cost as much as a question, from which on questions are dear
_WINDOWS = 8  # of the day, where patients are drawn: a patient's studies do not come together then
_STRANGE = 0.02  # share of studies whose patients no ending reaches, from which on studies are drawn by themselves
_WITNESSES = 1_500  # studies by the time of day, of such archives
_OF_PATIENTS = 1_200  # studies by dates of birth, of such archives
_BETTER = 0.8  # of the variance by patients alone: drawing by modality beside it is worth its questions
_KEPT = 0.88  # of the records that are left, since answers are longer than expected as often as shorter
_FEWEST = 300  # patients without which nothing can be said of them
_TRIES = 3


class ByEndings:
    """Draws one sample."""

    def __init__(self, asker: Asker, look: Look, below: Callable[[int], int], wish: Wish) -> None:
        """PatientID divides the archive by its end."""
        self._asker, self._look, self._below, self._wish = asker, look, below, wish
        self._sample = Sample()
        self._rough = look.rough
        self._accessions = self._modalities = False

    def __repr__(self) -> str:
        """Without values."""
        return "ByEndings()"

    async def run(self) -> Sample | None:
        """The sample; None where the archive cannot be drawn from so."""
        opened = await self._drawn("patient", self._rough, _OPEN, _OPEN)
        if not opened or not opened[0].units:
            return None
        self._sample.studies = opened
        self._rough = total(opened, studies_of).value
        if self._asker.is_dear(self._rough, self._wish.sampled):
            return None
        level, counters = await patient_level(self._asker, opened[0])
        strangers = self._strangers()
        if not counters or strangers > _STRANGE or self._look.draw is None:
            self._accessions = await divides_by_accession(self._asker, self._look)
        self._modalities = await divides_by_modality(self._asker, self._look)
        if not await self._draw_witnesses(strangers):
            return None
        alone = counters and not (strangers > _STRANGE and self._accessions)
        self._sample.counters = alone
        if not await self._draw_people(level, alone):
            return None
        if not alone:
            if not await self._draw_studies():
                return None
            await self._draw_modalities(self._plan(self._asker.left * _KEPT))
        return self._sample

    def _strangers(self) -> float:
        """The share of studies that no ending of a patient's identifier reaches, by what was looked at first."""
        units = self._look.draw.units if self._look.draw is not None else []
        return sum(unit.patient_figures < 3 for unit in units) / max(1, len(units))

    async def _draw_witnesses(self, strangers: float) -> bool:
        """Studies that are drawn by something else than their patients."""
        if self._look.draw is None:
            drawn = await self._drawn("accession", self._rough, _OPEN, _OPEN) if self._accessions else ()
            self._sample.witnesses = drawn or ()
            return drawn is not None
        self._sample.witnesses = (self._look.draw,)
        if strangers > _STRANGE and await divides_by_birth(self._asker, self._look):
            patients = await self._asker.drawn(births(_OF_PATIENTS / self._rough, self._below), _OF_PATIENTS)
            self._sample.shares = (patients,) if patients is not None else ()
        if strangers > 0 and isinstance(self._look.draw.frame, Slices):
            slices = tuple(
                drawn_slice(one.first, one.end, _WITNESSES / self._rough, self._below)
                for one in self._look.draw.frame.slices
            )
            drawn_too = await self._asker.drawn(Slices(slices), _WITNESSES)
            if drawn_too is None:
                return False
            self._sample.witnesses += (drawn_too,)
        return True

    async def _draw_people(self, level: bool, alone: bool) -> bool:
        """Patients by the ends of their identifiers: at PATIENT level one record each, else with their studies."""
        units = [unit for draw in self._sample.studies for unit in draw.units]
        patients = _by_patient(units)
        studies_each = len(units) / len(patients)
        all_patients = self._rough / studies_each
        cost = 1.0 if level else studies_each
        goal, left = self._wish.records(_MARGIN), self._asker.left * _KEPT
        wanted, plan = goal, None
        if alone:
            of_studies, of_images = (goal * _unevenness([one[n] for one in patients]) for n in (0, 1))
            wanted = min(max(goal, of_studies, _HEAVY * of_images), left)
            fewer = min(max(goal, of_studies), left)
            plan = self._plan(left - fewer) if self._modalities and fewer < 0.7 * wanted else None
            if plan is not None and plan.steps:
                by_people = of_images / goal / fewer
                together = 1 / (1 / by_people + 1 / plan.variance)
                if together < _BETTER * of_images / goal / wanted:
                    wanted, self._sample.part = fewer, plan.variance / (plan.variance + by_people)
                else:
                    plan = None
        else:
            wanted = min(wanted, left * (0.3 if level else 0.4) / cost)
        if left / cost < _FEWEST:
            return False
        wanted = max(wanted, _FEWEST)
        drawn = await self._drawn(
            "patient", all_patients, min(wanted, all_patients / 2), self._at_once() / cost, PATIENT if level else STUDY
        )
        if drawn is None or not any(draw.units for draw in drawn):
            return False
        self._sample.people = drawn
        if not level:
            self._sample.studies += drawn
        if plan is not None and plan.steps and alone:
            await self._draw_modalities(plan)
        return True

    async def _draw_studies(self) -> bool:
        """Studies by the ends of accession numbers, which are a study's own; else by patients and hours of the day."""
        left = self._asker.left * _KEPT
        wanted = min(self._wish.records(_MARGIN), left / 2) if self._modalities else left
        if self._accessions:
            drawn = await self._drawn("accession", self._rough, wanted, self._at_once())
            self._sample.studies += drawn or ()
            return drawn is not None
        length = DAY_S // _WINDOWS
        for at in range(0, DAY_S, length) if self._look.draw is not None else ():
            [(width, count)] = endings_for(self._rough / _WINDOWS, wanted / _WINDOWS, wanted / _WINDOWS)[:1]
            tails = drawn_tails(width, count, self._below)
            frame = Tails("patient", tails, window=(at, at + length - 1))
            one = await self._asker.drawn(frame, self._rough * 10**-width)
            if one is None:
                return False
            self._sample.studies += (one,)
        return True

    def _plan(self, left: float) -> Plan:
        goal = 1 / self._wish.records(_MARGIN) if self._modalities else float("inf")
        return planned(self._sample.studies, goal, left)

    async def _draw_modalities(self, plan: Plan) -> None:
        """Studies of those modalities that make the number of images uncertain."""
        key = "accession" if self._accessions and self._strangers() > _STRANGE else "patient"
        for step in plan.steps:
            count = min(step.count, int(self._asker.left * _KEPT / step.each))
            if count < 1:
                continue
            tails = drawn_tails(step.width, count, self._below)
            frame = Tails(key, tails, modality=step.code.decode("ascii"))
            drawn = await self._asker.drawn(frame, step.each)
            if drawn is not None:
                self._sample.studies += (drawn,)

    def _at_once(self) -> float:
        return _AT_ONCE_DEAR if self._asker.dear() > _DEAR else _AT_ONCE

    async def _drawn(
        self, key: str, among: float, wanted: float, most: float, level: str = STUDY
    ) -> tuple[Draw, ...] | None:
        """Endings that bring about `wanted` of so many; again by narrower ones where the server's answers end early."""
        for _ in range(_TRIES):
            draws: list[Draw] = []
            for width, planned_count in endings_for(among, wanted, most):
                room = self._asker.left * _KEPT / (among * 10**-width)
                count = min(planned_count, int(room)) if draws else planned_count
                if count < 1:
                    break
                frame: Frame = Tails(key, drawn_tails(width, count, self._below), level=level)
                draw = await self._asker.drawn(frame, among * 10**-width)
                if draw is None:
                    draws.clear()
                    break
                draws.append(draw)
            if draws or self._asker.longest is None:
                return tuple(draws) or None
            most = min(most / 2, 0.9 * self._asker.longest or most / 10)
            wanted = min(wanted, self._asker.left * _KEPT)
            self._asker.longest = None
        return None


def _by_patient(units: list[Unit]) -> list[tuple[int, int]]:
    """How many studies and how many images each patient has."""
    found: dict[int, tuple[int, int]] = {}
    for unit in units:
        studies, images = found.get(unit.patient, (0, 0))
        found[unit.patient] = studies + 1, images + unit.images
    return list(found.values())


def _unevenness(values: list[int]) -> float:
    """How many times more records a total needs than one of values that are all alike."""
    mean = sum(values) / len(values)
    return sum(value**2 for value in values) / len(values) / mean**2 if mean else 1.0
