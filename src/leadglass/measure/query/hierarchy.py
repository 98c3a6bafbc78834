"""Where a server leaves out how many images a study has, they are counted below it, within the budget.

Cost: one question for each study, and one for each series whose number of images is left out too, and one before the
first of either, with a UID that nothing has; every series and image is a record received. What `longest` states comes
to it.
"""

import secrets

from leadglass.measure.caps import SMALLEST_LIMIT
from leadglass.measure.outcome import broken_off
from leadglass.measure.query.longest import UIDS, Longest, is_cut
from leadglass.measure.retrieving.lots import Lots
from leadglass.measure.tally import Tally
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions, first_only
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker
from leadglass.wire.queries import IMAGE, SERIES, identifier, with_value
from leadglass.wire.uids import PATIENT_ROOT_FIND

_KEYS = {
    SERIES: (UIDS[SERIES], tags.MODALITY, tags.NUMBER_OF_SERIES_RELATED_INSTANCES),
    IMAGE: (tags.SOP_INSTANCE_UID,),
}
_LISTS = {SERIES: "series of a study", IMAGE: "images of a series"}
MAX_IMAGES = 10**9  # a number of a series beyond it is none
MAX_FAILURES = 3  # a server that does not answer below the study is not asked for every study


async def count_images(
    asking: Questions, tally: Tally, studies: list[tuple[bytes, bytes]], lots: Lots
) -> tuple[str, ...]:
    """Adds the images of `studies`, pairs of study UID and patient ID, to the tally as far as they can be counted.

    Each study goes into `lots` with the images that were found. What was found of a study that could not be counted to
    its end is added too, and the study stays uncounted. Gives in words what kept the images from being counted.
    """
    below = _Below(asking, tally)
    failures = 0
    for study, patient in studies:
        found, whole = await below.study(patient, study)
        if below.ignored is not None:
            return (f"the server ignores {below.ignored}, so images cannot be counted study by study",)
        tally.add_images(found, whole=whole)
        if found:
            lots.offer(study, patient, found, below.modalities)
        failures += not whole
        if asking.out_of_budget:
            return (broken_off(asking.line.host.meter),)
        if failures >= MAX_FAILURES:
            return ("the server does not answer below its studies, so not every image could be counted",)
    return await below.limits()


class _Below:
    """Asks for the series of a study and the images of a series, and watches for limits on either answer."""

    def __init__(self, asking: Questions, tally: Tally) -> None:
        self._asking = asking
        self._tally = tally
        self._longest = {SERIES: Longest(), IMAGE: Longest()}
        """The longest whole list of each level: a limit would be the length of that one, and of no shorter."""
        self.ignored: str | None = None
        """The key above a level that the server was seen to ignore."""
        self._tested: set[str] = set()
        self.modalities = b""
        """Of the last study."""

    async def study(self, patient: bytes, uid: bytes) -> tuple[int, bool]:
        """Images of one study, and whether those are all."""
        if not await self._heeds(SERIES, "StudyInstanceUID", patient, study_instance_uid=_impossible()):
            return 0, False
        series: dict[bytes, bytes] = {}
        modalities: set[bytes] = set()

        def take(data: bytes, explicit: bool) -> bool:
            picked = Picker(_KEYS[SERIES], explicit=explicit).pick(data)
            number = picked.get(tags.NUMBER_OF_SERIES_RELATED_INSTANCES, b"").strip(b" \0")
            series[picked.get(tags.SERIES_INSTANCE_UID, b"").strip(b" \0")] = number
            modalities.add(picked.get(tags.MODALITY, b"").strip(b" \0"))
            return True

        study = _plain(uid)
        asked = self._under(SERIES, patient, study_instance_uid=study)
        end = await self._asking.ask(SERIES, "the series of one study", asked, take)
        if series:
            self.modalities = b"\\".join(sorted(modalities))
            self._tally.modalities(self.modalities)
        # A series without a name cannot be asked for, and one answered twice is one: neither is what was asked.
        whole = self._whole(SERIES, asked, end, {*series}) and bool(series) and series.pop(b"", None) is None
        total, whole = 0, whole and len(series) == end.records
        for name, number in series.items():
            if number.isdigit() and 0 < int(number) < MAX_IMAGES:
                total += int(number)
                continue
            if self._asking.out_of_budget:
                return total, False
            found, ended = await self._series(patient, study, _plain(name))
            if self.ignored is not None:
                return 0, False
            total, whole = total + found, whole and ended
        return total, whole

    async def _series(self, patient: bytes, study: str, series: str) -> tuple[int, bool]:
        impossible = {"study_instance_uid": study, "series_instance_uid": _impossible()}
        if not await self._heeds(IMAGE, "SeriesInstanceUID", patient, **impossible):
            return 0, False
        asked = self._under(IMAGE, patient, study_instance_uid=study, series_instance_uid=series)
        images: set[bytes] = set()

        def take(data: bytes, explicit: bool) -> bool:
            uid = Picker(_KEYS[IMAGE], explicit=explicit).pick(data).get(tags.SOP_INSTANCE_UID, b"").strip(b" \0")
            if uid:
                images.add(uid)
            return True

        end = await self._asking.ask(IMAGE, "the images of one series", asked, take)
        return len(images), self._whole(IMAGE, asked, end, images) and len(images) == end.records > 0

    async def _heeds(self, level: str, key: str, patient: bytes, **above: str) -> bool:
        """Whether a UID that nothing has keeps the level empty; asked once, before the key is relied on."""
        if level in self._tested:
            return True
        self._tested.add(level)
        asked = self._under(level, patient, **above)
        end = await self._asking.ask(level, "an impossible UID above it", asked, first_only)
        if end.records:
            self.ignored = key
        return not end.records

    def _under(self, level: str, patient: bytes, **above: str) -> DataSet:
        """The question for what lies below; in Patient Root the patient is named as the server named it."""
        if self._asking.sop_class_uid != PATIENT_ROOT_FIND:
            return identifier(level, *_KEYS[level], **above)
        return with_value(identifier(level, *_KEYS[level], patient_id="", **above), tags.PATIENT_ID, patient)

    def _whole(self, level: str, asked: DataSet, end: FindEnd, uids: set[bytes]) -> bool:
        whole = end.status is Status.SUCCESS and end.dimse_status == 0
        if whole:
            self._longest[level].note(asked, end, uids)
        return whole

    async def limits(self) -> tuple[str, ...]:
        """The limits that showed; where one did, some study is not known to be whole."""
        found = []
        for level, longest in self._longest.items():
            cut = longest.entries >= SMALLEST_LIMIT and await is_cut(self._asking, level, longest)
            if cut or (cut is None and longest.doubt):
                sign = "and more lie behind it: a limit" if cut else f"{longest.doubt}: perhaps a limit"
                found.append(f"the longest list of the {_LISTS[level]} has {longest.entries:,} entries, {sign}")
        if found:
            self._tally.doubt_images()
        return tuple(found)


def _impossible() -> str:
    """A UID that no object has (PS3.5 B.2: 2.25 and a random number)."""
    return f"2.25.{secrets.randbits(120)}"


def _plain(value: bytes) -> str:
    return value.strip(b" \0").decode("ascii", "ignore")
