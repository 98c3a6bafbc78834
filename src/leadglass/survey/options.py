"""What a run was asked to do, as one value."""

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.record import Record
from leadglass.model.scope import Budget, Timing
from leadglass.probe.manner import Manner


class Options(Record):
    """The choices of one run. The day comes in with `manner`: nothing below reads a calendar.

    `wish` is how sure a sample is to be, None where everything is to be counted.
    """

    manner: Manner
    contact: str
    budget: Budget = Budget()
    timing: Timing = Timing()
    called_ae_titles: tuple[str, ...] = ()
    measure: bool = True
    wish: Wish | None = Wish()
    concurrency: int = 8
