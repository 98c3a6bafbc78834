"""Records are counted as they stream by, and nothing of them is kept but keyed digests, days and numbers,
and the UIDs of a few, drawn to be looked at once more (`drawn`).

Distinct patients are told apart by BLAKE2b under a key that is random for each tally and dies with it; so is what a
duplicate study is known by. Patients beyond a million are counted by a sketch (`distinct`), which says its error.
"""

import secrets
from collections import Counter
from hashlib import blake2b

from leadglass.knowledge.modalities import shown_modality
from leadglass.measure.distinct import Distinct, Known
from leadglass.measure.drawn import Drawn
from leadglass.model.exposure import Count, Exposure

_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # a study date outside is a typing error and widens no span of years
# A list of images in place of studies repeats each study as often as it has images, and comes to its end.
MAX_REPEATED, MAX_REPEATED_EACH = 200_000, 2_000
MAX_COMBINATIONS = 1024  # distinct sets of modalities held as they came; an archive has a few dozen


class Tally:
    """Counts one surface's records. Values go in as bytes of the wire and are gone when a method returns."""

    def __init__(self) -> None:
        """Nothing counted."""
        self._patients = Distinct()
        self._keyed = blake2b(digest_size=8, key=secrets.token_bytes(32))
        self._salt = secrets.token_bytes(16)
        self._studies = Known()
        self._modalities: Counter[str] = Counter()
        self._combined: dict[bytes, int] = {}
        """Studies by their modalities as they stood in the record; taken apart when the figures are asked for."""
        self.days: dict[bytes, int] = {}
        """How many studies each day (YYYYMMDD) has; no patient is told by it."""
        self.records = 0
        self.duplicates = 0
        self.without_images = 0
        self.nameless = 0
        """Records that name no study, and are not counted."""
        self.nobodys = 0
        """Studies that name no patient."""
        self._images = 0
        self.drawn = Drawn()
        """A few of the studies that were counted."""

    def __repr__(self) -> str:
        """Without values."""
        return f"Tally({self.records} records)"

    def study(self, uid: bytes) -> bool:
        """One more record of a study; whether it is the first of that study."""
        if not uid.strip(b" \0"):
            self.nameless += 1
            return False
        self.records += 1
        # A salted 64-bit hash is enough to know a UID again: 1 in 10^10 for 50,000 studies, 1 in 10^7 for 2 million.
        if self._studies.add(hash(self._salt + uid.rstrip(b"\0 "))):
            if self.records >= self.drawn.due:
                self.drawn.draw(self.records, uid)
            return True
        self.duplicates += 1
        return False

    @property
    def repeating(self) -> bool:
        """Whether the same studies come again and again, as from a server that does not end."""
        repeated = self.duplicates + self.nameless
        return repeated >= MAX_REPEATED and repeated > MAX_REPEATED_EACH * self.distinct_studies

    def knows(self, uid: bytes) -> bool:
        """Whether a study was counted already."""
        return hash(self._salt + uid.rstrip(b"\0 ")) in self._studies

    def patient(self, value: bytes) -> None:
        """The patient identifier of a record; an empty one is nobody's."""
        plain = value.strip(b" \0")
        if not plain:
            self.nobodys += 1
        else:
            digest = self._keyed.copy()
            digest.update(plain)
            self._patients.add(int.from_bytes(digest.digest(), "big"))

    def patient_again(self, value: bytes) -> None:
        """The patient identifier of a study that was counted before, perhaps another's; an empty one tells nothing."""
        if value.strip(b" \0"):
            self.patient(value)

    def date(self, value: bytes) -> None:
        """The study date of a record."""
        if value in self.days:
            self.days[value] += 1
            return
        day = value[:8]
        if len(day) == 8 and day.isdigit():
            self.days[day] = self.days.get(day, 0) + 1

    def modalities(self, value: bytes) -> None:
        """The modalities of a study, separated by backslashes."""
        if value in self._combined:
            self._combined[value] += 1
        elif len(self._combined) < MAX_COMBINATIONS:
            self._combined[value] = 1
        else:
            self._take_apart(value, 1)

    def _take_apart(self, value: bytes, studies: int) -> None:
        for name in {shown_modality(code) for code in value.split(b"\\") if code.strip(b" \0")}:
            self._modalities[name] += studies

    def images(self, value: bytes) -> int:
        """The number of a study's images as an integer string; 0 where it is none, or was left out."""
        plain = value.strip(b" \0")
        images = int(plain) if plain.isdigit() and len(plain) <= 9 else 0
        self._images += images
        self.without_images += not images
        return images

    def add_images(self, count: int, *, whole: bool) -> None:
        """Images that were counted one by one for a study whose record left the number out.

        Where they are not the `whole` of it, the study stays among those without a number.
        """
        self._images += count
        self.without_images -= whole

    def doubt_images(self) -> None:
        """Some study is not known to be whole, though none left out its number."""
        self.without_images += 1

    @property
    def distinct_studies(self) -> int:
        """Studies without their duplicates."""
        return len(self._studies)

    @property
    def distinct_patients(self) -> int:
        """Distinct patient identifiers, which are not people."""
        return self._patients.value

    def patients_figure(self, complete: bool) -> Count | None:
        """Distinct identifiers: at-least where a record had none, since it is of one patient more or of none more."""
        if self.nobodys and not self._patients.value:
            return None
        return self._patients.figure(complete=complete and not self.nobodys)

    def years(self) -> tuple[int, int] | None:
        """First and last year of a study."""
        years = [year for day in self.days if _FIRST_YEAR <= (year := int(day[:4])) <= _LAST_YEAR]
        return (min(years), max(years)) if years else None

    def modality_counts(self) -> dict[str, int] | None:
        """Studies by modality, the commonest first; what is no defined term is counted as `other`: it may be a name."""
        for value, studies in self._combined.items():
            self._take_apart(value, studies)
        self._combined.clear()
        return dict(sorted(self._modalities.items(), key=lambda item: (-item[1], item[0]))) or None

    def exposure(self, complete: bool, limits: tuple[str, ...] = ()) -> Exposure:
        """The figures: exact where the count came to its end, at-least where something ended it.

        A study that came twice may be two patients' (an identifier that was corrected): then it is two studies to some.
        """
        complete = complete and not self.nameless
        once = complete and not self.duplicates
        count = Count.exact if once else Count.at_least
        if self.nameless:
            limits = (*limits, f"records that name no study, and are not counted: {self.nameless:,}")
        if self.duplicates:
            limits = (*limits, f"{self.duplicates:,} studies were answered more than once and are counted once")
        if self.nobodys:
            limits = (*limits, f"records without a patient's identifier: {self.nobodys:,}")
        images: Count | None = (Count.exact if once and not self.without_images else Count.at_least)(self._images)
        if self.without_images and not self._images:
            images = None
        return Exposure(
            patients=self.patients_figure(complete),
            studies=count(self.distinct_studies),
            images=images,
            years=self.years(),
            modalities=self.modality_counts(),
            limits=limits,
        )
