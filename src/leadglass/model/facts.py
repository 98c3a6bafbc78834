"""What the probes observed on a surface: protocol facts only, never a patient's data.

Every string that a peer chose has passed `leadglass.model.text.clean` before it gets here.
"""

from datetime import datetime

from leadglass.model.record import Facts
from leadglass.model.words import NoRecord, Retrieval, Status


class Rejection(Facts):
    """An A-ASSOCIATE-RJ (PS3.8 9.3.4) as numbers and in words."""

    result: int
    source: int
    reason: int
    words: str


class Attempt(Facts):
    """One association that was asked for: under which called AE title, and how that ended."""

    called_ae_title: str
    status: Status
    detail: str = ""
    rejection: Rejection | None = None


class Context(Facts):
    """The answer to one presentation context (PS3.8 Table 9-18)."""

    sop_class_uid: str
    name: str
    accepted: bool
    result: int
    transfer_syntax_uid: str | None = None


class Query(Facts):
    """A C-FIND: what was asked, in the names of keys and never in values, how it ended, and how many `times`.

    `dimse_status` is the final status (PS3.4 C.4.1.1.4) as four hexadecimal digits, None where none came.
    """

    model: str
    level: str
    keys: str
    status: Status
    records: int
    dimse_status: str | None = None
    detail: str = ""
    times: int = 1


class RetrievalProof(Facts):
    """The empty-handed C-GET and its control: their final statuses and the sub-operations that they showed."""

    level: str
    dimse_status: str | None
    shown: int | None
    control_dimse_status: str | None
    control_shown: int | None
    detail: str = ""


class RetrievalSample(Facts):
    """The empty-handed C-GETs for a few of the studies that were counted, at `level`.

    `draws` studies were drawn, one perhaps twice, of which `asked` different ones were asked for. An image of `handed`
    was about to be sent, of `withheld` none was, and `unanswered` told neither.
    """

    level: str
    draws: int
    asked: int
    handed: int
    withheld: int
    unanswered: int


class Cap(Facts):
    """A limit that the server seems to put on its answers.

    `shown` says that the server said so, or that more was found behind it; else it is a suspicion.
    """

    records: int
    sign: str
    shown: bool = False


class DimseFacts(Facts):
    """One DIMSE service: the association, the questions asked on it and the answers in kind.

    `called_ae_title` is the one under which a stranger got furthest, `attempts` are all that were tried.
    `storing` says how the association that proposed `storage_contexts` ended, None where there was none.
    """

    attempts: tuple[Attempt, ...] = ()
    called_ae_title: str | None = None
    implementation_class_uid: str | None = None
    implementation_version_name: str | None = None
    max_pdu_length: int | None = None
    contexts: tuple[Context, ...] = ()
    echo: str | None = None
    queries: tuple[Query, ...] = ()
    ignored_keys: tuple[str, ...] = ()
    retrieval_proof: RetrievalProof | None = None
    retrieval_sample: RetrievalSample | None = None
    storing: Status | None = None
    storage_contexts: tuple[Context, ...] = ()
    whole_archive: bool | None = None
    cap: Cap | None = None


class Certificate(Facts):
    """The leaf certificate that a server showed (RFC 5280)."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    self_signed: bool | None = None
    key: str = ""
    detail: str = ""


class TlsFacts(Facts):
    """What TLS a surface speaks.

    `client_certificate` is `not-asked`, `asked`, `required` or `unknown`. `lowest_version` is the lowest version
    that was agreed to; from `lowest_tried` on, each version was taken or refused. `weak_suites` are suites below
    BCP 195 (RFC 9325 4) that the server agreed to when nothing better was offered, None where that was not answered.
    `name_matches` is None where no certificate was read.
    """

    version: str | None = None
    cipher_suite: str | None = None
    certificate: Certificate | None = None
    client_certificate: str = "unknown"
    lowest_version: str | None = None
    lowest_tried: str | None = None
    weak_suites: tuple[str, ...] | None = None
    name_matches: bool | None = None
    detail: str = ""


class Endpoint(Facts):
    """One web question: the whole path with its identifiers replaced by names in braces, and how it was answered."""

    method: str
    path: str
    status_code: int | None
    means: str


class WebFacts(Facts):
    """One web service: what answered where, and by which marks it was recognised.

    `challenge` is the scheme of WWW-Authenticate; `catch_all` says that a nonsense path is answered like any other.
    `leads_to` are origins to which a path of DICOM led, and which were not followed; `unanswered` counts the other
    questions whose answers told nothing.
    """

    base: str = ""
    endpoints: tuple[Endpoint, ...] = ()
    server: str | None = None
    challenge: str | None = None
    realm: str | None = None
    login_form: bool | None = None
    catch_all: bool | None = None
    products: tuple[str, ...] = ()
    version: str | None = None
    marks: tuple[str, ...] = ()
    redirects_to: str | None = None
    leads_to: tuple[str, ...] = ()
    unanswered: int = 0
    ignored_keys: tuple[str, ...] = ()
    whole_archive: bool | None = None


class SurfaceFacts(Facts):
    """The facts of one surface, by the layer that they were observed on."""

    dimse: DimseFacts | None = None
    tls: TlsFacts | None = None
    web: WebFacts | None = None
    no_record: NoRecord | None = None
    retrieval: Retrieval = Retrieval.NOT_ASKED
    detail: str = ""
