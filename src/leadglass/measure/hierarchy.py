"""Where a server leaves out how many images a study has, they are counted below it, within the budget.

Cost: one question for each study, and one for each series whose number of images is left out too; every series and
image is a record received.
"""

from leadglass.measure.caps import cap_of
from leadglass.measure.outcome import broken_off
from leadglass.measure.tally import Tally
from leadglass.model.facts import Cap
from leadglass.model.words import Status
from leadglass.net.dialogue import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import IMAGE, SERIES, identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND

_SERIES_KEYS = (tags.SERIES_INSTANCE_UID, tags.MODALITY, tags.NUMBER_OF_SERIES_RELATED_INSTANCES)
MAX_FAILURES = 3  # a server that does not answer below the study is not asked for every study


async def count_images(asking: Questions, tally: Tally, studies: list[tuple[bytes, bytes]]) -> tuple[str, ...]:
    """Adds the images of `studies`, pairs of study UID and patient ID, to the tally as far as they can be counted.

    What was found of a study that could not be counted to its end is added too, and the study stays uncounted. Gives
    in words what kept the images from being counted.
    """
    below = _Below(asking, tally)
    failures = 0
    for study, patient in studies:
        above = {"study_instance_uid": _plain(study)}
        if asking.sop_class_uid == PATIENT_ROOT_FIND:
            above["patient_id"] = _plain(patient)
        found, whole = await below.study(above)
        tally.add_images(found, whole=whole)
        failures += not whole
        if asking.out_of_budget:
            return (broken_off(asking.line.host.meter),)
        if failures >= MAX_FAILURES:
            return ("the server does not answer below its studies, so not every image could be counted",)
    return below.limits(tally)


class _Below:
    """Asks for the series of a study and the images of a series, and watches for limits on either answer."""

    def __init__(self, asking: Questions, tally: Tally) -> None:
        self._asking = asking
        self._tally = tally
        self._most: dict[str, FindEnd] = {}
        """The longest whole answer at each level: a limit would be the length of that one, and of no shorter."""

    async def study(self, above: dict[str, str]) -> tuple[int, bool]:
        """Images of one study, and whether those are all."""
        series: list[tuple[bytes, bytes]] = []
        modalities: set[bytes] = set()

        def take(data: bytes, explicit: bool) -> bool:
            picked = Picker(_SERIES_KEYS, explicit=explicit).pick(data)
            number = picked.get(tags.NUMBER_OF_SERIES_RELATED_INSTANCES, b"").strip(b" \0")
            series.append((picked.get(tags.SERIES_INSTANCE_UID, b""), number))
            modalities.add(picked.get(tags.MODALITY, b"").strip(b" \0"))
            return True

        end = await self._asking.ask(
            SERIES, "the series of one study", identifier(SERIES, *_SERIES_KEYS, **above), take
        )
        if series:
            self._tally.modalities(b"\\".join(modalities))
        total, whole = 0, self._whole(SERIES, end) and bool(series)
        for uid, number in series:
            if number.isdigit() and len(number) <= 9:
                total += int(number)
                continue
            if self._asking.out_of_budget:
                return total, False
            found, ended = await self._series({**above, "series_instance_uid": _plain(uid)})
            total, whole = total + found, whole and ended
        return total, whole

    async def _series(self, above: dict[str, str]) -> tuple[int, bool]:
        asked = identifier(IMAGE, tags.SOP_INSTANCE_UID, **above)
        end = await self._asking.ask(IMAGE, "the images of one series", asked, _more)
        return end.records, self._whole(IMAGE, end)

    def _whole(self, level: str, end: FindEnd) -> bool:
        whole = end.status is Status.SUCCESS and end.dimse_status == 0
        if whole and (level not in self._most or end.records > self._most[level].records):
            self._most[level] = end
        return whole

    def limits(self, tally: Tally) -> tuple[str, ...]:
        """The limits that showed; where one did, some study is not known to be whole."""
        caps = {level: cap_of(end) for level, end in self._most.items()}
        found = tuple(_in_words(level, cap) for level, cap in caps.items() if cap is not None)
        if found:
            tally.doubt_images()
        return found


def _in_words(level: str, cap: Cap) -> str:
    what = "series of a study" if level == SERIES else "images of a series"
    return f"the longest list of the {what} has {cap.records:,} entries, {cap.sign}: perhaps a limit"


def _more(data: bytes, explicit: bool) -> bool:
    return True


def _plain(value: bytes) -> str:
    return value.strip(b" \0").decode("ascii", "ignore")
