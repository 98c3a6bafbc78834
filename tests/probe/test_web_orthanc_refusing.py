"""An Orthanc that refuses its `/system` alone is found by its counters, or by a key of its own."""

import pytest

from leadglass.model.words import NoRecord, Permission, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.web_products import ONE_STUDY, orthanc
from tests.fakes.web_server import NOT_FOUND, Answer, Reply, as_json, login

KIND = SurfaceKind.ORTHANC_REST
REFUSED = Reply(status=403, body=b"no")
REFUSALS = [REFUSED, login("proxy"), login("Orthanc Secure Area")]


@pytest.mark.parametrize("refused", REFUSALS)
@pytest.mark.parametrize("base", ["", "/orthanc"])
def test_the_counters_alone_prove_it(refused: Reply, base: str) -> None:
    routes = {f"{base}{path}": answer for path, answer in {**orthanc(), "/system": refused}.items()}
    probe = ask(routes).probe(KIND)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert probe.way is not None
    counted = ask(routes, permits=(Permission.CONNECT,)).surface(KIND)
    assert (counted.proof, counted.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)


@pytest.mark.parametrize("refused", REFUSALS)
def test_keys_prove_it_where_the_counters_are_refused_too(refused: Reply) -> None:
    seen = ask({**orthanc(), "/system": refused, "/statistics": refused})
    assert seen.surface(KIND).proof is Rung.RETRIEVABLE


@pytest.mark.parametrize("studies", [NOT_FOUND, as_json([]), as_json(["1"]), REFUSED])
def test_a_refusal_and_no_mark_is_not_orthanc(studies: Reply) -> None:
    routes: dict[str, Answer] = {"/system": REFUSED, "/statistics": REFUSED, ONE_STUDY: studies}
    assert KIND not in ask(routes).kinds


def test_a_wall_before_everything_is_asked_no_further() -> None:
    seen = ask({}, login("proxy"))
    assert KIND not in seen.kinds
    assert not seen.asked_for("/statistics")
    seen = ask({}, login("Orthanc Secure Area"))
    assert seen.surface(KIND).proof is Rung.SPEAKS
    assert not seen.asked_for("/statistics")


def test_an_empty_list_beside_orthancs_login_admits() -> None:
    refused = login("Orthanc Secure Area")
    surface = ask({"/system": refused, "/statistics": refused, ONE_STUDY: as_json([])}).surface(KIND)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


@pytest.mark.parametrize("base", ["", "/orthanc"])
def test_keys_prove_it_where_version_and_counters_are_hidden(base: str) -> None:
    shown = {path: answer for path, answer in orthanc().items() if path not in ("/system", "/statistics")}
    hidden = {f"{base}{path}": answer for path, answer in shown.items()}
    assert ask(hidden).surface(KIND).proof is Rung.RETRIEVABLE
    closed = ask(hidden, permits=(Permission.CONNECT,))
    assert KIND not in closed.kinds
    assert not closed.asked_for("/studies?since")
    assert KIND not in ask({ONE_STUDY: as_json(["1"])}).kinds
