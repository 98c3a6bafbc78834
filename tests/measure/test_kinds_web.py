"""Kinds of data over QIDO-RS: 20 records at most, by lists of UIDs or one by one, and no value in what comes of it."""

import asyncio
import json
from dataclasses import dataclass, replace

import msgspec
import pytest

from leadglass.measure.count import count_surface
from leadglass.measure.kinds.kinds import with_kinds
from leadglass.measure.outcome import Measured
from leadglass.measure.qido import dicomweb
from leadglass.model.assessment import Ledger
from leadglass.model.kinds import DataKind, DocumentKind, Kinds, Presence
from leadglass.model.scope import ALL_PERMISSIONS, Budget
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Permission
from tests.fakes.asking import CONTACT, host_of
from tests.fakes.dicomweb import CANARIES, UID, Archive, element, study
from tests.fakes.web_server import DICOM_JSON, FakeWeb, Reply, Request, as_json

WITHOUT = tuple(permission for permission in ALL_PERMISSIONS if permission is not Permission.SAMPLE_KINDS)
FIRST = element("UI", f"{UID}.1")


@dataclass(frozen=True)
class Looked:
    """What looking came to, and what was asked and received for it."""

    measured: Measured
    requests: list[Request]
    cost: Ledger

    @property
    def kinds(self) -> Kinds:
        """Which there must be."""
        assert self.measured.exposure is not None
        assert self.measured.exposure.kinds is not None, self.measured.exposure.limits
        return self.measured.exposure.kinds

    def having(self) -> dict[DataKind, int]:
        """Each kind that any record had."""
        return {share.kind: share.records for share in self.kinds.shares if share.records}


def look(archive: Archive, permits: tuple[Permission, ...] = ALL_PERMISSIONS, budget: Budget | None = None) -> Looked:
    """Counts, and looks at the kinds."""

    async def run() -> Looked:
        async with FakeWeb(archive.routes()) as server:
            host = await host_of(permits, budget)
            way = DicomwebWay(port=server.port, secure=False, base=archive.base)
            counted = await count_surface(host, way, CONTACT)
            before, requests = host.meter.ledger(), len(server.requests)
            measured = await with_kinds(host, way, counted, CONTACT)
            return Looked(measured, server.requests[requests:], host.meter.since(before))

    looked = asyncio.run(run())
    shown = repr(looked.measured) + msgspec.json.encode(looked.measured.exposure).decode()
    assert not [canary for canary in CANARIES if canary in shown]
    return looked


@dataclass
class Lists(Archive):
    """Takes a list of UIDs (PS3.18 8.3.4.1), and counts who is given what."""

    def search(self, request: Request) -> Reply:
        """All that are in the list."""
        uids = request.query.get("StudyInstanceUID")
        if uids is None:
            return super().search(request)
        wanted = [element("UI", uid) for uid in uids.split(",")]
        return as_json([one for one in self.studies if one["0020000D"] in wanted], DICOM_JSON)


MANY = [study(n) for n in range(133)]


@pytest.mark.parametrize(("kind", "requests"), [(Lists, 2), (Archive, 21)])
def test_20_records_and_no_more(kind: type[Archive], requests: int) -> None:
    looked = look(kind(MANY))
    assert (looked.kinds.records, looked.cost.records_received, len(looked.requests)) == (20, 20, requests)
    assert looked.having() == dict.fromkeys(
        (DataKind.NAME, DataKind.PATIENT_ID, DataKind.REFERRING_PHYSICIAN, DataKind.PROCEDURE), 20
    )
    assert looked.kinds.documents[DocumentKind.STRUCTURED_REPORT] is Presence.PRESENT
    assert all("limit=" in str(request) for request in looked.requests)


def test_nothing_is_asked_without_permission() -> None:
    looked = look(Lists(MANY), WITHOUT)
    assert not looked.requests
    assert looked.measured.exposure is not None
    assert looked.measured.exposure.kinds is None
    assert looked.measured.exposure.limits == ()


@dataclass
class Deaf(Archive):
    """Gives the same studies whatever is asked for."""

    def search(self, request: Request) -> Reply:
        """From the first on."""
        return super().search(replace(request, target=request.target.replace("StudyInstanceUID", "nothing")))


def test_a_server_that_ignores_uids_is_asked_no_further() -> None:
    """At once, or after one list where the study that it always gives first happened to be drawn first."""
    looked = look(Deaf(MANY))
    assert looked.cost.records_received <= 20
    assert len(looked.requests) <= 2


def test_a_server_that_knows_no_includefield_is_asked_without() -> None:
    @dataclass
    class Plain(Lists):
        """400 for what it does not know."""

        def search(self, request: Request) -> Reply:
            """Unless it is about kinds."""
            return Reply(status=400) if "00100010" in str(request) else super().search(request)

    looked = look(Plain(MANY))
    assert looked.kinds.records == 20
    assert sum("includefield" in str(request) for request in looked.requests) == 1


def test_the_budget_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicomweb, "FOR_LOOKING", 0)
    looked = look(Lists(MANY), budget=Budget(max_records=133 + 2 + 7))
    assert looked.kinds.records == looked.cost.records_received == 7
    spent = look(Lists(MANY), budget=Budget(max_records=133))
    assert not spent.requests
    assert spent.measured.exposure is not None
    assert any("kinds of data could not be looked at" in limit for limit in spent.measured.exposure.limits)


HOSTILE: list[object] = [
    {"0020000D": FIRST, "00100010": {"vr": "PN", "Value": [{"Alphabetic": None}, 7, None, {"x": []}, {}]}},
    {"0020000D": FIRST, "00100010": {"vr": "PN", "Value": {"Alphabetic": "anary"}}},
    {"0020000D": FIRST, "00100010": "anary", "00100030": {"Value": [[["19390711"]]]}, "00100020": None},
    {"0020000D": FIRST, "00100020": element("LO", "\ud800", "\x00", "x" * 100_000), "00080061": element("CS", 1, True)},
    {"0020000D": FIRST, "00100020": element("LO", 10**4_000)},
    {"0020000D": {"vr": "UI", "Value": ["*"]}},
    [[]], 7, None, "anary", [], {},
]  # fmt: skip


@pytest.mark.parametrize("answer", [*HOSTILE, [HOSTILE]], ids=lambda value: repr(value)[:40])
def test_hostile_answers_raise_nothing(answer: object) -> None:
    @dataclass
    class Hostile(Archive):
        """Counts well, and answers this to who asks on."""

        def search(self, request: Request) -> Reply:
            """By the UID."""
            if "StudyInstanceUID" not in request.query:
                return super().search(request)
            return Reply(body=json.dumps([answer]).encode(), kind=DICOM_JSON)

    looked = look(Hostile([study(1)]))
    assert looked.cost.records_received <= 4


def test_a_counter_alone_shows_no_kinds() -> None:
    looked = Measured(exposure=None)
    assert looked.drawn.keys() == []


def test_values_are_read_as_the_model_has_them() -> None:
    more: dict[str, object] = {
        "00101040": element("LO", "7 Canarystreet"),
        "00102154": element("SH", "555-0199-7"),
        "00100030": element("DA", "19390711"),
        "00101000": element("LO", "943 476 5919"),
        "00080062": element("UI", "1.2.840.10008.5.1.4.1.1.104.1"),
    }
    looked = look(Lists([study(1) | more, study(2)]))
    assert looked.kinds.confidence == 1.0
    expected = (DataKind.ADDRESS, DataKind.TELEPHONE, DataKind.BIRTH_DATE, DataKind.NATIONAL_NUMBER)
    assert [looked.having()[kind] for kind in expected] == [1, 1, 1, 1]
    assert looked.kinds.national_numbers == {"uk-nhs": 1}
    assert looked.kinds.documents[DocumentKind.ENCAPSULATED_PDF] is Presence.PRESENT
