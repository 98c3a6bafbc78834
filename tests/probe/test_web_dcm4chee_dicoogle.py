"""dcm4chee-arc and Dicoogle are known by what only they answer, and are asked no more than is permitted."""

import pytest

from leadglass.model.encode import to_json
from leadglass.model.exposure import Count
from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import NAME, Archive
from tests.fakes.web_products import (
    ARC,
    dcm4chee,
    dicoogle,
    hits,
)
from tests.fakes.web_server import NOT_FOUND, Reply, Request, as_json, login

CONNECT = (Permission.CONNECT,)


def test_dcm4chee_lists_its_titles_and_is_counted_by_its_counters() -> None:
    seen = ask(dcm4chee("DCM4CHEE", "RESEARCH"), measure=True)
    assert seen.surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.ADMITS
    assert seen.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    exposure = seen.measured[SurfaceKind.DCM4CHEE_REST].exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies, exposure.images) == (Count.exact(4), Count.exact(5), Count.exact(99))
    assert any(one.path.startswith("/dcm4chee-arc/aets/RESEARCH/rs") for one in seen.requests)
    assert not any("/.." in one.target.replace("/..%2F", "") for one in seen.requests)


def test_dcm4chee_behind_a_login_speaks() -> None:
    seen = ask({}, lambda request: login() if request.path.startswith("/dcm4chee-arc") else NOT_FOUND)
    assert seen.surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.SPEAKS


def test_an_open_dicoogle_is_readable() -> None:
    seen = ask(dicoogle(), measure=True)
    surface = seen.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert surface.records_received == 1
    assert "anary" not in to_json(surface).decode()


def test_a_dicoogle_is_asked_for_nothing_that_is_not_permitted() -> None:
    seen = ask(dicoogle(), permits=CONNECT)
    surface = seen.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert all("2.25." in one.query["query"] for one in seen.requests if one.path == "/search")


@pytest.mark.parametrize(("images", "proof"), [(0, Rung.ADMITS), (1, Rung.READABLE)])
def test_the_oldest_dicoogle_puts_no_list_around_one_result(images: int, proof: Rung) -> None:
    def search(request: Request) -> Reply:
        found = 0 if "2.25." in request.query["query"] else images
        result = {"results": {"uri": "file:/x", "fields": {"PatientName": NAME}}} if found else {}
        return as_json({**result, "numResults": found, "elapsedTime": 2})

    assert ask({"/search": search}).surface(SurfaceKind.DICOOGLE_REST).proof is proof


def test_an_older_dicoogle_that_gives_all_is_told_and_every_record_counted() -> None:
    seen = ask(dicoogle(obeys_psize=False, images=5000))
    assert seen.surface(SurfaceKind.DICOOGLE_REST).records_received > 100
    assert seen.web(SurfaceKind.DICOOGLE_REST).ignored_keys == ("psize",)


def test_dcm4chee_lists_its_titles_and_counts() -> None:
    found = ask(dcm4chee("MY PACS", counts={"studies": 12}))
    probe = found.probe(SurfaceKind.DCM4CHEE_REST)
    assert probe.surface.proof is Rung.ADMITS
    assert probe.way == CounterWay(
        port=found.web_server.port, secure=False, product="dcm4chee-arc", base=f"{ARC}/MY%20PACS/rs"
    )
    web = found.probe(SurfaceKind.DICOMWEB)
    assert (web_of(web).base, web.surface.proof) == (f"{ARC}/MY%20PACS/rs", Rung.RETRIEVABLE)
    assert not found.asked_for("/../")


def test_dcm4chee_behind_a_login() -> None:
    assert ask({ARC: login("x")}).surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.SPEAKS
    assert ask({}, login("dcm4che")).kinds == [SurfaceKind.DCM4CHEE_REST]
    odd: object
    for odd in ({}, [], [[]], [{"dicomAETitle": {}}], ["DCM4CHEE"]):
        assert ask({ARC: as_json(odd)}).kinds == [SurfaceKind.WEB]


def test_a_title_that_was_given_is_tried() -> None:
    found = ask(Archive(base=f"{ARC}/OWN/rs").routes(), titles=("OWN",))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE


def test_dicoogle_is_known_by_its_search() -> None:
    month = "/search?query=StudyDate:%5B20240101%20TO%2020240131%5D&keyword=true&psize=1&offset=0"
    found = ask(dicoogle(0) | {month: hits(1)})
    surface = found.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    empty = ask(dicoogle(0)).surface(SurfaceKind.DICOOGLE_REST)
    assert (empty.proof, empty.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)
    closed = ask(dicoogle(0) | {month: hits(1)}, permits=(Permission.CONNECT,))
    assert closed.surface(SurfaceKind.DICOOGLE_REST).facts.no_record is NoRecord.NOT_ASKED
    assert not closed.asked_for("StudyDate")
    odd: object
    for odd in ({"results": [1], "numResults": 1}, {"results": []}, {"results": {}, "numResults": 0}, []):
        assert ask({"/search": as_json(odd)}).kinds == [SurfaceKind.WEB]


@pytest.mark.parametrize(
    ("others", "figure"), [((7, 7), Count.exact(7)), ((7, 0), Count.exact(7)), ((9, 7), Count.at_least(9))]
)
def test_the_title_that_counts_most_counts(others: tuple[int, int], figure: Count) -> None:
    """Titles of one archive show the same; where they do not, what lies beside the highest is not known."""
    routes = dcm4chee("ONE", "TWO", "THREE", counts={"studies": 7})
    for title, count in zip(("TWO", "THREE"), others, strict=True):
        routes[f"{ARC}/{title}/rs/studies/count"] = as_json({"count": count})
    seen = ask(routes, measure=True)
    exposure = seen.measured[SurfaceKind.DCM4CHEE_REST].exposure
    assert exposure is not None
    assert exposure.studies == figure
    assert any("count other numbers" in limit for limit in exposure.limits) is (figure == Count.at_least(9))
