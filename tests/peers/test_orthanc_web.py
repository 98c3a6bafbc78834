"""The web side of a real Orthanc: REST, DICOMweb and WebDAV, open and behind a login, gets exactly its rungs."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadglass.measure.count import count_surface
from leadglass.measure.qido import dicomweb, pages
from leadglass.model.exposure import Count, Exposure
from leadglass.model.kinds import DataKind
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Outcome, Retrieval, Rung, Status, SurfaceKind
from tests.fakes.asking import CONTACT, host_of
from tests.peers import archive
from tests.peers.orthanc import DICOMWEB, LOGIN, OPEN, WORKLISTS, Orthanc
from tests.peers.running import check, outcome, surface

LONG = 233
pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def wide_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """Open in every way."""
    with Orthanc(tmp_path_factory.mktemp("open"), DICOMWEB, WORKLISTS, **OPEN).up() as server:
        yield server


@pytest.fixture(scope="module")
def behind_a_login(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """As Debian ships it: REST, DICOMweb and WebDAV behind a login."""
    with Orthanc(tmp_path_factory.mktemp("login"), DICOMWEB, **LOGIN).up() as server:
        yield server


def test_rest_dicomweb_and_webdav_are_surfaces_of_their_own(wide_open: Orthanc) -> None:
    ran = check(f"http://127.0.0.1:{wide_open.http}")
    result = ran.result()
    assert (ran.code, ran.err, result.status) == (1, "", Status.SUCCESS)
    assert result.proof is Rung.RETRIEVABLE
    for kind in (SurfaceKind.ORTHANC_REST, SurfaceKind.DICOMWEB):
        found = surface(result, kind)
        assert (found.proof, found.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED), kind
    assert surface(result, SurfaceKind.ORTHANC_WEBDAV).proof.at_least(Rung.READABLE)
    assert any("Orthanc" in product.name and product.version for product in result.products)
    for name in ("records-readable", "images-retrievable", "management-api-open", "web-clear"):
        assert outcome(result, name) is Outcome.VULNERABLE, name


@pytest.mark.parametrize("kind", [SurfaceKind.ORTHANC_REST, SurfaceKind.DICOMWEB])
def test_each_counts_the_archive_exactly(wide_open: Orthanc, kind: SurfaceKind) -> None:
    exposure = surface(check(f"http://127.0.0.1:{wide_open.http}").result(), kind).exposure
    assert exposure is not None
    assert exposure.studies == Count.exact(archive.STUDIES)
    assert exposure.images == Count.exact(archive.IMAGES)
    assert exposure.patients == Count.exact(archive.PATIENTS)
    if kind is SurfaceKind.DICOMWEB:
        assert (exposure.years, exposure.modalities) == (archive.YEARS, archive.MODALITIES)


def test_a_long_list_is_counted_exactly_by_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies and images, with few records, at a length that takes no minute to load."""
    monkeypatch.setattr(pages, "PAGE", 20)
    monkeypatch.setattr(dicomweb, "FEW_STUDIES", 40)
    monkeypatch.setattr(dicomweb, "reading_costs_less", lambda *cost: False)
    with Orthanc(tmp_path / "long", DICOMWEB, **OPEN).up(load=False) as server:
        for item in archive.many_images(LONG):
            assert server.get("/instances", data=archive.encoded(item)) == 200

        async def count() -> tuple[Exposure | None, int]:
            host = await host_of()
            way = DicomwebWay(port=server.http, secure=False, base="/dicom-web")
            return (await count_surface(host, way, CONTACT)).exposure, host.meter.records

        exposure, records = asyncio.run(count())
    assert exposure is not None
    assert exposure.studies == Count.exact(LONG)
    assert exposure.images == Count.exact(LONG + LONG // 2)
    assert exposure.patients == Count.at_least(1)
    assert 40 < records < 40 + 30


@pytest.mark.parametrize("limit", [9, 37, 100])
def test_a_limit_that_no_answer_tells_of_is_found(limit: int, tmp_path: Path) -> None:
    """Its DICOMweb gives one study more than the limit and then no more, with success and without a Warning."""
    there = 120
    with Orthanc(tmp_path, DICOMWEB, **OPEN, LimitFindResults=limit).up(load=False) as server:
        for number, item in enumerate(archive.many_images(there)):
            item.StudyDate = f"20{number % 19:02}0{1 + number % 7}1{number % 5}"
            assert server.get("/instances", data=archive.encoded(item)) == 200

        async def count(port: int) -> Exposure | None:
            way = DicomwebWay(port=port, secure=False, base="/dicom-web")
            return (await count_surface(await host_of(), way, CONTACT)).exposure

        listed = asyncio.run(count(server.http))
        result = check(f"http://127.0.0.1:{server.http}").result()
    assert listed is not None
    assert listed.studies == Count.at_least(limit + 1)
    assert result.exposure is not None
    assert result.exposure.studies == Count.exact(there)
    exposure = surface(result, SurfaceKind.DICOMWEB).exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(limit + 1)


def test_dicomweb_shows_which_kinds_of_data_it_holds(wide_open: Orthanc) -> None:
    exposure = surface(check(f"http://127.0.0.1:{wide_open.http}").result(), SurfaceKind.DICOMWEB).exposure
    assert exposure is not None
    assert exposure.kinds is not None
    assert (exposure.kinds.records, exposure.kinds.confidence) == (archive.STUDIES, 1.0)
    having = {share.kind for share in exposure.kinds.shares if share.records == archive.STUDIES}
    assert having == set(DataKind) - {DataKind.NATIONAL_NUMBER, DataKind.REASON}


def test_surfaces_of_one_server_are_never_added_up(wide_open: Orthanc) -> None:
    result = check(f"http://127.0.0.1:{wide_open.http}").result()
    assert result.exposure is not None
    assert result.exposure.studies == Count.exact(archive.STUDIES)


def test_no_object_is_ever_asked_for(wide_open: Orthanc) -> None:
    """By the server's own log of requests."""
    before = len(wide_open.log.read_text(errors="replace"))
    check(f"http://127.0.0.1:{wide_open.http}")
    said = wide_open.log.read_text(errors="replace")[before:]
    assert "/statistics" in said, "or this log does not tell what was asked"
    for line in (line for line in said.splitlines() if "(http)" in line):
        assert "/file" not in line, line
        assert "/rendered" not in line, line
        assert "attachments/dicom/data" not in line, line
        assert "PUT " not in line, line
        assert "POST " not in line, line
        assert "DELETE " not in line, line


@pytest.mark.parametrize("form", ["http://127.0.0.1:{}", "127.0.0.1:{}", "http://127.0.0.1:{}/dicom-web"])
def test_behind_a_login_it_speaks_and_no_more(behind_a_login: Orthanc, form: str) -> None:
    ran = check(form.format(behind_a_login.http))
    result = ran.result()
    assert (result.status, result.proof, result.exposure) == (Status.SUCCESS, Rung.SPEAKS, None)
    assert result.cost.records_received == 0
    for name in ("records-readable", "images-retrievable", "management-api-open"):
        assert outcome(result, name) is not Outcome.VULNERABLE, name


def test_a_login_over_clear_http_is_found(behind_a_login: Orthanc) -> None:
    result = check(f"http://127.0.0.1:{behind_a_login.http}").result()
    assert outcome(result, "web-clear") is Outcome.VULNERABLE


def test_connect_only_reads_no_record(wide_open: Orthanc, tmp_path: Path) -> None:
    scope = tmp_path / "scope.toml"
    scope.write_text('authority = "me"\ncontact = "me@example.org"\nopt_out = []\ntargets = ["127.0.0.1"]\n')
    before = len(wide_open.log.read_text(errors="replace"))
    ran = check(f"http://127.0.0.1:{wide_open.http}", "--scope", str(scope))
    result = ran.result()
    said = wide_open.log.read_text(errors="replace")[before:]
    assert result.proof is Rung.ADMITS
    assert result.cost.records_received == 0
    assert "PROPFIND /webdav/by" not in said
    assert "metadata" not in said


def test_a_port_that_nobody_named_is_understood(wide_open: Orthanc) -> None:
    """A web port under a number that tells nothing, and a DICOM port asked for the web."""
    result = check(f"127.0.0.1:{wide_open.http}").result()
    assert (result.proof, result.status) == (Rung.RETRIEVABLE, Status.SUCCESS)
    assert not [s for s in result.surfaces if s.kind is SurfaceKind.UNKNOWN]
    wrong = check(f"http://127.0.0.1:{wide_open.dicom}").result()
    assert not wrong.proof.at_least(Rung.SPEAKS)
