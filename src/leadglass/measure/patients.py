"""Where a server answers at PATIENT level only, patients are counted there, and their studies one by one.

Cost: one association; one question for each patient whose counts are left out, within the budget.
"""

from leadglass.measure.outcome import Measured
from leadglass.measure.studies import Studies
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import Status
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import PATIENT, STUDY, identifier

_KEYS = (
    tags.PATIENT_ID,
    tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
    tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
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
        studies = picked.get(tags.NUMBER_OF_PATIENT_RELATED_STUDIES, b"").strip(b" \0")
        images = picked.get(tags.NUMBER_OF_PATIENT_RELATED_INSTANCES, b"").strip(b" \0")
        if studies.isdigit() and images.isdigit() and len(studies) <= 9 and len(images) <= 9:
            self.studies += int(studies)
            self.images += int(images)
        elif patient:
            self.uncounted.append(patient)
        return True


async def count_patients(asking: Questions) -> Measured:
    """Counts at PATIENT level. Never raises for what the peer does."""
    patients = _Patients()
    end = await asking.ask(PATIENT, "all patients", identifier(PATIENT, *_KEYS), patients.take)
    complete = end.status is Status.SUCCESS and end.dimse_status == 0
    below = Studies(Tally())
    counted = complete
    for patient in patients.uncounted:
        if not asking.line.host.meter.records_left:
            counted = False
            break
        asked = identifier(
            STUDY,
            tags.STUDY_INSTANCE_UID,
            tags.STUDY_DATE,
            tags.MODALITIES_IN_STUDY,
            tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
            patient_id=patient.decode("ascii", "ignore"),
        )
        answer = await asking.ask(STUDY, "the studies of one patient", asked, below.take)
        counted = counted and answer.status is Status.SUCCESS and answer.dimse_status == 0
    return Measured(
        exposure=_exposure(patients, below, complete, counted) if end.records else None,
        queries=tuple(asking.asked),
        whole_archive=True if complete and end.records else None,
    )


def _exposure(patients: _Patients, below: Studies, complete: bool, counted: bool) -> Exposure:
    found = below.tally.exposure(counted)
    images = patients.images + (found.images.count if found.images else 0)
    whole_images = counted and not below.tally.without_images
    return Exposure(
        patients=(Count.exact if complete else Count.at_least)(patients.tally.distinct_patients),
        studies=(Count.exact if counted else Count.at_least)(patients.studies + below.tally.distinct_studies),
        images=(Count.exact if whole_images else Count.at_least)(images),
        years=found.years,
        modalities=found.modalities,
        limits=() if counted else ("not every patient's studies could be counted",),
    )
