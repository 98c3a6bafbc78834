"""An archive of the lab that is asked in process: a sampler's questions are answered from its columns, at once."""

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from leadglass.lab.archive import Archive
from leadglass.lab.archive.rows import Rows
from leadglass.lab.archive.texts import Text
from leadglass.lab.archive.vocabulary import KINDS
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.wire import tags
from leadglass.wire.queries import PATIENT

Ints = npt.NDArray[np.int64]
_WIDTH = 6
_KINDS = tuple(frozenset(code.encode() for code in kind.modalities) for kind in KINDS)


class InProcess:
    """Answers as a server without any habit would; `costs` sums up what a server would have done."""

    def __init__(self, spec: ArchiveSpec) -> None:
        """The archive is made when it is asked."""
        self.spec = spec
        self.records = self.questions = 0
        archive = Archive(spec)
        self.columns, fields = archive.columns, archive.fields
        studies, patients = np.arange(spec.studies), np.arange(spec.patients)
        rows = Rows(self.columns.patient.astype(np.int64), studies)
        self._accession = _Tails(fields.text(tags.ACCESSION_NUMBER, rows))
        self._patient = _Tails(fields.text(tags.PATIENT_ID, Rows(patients)))

    @cached_property
    def _with_modality(self) -> dict[str, npt.NDArray[np.bool_]]:
        codes = {code for kind in KINDS for code in kind.modalities}
        return {
            code: np.array([code in kind.modalities for kind in KINDS])[self.columns.kind] for code in sorted(codes)
        }

    async def ask(self, question: Question, take: Callable[[Entry], bool]) -> Answer:
        """See `Source`."""
        self.questions += 1
        records = 0
        for entry in self._entries(question):
            records += 1
            if not take(entry):
                self.records += records
                return Answer(records=records, whole=False, seconds=0.0)
        self.records += records
        return Answer(records=records, whole=True, seconds=0.0)

    def _entries(self, question: Question) -> Iterator[Entry]:
        if question.level == PATIENT:
            for number in self._patient.ending(question.patient).tolist():
                yield Entry(self._patient.text(number), b"", None, frozenset(), None, None)
            return
        columns = self.columns
        chosen = self._chosen(question)
        for at in chosen.tolist():
            yield Entry(
                self._patient.text(int(columns.patient[at])),
                self._accession.text(at),
                int(columns.second[at]),
                _KINDS[columns.kind[at]],
                int(columns.images[at]),
                None,
            )

    def _chosen(self, question: Question) -> Ints:
        columns = self.columns
        flags = np.ones(self.spec.studies, dtype=np.bool_)
        if question.seconds is not None:
            flags &= (columns.second >= question.seconds[0]) & (columns.second <= question.seconds[1])
        if question.modality:
            flags &= self._with_modality[question.modality]
        if question.patient:
            flags &= self._patient.ends_in(question.patient)[columns.patient]
        if question.accession:
            flags &= self._accession.ends_in(question.accession)
        return np.flatnonzero(flags)


class _Tails:
    """The ends of identifiers."""

    def __init__(self, text: Text) -> None:
        self._text = text
        block = np.ascontiguousarray(text.block)
        order = np.argsort(block != 0, axis=1, kind="stable")  # empty places to the front
        tail = np.take_along_axis(block, order, axis=1)[:, -_WIDTH:].astype(np.int64) - 48
        figure = (tail >= 0) & (tail <= 9)
        self.figures = np.cumprod(figure[:, ::-1], axis=1).sum(axis=1)
        self._number = (np.where(figure, tail, 0) * 10 ** np.arange(_WIDTH - 1, -1, -1)).sum(axis=1)

    def ends_in(self, tail: str) -> npt.NDArray[np.bool_]:
        flags: npt.NDArray[np.bool_] = (self.figures >= len(tail)) & (self._number % 10 ** len(tail) == int(tail))
        return flags

    def ending(self, tail: str) -> Ints:
        return np.flatnonzero(self.ends_in(tail))

    def text(self, number: int) -> bytes:
        text: bytes = self._text.block[number].tobytes().replace(b"\0", b"")
        return text
