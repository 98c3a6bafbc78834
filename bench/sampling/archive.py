"""An archive of the lab that is asked in process: a sampler's questions are answered from its columns, at once."""

import math
from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bench.sampling.shapes import Shape
from leadglass.lab.archive import Archive
from leadglass.lab.archive.days import written_days
from leadglass.lab.archive.rows import Rows
from leadglass.lab.archive.texts import Text
from leadglass.lab.archive.vocabulary import KINDS
from leadglass.lab.shelf import Shelf
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.wire import tags
from leadglass.wire.queries import PATIENT

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_WIDTH = 7
_KINDS = tuple(frozenset(code.encode() for code in kind.modalities) for kind in KINDS)
_NONE = -1


class InProcess:
    """Answers as `shape` says, without any other habit; counts what it was asked."""

    def __init__(self, spec: ArchiveSpec, shape: Shape) -> None:
        """The archive is made when it is asked, and forgotten with this."""
        self.spec, self.shape = spec, shape
        self.records = self.questions = 0
        archive = Archive(spec, Shelf(0))
        self.columns, self._fields = archive.columns, archive.fields
        self._rng = np.random.Generator(np.random.PCG64(spec.seed))
        studies, self._numbers = np.arange(spec.studies), np.arange(spec.patients)
        self.patient = self.columns.patient.astype(np.int64)
        if shape.by_chance:
            self._accessions: _Ends = _Drawn(self._rng, spec.studies)
            self._patients: _Ends = _Drawn(self._rng, spec.patients)
        else:
            self._accessions = _Written(archive.fields.text(tags.ACCESSION_NUMBER, Rows(self.patient, studies)))
            self._patients = _Written(archive.fields.text(tags.PATIENT_ID, Rows(self._numbers)))
        if shape.strange:
            self._patients.spoil(self._rng.random(spec.patients) < shape.strange)
        if shape.without_accession:
            self._accessions.spoil(self._rng.random(spec.studies) < shape.without_accession)
        self.second = self.columns.second.astype(np.int64)
        self.second[self._rng.random(spec.studies) < shape.midnight] = 0
        self.second[self._rng.random(spec.studies) < shape.timeless] = _NONE

    @cached_property
    def _births(self) -> Ints:
        """Of each patient as YYYYMMDD, 0 where there is none."""
        born = written_days()[self._archive_births()].astype(np.int64)
        if self.shape.default_births:
            born[self._rng.random(self.spec.patients) < self.shape.default_births] = 19000101
        return born

    def _archive_births(self) -> Ints:
        return self._fields.birth_days(self._numbers)

    @cached_property
    def _of_patient(self) -> tuple[Ints, Ints]:
        images = self.columns.images.astype(np.float64)
        sums = np.bincount(self.patient, weights=images, minlength=self.spec.patients).astype(np.int64)
        return np.bincount(self.patient, minlength=self.spec.patients), sums

    @cached_property
    def _with_modality(self) -> dict[str, Flags]:
        codes = {code for kind in KINDS for code in kind.modalities}
        return {
            code: np.array([code in kind.modalities for kind in KINDS])[self.columns.kind] for code in sorted(codes)
        }

    def left(self) -> tuple[float, float]:
        """See `Source`: no budget but the sampler's own."""
        return math.inf, math.inf

    async def ask(self, question: Question, take: Callable[[Entry], bool]) -> Answer:
        """See `Source`."""
        self.questions += 1
        records = 0
        if question.level == PATIENT and not self.shape.patient_level:
            return Answer(records=0, whole=False, seconds=0.0, why="the server has no Patient Root")
        for entry in self.entries(question):
            records += 1
            if not take(entry):
                self.records += records
                return Answer(records=records, whole=False, seconds=0.0)
        self.records += records
        return Answer(records=records, whole=True, seconds=0.0)

    def entries(self, question: Question) -> Iterator[Entry]:
        """The records that match."""
        if question.level == PATIENT:
            studies, images = self._of_patient
            for number in np.flatnonzero(self._patients.ends_in(question.patient)).tolist():
                told = (int(images[number]), None, b"", int(studies[number])) if self.shape.counters else (None, None)
                yield Entry(self._patients.text(number), b"", None, frozenset(), *told)
            return
        for at in self.chosen(question).tolist():
            second, patient = int(self.second[at]), int(self.patient[at])
            yield Entry(
                self._patients.text(patient),
                self._accessions.text(at),
                None if second == _NONE else second,
                _KINDS[self.columns.kind[at]],
                int(self.columns.images[at]) if self.shape.counts else None,
                None,
                str(at).encode(),
                None,
                int(self._births[patient]) or None,
            )

    def chosen(self, question: Question) -> Ints:
        """The studies that match."""
        flags = np.ones(self.spec.studies, dtype=np.bool_)
        if question.seconds is not None:
            flags &= (self.second >= question.seconds[0]) & (self.second <= question.seconds[1])
        if question.modality and self.shape.modalities:
            flags &= self._with_modality[question.modality]
        if question.births is not None and self.shape.births:
            first, last = map(int, question.births)
            flags &= ((self._births >= max(1, first)) & (self._births <= last))[self.patient]
        if question.patient and self.shape.wildcards:
            flags &= self._patients.ends_in(question.patient)[self.patient]
        if question.accession and self.shape.wildcards:
            flags &= self._accessions.ends_in(question.accession)
        return np.flatnonzero(flags)


class _Ends:
    """The ends of identifiers."""

    figures: Ints
    number: Ints

    def ends_in(self, tail: str) -> Flags:
        flags: Flags = (self.figures >= len(tail)) & (self.number % 10 ** len(tail) == int(tail))
        return flags

    def text(self, number: int) -> bytes:
        written = self.plain(number)
        return written if self.figures[number] else written + b"X"

    def plain(self, number: int) -> bytes:
        raise NotImplementedError

    def spoil(self, flags: Flags) -> None:
        """These end in no figure."""
        self.figures = np.where(flags, 0, self.figures)


class _Written(_Ends):
    """As the lab writes them."""

    def __init__(self, text: Text) -> None:
        self._text = text
        block = np.ascontiguousarray(text.block)
        order = np.argsort(block != 0, axis=1, kind="stable")  # empty places to the front
        tail = np.take_along_axis(block, order, axis=1)[:, -_WIDTH:].astype(np.int64) - 48
        figure = (tail >= 0) & (tail <= 9)
        self.figures = np.cumprod(figure[:, ::-1], axis=1).sum(axis=1)
        self.number = (np.where(figure, tail, 0) * 10 ** np.arange(_WIDTH - 1, -1, -1)).sum(axis=1)

    def plain(self, number: int) -> bytes:
        return bytes(self._text.block[number]).replace(b"\0", b"")


class _Drawn(_Ends):
    """Each drawn by itself, as no lab and no hospital would, but as chance does: their ends are not even."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self.number = rng.choice(10**_WIDTH, size=count, replace=False).astype(np.int64)
        self.figures = np.full(count, _WIDTH)

    def plain(self, number: int) -> bytes:
        return b"%07d" % int(self.number[number])
