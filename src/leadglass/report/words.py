"""Every member of every enumeration has one short label and one plain meaning, the same in each output."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from leadglass.model.kinds import DataKind, DocumentKind, Presence
from leadglass.model.words import (
    CountKind,
    Depth,
    NoRecord,
    Outcome,
    Permission,
    Retrieval,
    Rung,
    Severity,
    Status,
    Step,
    SurfaceKind,
    Threshold,
    Vantage,
)


class Word(NamedTuple):
    """`label` fits into a sentence or a list; `meaning` explains the member to someone who never saw it."""

    label: str
    meaning: str


Words = Mapping[StrEnum, Word]


class Glossary(NamedTuple):
    """One enumeration: what its members say, and a word for each."""

    title: str
    about: str
    words: Words


RUNGS: Words = {
    Rung.SILENT: Word("no answer", "Nothing listens, or nothing answered in time."),
    Rung.OTHER: Word("answers", "Something listens that is neither DICOM nor a medical-imaging web service."),
    Rung.SPEAKS: Word("speaks DICOM", "It speaks DICOM or DICOMweb, and turned the stranger away."),
    Rung.ADMITS: Word("lets in", "It opened an association or a session for a stranger, and then gave no record."),
    Rung.READABLE: Word("shows records", "It gave a stranger at least one patient's record."),
    Rung.RETRIEVABLE: Word("gives images", "It was ready to hand a stranger the images. None was fetched."),
}

STATUSES: Words = {
    Status.SUCCESS: Word("answered", "The questions were asked and answered."),
    Status.UNREADABLE_TARGET: Word("the target could not be read", "What was typed is not a target; nothing was sent."),
    Status.NAME_NOT_RESOLVED: Word("the name was not found", "The host name leads to no address."),
    Status.OUT_OF_SCOPE: Word("outside the scope", "The scope does not allow this address; nothing was sent."),
    Status.UNREACHABLE: Word("no way to this address", "The network said that there is no way to this address."),
    Status.CONNECTION_REFUSED: Word("nothing listens", "The machine answered that nothing listens on this port."),
    Status.CONNECTION_TIMEOUT: Word(
        "no answer in time", "No connection came about in time: nothing is there, or a firewall drops the call."
    ),
    Status.CONNECTION_RESET: Word("the connection was cut", "The server reset the connection in the middle."),
    Status.CONNECTION_CLOSED: Word("the server hung up", "The server closed the connection before it had answered."),
    Status.IO_TIMEOUT: Word("the server stopped answering", "The connection stood, but no whole answer came in time."),
    Status.TLS_ERROR: Word("no encrypted connection came about", "The TLS handshake failed."),
    Status.PROTOCOL_ERROR: Word("the answer made no sense", "The server sent something that the protocol forbids."),
    Status.NOT_ANSWERED: Word(
        "the question was not answered", "The server answered with an error of its own, or led elsewhere."
    ),
    Status.REJECTED: Word("the server turned the caller away", "The server answered with a formal rejection."),
    Status.ABORTED: Word("the server broke off", "The server aborted the association."),
    Status.BUDGET_SPENT: Word(
        "stopped at the budget", "Leadglass stopped so as not to lean on the server; raise the budget to go on."
    ),
    Status.INTERNAL_ERROR: Word("Leadglass failed", "A fault in Leadglass itself; please report it."),
    Status.INTERRUPTED: Word("interrupted", "The run was ended before this was done."),
}

STEPS: Words = {
    Step.SCOPE: Word("during the check of the scope", "Checking the scope, before anything is sent."),
    Step.RESOLVE: Word("during the look-up of the name", "Looking up the host name."),
    Step.CONNECT: Word("during the connection", "Opening a TCP connection."),
    Step.TLS: Word("during the TLS handshake", "Setting up encryption."),
    Step.ASSOCIATE: Word("during the DICOM greeting", "Asking for a DICOM association (A-ASSOCIATE)."),
    Step.ECHO: Word("during the DICOM ping", "A C-ECHO, the ping of DICOM."),
    Step.QUERY: Word("during the question for records", "A C-FIND, or a search over the web."),
    Step.RETRIEVE: Word("during the question about images", "The empty-handed C-GET, which moves no image."),
    Step.RELEASE: Word("during the goodbye", "Releasing the association (A-RELEASE)."),
    Step.REQUEST: Word("during a web request", "An HTTP request."),
}

SURFACE_KINDS: Words = {
    SurfaceKind.DIMSE: Word("DICOM", "The DICOM service that scanners and viewers talk to (DIMSE, PS3.7)."),
    SurfaceKind.WORKLIST: Word("DICOM worklist", "The schedule of planned examinations (Modality Worklist)."),
    SurfaceKind.DICOMWEB: Word("DICOMweb", "Search and retrieval over the web (QIDO-RS, WADO-RS, PS3.18)."),
    SurfaceKind.WADO_URI: Word("WADO-URI", "Single images by web address (PS3.18)."),
    SurfaceKind.UPS_RS: Word("UPS-RS", "Work items over the web (PS3.18)."),
    SurfaceKind.ORTHANC_REST: Word("Orthanc's own interface", "The REST API of Orthanc."),
    SurfaceKind.ORTHANC_WEBDAV: Word("Orthanc's file share", "The WebDAV folders of Orthanc."),
    SurfaceKind.DCM4CHEE_REST: Word("dcm4chee's own interface", "The REST API of dcm4chee-arc."),
    SurfaceKind.DICOOGLE_REST: Word("Dicoogle's own interface", "The REST API of Dicoogle."),
    SurfaceKind.VIEWER: Word("viewer page", "A page for looking at images in a browser."),
    SurfaceKind.WEB: Word("web server", "A web server without a medical-imaging service that was recognised."),
    SurfaceKind.UNKNOWN: Word("unknown service", "Something that could not be told."),
}

RETRIEVALS: Words = {
    Retrieval.PROVED: Word("images too", "The server was ready to hand over images. None was fetched."),
    Retrieval.REFUSED: Word("images refused", "The server refused to hand over images."),
    Retrieval.UNDETERMINED: Word("images: not known", "The server's answer does not show whether it gives images."),
    Retrieval.NOT_ASKED: Word("images: not asked", "Images were not asked about."),
}

NO_RECORDS: Words = {
    NoRecord.REFUSED: Word("the server refused the question", "The question for records was refused."),
    NoRecord.NOTHING_FOUND: Word(
        "the server found nothing to show, so it may be empty, or open to a different question",
        "The question was answered with success, but without a match. Whether records can be read stays unknown.",
    ),
    NoRecord.NOT_ASKED: Word(
        "records were not asked for, because the scope does not permit it", "The scope does not permit reading."
    ),
    NoRecord.UNDECIDED: Word(
        "the server's answer does not show whether it would give one", "The answers do not settle the question."
    ),
}

COUNT_KINDS: Words = {
    CountKind.EXACT: Word("exactly", "Counted to the end."),
    CountKind.ESTIMATE: Word("about", "Worked out from a sample; the truth lies between the low and the high figure."),
    CountKind.AT_LEAST: Word("at least", "Counted until a cap, a budget or a failure ended it; there may be more."),
}

THRESHOLDS: Words = {
    Threshold.AT_OR_ABOVE: Word("at or above it", "At least 500 patient identifiers are shown."),
    Threshold.BELOW: Word("below it", "Fewer than 500 patient identifiers are shown."),
    Threshold.UNDECIDED: Word("undecided", "The figure of patient identifiers does not settle it."),
}

PERMISSIONS: Words = {
    Permission.CONNECT: Word(
        "connect", "Associations, C-ECHO, negotiation, TLS, pages and counters. No patient's record."
    ),
    Permission.READ_RECORD: Word("read records", "Queries that return a record or a key of one, and counting by them."),
    Permission.REQUEST_IMAGES: Word(
        "ask about images", "The empty-handed C-GET, and an instance's metadata or size. No image is moved."
    ),
    Permission.SAMPLE_KINDS: Word("sample kinds of data", "Which kinds of personal data are there, never the values."),
}

DATA_KINDS: Words = {
    DataKind.NAME: Word("patient's name", "A name that is not a placeholder, such as `ANONYMOUS`."),
    DataKind.BIRTH_DATE: Word("date of birth", "A day; 1 January 1900, which stands for none, does not count."),
    DataKind.PATIENT_ID: Word("patient ID", "An identifier of the patient, of whatever shape."),
    DataKind.NATIONAL_NUMBER: Word(
        "ID like a national number", "A patient ID that has the shape of a national number (docs/kinds.md)."
    ),
    DataKind.ADDRESS: Word("patient's address", "The patient's postal address."),
    DataKind.TELEPHONE: Word("telephone number", "The patient's telephone number, of five digits at least."),
    DataKind.REFERRING_PHYSICIAN: Word("referring physician", "Who sent the patient, or asked for the procedure."),
    DataKind.PERFORMING_PHYSICIAN: Word("performing physician", "Who did the procedure, or read its images."),
    DataKind.PROCEDURE: Word("procedure", "What was asked for, or done."),
    DataKind.REASON: Word("reason", "Why it was asked for."),
    DataKind.DIAGNOSIS: Word("diagnosis", "A diagnosis on admission, in words."),
    DataKind.INSTITUTION: Word("institution", "The name of the hospital or practice."),
}

DOCUMENT_KINDS: Words = {
    DocumentKind.ENCAPSULATED_PDF: Word("PDF", "A PDF wrapped in DICOM: a report, a letter, a referral."),
    DocumentKind.STRUCTURED_REPORT: Word("structured report", "Findings or measurements as text."),
    DocumentKind.SECONDARY_CAPTURE: Word("secondary capture", "A scan or a screenshot: often a form or a cover sheet."),
}

PRESENCES: Words = {
    Presence.PRESENT: Word("present", "At least one of the records that were looked at has it."),
    Presence.NOT_SEEN: Word("not seen", "None of the records that were looked at has it. Others may."),
    Presence.NOT_TOLD: Word("not told", "The server does not say of what its studies are made."),
}

DEPTHS: Words = {
    Depth.TOUCH: Word("does it speak", "Whether something listens, and whether it speaks DICOM. No question is asked."),
    Depth.ASK: Word("how far does a stranger get", "The questions of an assessment, as far as they are permitted."),
    Depth.MEASURE: Word(
        "how much is exposed", "The same questions, and then patients, studies and images are counted."
    ),
}

VANTAGES: Words = {
    Vantage.LOOPBACK: Word(
        "from this machine (loopback)", "Leadglass ran on the server itself. Who else reaches it was not tested."
    ),
    Vantage.PRIVATE: Word(
        "from a private network",
        "This holds for whoever is inside that network. Open inside is not open to the internet, which was not tested.",
    ),
    Vantage.PUBLIC: Word("from the internet", "The server was reached at a public address, from where Leadglass ran."),
}

OUTCOMES: Words = {
    Outcome.VULNERABLE: Word("to be closed", "The weakness is there."),
    Outcome.OK: Word("in order", "The weakness was looked for and is not there."),
    Outcome.NOT_APPLICABLE: Word("does not apply", "The target has nothing that this check is about."),
    Outcome.UNKNOWN: Word("undecided", "It could not be decided. This is not a clean bill; the reason is given."),
}

SEVERITIES: Words = {
    Severity.CRITICAL: Word("critical", "Patients' data is open now. Close it today."),
    Severity.HIGH: Word("high", "One step away from patients' data or from control of the server. Close it this week."),
    Severity.MEDIUM: Word("medium", "Helps an attacker, or exposes data to someone on the network."),
    Severity.LOW: Word("low", "A weakness in depth."),
    Severity.INFO: Word("note", "Worth knowing; nothing to close."),
}


GLOSSARIES: Mapping[type[StrEnum], Glossary] = {
    Rung: Glossary("Rungs", "How far a stranger got, as an answer proved (`proof`), lowest first.", RUNGS),
    Status: Glossary("Statuses", "How the questions to a surface or a target ended (`status`).", STATUSES),
    Step: Glossary("Steps", "The step that a status belongs to (`step`).", STEPS),
    SurfaceKind: Glossary("Surfaces", "The ways in at a target (`kind`).", SURFACE_KINDS),
    Retrieval: Glossary("Retrieval", "What is known about being handed images (`retrieval`).", RETRIEVALS),
    NoRecord: Glossary("No record", "Why a surface that admits gave no record (`no_record`).", NO_RECORDS),
    CountKind: Glossary("Counts", "What a figure is worth (`kind` of a count).", COUNT_KINDS),
    Threshold: Glossary(
        "500 individuals",
        "Whether 500 or more patient identifiers are shown, which are not people (`five_hundred`; 45 CFR 164.408).",
        THRESHOLDS,
    ),
    Permission: Glossary("Permissions", "What a scope allows (`permits`), the least first.", PERMISSIONS),
    DataKind: Glossary("Kinds of data", "What the records hold (`kind` of a share).", DATA_KINDS),
    DocumentKind: Glossary("Documents", "Objects that are pages of writing (keys of `documents`).", DOCUMENT_KINDS),
    Presence: Glossary("Presence", "Whether such documents were seen (values of `documents`).", PRESENCES),
    Depth: Glossary("Depths", "How far a survey goes at each target (`depth`), the least first.", DEPTHS),
    Vantage: Glossary("Vantages", "Where a verdict was seen from (`vantage`), and no further.", VANTAGES),
    Outcome: Glossary("Outcomes", "What one check found on one target (`outcome`).", OUTCOMES),
    Severity: Glossary("Severities", "How bad a vulnerable outcome is (`severity`), worst first.", SEVERITIES),
}


def label(member: StrEnum) -> str:
    """The short words for any member."""
    return GLOSSARIES[type(member)].words[member].label


def meaning(member: StrEnum) -> str:
    """What any member means, as a sentence."""
    return GLOSSARIES[type(member)].words[member].meaning
