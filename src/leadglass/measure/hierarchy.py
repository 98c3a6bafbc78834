"""Where a server leaves out how many images a study has, they are counted below it, within the budget.

Cost: one question for each study, and one for each series whose number of images is left out too; every series and
image is a record received.
"""

from leadglass.measure.tally import Tally
from leadglass.model.words import Status
from leadglass.net.dialogue import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import IMAGE, SERIES, identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND

_SERIES_KEYS = (tags.SERIES_INSTANCE_UID, tags.MODALITY, tags.NUMBER_OF_SERIES_RELATED_INSTANCES)
MAX_FAILURES = 3  # a server that does not answer below the study is not asked for every study


async def count_images(asking: Questions, tally: Tally, studies: list[tuple[bytes, bytes]]) -> None:
    """Adds the images of `studies`, pairs of study UID and patient ID, to the tally as far as they can be counted."""
    failures = 0
    for study, patient in studies:
        above = {"study_instance_uid": _plain(study)}
        if asking.sop_class_uid == PATIENT_ROOT_FIND:
            above["patient_id"] = _plain(patient)
        count = await _count_study(asking, tally, above)
        if count is None:
            failures += 1
            if failures >= MAX_FAILURES or not asking.line.host.meter.records_left:
                return
        else:
            tally.add_images(count)


async def _count_study(asking: Questions, tally: Tally, above: dict[str, str]) -> int | None:
    """Images of one study, None where they could not all be counted."""
    series: list[tuple[bytes, bytes]] = []
    modalities: set[bytes] = set()

    def take(data: bytes, explicit: bool) -> bool:
        picked = Picker(_SERIES_KEYS, explicit=explicit).pick(data)
        number = picked.get(tags.NUMBER_OF_SERIES_RELATED_INSTANCES, b"").strip(b" \0")
        series.append((picked.get(tags.SERIES_INSTANCE_UID, b""), number))
        modalities.add(picked.get(tags.MODALITY, b"").strip(b" \0"))
        return True

    if not asking.line.host.meter.records_left:
        return None
    end = await asking.ask(SERIES, "the series of one study", identifier(SERIES, *_SERIES_KEYS, **above), take)
    if not _whole(end) or not series:
        return None
    tally.modalities(b"\\".join(modalities))
    total = 0
    for uid, number in series:
        if number.isdigit() and len(number) <= 9:
            total += int(number)
            continue
        count = await _count_series(asking, {**above, "series_instance_uid": _plain(uid)})
        if count is None:
            return None
        total += count
    return total


async def _count_series(asking: Questions, above: dict[str, str]) -> int | None:
    if not asking.line.host.meter.records_left:
        return None
    asked = identifier(IMAGE, tags.SOP_INSTANCE_UID, **above)
    end = await asking.ask(IMAGE, "the images of one series", asked, _more)
    return end.records if _whole(end) else None


def _more(data: bytes, explicit: bool) -> bool:
    return True


def _whole(end: FindEnd) -> bool:
    return end.status is Status.SUCCESS and end.dimse_status == 0


def _plain(value: bytes) -> str:
    return value.strip(b" \0").decode("ascii", "ignore")
