"""What counting a surface came to: figures, and what was seen of the server's limits on the way."""

from leadglass.model.exposure import Exposure
from leadglass.model.facts import Cap, Query
from leadglass.model.record import Record


class Measured(Record):
    """`whole_archive` says whether one question was answered with everything, None where that was not seen."""

    exposure: Exposure | None
    queries: tuple[Query, ...] = ()
    cap: Cap | None = None
    whole_archive: bool | None = None


NOT_COUNTED = Exposure(limits=("our own budget was spent before anything was counted",))
"""What stands where a figure was to be had and the budget was gone: silence would read as if there were none."""
