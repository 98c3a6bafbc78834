"""Servers that mislead a sampler, each as an archive in process that has one habit."""

from collections.abc import Callable, Iterator

import msgspec

from bench.sampling.archive import InProcess
from bench.sampling.shapes import SHAPES, Shape
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.wire.queries import PATIENT

Take = Callable[[Entry], bool]
PLAIN, NO_WILDCARDS = SHAPES[0], next(shape for shape in SHAPES if shape.name == "no-wildcards")


class Misleading(InProcess):
    """An archive with one habit; `limit` is of the records in an answer, `told` whether its end is told."""

    def __init__(self, spec: ArchiveSpec, shape: Shape, habit: str, *, limit: int = 0, told: bool = False) -> None:
        """`habit` is one of `HABITS`."""
        super().__init__(spec, shape)
        self._habit, self._limit, self._told = habit, limit, told
        self._known = spec.studies if habit != "grows" else round(spec.studies * 0.99)

    @property
    def least(self) -> int:
        """Of an archive that grows, how many studies there were at first."""
        return self.spec.studies if self._habit != "grows" else round(self.spec.studies * 0.99)

    async def ask(self, question: Question, take: Take) -> Answer:
        """See `Source`."""
        self._known = min(self.spec.studies, self._known + self.spec.studies // 3_000)
        changed = self._read(question)
        if changed is None:
            self.questions += 1
            return Answer(records=0, whole=True, seconds=0.0)
        if not self._limit:
            return await super().ask(changed, take)
        came = 0
        ended = False

        def up_to(entry: Entry) -> bool:
            nonlocal came, ended
            came += 1
            ended = came > self._limit
            return not ended and take(entry)

        answer = await super().ask(changed, up_to)
        if not ended:
            return answer
        self.records -= 1
        whole, why = not self._told, "the server limits its answers" if self._told else ""
        return Answer(records=self._limit, whole=whole, seconds=0.0, why=why)

    def _read(self, question: Question) -> Question | None:
        """The question as the server understands it; None where nothing matches."""
        change = msgspec.structs.replace
        match self._habit:
            case "ranges ignored":
                return change(question, seconds=None, births=None)
            case "ranges as values":
                return change(question, seconds=(question.seconds[0],) * 2) if question.seconds else question
            case "wildcards as values":
                return None if question.patient or question.accession else question
            case "modalities ignored":
                return change(question, modality="")
        return question

    def entries(self, question: Question) -> Iterator[Entry]:
        """The records, as the habit has them."""
        of_patient = question.level == PATIENT
        for number, entry in enumerate(super().entries(question)):
            if self._habit == "grows" and not of_patient and int(entry.study) >= self._known:
                continue
            if self._habit == "counts of 0" or (self._habit == "some counts of 0" and number % 5 == 0):
                entry.images = 0
            yield entry
            if self._habit == "duplicates" and number % 4 == 0:
                yield entry


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """One way to mislead, and the shape of the archive that has it."""

    name: str
    says: str
    shape: Shape = PLAIN
    limit: int = 0
    told: bool = False

    def archive(self, seed: int, studies: int) -> Misleading:
        """An archive with it."""
        return Misleading(self.shape.spec(seed, studies), self.shape, self.name, limit=self.limit, told=self.told)


def _shape(**changed: object) -> Shape:
    return msgspec.structs.replace(PLAIN, **changed)


HABITS = (
    Habit(name="silent limit of 100", says="100 records, then success", limit=100),
    Habit(name="silent limit of 500", says="500 records, then success", limit=500),
    Habit(name="silent limit of 2,000", says="2,000 records, then success", limit=2_000),
    Habit(name="told limit of 500", says="500 records, then FE00H", limit=500, told=True),
    Habit(name="told limit of 1,000", says="1,000 records, then FE00H", limit=1_000, told=True),
    Habit(name="ranges ignored", says="a range narrows nothing"),
    Habit(name="ranges as values", says="a range is its first value"),
    Habit(name="wildcards ignored", says="a wildcard narrows nothing", shape=NO_WILDCARDS),
    Habit(name="wildcards as values", says="a star is a star"),
    Habit(name="modalities ignored", says="ModalitiesInStudy narrows nothing", shape=_shape(counters=False)),
    Habit(name="no time", says="a fifth of the studies has no time", shape=_shape(timeless=0.2)),
    Habit(
        name="no time, wildcards ignored",
        says="both",
        shape=msgspec.structs.replace(NO_WILDCARDS, timeless=0.2),
    ),
    Habit(name="no date", says="a fifth of the studies has no date", shape=_shape(undated=0.2)),
    Habit(name="duplicates", says="every fourth record twice in its answer"),
    Habit(name="no counts", says="numbers of images left out", shape=_shape(counts=False, counters=False)),
    Habit(name="counts of 0", says="numbers of images are 0"),
    Habit(name="some counts of 0", says="every fifth number of images is 0"),
    Habit(name="grows", says="one study in 3,000 comes in with each question"),
)
