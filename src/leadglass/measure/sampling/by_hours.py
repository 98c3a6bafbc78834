"""An archive whose identifiers cannot be asked for by their ends is drawn from by the time of day, over all dates.

Whole patients are drawn by their dates of birth: they say what share of studies has no time or a midnight that stands
for none, and how many patients there are to a study.
"""

from collections.abc import Callable
from itertools import pairwise

from leadglass.measure.sampling.asking import Asker
from leadglass.measure.sampling.estimate import Draw
from leadglass.measure.sampling.keys import divides_by_birth
from leadglass.measure.sampling.pilot import Look
from leadglass.measure.sampling.sample import Sample, Wish
from leadglass.measure.sampling.slices import Slices, births, drawn_slice

_HOURS = (0, *range(6, 21), 24)  # ends of stretches: by the hour, but for the night
_OF_PATIENTS = 2_400  # records by dates of birth
_KEPT = 0.6  # of the records that are left: how many there are is known less well than by endings


class ByHours:
    """Draws one sample."""

    def __init__(self, asker: Asker, look: Look, below: Callable[[int], int], wish: Wish) -> None:
        """StudyTime divides the archive by ranges."""
        self._asker, self._look, self._below, self._wish = asker, look, below, wish
        self._sample = Sample()

    def __repr__(self) -> str:
        """Without values."""
        return "ByHours()"

    async def run(self) -> Sample | None:
        """The sample; None where the archive cannot be drawn from so."""
        if await divides_by_birth(self._asker, self._look):
            drawn = await self._asker.drawn(births(_OF_PATIENTS / self._look.rough, self._below), _OF_PATIENTS)
            if drawn is None:
                return None
            self._sample.shares = self._sample.witnesses = (drawn,)
        if self._asker.is_dear(self._look.rough, self._wish.sampled):
            return None
        studies = await self._studies()
        if studies is None:
            return None
        self._sample.studies = (studies,)
        return self._sample

    async def _studies(self) -> Draw | None:
        """A slice out of each stretch. Midnight itself is left out: programs write it where they know no time."""
        ends = [max(1, hour * 3600) for hour in _HOURS]
        wanted = self._asker.left * _KEPT
        share = min(0.5, wanted / self._look.rough)
        slices = tuple(drawn_slice(first, end, share, self._below) for first, end in pairwise(ends))
        return await self._asker.drawn(Slices(slices), wanted)
