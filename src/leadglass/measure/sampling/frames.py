"""A frame is one way to draw records by chance; of every record it says with what chance it would be drawn."""

from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple, Protocol

from leadglass.measure.sampling.question import Question
from leadglass.wire.queries import STUDY

# A patient's studies come together, and some patients have forty: the more of them a frame draws, the less each tells.
OF_A_PATIENT, OF_AN_HOUR, OF_A_KIND = 0.1, 0.4, 0.9
_UNEVEN = 2.5  # times the variance that chance explains: parts that differ so much tell of more than chance


class Unit(NamedTuple):
    """A record as the estimate needs it: no identifier, but a keyed digest of the patient's.

    `study` is what tells one study from another, as the source has it (`Entry`).

    A patient's record has the sums of all `studies` of the patient; a study's is one.
    """

    patient: int
    second: int | None
    accession_figures: int
    patient_figures: int
    modalities: frozenset[bytes]
    images: int
    studies: int = 1
    born: int | None = None
    study: bytes = b""


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

    def between(self, sums: list[float], explained: float) -> tuple[float, float] | None:
        """Variance by how the questions' estimates differ, and the variance of that; None: as much as `explained`."""


class Tails:
    """Records whose identifier ends in one of some drawn endings."""

    def __init__(
        self,
        key: str,
        tails: tuple[str, ...],
        modality: str = "",
        window: tuple[int, int] | None = None,
        level: str = STUDY,
    ) -> None:
        """`key` is `accession` or `patient`; `window` are the first and the last second of the day."""
        self.key, self.tails, self.modality, self.window, self.level = key, tails, modality, window, level
        self.width = len(tails[0])
        self.clustered = key == "patient"
        self.share = len(tails) / 10**self.width
        self.worth = 1.0 if not self.clustered else OF_A_KIND if modality else OF_AN_HOUR if window else OF_A_PATIENT
        self._code = modality.encode()

    def questions(self) -> Iterator[Question]:
        """One for each ending."""
        for tail in self.tails:
            yield Question(
                level=self.level,
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

    def between(self, sums: list[float], explained: float) -> tuple[float, float] | None:
        """Parts by endings are as even as chance makes them, unless endings mean something here."""
        count = len(sums)
        if count < 3:
            return None
        mean = sum(sums) / count
        found = count / (count - 1) * sum((one - mean) ** 2 for one in sums)
        if found <= (1 + _UNEVEN * sqrt(2 / (count - 1))) * explained:
            return None
        return found, 2 * found**2 / (count - 1)

    def _matches(self, unit: Unit) -> bool:
        if self.modality and self._code not in unit.modalities:
            return False
        return self.window is None or (unit.second is not None and self.window[0] <= unit.second <= self.window[1])
