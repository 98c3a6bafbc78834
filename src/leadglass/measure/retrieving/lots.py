"""A few of the studies that are listed are kept to be asked for, each as likely as it has images.

Each of 48 places holds a study that was drawn by itself: of weights w1, w2, … that came, the next takes a place with
the chance w / (w1 + … + w). Where the place was taken at a sum S, that is when the sum reaches S / U, U even between 0
and 1; so nothing is drawn for the studies between. Of every four neighbours by modality, year and size one is asked
for, so that those few are spread over all three. `docs/sampling.md` has the mathematics.
"""

from collections import Counter
from collections.abc import Iterable
from math import inf
from random import Random, SystemRandom

MAX_ASKED = 12  # studies that are asked for: each makes a server open a file
_NEIGHBOURS = 4
PLACES = MAX_ASKED * _NEIGHBOURS
_CHANCE = SystemRandom()


class Listed:
    """A study as the server listed it: identifiers, in memory until it was asked for, and never shown."""

    __slots__ = ("day", "images", "modalities", "patient", "study")

    def __init__(self, study: bytes, patient: bytes, images: int, modalities: bytes = b"", day: bytes = b"") -> None:
        """Values as on the wire, and how many images the study has."""
        self.study, self.patient, self.images = study.strip(b" \0"), patient.strip(b" \0"), images
        self.modalities, self.day = modalities.strip(b" \0"), day[:4]

    def __repr__(self) -> str:
        """Without values."""
        return "Listed()"


class Drawing:
    """Which studies are asked for, in the order of chance, and how many times each was drawn."""

    def __init__(self, studies: Iterable[tuple[Listed, int]], *, whole: bool, effective: float = inf) -> None:
        """`whole` says that these are all there are; `effective` is `Lots.effective`."""
        self.studies, self.whole, self.effective = tuple(studies), whole, effective

    def __repr__(self) -> str:
        """Without values."""
        return f"Drawing({len(self.studies)} studies)"


class Lots:
    """The studies of one archive that are kept to be drawn from."""

    def __init__(self, chance: Random | None = None) -> None:
        """Nothing was listed."""
        self.effective = inf
        """How many studies drawn singly tell as much as those that this could draw from: many, where it was all."""
        self._chance = chance or _CHANCE
        self._places: list[Listed] = []
        self._few: list[Listed] = []
        """All that were listed, while those are no more than may be asked for."""
        self._sums: list[float] = []
        """Of each place, the sum of images at which it is taken by another."""
        self._count = self._images = 0
        self._due = 0.0

    def __repr__(self) -> str:
        """Without values."""
        return f"Lots({self._count} studies)"

    def __bool__(self) -> bool:
        """Whether there is a study to ask for."""
        return bool(self._count)

    @classmethod
    def of(cls, places: list[Listed], effective: float, chance: Random | None = None) -> "Lots":
        """Lots of studies that were drawn already, each by itself and as likely as it has images."""
        lots = cls(chance)
        lots._places, lots._count, lots.effective = places, len(places), effective
        return lots

    def offer(self, study: bytes, patient: bytes, images: int, modalities: bytes = b"", day: bytes = b"") -> None:
        """One more study, with one image at least."""
        self._count += 1
        self._images += images
        if self._images < self._due and self._count > MAX_ASKED + 1:
            return
        one = Listed(study, patient, images, modalities, day)
        self._few = [*self._few, one] if self._count <= MAX_ASKED else []
        if not self._places:
            self._places, self._sums = [one] * PLACES, [self._next() for _ in range(PLACES)]
        for place, due in enumerate(self._sums):
            if self._images >= due:
                self._places[place], self._sums[place] = one, self._next()
        self._due = min(self._sums)

    def _next(self) -> float:
        return self._images / (1 - self._chance.random())

    def drawn(self) -> Drawing:
        """The studies to ask for."""
        if self._few:
            return Drawing(self._in_any_order([(one, 1) for one in self._few]), whole=True)
        near = sorted(self._places, key=lambda one: (one.modalities, one.day, one.images))
        chosen = [near[start + self._chance.randrange(_NEIGHBOURS)] for start in range(0, len(near) - 1, _NEIGHBOURS)]
        times = Counter(map(id, chosen))
        studies = [(one, times[id(one)]) for one in {id(one): one for one in chosen}.values()]
        return Drawing(self._in_any_order(studies), whole=False, effective=self.effective)

    def _in_any_order(self, studies: list[tuple[Listed, int]]) -> list[tuple[Listed, int]]:
        """So that those which a budget leaves are no others than those which it does not."""
        self._chance.shuffle(studies)
        return studies
