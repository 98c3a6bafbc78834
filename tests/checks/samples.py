"""Small makers of probed targets: each test says only what its question depends on."""

from datetime import UTC, datetime
from typing import Any

from leadglass.checks.registry import all_checks, judge_one
from leadglass.model.assessment import Probed, Product, Surface
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import (
    Attempt,
    Certificate,
    Context,
    DimseFacts,
    Rejection,
    SurfaceFacts,
    TlsFacts,
    WebFacts,
)
from leadglass.model.finding import Finding
from leadglass.model.scope import ALL_PERMISSIONS
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, SurfaceKind, Vantage

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
STORAGE_UID = "1.2.840.10008.5.1.4.1.1.2"


def surface(kind: SurfaceKind = SurfaceKind.DIMSE, proof: Rung = Rung.ADMITS, **fields: Any) -> Surface:
    """One surface; facts are given as `dimse`, `tls_facts`, `web` and `no_record`."""
    facts = SurfaceFacts(
        dimse=fields.pop("dimse", None),
        tls=fields.pop("tls_facts", None),
        web=fields.pop("web", None),
        no_record=fields.pop("no_record", None),
        detail=fields.pop("speaks", ""),
    )
    given = {
        "kind": kind,
        "port": 4242,
        "tls": False,
        "status": Status.SUCCESS,
        "proof": proof,
        "retrieval": Retrieval.NOT_ASKED,
        "facts": facts,
    }
    return Surface(**{**given, **fields})


def probed(*surfaces: Surface, **fields: Any) -> Probed:
    """One target that was reached on loopback, everything permitted."""
    given = {
        "target": "pacs.example",
        "host": "pacs.example",
        "address": "127.0.0.1",
        "vantage": Vantage.LOOPBACK,
        "status": Status.SUCCESS,
        "permits": ALL_PERMISSIONS,
        "surfaces": surfaces,
        "at": AT,
    }
    return Probed(**{**given, **fields})


def judged(check: str, target: Probed) -> Finding:
    """The finding of one check by its id, with a failure of the check as a failure of the test."""
    record = all_checks()[check]
    record.judge(target)
    return judge_one(check, record, target)


def rejected(result: int, source: int, reason: int, title: str = "ANY-SCP", **fields: Any) -> Surface:
    """A DIMSE surface that turned us away."""
    rejection = Rejection(result=result, source=source, reason=reason, words="as it says")
    attempt = Attempt(called_ae_title=title, status=Status.REJECTED, rejection=rejection)
    facts = DimseFacts(attempts=(attempt,))
    return surface(proof=Rung.SPEAKS, status=Status.REJECTED, dimse=facts, **fields)


def silent(
    status: Status = Status.CONNECTION_TIMEOUT, kind: SurfaceKind = SurfaceKind.DIMSE, port: int = 104
) -> Surface:
    """A port from which nothing came."""
    return surface(kind, Rung.SILENT, status=status, port=port)


def readable(**fields: Any) -> Surface:
    """An open DIMSE service of 120 patients and 7 studies at least."""
    exposure = Exposure(patients=Count.exact(120), studies=Count.at_least(7000), years=(1999, 2026))
    return surface(proof=Rung.READABLE, exposure=exposure, **fields)


def offering(*accepted: bool) -> DimseFacts:
    """DIMSE facts with a storage context for each answer."""
    contexts = tuple(Context(sop_class_uid=STORAGE_UID, name="CT", accepted=a, result=0 if a else 3) for a in accepted)
    return DimseFacts(storage_contexts=contexts, called_ae_title="ANY-SCP")


def answering(*results: int) -> DimseFacts:
    """DIMSE facts with a storage context for each result (PS3.8 Table 9-18)."""
    contexts = tuple(Context(sop_class_uid=STORAGE_UID, name="CT", accepted=not r, result=r) for r in results)
    return DimseFacts(storage_contexts=contexts, called_ae_title="ANY-SCP")


def tls(**fields: Any) -> TlsFacts:
    """TLS as it should be."""
    given = {
        "version": "TLSv1.3",
        "cipher_suite": "TLS_AES_256_GCM_SHA384",
        "lowest_version": "TLSv1.2",
        "lowest_tried": "TLSv1",
        "weak_suites": (),
        "client_certificate": "not-asked",
        "name_matches": True,
        "certificate": certificate(),
    }
    return TlsFacts(**{**given, **fields})


def certificate(**fields: Any) -> Certificate:
    """A certificate in its time."""
    given = {
        "subject": "CN=pacs.example",
        "names": ("pacs.example",),
        "not_before": datetime(2026, 1, 1, tzinfo=UTC),
        "not_after": datetime(2027, 1, 1, tzinfo=UTC),
        "self_signed": False,
    }
    return Certificate(**{**given, **fields})


ORTHANC = Product(name="Orthanc", version="1.10.1", basis="web")

TYPICAL: dict[str, Probed] = {
    "not resolved": probed(status=Status.NAME_NOT_RESOLVED, address=None, vantage=None),
    "out of scope": probed(status=Status.OUT_OF_SCOPE, address=None),
    "our own failure": probed(status=Status.INTERNAL_ERROR),
    "all refused": probed(silent(Status.CONNECTION_REFUSED), status=Status.CONNECTION_REFUSED),
    "all silent": probed(silent(), silent(kind=SurfaceKind.WEB, port=80), status=Status.CONNECTION_TIMEOUT),
    "another service": probed(surface(SurfaceKind.UNKNOWN, Rung.OTHER, status=Status.PROTOCOL_ERROR)),
    "open": probed(readable(retrieval=Retrieval.PROVED, dimse=offering(True)), products=(ORTHANC,)),
    "readable": probed(readable()),
    "readable, connect only": probed(surface(no_record=NoRecord.NOT_ASKED), permits=(Permission.CONNECT,)),
    "as shipped": probed(surface(no_record=NoRecord.REFUSED), products=(ORTHANC,)),
    "nothing found": probed(surface(no_record=NoRecord.NOTHING_FOUND)),
    "undecided": probed(surface(no_record=NoRecord.UNDECIDED)),
    "called title": probed(rejected(1, 1, 7)),
    "calling title": probed(rejected(1, 1, 3)),
    "congested": probed(rejected(2, 3, 1)),
    "worklist": probed(
        surface(no_record=NoRecord.REFUSED),
        surface(SurfaceKind.WORKLIST, Rung.READABLE, exposure=Exposure(worklist_items=Count.exact(2))),
    ),
    "web login": probed(
        surface(SurfaceKind.ORTHANC_REST, Rung.SPEAKS, port=8042, web=WebFacts(challenge="Basic", catch_all=True))
    ),
    "web open": probed(surface(SurfaceKind.ORTHANC_REST, Rung.READABLE, port=8042, web=WebFacts())),
    "web counters": probed(
        surface(SurfaceKind.DCM4CHEE_REST, Rung.ADMITS, port=8080, web=WebFacts(), no_record=NoRecord.NOT_ASKED)
    ),
    "tls": probed(readable(tls=True, tls_facts=tls(), port=2762)),
    "budget": probed(surface(status=Status.BUDGET_SPENT)),
}
