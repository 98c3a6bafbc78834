"""A record's values become kinds of data and are gone: only how many records had which kind stays."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from leadglass.knowledge.check_digits import is_day
from leadglass.knowledge.national_numbers import shape_of
from leadglass.measure.shares import CONFIDENCE, interval
from leadglass.model.kinds import DataKind, DocumentKind, Kinds, KindShare, Presence
from leadglass.wire import tags

MAX_VALUE_BYTES = 1024  # of one value: PS3.5 6.2 gives a text of this sort 64 characters, an address a few more
_DECIMALS = 4
_NOT_ZERO = re.compile("[1-9]")
_LETTERS = re.compile(r"[^\W\d_]")
# What stands in a field so that something does, and names nobody.
_FILLERS = re.compile(
    r"(anon(ym(ous|i[sz]ed)?)?|unknown|unbekannt|inconnu|none|null|nil|n a|na|no ?name|removed|de ?identified|test|"
    r"patient|x+|not (given|known|specified)|unspecified|dummy|default)( (anon(ym(ous|i[sz]ed)?)?|patient|name|\d+))?",
    re.IGNORECASE,
)
_SC = "1.2.840.10008.5.1.4.1.1.7"
_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
_SR = "1.2.840.10008.5.1.4.1.1.88."


def _words(value: str) -> str:
    return " ".join(re.split(r"[\^=\s_.,;:/\\-]+", value)).strip()


def _text(value: str) -> bool:
    """Whether somebody has written something."""
    words = _words(value)
    return len(_LETTERS.findall(words)) > 1 and _FILLERS.fullmatch(words) is None


def _date(value: str) -> bool:
    """Whether this is a day on which somebody may be born; the first of 1900 and of 1800 stand for none."""
    if not re.fullmatch("[0-9]{8}", value) or value in ("19000101", "18000101"):
        return False
    return "1850" <= value[:4] <= "2100" and is_day(int(value[:4]), int(value[4:6]), int(value[6:]))


def _id(value: str) -> bool:
    words = _words(value)
    return bool(_NOT_ZERO.search(words) or _LETTERS.search(words)) and _FILLERS.fullmatch(words) is None


def _number(value: str) -> bool:
    return len(re.findall("[0-9]", value)) >= 5 and bool(_NOT_ZERO.search(value))


def _national(value: str) -> bool:
    return any(shape_of(one) for one in value.split("\\"))


_IDS = (tags.PATIENT_ID, tags.OTHER_PATIENT_IDS)
_KINDS: dict[DataKind, tuple[tuple[int, ...], Callable[[str], bool]]] = {
    DataKind.NAME: ((tags.PATIENT_NAME,), _text),
    DataKind.BIRTH_DATE: ((tags.PATIENT_BIRTH_DATE,), _date),
    DataKind.PATIENT_ID: (_IDS, _id),
    DataKind.NATIONAL_NUMBER: (_IDS, _national),
    DataKind.ADDRESS: ((tags.PATIENT_ADDRESS,), _text),
    DataKind.TELEPHONE: ((tags.PATIENT_TELEPHONE_NUMBERS,), _number),
    DataKind.REFERRING_PHYSICIAN: ((tags.REFERRING_PHYSICIAN_NAME, tags.REQUESTING_PHYSICIAN), _text),
    DataKind.PERFORMING_PHYSICIAN: ((tags.PERFORMING_PHYSICIAN_NAME, tags.NAME_OF_PHYSICIANS_READING_STUDY), _text),
    DataKind.PROCEDURE: ((tags.REQUESTED_PROCEDURE_DESCRIPTION, tags.STUDY_DESCRIPTION), _text),
    DataKind.REASON: ((tags.REASON_FOR_THE_REQUESTED_PROCEDURE, tags.REASON_FOR_STUDY), _text),
    DataKind.DIAGNOSIS: ((tags.ADMITTING_DIAGNOSES_DESCRIPTION,), _text),
    DataKind.INSTITUTION: ((tags.INSTITUTION_NAME,), _text),
}
PATIENT_KEYS = (
    tags.PATIENT_NAME,
    tags.PATIENT_ID,
    tags.PATIENT_BIRTH_DATE,
    tags.OTHER_PATIENT_IDS,
    tags.PATIENT_ADDRESS,
    tags.PATIENT_TELEPHONE_NUMBERS,
)
WORKLIST_KEYS = (
    *PATIENT_KEYS,
    tags.REFERRING_PHYSICIAN_NAME,
    tags.REQUESTING_PHYSICIAN,
    tags.REQUESTED_PROCEDURE_DESCRIPTION,
    tags.REASON_FOR_THE_REQUESTED_PROCEDURE,
    tags.ADMITTING_DIAGNOSES_DESCRIPTION,
    tags.INSTITUTION_NAME,
)
DOCUMENT_KEYS = (tags.MODALITIES_IN_STUDY, tags.SOP_CLASSES_IN_STUDY)
STUDY_KEYS = (
    *WORKLIST_KEYS,
    *DOCUMENT_KEYS,
    tags.STUDY_DESCRIPTION,
    tags.PERFORMING_PHYSICIAN_NAME,
    tags.NAME_OF_PHYSICIANS_READING_STUDY,
    tags.REASON_FOR_STUDY,
)


class Classified:
    """What was seen so far: numbers alone."""

    def __init__(self) -> None:
        """No record was looked at."""
        self.records = 0
        self.documents_told = False
        """Whether any record said of what its study is made."""
        self._asked: frozenset[int] = frozenset()
        self._having: Counter[DataKind] = Counter()
        self._shapes: Counter[str] = Counter()
        self._documents: set[DocumentKind] = set()
        self._classes_told = False

    def __repr__(self) -> str:
        """Without values."""
        return f"Classified({self.records} records)"

    def take(self, values: Mapping[int, bytes], asked: Iterable[int]) -> None:
        """One record, of which these attributes were asked for."""
        self.records += 1
        self._asked |= frozenset(asked)
        texts = {tag: _shown(value) for tag, value in values.items()}
        for kind, (wanted, has) in _KINDS.items():
            self._having[kind] += any(has(texts[tag]) for tag in wanted if texts.get(tag))
        ids = [one for tag in _IDS for one in texts.get(tag, "").split("\\")]
        shapes = [shape for one in ids if (shape := shape_of(one))]
        if shapes:
            self._shapes[max(shapes, key=lambda shape: shape.one_in).name] += 1
        self.holds(values.get(tags.MODALITIES_IN_STUDY, b""), values.get(tags.SOP_CLASSES_IN_STUDY, b""))

    def holds(self, modalities: bytes, sop_classes: bytes = b"") -> None:
        """Of what a study is made, in modalities (PS3.3 C.7.3.1.1.1) and SOP classes (PS3.6 Annex A)."""
        made = {one.strip() for one in _shown(modalities).split("\\")} - {""}
        classes = {one.strip(" \0") for one in sop_classes.decode("latin-1").split("\\")} - {""}
        self.documents_told |= bool(made or classes)
        self._classes_told |= bool(classes)
        if "DOC" in made or _PDF in classes:
            self._documents.add(DocumentKind.ENCAPSULATED_PDF)
        if "SR" in made or any(one.startswith(_SR) for one in classes):
            self._documents.add(DocumentKind.STRUCTURED_REPORT)
        if any(one == _SC or one.startswith(f"{_SC}.") for one in classes):
            self._documents.add(DocumentKind.SECONDARY_CAPTURE)

    def kinds(self, *, whole: bool) -> Kinds:
        """The shares; `whole` says that these records are all there are."""
        return Kinds(
            records=self.records,
            confidence=1.0 if whole else CONFIDENCE,
            shares=tuple(
                self._share(kind, whole=whole) for kind, (wanted, _) in _KINDS.items() if self._asked & {*wanted}
            ),
            national_numbers=dict(sorted(self._shapes.items(), key=lambda item: (-item[1], item[0]))),
            documents={kind: self._presence(kind) for kind in DocumentKind},
        )

    def _share(self, kind: DataKind, *, whole: bool) -> KindShare:
        having = self._having[kind]
        share = having / self.records if self.records else 0.0
        low, high = (share, share) if whole else interval(having, self.records)
        return KindShare(
            kind=kind,
            records=having,
            share=round(share, _DECIMALS),
            low=round(low, _DECIMALS),
            high=round(high, _DECIMALS),
        )

    def _presence(self, kind: DocumentKind) -> Presence:
        if kind in self._documents:
            return Presence.PRESENT
        # A secondary capture has the modality of what was captured: only its class tells.
        told = self._classes_told if kind is DocumentKind.SECONDARY_CAPTURE else self.documents_told
        return Presence.NOT_SEEN if told else Presence.NOT_TOLD


def _shown(value: bytes) -> str:
    """A value as text, in which every byte is a sign: letters of any character set are letters, whichever they are."""
    return value[:MAX_VALUE_BYTES].decode("latin-1").strip(" \0\r\n\t")
