"""Whatever a web server sends, the probe gives surfaces: nothing else comes out of it, and no record without leave."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadglass.model.words import Permission, Rung
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import alike, challenge_of, manner
from leadglass.probe.dicom_json import DICOM_JSON, STUDY_UID, is_uid, read_matches
from leadglass.probe.web_path import as_base, safe_path
from tests.fakes.asking import ask
from tests.fakes.dicomweb import INSTANCE, NAME, SERIES, STUDY, record
from tests.fakes.web_products import KEY
from tests.fakes.web_server import Reply, Request, said

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["vr", "Value", STUDY_UID, "00080018", "results", "count"]) | st.text(max_size=9),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
SEEDS = range(12)


def answer(body: bytes, *, whole: bool = True, **headers: str) -> WebAnswer:
    return WebAnswer(status_code=200, headers={"content-type": DICOM_JSON, **headers}, body=body, whole=whole)


@settings(max_examples=200, deadline=None)
@given(JSON, st.integers(0, 200), st.booleans())
def test_any_json_whole_or_cut(value: Any, cut: int, whole: bool) -> None:
    body = json.dumps([value]).encode()
    matches = read_matches(answer(body[: len(body) - cut] if cut else body, whole=whole), STUDY_UID)
    assert matches is None or matches.uid is None or is_uid(matches.uid)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.booleans(), st.text(max_size=60))
def test_any_bytes(body: bytes, whole: bool, path: str) -> None:
    shown = answer(body, whole=whole, **{"www-authenticate": path})
    read_matches(shown, STUDY_UID)
    assert alike(manner(shown, f"/{path}"), manner(shown, f"/{path}"))
    challenge_of(shown)


def test_a_record_cut_at_every_offset() -> None:
    body = json.dumps([record(study=STUDY)]).encode()
    for end in range(len(body)):
        matches = read_matches(answer(body[:end], whole=False), STUDY_UID)
        assert matches is None or matches.objects == 1
        assert read_matches(answer(body[:end]), STUDY_UID) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_path_is_one_line_of_ascii(path: str) -> None:
    for made in (safe_path(path), as_base(path)):
        assert made.isascii()
        assert not any(c <= " " or c == "\x7f" for c in made)
    assert as_base(path) == "" or as_base(path).startswith("/")


class Chaos:
    """A server that answers each question with something that some server would say somewhere, or with noise."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, request: Request) -> Reply:
        choose = self.random
        bodies = (
            json.dumps([record(study=STUDY, series=SERIES, instance=INSTANCE)]).encode(),
            b"[]",
            b'{"count": 5}',
            json.dumps([{"dicomAETitle": "A"}, {"dicomAETitle": "B C"}]).encode(),
            json.dumps({"results": [{"uri": NAME}], "numResults": 1}).encode(),
            json.dumps({"ApiVersion": 1, "Version": "1", "CountPatients": 1}).encode(),
            json.dumps([KEY]).encode(),
            b"<title>Orthanc Explorer</title>",
            b"<D:multistatus><D:response><D:href>/webdav/by-dates</D:href>/by-studies/by-patients",
            choose.randbytes(200),
            b"",
        )
        body = choose.choice(bodies)
        if choose.random() < 0.2:
            body = body[: choose.randrange(len(body) + 1)]
        if choose.random() < 0.03:
            return said(body)
        return Reply(
            status=choose.choice((200, 200, 200, 204, 207, 301, 400, 401, 403, 404, 500)),
            body=b"" if choose.random() < 0.1 else body,
            kind=choose.choice(("application/json", DICOM_JSON, "text/html", "text/xml", None)),
            headers=choose.choice(
                (
                    {},
                    {"Location": "/" + str(choose.random())},
                    {"WWW-Authenticate": 'Basic realm="Orthanc Secure Area"'},
                    {"Content-Encoding": "gzip"},
                    {"Location": "http://["},
                )
            ),
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_chaos_gives_surfaces_and_keeps_nothing(seed: int) -> None:
    found = ask({}, Chaos(seed))
    assert found.probes
    assert sum(probe.surface.records_received for probe in found.probes) == found.cost.records_received


@pytest.mark.parametrize("seed", SEEDS)
def test_chaos_with_connect_alone_is_asked_for_no_record(seed: int) -> None:
    found = ask({}, Chaos(seed), permits=(Permission.CONNECT,))
    assert all(probe.surface.proof is not Rung.RETRIEVABLE for probe in found.probes)
    for part in ("since=", "StudyDate", "studies?limit=1", "workitems?limit=1", "by-dates", "/series", "/size"):
        assert not found.asked_for(part), part
