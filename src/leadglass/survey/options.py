"""What a run was asked to do, as one value."""

from datetime import date

from leadglass.model.record import Record
from leadglass.model.scope import Budget, Timing


class Options(Record):
    """The choices of one run. `today` comes in as a value: nothing below reads a calendar."""

    today: date
    contact: str
    budget: Budget = Budget()
    timing: Timing = Timing()
    called_ae_titles: tuple[str, ...] = ()
    measure: bool = True
    concurrency: int = 8
