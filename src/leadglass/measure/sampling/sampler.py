"""An archive is measured by a sample: what divides it is found, drawn from, and made into figures."""

from collections import Counter
from collections.abc import Callable

from leadglass.knowledge.modalities import shown_modality
from leadglass.measure.sampling.asking import Asker
from leadglass.measure.sampling.by_endings import ByEndings
from leadglass.measure.sampling.by_hours import ByHours
from leadglass.measure.sampling.costs import ROUGHLY
from leadglass.measure.sampling.estimate import Draw, Total, sums
from leadglass.measure.sampling.keys import divides_by_patient
from leadglass.measure.sampling.pilot import Look, first_look
from leadglass.measure.sampling.question import Source
from leadglass.measure.sampling.sample import COUNTED, NOTABLE, Sample, Wish
from leadglass.model.exposure import Count, Exposure

MOST_RECORDS = 15_000
__all__ = ["COUNTED", "MOST_RECORDS", "Sampler", "Wish"]


class Sampler:
    """Measures one archive."""

    def __init__(
        self, source: Source, below: Callable[[int], int], key: bytes, wish: Wish, most_records: int = MOST_RECORDS
    ) -> None:
        """`below(n)` is a random number from 0 to n - 1; `key` of patients' digests is random and dies with this."""
        self._asker = Asker(source, key, most_records)
        self._below, self._wish = below, wish
        self.studies: tuple[Draw, ...] = ()
        """Everything that was drawn at STUDY level, where a sample came about."""

    def __repr__(self) -> str:
        """Without values."""
        return "Sampler()"

    @property
    def limits(self) -> list[str]:
        """In words, what the sample could not reach, and what the server does amiss."""
        return list(dict.fromkeys(self._asker.limits))

    @property
    def counting_is_cheaper(self) -> bool:
        """Whether no sample was drawn since an exact count costs the server less."""
        return self._asker.counting_is_cheaper

    @property
    def unsaid_limit(self) -> int | None:
        """How many records the server's answers end at without a word; None where they do not, or say so."""
        return self._asker.unsaid

    async def run(self) -> Exposure | None:
        """The figures; None where counting is the better way, or the only one."""
        look = await first_look(self._asker, self._below)
        wish = self._wish
        if look is None or look.rough < wish.counted or self._asker.is_dear(look.rough, wish.sampled, ROUGHLY):
            return None
        sample = None
        if await divides_by_patient(self._asker, look):
            sample = await ByEndings(self._asker, look, self._below, self._wish).run()
        elif look.draw is not None:
            sample = await ByHours(self._asker, look, self._below, self._wish).run()
        if sample is None:
            return None
        await self._see_what_changed(look)
        self.studies = sample.at_study_level()
        return self._exposure(sample)

    async def _see_what_changed(self, look: Look) -> None:
        """An answer of the beginning, once more at the end."""
        _, came = await self._asker.collected(look.question, 2 * len(look.entries) + 10)
        if len(came) != len(look.entries):
            self._note("the archive changed while it was measured")

    def _exposure(self, sample: Sample) -> Exposure:
        patients, strange = sample.patients_figure(self._wish.confidence)
        if strange > NOTABLE and patients is not None:
            self._note(
                f"{strange / (1 + strange):.1%} have an identifier of another kind, and are known by their share alone"
            )
        studies = self._figure(*sample.studies_total(), "studies")
        images = self._images(sample)
        years = self._asker.years
        return Exposure(
            patients=patients,
            studies=studies,
            images=images,
            years=(min(years), max(years)) if years else None,
            modalities=_modalities(sample),
            limits=tuple(self.limits),
        )

    def _images(self, sample: Sample) -> Count | None:
        found, out = sample.images_total()
        if not found.value:
            self._note("the server leaves out how many images a study has")
            return None
        figure = self._figure(found, out, "images")
        if not self._asker.numberless:
            return figure
        self._note("studies whose number of images the server left out are counted as without images")
        return Count.at_least(figure.low)

    def _figure(self, found: Total, out: Total | None, name: str) -> Count:
        figure = found.figure(self._wish.confidence, 0)
        if out is not None:
            return figure
        self._note(f"nothing tells how many {name} there are that no question of the sample reached")
        return Count.at_least(figure.low)

    def _note(self, limit: str) -> None:
        self._asker.limits.append(limit)


def _modalities(sample: Sample) -> dict[str, int] | None:
    """Studies of each modality; a code that stands for an unknown one goes to those of its kind."""
    found: Counter[str] = Counter()
    for code, studies in sums(sample.studies, lambda unit: unit.modalities).items():
        found[shown_modality(code)] += round(studies)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))) or None
