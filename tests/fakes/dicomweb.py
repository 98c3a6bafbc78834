"""A DICOMweb archive of made-up studies is a set of routes; every record holds canaries, every vice has a switch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.web_server import DICOM_JSON, Answer, Reply, Request, as_json

NAME, ID, DOCTOR, TEXT = "Canaryname^Wanda", "CANARYID", "Canarydoctor^Rex", "canary description"
UID = "1.2.826.0.1.77777"
STUDY, SERIES, INSTANCE = f"{UID}.1", f"{UID}.1.9", f"{UID}.1.9.9"
CANARIES = ("anary", "ANARY", UID, "cafecafe")  # the last begins the keys of web_products

Record = dict[str, Any]


def element(vr: str, *values: object) -> Record:
    """One attribute of the DICOM JSON model (PS3.18 F.2)."""
    return {"vr": vr, "Value": list(values)}


def record(**uids: str) -> Record:
    """An object with a patient in it, and a UID for each of `study`, `series` and `instance` that is given."""
    tags = {"study": "0020000D", "series": "0020000E", "instance": "00080018"}
    shown = {"00080005": element("CS", "ISO_IR 100"), "00100010": element("PN", {"Alphabetic": NAME})}
    return shown | {tags[level]: element("UI", uid) for level, uid in uids.items()}


def study(
    number: int, *, patient: int | None = None, images: int | None = 3, modalities: tuple[str, ...] = ("CT", "SR")
) -> Record:
    """A study's record; patients have two studies each."""
    shown = record(study=f"{UID}.{number}") | {
        "00080020": element("DA", f"{2001 + number % 20}0{1 + number % 9}15"),
        "00080061": element("CS", *modalities),
        "00080090": element("PN", {"Alphabetic": DOCTOR}),
        "00081030": element("LO", TEXT),
        "00100020": element("LO", f"{ID}{number // 2 if patient is None else patient}"),
    }
    return shown | ({"00201208": element("IS", images)} if images is not None else {})


def studies(count: int) -> list[Record]:
    """So many studies, of half as many patients."""
    return [study(number) for number in range(count)]


def an_instance(status: int = 200, kind: str = DICOM_JSON) -> Reply:
    """The one instance of the first study's one series."""
    return as_json([record(study=STUDY, series=SERIES, instance=INSTANCE)], kind, status)


class _Instances(Sequence[Record]):
    """So many instances, each made when it is looked at."""

    def __init__(self, count: int, first: int = 0) -> None:
        self._range = range(first, first + count)

    def __len__(self) -> int:
        return len(self._range)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            part = self._range[at]
            return _Instances(len(part), part.start)
        return record(study=f"{UID}.1", series=f"{UID}.1.1", instance=f"{UID}.1.1.{self._range[at]}")


@dataclass
class Archive:
    """QIDO-RS, and the metadata of the first study's first instance (PS3.18 10.6, 10.4.1.1.3).

    `most` is how many studies it gives in all; `warns` that more are there (PS3.18 10.6.3.3). Behind `farthest` an
    offset is answered as one at which nothing is left. `says` makes headers of an offset, what came, and all there is.
    `images` is how long the list of all instances is, None where it is not served; `relational` answers it otherwise.

    `base` is quoted as on the wire. `narrow` answers the search for a study that nobody has, `wide` every other,
    `behind` an offset at which no study is left.
    """

    studies: Sequence[Record] = field(default_factory=lambda: [study(1)])
    base: str = "/dicom-web"
    kind: str = DICOM_JSON
    cap: int | None = None
    obeys_limit: bool = True
    obeys_offset: bool = True
    obeys_keys: bool = True
    most: int | None = None
    warns: bool = False
    farthest: int | None = None
    says: Callable[[int, int, int], dict[str, str]] | None = None
    images: int | None = None
    relational: Reply | None = None
    narrow: Reply | None = None
    wide: Reply | None = None
    behind: Reply | None = None
    series: Reply | None = None
    metadata: Reply | None = None

    def routes(self) -> dict[str, Answer]:
        """Its routes; a path of another study than the first leads nowhere."""
        uid = self.studies[0]["0020000D"]["Value"][0] if self.studies else STUDY
        first = f"{self.base}/studies/{uid}/series"
        below: dict[str, Answer] = {f"{self.base}/instances": self.relational} if self.relational else {}
        if self.images is not None:
            below = {f"{self.base}/instances": self.instances}
        return below | {
            f"{self.base}/studies": self.search,
            first: self.series or as_json([record(study=STUDY, series=SERIES)], self.kind),
            f"{first}/{SERIES}/instances": an_instance(kind=self.kind),
            f"{first}/{SERIES}/instances/{INSTANCE}/metadata": self.metadata or an_instance(kind=self.kind),
        }

    def search(self, request: Request) -> Reply:
        """QIDO-RS at study level."""
        query = request.query
        uid = query.get("StudyInstanceUID") if self.obeys_keys else None
        if uid is None and self.wide:
            return self.wide
        if uid is not None and self.narrow:
            return self.narrow
        dates = query.get("StudyDate")
        found: Sequence[Record] = self.studies
        if uid is not None or dates is not None:
            found = [one for one in self.studies if self._matches(one, uid, dates)]
        return self._part(found, request)

    def instances(self, request: Request) -> Reply:
        """QIDO-RS at instance level: all of them lie on the days of the studies, as evenly as it goes."""
        part, dates = self.images or 0, request.query.get("StudyDate")
        if dates is not None and self.obeys_keys:
            part = part * sum(self._matches(one, None, dates) for one in self.studies) // len(self.studies)
        return self._part(_Instances(part), request)

    def _part(self, found: Sequence[Record], request: Request) -> Reply:
        """What `limit` and `offset` let through."""
        query = request.query
        offset = int(query.get("offset", 0)) if self.obeys_offset else 0
        there = len(found)
        found = found[: self.most]
        found = found[offset:] if self.farthest is None or offset <= self.farthest else []
        found = found[: int(query.get("limit", len(found)))] if self.obeys_limit else found
        if not found and self.behind:
            return self.behind
        found = found[: self.cap]
        headers = {"Warning": "299 pacs: There are 5000 additional results"} if self.warns and found else {}
        if self.says is not None:
            headers = self.says(offset, len(found), there)
        return replace(as_json(list(found), self.kind), headers=headers)

    def _matches(self, one: Record, uid: str | None, dates: str | None) -> bool:
        if dates is not None and self.obeys_keys:
            first, _, last = dates.partition("-")
            return any(first <= date <= (last or first) for date in one["00080020"].get("Value", ()))
        return uid is None or one.get("0020000D") == element("UI", uid)
