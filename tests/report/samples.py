"""Assessments as a run would end in them: one of each shape that a report has to tell well."""

from datetime import UTC, datetime

from leadglass.model.assessment import SCHEMA, Assessment, Ledger, Product, Surface, TargetResult, Tool
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import (
    Attempt,
    Cap,
    Certificate,
    Context,
    DimseFacts,
    Endpoint,
    Query,
    Rejection,
    RetrievalProof,
    RetrievalSample,
    SurfaceFacts,
    TlsFacts,
    WebFacts,
)
from leadglass.model.kinds import DataKind, DocumentKind, Kinds, KindShare, Presence
from leadglass.model.threshold import FiveHundred
from leadglass.model.words import CountKind, NoRecord, Retrieval, Rung, Status, Step, SurfaceKind, Threshold, Vantage
from tests.report.sample_findings import findings_of_nothing_found, findings_of_open_orthanc, findings_of_rejecting

STUDY_ROOT = Context(
    sop_class_uid="1.2.840.10008.5.1.4.1.2.2.1",
    name="Study Root Query/Retrieve - FIND",
    accepted=True,
    result=0,
    transfer_syntax_uid="1.2.840.10008.1.2",
)
REFUSED_CONTEXT = Context(
    sop_class_uid="1.2.840.10008.5.1.4.1.2.1.1", name="Patient Root Query/Retrieve - FIND", accepted=False, result=3
)


KINDS = Kinds(
    records=20, confidence=0.95,
    shares=(
        KindShare(kind=DataKind.NAME, records=20, share=1.0, low=0.8316, high=1.0),
        KindShare(kind=DataKind.NATIONAL_NUMBER, records=3, share=0.15, low=0.0321, high=0.3789),
        KindShare(kind=DataKind.REFERRING_PHYSICIAN, records=17, share=0.85, low=0.6211, high=0.9679),
        KindShare(kind=DataKind.ADDRESS, records=0, share=0.0, low=0.0, high=0.1684),
        KindShare(kind=DataKind.TELEPHONE, records=0, share=0.0, low=0.0, high=0.1684),
    ),
    national_numbers={"us-ssn": 2, "uk-nhs": 1},
    documents={DocumentKind.ENCAPSULATED_PDF: Presence.NOT_SEEN, DocumentKind.STRUCTURED_REPORT: Presence.PRESENT,
               DocumentKind.SECONDARY_CAPTURE: Presence.NOT_TOLD},
)  # fmt: skip


def assessment(*targets: TargetResult) -> Assessment:
    """A document of these targets, made at a fixed time."""
    return Assessment(
        schema=SCHEMA,
        tool=Tool(name="leadglass", version="0.1.0"),
        started=datetime(2026, 11, 23, 10, 2, 11, tzinfo=UTC),
        finished=datetime(2026, 11, 23, 10, 2, 19, tzinfo=UTC),
        authority=None,
        contact=None,
        targets=targets,
    )


def nothing_listens(*ports: int, status: Status = Status.CONNECTION_REFUSED) -> tuple[Surface, ...]:
    """Ports on which nothing was found."""
    return tuple(
        Surface(
            kind=SurfaceKind.UNKNOWN, port=port, tls=False, status=status, step=Step.CONNECT, proof=Rung.SILENT,
            retrieval=Retrieval.NOT_ASKED, facts=SurfaceFacts(), connections=1,
        )
        for port in ports
    )  # fmt: skip


def orthanc_dimse(exposure: Exposure) -> Surface:
    """Orthanc's DICOM port, open to anyone."""
    return Surface(
        kind=SurfaceKind.DIMSE, port=4242, tls=False, status=Status.SUCCESS, proof=Rung.RETRIEVABLE,
        retrieval=Retrieval.PROVED, exposure=exposure, records_received=3310, connections=6, busy_s=2.84,
        bytes_received=1_204_411,
        facts=SurfaceFacts(retrieval=Retrieval.PROVED, dimse=DimseFacts(
            attempts=(Attempt(called_ae_title="ANY-SCP", status=Status.SUCCESS),),
            called_ae_title="ANY-SCP", implementation_class_uid="1.2.276.0.7230010.3.0.3.6.7",
            implementation_version_name="OFFIS_DCMTK_367", max_pdu_length=16384,
            contexts=(STUDY_ROOT, REFUSED_CONTEXT), echo="0000",
            queries=(Query(model="study-root", level="STUDY", keys="StudyInstanceUID", status=Status.SUCCESS,
                           records=3310, dimse_status="0000"),),
            ignored_keys=("StudyTime",), storage_contexts=(STUDY_ROOT,), whole_archive=True,
            retrieval_proof=RetrievalProof(level="IMAGE", dimse_status="FF00", shown=1,
                                           control_dimse_status="0000", control_shown=0),
            retrieval_sample=RetrievalSample(level="IMAGE", draws=12, asked=11, handed=9, withheld=1, unanswered=1),
        )),
    )  # fmt: skip


def open_orthanc() -> TargetResult:
    """Everything open: records, images, worklist, management."""
    exposure = Exposure(
        patients=Count.exact(1204), studies=Count.exact(3310), images=Count.exact(412_876), years=(2009, 2026),
        modalities={"CT": 1203, "MR": 880, "CR": 640, "US": 402, "MG": 185}, kinds=KINDS,
    )  # fmt: skip
    worklist = Surface(
        kind=SurfaceKind.WORKLIST, port=4242, tls=False, status=Status.SUCCESS, proof=Rung.READABLE,
        retrieval=Retrieval.NOT_ASKED, facts=SurfaceFacts(), exposure=Exposure(worklist_items=Count.exact(14)),
        records_received=14, connections=1, busy_s=0.02,
    )  # fmt: skip
    rest = Surface(
        kind=SurfaceKind.ORTHANC_REST, port=8042, tls=False, status=Status.SUCCESS, proof=Rung.RETRIEVABLE,
        retrieval=Retrieval.PROVED, exposure=exposure, connections=3, busy_s=0.11,
        facts=SurfaceFacts(web=WebFacts(
            base="/orthanc", server="Mongoose", version="1.12.10", products=("Orthanc",),
            marks=("title Orthanc Explorer",),
            endpoints=(Endpoint(method="GET", path="/orthanc/system", status_code=200, means="version and name"),
                       Endpoint(method="GET", path="/orthanc/studies/{study}", status_code=200, means="a record")),
        )),
    )  # fmt: skip
    return TargetResult(
        target="127.0.0.1", address="127.0.0.1", status=Status.SUCCESS, proof=Rung.RETRIEVABLE,
        vantage=Vantage.LOOPBACK, detail="", not_asked=(), exposure=exposure, findings=findings_of_open_orthanc(),
        products=(Product(name="Orthanc", version="1.12.10", basis="/system on port 8042"),),
        surfaces=(orthanc_dimse(exposure), worklist, rest,
                  *nothing_listens(104, 11112, 2761, 2762, 5678, 80, 443, 8080, 8443)),
        cost=Ledger(records_received=3324, connections=19, busy_s=2.97, bytes_received=1_350_022),
    )  # fmt: skip


def rejecting_dcmqrscp() -> TargetResult:
    """DCMTK's dcmqrscp, asked under a title that it does not know."""
    rejection = Rejection(result=1, source=1, reason=7, words="called AE title not recognised (permanent)")
    surface = Surface(
        kind=SurfaceKind.DIMSE, port=104, tls=False, status=Status.REJECTED, step=Step.ASSOCIATE, proof=Rung.SPEAKS,
        retrieval=Retrieval.NOT_ASKED, detail="called AE title not recognised", connections=1, busy_s=0.004,
        facts=SurfaceFacts(dimse=DimseFacts(attempts=(
            Attempt(called_ae_title="ANY-SCP", status=Status.REJECTED, rejection=rejection),))),
    )  # fmt: skip
    return TargetResult(
        target="pacs.practice.example:104", address="192.168.20.7", status=Status.SUCCESS, proof=Rung.SPEAKS,
        vantage=Vantage.PRIVATE, detail="", not_asked=(), exposure=None, findings=findings_of_rejecting(),
        products=(), surfaces=(surface,), cost=Ledger(connections=1, busy_s=0.004, bytes_received=10),
    )  # fmt: skip


def not_reached() -> TargetResult:
    """Nothing answered in time."""
    return TargetResult(
        target="10.20.30.40:11112", address="10.20.30.40", status=Status.CONNECTION_TIMEOUT, proof=Rung.SILENT,
        vantage=Vantage.PRIVATE, detail="no connection within 5 seconds", not_asked=(), exposure=None, findings=(),
        products=(), surfaces=nothing_listens(11112, status=Status.CONNECTION_TIMEOUT), cost=Ledger(connections=1),
    )  # fmt: skip


def nothing_found() -> TargetResult:
    """Lets a stranger in, answers the question, and shows nothing; images may not be asked about."""
    certificate = Certificate(
        subject="CN=pacs.example", issuer="CN=pacs.example", names=("pacs.example",), self_signed=True,
        not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2025, 1, 1, tzinfo=UTC), key="RSA 2048",
    )  # fmt: skip
    surface = Surface(
        kind=SurfaceKind.DIMSE, port=2762, tls=True, status=Status.SUCCESS, proof=Rung.ADMITS,
        retrieval=Retrieval.NOT_ASKED, connections=9, busy_s=0.3,
        facts=SurfaceFacts(no_record=NoRecord.NOTHING_FOUND, tls=TlsFacts(
            version="TLSv1.3", cipher_suite="TLS_AES_256_GCM_SHA384", certificate=certificate,
            client_certificate="not-asked", lowest_version="TLSv1", lowest_tried="TLSv1", weak_suites=("AES128-SHA",),
        )),
    )  # fmt: skip
    return TargetResult(
        target="dicoms://203.0.113.9", address="203.0.113.9", status=Status.SUCCESS, proof=Rung.ADMITS,
        vantage=Vantage.PUBLIC, detail="", exposure=None, findings=findings_of_nothing_found(), products=(),
        not_asked=("whether images are handed over (the scope does not permit request-images)",),
        surfaces=(surface, *nothing_listens(104, 11112)), cost=Ledger(connections=11, busy_s=0.3, bytes_received=8_400),
    )  # fmt: skip


def budget_ended() -> TargetResult:
    """A large archive whose count ended at the budget; images were refused; patients are an estimate."""
    exposure = Exposure(
        patients=Count(count=31_000, kind=CountKind.ESTIMATE, low=28_500, high=34_200, confidence=0.95),
        studies=Count.at_least(50_000), images=None, years=(1998, 2026), modalities={"CT": 30_000, "MR": 20_000},
        limits=("stopped after 50,000 records (--max-records)",),
    )  # fmt: skip
    surface = Surface(
        kind=SurfaceKind.DIMSE, port=11112, tls=False, status=Status.BUDGET_SPENT, step=Step.QUERY,
        proof=Rung.READABLE, retrieval=Retrieval.REFUSED, exposure=exposure, records_received=50_185, connections=4,
        busy_s=131.2, facts=SurfaceFacts(dimse=DimseFacts(cap=Cap(records=50_000, sign="a round number"))),
    )  # fmt: skip
    return TargetResult(
        target="dicom://ARCHIVE@10.0.0.5:11112", address="10.0.0.5", status=Status.BUDGET_SPENT, proof=Rung.READABLE,
        vantage=Vantage.PRIVATE, detail="", not_asked=(), exposure=exposure, findings=findings_of_open_orthanc()[1:2],
        products=(Product(name="dcm4chee-arc", version=None, basis="implementation class UID"),),
        surfaces=(surface,),
        cost=Ledger(records_received=50_185, connections=4, busy_s=131.2, bytes_received=9_800_000),
    )  # fmt: skip


def sampled() -> TargetResult:
    """A large archive that was measured by a sample."""
    exposure = Exposure(
        patients=Count(count=431_204, kind=CountKind.ESTIMATE, low=414_003, high=449_120, confidence=0.95),
        studies=Count(count=1_250_377, kind=CountKind.ESTIMATE, low=1_204_004, high=1_298_536, confidence=0.95),
        images=Count(count=38_401_220, kind=CountKind.ESTIMATE, low=34_899_118, high=42_254_767, confidence=0.95),
        retrievable_images=Count(
            count=32_001_017, kind=CountKind.ESTIMATE, low=18_004_118, high=42_301_901, confidence=0.95
        ),
        years=(2004, 2026), modalities={"CT": 402_118, "CR": 380_004, "MR": 170_233},
        limits=("the sample reached ±9.6% for images, where ±5.0% was wanted",),
    )  # fmt: skip
    surface = Surface(
        kind=SurfaceKind.DIMSE, port=11112, tls=False, status=Status.SUCCESS, proof=Rung.RETRIEVABLE,
        retrieval=Retrieval.PROVED, exposure=exposure, records_received=12_618, connections=5, busy_s=8.1,
        bytes_received=3_012_877, facts=SurfaceFacts(),
    )  # fmt: skip
    return TargetResult(
        target="10.0.0.6", address="10.0.0.6", status=Status.SUCCESS, proof=Rung.RETRIEVABLE, vantage=Vantage.PRIVATE,
        detail="", not_asked=(), exposure=exposure, findings=(), products=(), surfaces=(surface,),
        cost=Ledger(records_received=12_618, connections=5, busy_s=8.1, bytes_received=3_012_877),
        five_hundred=FiveHundred(answer=Threshold.AT_OR_ABOVE, confidence=0.95),
    )  # fmt: skip


SAMPLES = {
    "open-orthanc": assessment(open_orthanc()),
    "rejecting-dcmqrscp": assessment(rejecting_dcmqrscp()),
    "not-reached": assessment(not_reached()),
    "nothing-found": assessment(nothing_found()),
    "budget-ended": assessment(budget_ended()),
    "sampled": assessment(sampled()),
    "several": assessment(open_orthanc(), rejecting_dcmqrscp(), not_reached(), nothing_found(), budget_ended()),
}
