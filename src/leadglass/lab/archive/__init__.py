"""An archive is made from its specification when it is asked, costs a few bytes a study, and may be forgotten again."""

from collections.abc import Iterator

import numpy as np

from leadglass.lab.archive.columns import Columns, check, make_columns
from leadglass.lab.archive.fields import Fields, known_at
from leadglass.lab.archive.identifiers import Identifiers
from leadglass.lab.archive.lost import are_lost
from leadglass.lab.archive.rows import Rows, patient_images, series_images
from leadglass.lab.archive.selection import Selection
from leadglass.lab.archive.texts import Text
from leadglass.lab.losses import NOTHING, Losses
from leadglass.lab.matching import Wanted
from leadglass.lab.shelf import Shelf
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire.queries import IMAGE, PATIENT, SERIES

MAX_COLUMNS_BYTES = 256 << 20  # of all archives together; one that is larger alone is made anew for each question
_SHELF: Shelf[ArchiveSpec, Columns] = Shelf(MAX_COLUMNS_BYTES)
Values = dict[int, str]
__all__ = ["MAX_COLUMNS_BYTES", "Archive", "Rows", "Text", "Values"]


class Archive:
    """Everything that one server holds; `spec` says how much that is."""

    def __init__(self, spec: ArchiveSpec, shelf: Shelf[ArchiveSpec, Columns] = _SHELF) -> None:
        """Costs nothing yet. Raises ValueError where there is no archive like this."""
        check(spec)
        self.spec = spec
        self.identifiers = Identifiers(spec)
        self._shelf = shelf

    @property
    def columns(self) -> Columns:
        """What does not follow from a study's number alone; made where it is not at hand."""
        found = self._shelf.get(self.spec)
        if found is None:
            found = make_columns(self.spec)
            self._shelf.put(self.spec, found, found.size_bytes)
        return found

    def select(self, level: str, wanted: Wanted, start: int = 0) -> Iterator[Rows]:
        """The records of `level` that `wanted` means, from place `start` on, a block of rows at a time."""
        columns = self.columns
        fields = Fields(self.spec, columns, self.identifiers)
        return Selection(columns, fields, self.identifiers, level, wanted).rows(start)

    @property
    def fields(self) -> Fields:
        """The attributes of all records."""
        return Fields(self.spec, self.columns, self.identifiers)

    def count_images(self, level: str, wanted: Wanted, losses: Losses = NOTHING) -> int:
        """How many images there are in the records that `wanted` means, without those that are lost."""
        columns, total = self.columns, 0
        for all_rows in self.select(level, wanted):
            rows = all_rows
            if losses and level == PATIENT:
                of_them = np.flatnonzero(np.isin(columns.patient, rows.patient))
                total += int(columns.images[of_them[~are_lost(losses, columns, of_them)]].sum())
                continue
            if losses:
                rows = rows.where(~are_lost(losses, columns, rows.study))
            if level == IMAGE:
                total += len(rows)
            elif level == SERIES:
                total += int(series_images(self.spec, columns, rows.study)[range(len(rows)), rows.series].sum())
            else:
                images = patient_images(columns, rows.patient) if level == PATIENT else columns.images[rows.study]
                total += int(images.sum())
        return total

    def kept(self, losses: Losses) -> tuple[int, int]:
        """How many studies, and how many images in them, are not lost."""
        if not losses:
            return self.spec.studies, self.spec.images
        columns = self.columns
        there = ~are_lost(losses, columns, np.arange(self.spec.studies))
        return int(there.sum()), int(columns.images[there].sum())

    def values(self, level: str, rows: Rows) -> list[Values]:
        """Each of these records as values under tags."""
        fields = self.fields
        strings = {tag: fields.text(tag, rows).strings() for tag in known_at(level)}
        return [{tag: texts[at] for tag, texts in strings.items()} for at in range(len(rows))]

    def records(
        self, level: str, keys: Values | None = None, start: int = 0, most: int | None = None
    ) -> Iterator[Values]:
        """Records of `level` that `keys` match, as values: from place `start` on, and `most` of them."""
        for rows in self.select(level, Wanted(keys=keys or {}), start):
            part = rows if most is None else rows.part(0, most)
            most = None if most is None else most - len(part)
            if len(part):
                yield from self.values(level, part)
            if most == 0:
                return
