"""Which ports are tried, by which protocol first, follows from what the user typed."""

import pytest

from leadglass.knowledge.products import USUAL_DIMSE_PORTS, USUAL_WEB_PORTS
from leadglass.model.target import parse_target
from leadglass.survey.plan import Attempt, plan


def test_a_host_alone_is_tried_on_the_usual_ports() -> None:
    attempts = plan(parse_target("192.0.2.1"))
    assert [a.port for a in attempts] == [*USUAL_DIMSE_PORTS, *USUAL_WEB_PORTS]
    assert {a.port for a in attempts if not a.web} == {104, 11112, 4242, 2761, 2762, 5678}
    assert {a.port for a in attempts if a.web} == {80, 443, 8042, 8080, 8443}
    assert {a.port for a in attempts if a.tls} == {443, 8443}
    assert not any(a.only for a in attempts)


@pytest.mark.parametrize(
    ("text", "attempt"),
    [
        ("h:104", Attempt(port=104, web=False)),
        ("h:9999", Attempt(port=9999, web=False)),
        ("h:8042", Attempt(port=8042, web=True, tls=False)),
        ("h:8443", Attempt(port=8443, web=True, tls=True)),
        ("dicom://h:9999", Attempt(port=9999, web=False, only=True)),
        ("dicom://AET@h:8042", Attempt(port=8042, web=False, only=True)),
        ("dicoms://h:9999", Attempt(port=9999, web=False, only=True, tls=True)),
        ("dicoms://h", Attempt(port=2762, web=False, only=True, tls=True)),
        ("http://h", Attempt(port=80, web=True, only=True, tls=False)),
        ("https://h", Attempt(port=443, web=True, only=True, tls=True)),
        ("https://h:8080/pacs", Attempt(port=8080, web=True, only=True, tls=True)),
    ],
)
def test_what_is_named_is_tried_and_nothing_else(text: str, attempt: Attempt) -> None:
    assert plan(parse_target(text)) == (attempt,)


def test_dicom_without_a_port_is_tried_on_the_usual_ones() -> None:
    attempts = plan(parse_target("dicom://AET@h"))
    assert tuple(a.port for a in attempts) == tuple(USUAL_DIMSE_PORTS)
    assert all(a.only and not a.web for a in attempts)
