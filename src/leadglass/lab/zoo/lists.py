"""DICOMweb servers whose lists have no honest end: who looks for it finds none, or another one each time."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import unquote

from leadglass.lab.http import Request
from leadglass.lab.web_search import dicom_json, number
from leadglass.lab.zoo.animal import web
from leadglass.lab.zoo.web import DICOM_JSON, JSON, reply
from leadglass.wire import tags

_MOST = 1_000  # records in one answer
_ALL, _AT_MOST = 230, 38  # a limit of 37
_NEW = count(1)


@web()
def list_without_an_end(request: Request) -> Iterator[bytes]:
    """Has a study at every place of its list, however far."""
    yield _listed(request, lambda place: place)


@web()
def list_that_begins_anew(request: Request) -> Iterator[bytes]:
    """Gives its 3,000 studies again and again, as if behind the last one stood the first."""
    yield _listed(request, lambda place: place % 3_000)


@web()
def list_that_is_new_each_time(request: Request) -> Iterator[bytes]:
    """Makes up a study for every place, and another one whenever that is asked for again."""
    yield _listed(request, lambda _: next(_NEW))


@web()
def list_that_claims_a_total(request: Request) -> Iterator[bytes]:
    """Says that it has 123,456 studies, and has 701."""
    yield _listed(request, lambda place: place if place < 701 else None, claims="123456")


@web()
def list_that_ends_at_a_limit(request: Request) -> Iterator[bytes]:
    """Ends each list at 38 of its 230 studies with success, as Orthanc does where its limit is 37."""
    dates = request.query.get("StudyDate", "-")
    first, _, last = dates.partition("-")
    found = [n * 101 % _ALL for n in range(_ALL) if (first or "0") <= _day(n * 101 % _ALL) <= (last or first or "9")]
    yield _listed(request, lambda place: found[place] if place < min(len(found), _AT_MOST) else None, _day)


@web()
def list_of_one_day_that_ends_at_a_limit(request: Request) -> Iterator[bytes]:
    """Ends its list at 38 studies of one day with success, and counts 230 in its statistics, as Orthanc does."""
    if request.path == "/statistics":
        yield reply(json.dumps({"CountPatients": _ALL, "CountStudies": _ALL, "CountInstances": _ALL}).encode(), JSON)
        return
    nothing = request.query.get("StudyDate", "") not in ("", "20190402")
    yield _listed(request, lambda place: place if place < _AT_MOST and not nothing else None, lambda _: "20190402")


def _day(study: int) -> str:
    """The day of a study, two of them on each."""
    return f"20190{1 + study // 2 // 28}{1 + study // 2 % 28:02}"


def _listed(
    request: Request,
    study_at: Callable[[int], int | None],
    day_of: Callable[[int], str] | None = None,
    claims: str = "",
) -> bytes:
    """The page that is asked for; nothing for the study that nobody has."""
    if unquote(request.path) != "/dicom-web/studies":
        return reply(b"{}", JSON, 404)
    if "StudyInstanceUID" in request.query:
        return reply(b"[]", DICOM_JSON)
    offset, most = request.query.get("offset", ""), number(request.query.get("limit"))
    first = int(offset) if offset.isdigit() and len(offset) < 20 else 0
    studies = [study_at(place) for place in range(first, first + min(_MOST, _MOST if most is None else most))]
    records = [_study(study, day_of) for study in studies if study is not None]
    body = json.dumps(records).encode()
    return reply(body, DICOM_JSON, X_Total_Count=claims) if claims else reply(body, DICOM_JSON)


def _study(study: int, day_of: Callable[[int], str] | None) -> dict[str, object]:
    values = {tags.STUDY_INSTANCE_UID: f"1.2.826.0.1.{study}", tags.PATIENT_ID: str(study // 2)}
    return dicom_json(values if day_of is None else {**values, tags.STUDY_DATE: day_of(study)})
