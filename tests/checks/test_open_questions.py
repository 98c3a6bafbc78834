"""What a web server left unanswered stays an open question of every check on the web, and is never taken for safety."""

import pytest

from leadglass.model.assessment import Surface
from leadglass.model.facts import WebFacts
from leadglass.model.words import Outcome, Rung, Status, SurfaceKind
from tests.checks.samples import judged, probed, surface

ABOUT_DATA = ("records-readable", "images-retrievable", "management-api-open", "worklist-readable", "unlimited-query")
UNANSWERED = (
    Status.NOT_ANSWERED,
    Status.PROTOCOL_ERROR,
    Status.IO_TIMEOUT,
    Status.CONNECTION_CLOSED,
    Status.CONNECTION_REFUSED,
)


@pytest.mark.parametrize("check", ABOUT_DATA)
@pytest.mark.parametrize("status", UNANSWERED)
def test_a_question_without_an_answer_stays_open(check: str, status: Status) -> None:
    left = surface(SurfaceKind.WEB, Rung.OTHER, status=status, web=WebFacts())
    assert judged(check, probed(left)).outcome is Outcome.UNKNOWN
    closed = surface(SurfaceKind.DICOMWEB, Rung.SPEAKS, web=WebFacts())
    assert judged(check, probed(closed, left)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("check", ABOUT_DATA)
def test_a_web_server_that_answered_everything_leaves_nothing_open(check: str) -> None:
    answered = surface(SurfaceKind.WEB, Rung.OTHER, web=WebFacts())
    assert judged(check, probed(answered)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("check", ["associations-open", "storage-open"])
def test_the_web_says_nothing_of_dimse(check: str) -> None:
    left = surface(SurfaceKind.WEB, Rung.OTHER, status=Status.IO_TIMEOUT, web=WebFacts())
    assert judged(check, probed(left)).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("check", ABOUT_DATA)
@pytest.mark.parametrize("to", ["https://elsewhere.example", "https://pacs.example:8443", "https://pacs.example"])
def test_a_redirect_to_https_that_was_not_followed_stays_open(check: str, to: str) -> None:
    plain = surface(SurfaceKind.WEB, Rung.OTHER, port=80, web=WebFacts(redirects_to=to))
    finding = judged(check, probed(plain))
    assert finding.outcome is Outcome.UNKNOWN
    assert "sends callers on" in finding.seen


@pytest.mark.parametrize("check", ABOUT_DATA)
def test_a_redirect_to_what_was_asked_is_answered_there(check: str) -> None:
    plain = surface(SurfaceKind.WEB, Rung.OTHER, port=80, web=WebFacts(redirects_to="https://pacs.example"))
    there = surface(SurfaceKind.WEB, Rung.OTHER, port=443, tls=True, web=WebFacts())
    assert judged(check, probed(plain, there)).outcome is Outcome.NOT_APPLICABLE


def test_a_redirect_elsewhere_leaves_the_question_open_whatever_its_scheme() -> None:
    for tls, to in ((False, "http://elsewhere.example"), (True, "https://login.example"), (False, "https:")):
        one = surface(SurfaceKind.WEB, Rung.OTHER, tls=tls, web=WebFacts(redirects_to=to))
        finding = judged("records-readable", probed(one))
        assert finding.outcome is Outcome.UNKNOWN
        assert f"on to {'HTTPS elsewhere' if to == 'https:' else to}, which is not followed" in finding.seen


@pytest.mark.parametrize("check", ABOUT_DATA)
def test_a_path_of_dicom_that_leads_to_another_door_is_answered_there_if_it_was_asked(check: str) -> None:
    def led(to: str, unanswered: int = 0) -> Surface:
        web = WebFacts(leads_to=(to,), unanswered=unanswered)
        return surface(SurfaceKind.WEB, Rung.OTHER, port=80, status=Status.NOT_ANSWERED, web=web)

    secure = surface(SurfaceKind.WEB, Rung.OTHER, port=8443, tls=True, web=WebFacts())
    to = "https://pacs.example:8443"
    assert judged(check, probed(led(to), secure)).outcome is Outcome.NOT_APPLICABLE
    assert judged(check, probed(led(to, unanswered=1), secure)).outcome is Outcome.UNKNOWN
    for elsewhere in (to, "http://pacs.example:8443", "https://elsewhere.example:8443"):
        beside = () if elsewhere == to else (secure,)
        finding = judged(check, probed(led(elsewhere), *beside))
        assert finding.outcome is Outcome.UNKNOWN
        assert f"on to {elsewhere}, which is not followed" in finding.seen
