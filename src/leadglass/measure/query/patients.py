"""Where a server answers at PATIENT level only, patients are counted there, and their studies one by one.

Cost: one association; one question for each patient whose counts are left out, within the budget; where their studies
leave out the images, what `hierarchy` states.
"""

import secrets

from leadglass.measure.caps import cap_of
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.query.hierarchy import count_images
from leadglass.measure.query.studies import Studies
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions, first_only
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import PATIENT, STUDY, identifier, with_value

_KEYS = (
    tags.PATIENT_ID,
    tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
    tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
)


_STUDY_KEYS = (
    tags.STUDY_INSTANCE_UID,
    tags.STUDY_DATE,
    tags.MODALITIES_IN_STUDY,
    tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
)


class _Patients:
    """Takes patient-level records; identifiers whose counts were left out are held until they are counted."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.uncounted: list[bytes] = []
        self.studies = 0
        self.images = 0

    def __repr__(self) -> str:
        return f"_Patients({self.tally!r})"

    def take(self, data: bytes, explicit: bool) -> bool:
        picked = Picker(_KEYS, explicit=explicit).pick(data)
        patient = picked.get(tags.PATIENT_ID, b"").strip(b" \0")
        self.tally.patient(patient)
        self.tally.drawn.offer(patient)
        studies = _number(picked.get(tags.NUMBER_OF_PATIENT_RELATED_STUDIES, b""))
        images = _number(picked.get(tags.NUMBER_OF_PATIENT_RELATED_INSTANCES, b""))
        if studies and images:  # a patient is listed because of them: 0 counts as left out
            self.studies += studies
            self.images += images
        elif patient:
            self.uncounted.append(patient)
        return True


def _number(value: bytes) -> int:
    """An integer string of a sensible size, 0 where it is none."""
    plain = value.strip(b" \0")
    return int(plain) if plain.isdigit() and len(plain) <= 9 else 0


async def count_patients(asking: Questions) -> Measured:
    """Counts at PATIENT level. Never raises for what the peer does."""
    patients, below, meter = _Patients(), Studies(Tally()), asking.line.host.meter
    end = await asking.ask(PATIENT, "all patients", identifier(PATIENT, *_KEYS), patients.take)
    cap = cap_of(end)
    limits = [f"the server seems to limit its answers: {cap.sign}"] if cap is not None else []
    listed = _ended(end) and cap is None
    if patients.tally.nobodys:
        limits.append(f"records without a patient's identifier: {patients.tally.nobodys:,}")
    counted = listed and await _count_studies(asking, patients.uncounted, below, limits)
    counted = counted and not patients.tally.nobodys  # whose studies nobody can ask for
    if below.unnumbered:
        limits += await count_images(asking, below.tally, below.unnumbered, below.lots)
    if asking.out_of_budget:
        limits = list(dict.fromkeys((*limits, broken_off(meter))))
    elif not counted and not limits:
        limits.append("not every patient's studies could be counted")
    nothing = seen_once(meter, patients=1) if end.status is Status.BUDGET_SPENT else None
    return Measured(
        exposure=_exposure(patients, below, listed, counted, tuple(limits)) if end.records else nothing,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=True if listed and end.records else None if cap is None else False,
        drawn=patients.tally.drawn,
    )


async def _count_studies(asking: Questions, patients: list[bytes], below: Studies, limits: list[str]) -> bool:
    """Whether the studies of all `patients` could be counted; a limit on one patient's studies is told in `limits`."""
    counted, most = True, FindEnd(status=Status.SUCCESS, records=0, dimse_status=0)
    if patients and not await _heeds_patients(asking):
        limits.append("the server ignores PatientID, so studies cannot be counted patient by patient")
        return False
    for patient in patients:
        asked = with_value(identifier(STUDY, *_STUDY_KEYS, patient_id=""), tags.PATIENT_ID, patient)
        end = await asking.ask(STUDY, "the studies of one patient", asked, below.take)
        # A patient who is listed has a study: no match means that the server did not know the ID again.
        counted = counted and _ended(end) and end.records > 0
        most = max(most, end, key=lambda one: one.records)
        if asking.out_of_budget:
            break
    cap = cap_of(most)
    if cap is not None:
        limits.append(
            f"the longest list of a patient's studies has {cap.records:,} entries, {cap.sign}: perhaps a limit"
        )
    return counted and cap is None


async def _heeds_patients(asking: Questions) -> bool:
    """Whether a PatientID that nobody has finds nothing."""
    asked = identifier(STUDY, tags.STUDY_INSTANCE_UID, patient_id=f"LEADGLASS {secrets.token_hex(8)}")
    end = await asking.ask(STUDY, "the studies of an impossible patient", asked, first_only)
    return not end.records


def _ended(end: FindEnd) -> bool:
    return end.status is Status.SUCCESS and end.dimse_status == 0


def _exposure(patients: _Patients, below: Studies, listed: bool, counted: bool, limits: tuple[str, ...]) -> Exposure:
    found = below.tally.exposure(counted)
    images = patients.images + (found.images.count if found.images else 0)
    whole_images = counted and not below.tally.without_images
    return Exposure(
        patients=patients.tally.patients_figure(listed),
        studies=(Count.exact if counted else Count.at_least)(patients.studies + below.tally.distinct_studies),
        images=(Count.exact if whole_images else Count.at_least)(images),
        years=found.years,
        modalities=found.modalities,
        limits=limits,
    )
