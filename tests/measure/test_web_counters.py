"""A product's own counters are believed as numbers, and nothing else is."""

import pytest

from leadglass.model.exposure import Exposure
from leadglass.model.scope import Budget
from leadglass.model.ways import CounterWay
from leadglass.model.words import CountKind
from tests.fakes.asking import count
from tests.fakes.web_server import JSON, After, Reply, Request, as_json, login

ORTHANC = CounterWay(port=1, secure=False, product="orthanc", base="")
ARCHIVE = CounterWay(port=1, secure=False, product="dcm4chee-arc", base="/a/rs")


def figures(exposure: Exposure | None) -> tuple[int | None, ...] | None:
    """Patients, studies, images."""
    if exposure is None:
        return None
    assert exposure.years is None
    assert exposure.modalities is None
    assert exposure.limits == ("the server's counters tell neither years nor modalities",)
    counts = (exposure.patients, exposure.studies, exposure.images)
    assert all(figure is None or figure.kind is CountKind.EXACT for figure in counts)
    return tuple(figure.count if figure else None for figure in counts)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"CountPatients": 2, "CountStudies": 3, "CountInstances": 9, "CountSeries": 4}, (2, 3, 9)),
        ({"CountPatients": "2", "CountStudies": "3", "CountInstances": "9"}, (2, 3, 9)),
        ({"CountStudies": 0}, (None, 0, None)),
        ({"CountPatients": -1, "CountStudies": True, "CountInstances": 1.5}, None),
        ({"CountPatients": 10**30, "CountStudies": "9" * 4000, "CountInstances": "²"}, None),
        ({"CountPatients": None, "CountStudies": [3], "CountInstances": {"a": 3}}, None),
        ([3], None),
        (7, None),
        (None, None),
        ("3", None),
    ],
)
def test_orthancs_counters(told: object, expected: tuple[int | None, ...] | None) -> None:
    counted = count({"/statistics": as_json(told)}, ORTHANC)
    assert figures(counted.measured.exposure) == expected
    assert counted.cost.records_received == 0


def test_an_error_that_looks_like_a_counter_is_none() -> None:
    for status in (401, 404, 500):
        reply = as_json({"CountStudies": 3}, status=status)
        assert count({"/statistics": reply}, ORTHANC).measured.exposure is None


@pytest.mark.parametrize(
    ("patients", "studies", "instances", "expected"),
    [
        (as_json({"count": 2}), as_json({"count": 3}), as_json({"count": 9}), (2, 3, 9)),
        (as_json(2), as_json("3"), as_json({"count": "9"}), (2, 3, 9)),
        (login(), as_json({"count": 3}), Reply(body=b"<html>"), (None, 3, None)),
        (Reply(body=b"1", length=9, after=After.CLOSE), as_json({"count": 3}), as_json({"count": 9}), (None, 3, 9)),
        (as_json({"count": [1]}), as_json([]), Reply(body=b"", kind=None), None),
    ],
)
def test_dcm4chees_counters(
    patients: Reply, studies: Reply, instances: Reply, expected: tuple[int | None, ...] | None
) -> None:
    routes = {"/a/rs/patients/count": patients, "/a/rs/studies/count": studies, "/a/rs/instances/count": instances}
    counted = count(routes, ARCHIVE)
    assert figures(counted.measured.exposure) == expected
    assert len(counted.requests) == 3


def test_a_counter_of_a_server_that_is_gone_is_none() -> None:
    assert count({}, ORTHANC, otherwise=Reply(after=After.CLOSE)).measured.exposure is None


@pytest.mark.parametrize("way", [ORTHANC, ARCHIVE])
@pytest.mark.parametrize(
    ("budget", "option"),
    [(Budget(max_connections=0), "--max-connections"), (Budget(max_busy_s=0), "--max-busy-s")],
)
def test_a_budget_that_is_gone_is_named(way: CounterWay, budget: Budget, option: str) -> None:
    exposure = count({}, way, budget=budget).measured.exposure
    assert exposure is not None
    assert (exposure.studies, len(exposure.limits)) == (None, 1)
    assert option in exposure.limits[0]


def test_a_long_answer_is_not_read_to_its_end() -> None:
    def long(request: Request) -> Reply:
        return Reply(body=b'{"CountStudies": 3, "x": "' + b"y" * 5_000_000 + b'"}', kind=JSON)

    counted = count({"/statistics": long}, ORTHANC)
    assert counted.measured.exposure is None
    assert counted.cost.bytes_received < 2_500_000
