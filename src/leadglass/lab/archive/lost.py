"""Which studies' files are lost follows from their years and modalities."""

from datetime import date

import numpy as np

from leadglass.lab.archive import days
from leadglass.lab.archive.bits import Flags, Ints
from leadglass.lab.archive.columns import Columns
from leadglass.lab.archive.vocabulary import KINDS
from leadglass.lab.losses import Losses


def are_lost(losses: Losses, columns: Columns, study: Ints) -> Flags:
    """Of each of these studies, whether it has no files."""
    named = np.array([bool({*kind.modalities} & {*losses.modalities}) for kind in KINDS])
    flags: Flags = named[columns.kind[study]]
    if losses.before is not None:
        day = columns.day[study]
        flags |= (day != days.NO_DATE) & (day < days.number_of(date(losses.before, 1, 1)))
    return flags
