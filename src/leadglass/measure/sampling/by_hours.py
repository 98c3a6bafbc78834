"""An archive whose identifiers cannot be asked for by their ends is drawn from by the time of day, over all dates.

Whole patients are drawn by their dates of birth: they say what share of studies has no time or a midnight that stands
for none, and how many patients there are to a study.
"""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from leadglass.measure.sampling.asking import Asker
from leadglass.measure.sampling.estimate import Draw, expected
from leadglass.measure.sampling.keys import divides_by_birth, divides_by_modality
from leadglass.measure.sampling.pilot import Look
from leadglass.measure.sampling.sample import Sample, Wish
from leadglass.measure.sampling.slices import Births, Slices, drawn_slice

_HOURS = (0, 7, 8, 9, 10, 11, 12, 13, 15, 17, 24)  # ends of stretches, the more of them where the day is full
_FEWER_HOURS = (0, 8, 10, 12, 15, 24)
_BORN = (1921, 1934, 1947, 1960, 1973, 1986, 1999, 2012, 2025)  # ends of stretches in years
_OF_PATIENTS = 2_400  # records by dates of birth
_OF_STUDIES = 3_500  # records by the time of day, of whatever modality
_KINDS = 2  # modalities that are drawn by themselves
_KEPT = 0.9  # of the records that are left
_WORTH_IT = 0.1  # of the variance of the images: a modality below it is not drawn by itself


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
            drawn = await self._asker.drawn(self._births(), _OF_PATIENTS / 4)
            if drawn is None:
                return None
            self._sample.shares = self._sample.witnesses = (drawn,)
        studies = await self._draw(_HOURS, _OF_STUDIES, self._look.rough, "")
        if studies is None:
            return None
        self._sample.studies = (studies,)
        if await divides_by_modality(self._asker, self._look):
            await self._draw_kinds(studies)
        return self._sample

    def _births(self) -> Births:
        share = _OF_PATIENTS / self._look.rough
        days = [date(year, 1, 1).toordinal() for year in _BORN]
        return Births(tuple(drawn_slice(first, end, share, self._below) for first, end in pairwise(days)))

    async def _draw(self, hours: tuple[int, ...], wanted: float, among: float, code: str) -> Draw | None:
        """A slice out of each stretch. Midnight itself is left out: programs write it where they know no time."""
        ends = [max(1, hour * 3600) for hour in hours]
        slices = tuple(drawn_slice(first, end, wanted / among, self._below) for first, end in pairwise(ends))
        return await self._asker.drawn(Slices(slices, code), wanted / 2)

    async def _draw_kinds(self, studies: Draw) -> None:
        """Studies of the modalities that make the number of images uncertain, as many as their unevenness asks for."""
        often = expected((studies,))
        sizes: dict[bytes, float] = {}
        squares: dict[bytes, float] = {}
        for unit in studies.units:
            for code in unit.modalities:
                sizes[code] = sizes.get(code, 0.0) + 1 / often(unit)
                squares[code] = squares.get(code, 0.0) + unit.images**2 / often(unit)
        most = sorted((code for code in sizes if code.isalnum()), key=squares.__getitem__, reverse=True)[:_KINDS]
        most = [code for code in most if squares[code] > _WORTH_IT * sum(squares.values())]
        weights = {code: (sizes[code] * squares[code]) ** 0.5 for code in most}
        left = self._asker.left * _KEPT
        for code in most:
            wanted = min(sizes[code] / 2, left * weights[code] / sum(weights.values()))
            drawn = await self._draw(_FEWER_HOURS, wanted, sizes[code], code.decode("ascii"))
            if drawn is not None:
                self._sample.studies += (drawn,)
