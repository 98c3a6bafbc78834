"""Whatever JSON a route gives, asking and counting raise nothing, keep no value, and charge every byte."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from leadglass.model.ways import CounterWay, DicomwebWay
from leadglass.model.words import Rung
from tests.fakes.asking import ask, count
from tests.fakes.scripted_web import DICOM_JSON, JSON, FakeServer, Reply
from tests.fakes.web_products import CANARIES, KEY, UID, Qido, dcm4chee, dicoogle, orthanc, webdav

_TAGS = ("0020000D", "00080018", "0020000E", "00100020", "00080020", "00201208", "00080061")
_NAMES = ("results", "numResults", "uri", "dicomAETitle", "CountStudies", "ApiVersion", "Version", "DicomAet", "count")
_WORDS = st.sampled_from((*_TAGS, *_NAMES, "vr", "Value", "UI", UID, KEY))
_PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | _WORDS | st.text(max_size=6)
_ANY = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=12
)
_ELEMENT = st.fixed_dictionaries({"vr": st.sampled_from(["UI", "LO", "DA"]) | _ANY, "Value": st.lists(_ANY) | _ANY})
_RECORD = st.dictionaries(_WORDS, _ELEMENT, max_size=5)
_BODY = st.one_of(_ANY, st.lists(_RECORD, max_size=4)).map(lambda value: json.dumps(value).encode())
_TYPE = st.sampled_from([DICOM_JSON, JSON, "text/html", None])
_REPLY = st.builds(Reply, status=st.sampled_from([200, 200, 200, 204, 207, 401, 404]), body=_BODY, type=_TYPE)
_OPEN = orthanc() | webdav() | Qido().routes() | dcm4chee("DCM4CHEE") | dicoogle()
_ROUTES = sorted([*_OPEN, "/", "/dicom-web/workitems", "/wado"])


def _sound(reply: Reply) -> Reply:
    return Reply(status=204, type=None) if reply.status == 204 else reply


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(st.dictionaries(st.sampled_from(_ROUTES), _REPLY.map(_sound), max_size=6), _REPLY.map(_sound))
def test_any_json_on_some_routes(changed: dict[str, Reply], fallback: Reply) -> None:
    came = ask(FakeServer(_OPEN | changed, fallback=fallback))
    assert len(came.requests) < 140
    assert sum(p.surface.bytes_received for p in came.probes) == came.probing.bytes_received
    assert sum(p.surface.records_received for p in came.probes) == came.probing.records_received
    assert not [word for word in CANARIES if word in came.said()]


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(_REPLY.map(_sound))
def test_any_json_on_all_routes(reply: Reply) -> None:
    """Alike everywhere, it proves nothing."""
    came = ask(FakeServer(fallback=reply))
    assert came.only.proof is Rung.OTHER


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(_REPLY.map(_sound), st.sampled_from(["dicomweb", "orthanc", "dcm4chee-arc"]))
def test_any_json_is_counted_or_not(reply: Reply, product: str) -> None:
    way: DicomwebWay | CounterWay = DicomwebWay(port=1, secure=False, base="")
    if product != "dicomweb":
        way = CounterWay(port=1, secure=False, product=product, base="")
    measured, cost = count(FakeServer(fallback=reply), way)
    assert not [word for word in CANARIES if word in repr(measured)]
    assert cost.connections <= 5
