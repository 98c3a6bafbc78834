"""What a run was asked to do, as one value."""

from leadglass.model.record import Record
from leadglass.model.scope import Budget, Timing
from leadglass.probe.manner import Manner


class Options(Record):
    """The choices of one run. The day comes in with `manner`: nothing below reads a calendar."""

    manner: Manner
    contact: str
    budget: Budget = Budget()
    timing: Timing = Timing()
    called_ae_titles: tuple[str, ...] = ()
    measure: bool = True
    concurrency: int = 8
