"""The path that a user named is asked first, and neither a login at `/` nor a redirect keeps what lies below unseen."""

import pytest

from leadglass.model.words import Rung, SurfaceKind
from leadglass.probe.web_path import base_behind, bases_of
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import Archive
from tests.fakes.web_products import orthanc, webdav
from tests.fakes.web_server import NOT_FOUND, Answer, login, page, redirect

WALL = login("Orthanc Secure Area")


def under(base: str, routes: dict[str, Answer]) -> dict[str, Answer]:
    """The same routes below `base`."""
    return {f"{base}{path}": answer for path, answer in routes.items()}


@pytest.mark.parametrize("path", ["/research", "/research/", "/research/app/explorer.html", "/research/ui/app/"])
@pytest.mark.parametrize("otherwise", [WALL, NOT_FOUND])
def test_the_path_that_was_named_is_asked_beside_a_login(path: str, otherwise: Answer) -> None:
    seen = ask(under("/research", orthanc()), otherwise, path=path)
    opened = [one for one in seen.probes if one.surface.proof is Rung.RETRIEVABLE]
    assert [(one.surface.kind, web_of(one).base) for one in opened] == [(SurfaceKind.ORTHANC_REST, "/research")]
    first = next(one for one in seen.requests if one.path.endswith("/system"))
    assert first.path.startswith("/research")


def test_a_login_at_the_root_does_not_end_the_search() -> None:
    seen = ask({**under("/orthanc", orthanc()), "/system": WALL})
    found = [(web_of(one).base, one.surface.proof) for one in seen.probes]
    assert found == [("", Rung.SPEAKS), ("/orthanc", Rung.RETRIEVABLE)]


def test_one_wall_is_one_surface() -> None:
    assert ask({}, WALL, path="/research/app/explorer.html").kinds == [SurfaceKind.ORTHANC_REST]


def test_folders_are_found_under_the_path_that_was_named() -> None:
    routes: dict[str, Answer] = {
        route.replace("PROPFIND ", "PROPFIND /x"): answer for route, answer in webdav().items()
    }
    seen = ask(routes, WALL, path="/x/app/explorer.html")
    assert "PROPFIND /x/webdav/" in seen.asked_for("PROPFIND")[0]


def test_dicomweb_is_found_behind_orthancs_usual_proxy_though_its_own_api_is_hidden() -> None:
    seen = ask(Archive(base="/orthanc/dicom-web").routes())
    assert seen.web(SurfaceKind.DICOMWEB).base == "/orthanc/dicom-web"


def test_dicomweb_is_found_under_the_path_of_a_page() -> None:
    seen = ask(Archive(base="/research/dicom-web").routes(), path="/research/app/explorer.html")
    assert seen.web(SurfaceKind.DICOMWEB).base == "/research/dicom-web"


def test_a_redirect_of_the_start_page_leads_to_a_base() -> None:
    routes = {
        **under("/imaging", {**orthanc(), **Archive().routes()}),
        "/": redirect("/imaging/app/explorer.html"),
        "/imaging/app/explorer.html": page("Orthanc Explorer"),
    }
    seen = ask(routes)
    assert seen.web(SurfaceKind.ORTHANC_REST).base == "/imaging"
    assert seen.surface(SurfaceKind.ORTHANC_REST).proof is Rung.RETRIEVABLE
    assert seen.web(SurfaceKind.DICOMWEB).base == "/imaging/dicom-web"


def test_a_base_that_a_peer_chose_holds_nothing_like_an_identifier() -> None:
    assert base_behind("/imaging/app/explorer.html?x=1") == ("/imaging",)
    assert base_behind("/pacs1/ui/app/index.html") == ("/pacs1",)
    for path in (
        "",
        "/",
        "/app/explorer.html",
        "/K4711Q/app/x.html",
        "/a%20b/app/",
        "/a/b/c/d/app/x.html",
        "/imaging/",
    ):
        assert base_behind(path) == ()


def test_a_path_stands_for_its_roots() -> None:
    assert bases_of("") == bases_of("/") == ()
    assert bases_of("/research") == ("/research",)
    assert bases_of("/research/app") == ("/research/app", "/research")
    assert bases_of("/research/app/explorer.html") == ("/research", "/research/app")
    assert bases_of("/app/explorer.html") == ("/app",)
