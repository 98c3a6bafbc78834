"""A frame is one way to draw records by chance; of every record it says with what chance it would be drawn."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from leadglass.measure.sampling.question import Question

# A patient's studies come together, and some patients have forty: the more of them a frame draws, the less each tells.
OF_A_PATIENT, OF_AN_HOUR, OF_A_KIND = 0.1, 0.4, 0.9


class Unit(NamedTuple):
    """A record as the estimate needs it: no identifier, but a keyed digest of the patient's."""

    patient: int
    second: int | None
    accession_figures: int
    patient_figures: int
    modalities: frozenset[bytes]
    images: int


class Frame(Protocol):
    """A way to draw records by chance. `clustered` frames draw patients, with all of their studies that match."""

    clustered: bool
    worth: float
    """What a record that it draws tells, beside one that was drawn alone; fixed before anything is drawn."""
    share: float
    """Of the records that it may draw, the part that it draws."""

    def questions(self) -> Iterator[Question]:
        """What is asked; the records of each were drawn together."""

    def chance(self, unit: Unit) -> float:
        """The chance that the frame draws a record, before chance decided."""

    def holds(self, unit: Unit, question: Question) -> bool:
        """Whether a record belongs into the answer to a question of the frame."""


class Tails:
    """Records whose identifier ends in one of some drawn endings."""

    def __init__(
        self, key: str, tails: tuple[str, ...], modality: str = "", window: tuple[int, int] | None = None
    ) -> None:
        """`key` is `accession` or `patient`; `window` are the first and the last second of the day."""
        self.key, self.tails, self.modality, self.window = key, tails, modality, window
        self.width = len(tails[0])
        self.clustered = key == "patient"
        self.share = len(tails) / 10**self.width
        self.worth = 1.0 if not self.clustered else OF_A_KIND if modality else OF_AN_HOUR if window else OF_A_PATIENT
        self._code = modality.encode()

    def questions(self) -> Iterator[Question]:
        """One for each ending."""
        for tail in self.tails:
            yield Question(
                accession=tail if self.key == "accession" else "",
                patient=tail if self.key == "patient" else "",
                modality=self.modality,
                seconds=self.window,
            )

    def chance(self, unit: Unit) -> float:
        """The drawn endings among all of their width."""
        figures = unit.patient_figures if self.clustered else unit.accession_figures
        return self.share if figures >= self.width and self._matches(unit) else 0.0

    def holds(self, unit: Unit, question: Question) -> bool:
        """Those that match; that they end as asked is looked at where the identifier still is."""
        return self.chance(unit) > 0

    def _matches(self, unit: Unit) -> bool:
        if self.modality and self._code not in unit.modalities:
            return False
        return self.window is None or (unit.second is not None and self.window[0] <= unit.second <= self.window[1])


class Slice(NamedTuple):
    """A stretch of the day [first, end), and what was drawn of it: [start, start + width), within the stretch."""

    first: int
    end: int
    start: int
    width: int

    @property
    def chance(self) -> float:
        """The same for every second of the stretch, since a slice may begin before it and end behind it."""
        return min(1.0, self.width / (self.end - self.first + self.width - 1))

    @property
    def seconds(self) -> tuple[int, int]:
        """The first and the last second that were drawn."""
        return max(self.first, self.start), min(self.end, self.start + self.width) - 1


class Slices:
    """Records by their second of the day, over all dates: one slice out of each stretch of the day."""

    clustered = False

    def __init__(self, slices: tuple[Slice, ...], modality: str = "") -> None:
        """`slices` divide the day."""
        self.slices, self.modality = slices, modality
        self._code = modality.encode()

    def questions(self) -> Iterator[Question]:
        """One for each slice. The last second is asked with the next one, for times that say fractions."""
        for one in self.slices:
            first, last = one.seconds
            yield Question(seconds=(first, last), modality=self.modality)

    def chance(self, unit: Unit) -> float:
        """That of the stretch that the record lies in."""
        if unit.second is None or (self.modality and self._code not in unit.modalities):
            return 0.0
        return next((one.chance for one in self.slices if one.first <= unit.second < one.end), 0.0)

    def holds(self, unit: Unit, question: Question) -> bool:
        """Those of the seconds that were asked for."""
        if unit.second is None or question.seconds is None:
            return False
        return question.seconds[0] <= unit.second <= question.seconds[1] and self.chance(unit) > 0
