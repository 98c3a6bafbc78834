"""A question that got no answer which could be read shows as a status, beside whatever else was found."""

import gzip
from dataclasses import replace

import pytest

from leadglass.model.scope import Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import Archive
from tests.fakes.web_products import orthanc
from tests.fakes.web_server import (
    DICOM_JSON,
    HANG,
    NOT_FOUND,
    Answer,
    Reply,
    Request,
    Routes,
    as_json,
    login,
    page,
    redirect,
)

IMPATIENT = Timing(connect_s=5.0, reply_s=0.3)
BROKEN = Reply(raw=lambda: (b"HTTP/1.1 200 OK\r\nX Bad Header: 1\r\nContent-Length: 2\r\n\r\n[]",))


def _packed(answer: Answer) -> Answer:
    def pack(request: Request) -> Reply:
        reply = answer if isinstance(answer, Reply) else answer(request) or NOT_FOUND
        return replace(reply, body=gzip.compress(reply.body), headers={"Content-Encoding": "gzip"})

    return pack


def test_a_packed_archive_is_not_known() -> None:
    routes = {path: _packed(answer) for path, answer in Archive().routes().items()}
    surface = ask(routes).surface(SurfaceKind.WEB)
    assert (surface.proof, surface.status) == (Rung.OTHER, Status.PROTOCOL_ERROR)


def test_what_is_packed_and_says_nothing_leaves_nothing_open() -> None:
    assert ask({}, _packed(NOT_FOUND)).surface(SurfaceKind.WEB).status is Status.SUCCESS
    plain = page("x")
    identity = replace(plain, headers={"Content-Encoding": "identity"})
    assert ask({"/": identity}).surface(SurfaceKind.WEB).status is Status.SUCCESS


@pytest.mark.parametrize("path", ["/dicom-web/studies", "/system", "/dicom-web/workitems", "/search", "/webdav/"])
@pytest.mark.parametrize("answer", [HANG, BROKEN])
def test_each_question_that_got_no_answer_is_told(path: str, answer: Reply) -> None:
    surface = ask({path: answer}, timing=IMPATIENT).surface(SurfaceKind.WEB)
    assert surface.status in (Status.IO_TIMEOUT, Status.PROTOCOL_ERROR)


def test_it_is_told_beside_what_was_found_and_failed_itself() -> None:
    routes = {**Archive(wide=BROKEN).routes(), "/dicom-web/workitems": BROKEN}
    seen = ask(routes)
    assert seen.surface(SurfaceKind.DICOMWEB).status is Status.PROTOCOL_ERROR
    assert seen.surface(SurfaceKind.WEB).status is Status.PROTOCOL_ERROR


def test_a_surface_that_tells_of_its_own_failure_is_enough() -> None:
    seen = ask(Archive(wide=BROKEN).routes())
    assert seen.kinds == [SurfaceKind.DICOMWEB]
    assert ask({**orthanc(), "/statistics": BROKEN}).kinds == [SurfaceKind.ORTHANC_REST]


def test_a_login_form_does_not_take_over_anothers_failure() -> None:
    form = page("Sign in", "<input type=password>")
    seen = ask({**Archive(wide=BROKEN).routes(), "/": form})
    assert seen.surface(SurfaceKind.WEB).status is Status.SUCCESS


def test_a_redirect_to_https_is_told_beside_what_was_found() -> None:
    routes: dict[str, Answer] = {"/": redirect("https://elsewhere.example/"), "/dicom-web/studies": login("x")}
    seen = ask(routes)
    assert seen.kinds == [SurfaceKind.DICOMWEB, SurfaceKind.WEB]
    assert seen.web(SurfaceKind.WEB).redirects_to == "https://elsewhere.example"


def test_an_empty_answer_is_not_packed() -> None:
    empty = Reply(kind=DICOM_JSON, headers={"Content-Encoding": "gzip"})
    assert ask({"/": empty, "/x": as_json([])}).surface(SurfaceKind.WEB).status is Status.SUCCESS


@pytest.mark.parametrize("path", ["/system", "/dicom-web/workitems", "/search", "/webdav/"])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_error_of_the_servers_own_is_no_answer(path: str, status: int) -> None:
    surface = ask({path: Reply(status=status)}).surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert str(status) in surface.detail


def test_a_server_that_turns_away_in_between_is_not_called_finished() -> None:
    """As one does that counts questions, and from then on answers all of them alike."""
    asked: list[Request] = []

    def until_it_is_tired(request: Request) -> Reply:
        asked.append(request)
        return NOT_FOUND if len(asked) < 20 else Reply(status=403)

    surface = ask({}, until_it_is_tired).surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert "otherwise at the end than at the beginning" in surface.detail
    assert len(asked) > 20


JSON_IN_ANOTHER_TYPE = ("text/plain", None, "application/dicom+xml", "multipart/related", "text/html")


@pytest.mark.parametrize("kind", JSON_IN_ANOTHER_TYPE)
def test_records_in_a_form_that_is_not_read_leave_the_question_open(kind: str | None) -> None:
    unread = Reply(body=b'[{"00100020": {"vr": "LO", "Value": ["CANARY"]}}]', kind=kind)
    for path, status in (("/dicom-web/studies", 200), ("/dicomweb/workitems", 200), ("/dicom-web/studies", 203)):
        surface = ask({path: replace(unread, status=status)}).surface(SurfaceKind.WEB)
        assert (surface.proof, surface.status) == (Rung.OTHER, Status.NOT_ANSWERED)
        assert "in a form that is not read" in surface.detail
        assert "CANARY" not in repr(surface)


def test_an_unread_answer_to_one_study_leaves_it_open_too() -> None:
    def studies(request: Request) -> Reply:
        if "StudyInstanceUID" in request.query:
            return Reply(status=400, body=b"no", kind="text/plain")
        return Reply(body=b"<NativeDicomModel/>", kind="application/dicom+xml")

    surface = ask({"/dicom-web/studies": studies}).surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert "application/dicom+xml" in surface.detail


def test_what_every_path_answers_is_not_left_open() -> None:
    everywhere = Reply(body=b"hello", kind="text/plain")
    assert ask({}, everywhere).surface(SurfaceKind.WEB).status is Status.SUCCESS
    under_any_root: Routes = {"/dicom-web/studies": everywhere, "/rs/studies": everywhere}
    assert ask({"/rs/studies": everywhere}).surface(SurfaceKind.WEB).status is Status.SUCCESS
    assert ask(under_any_root).surface(SurfaceKind.WEB).status is Status.NOT_ANSWERED
