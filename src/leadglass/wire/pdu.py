"""The seven PDUs of the DICOM upper layer (PS3.8 9.3) as records."""

import msgspec

from leadglass.wire.uids import APPLICATION_CONTEXT
from leadglass.wire.user_information import UserInformation

ASSOCIATE_RQ, ASSOCIATE_AC, ASSOCIATE_RJ, P_DATA_TF, RELEASE_RQ, RELEASE_RP, ABORT = range(1, 8)


class ProposedContext(msgspec.Struct, frozen=True, kw_only=True):
    """One presentation context of a request (PS3.8 9.3.2.2): an odd `id` from 1 to 255."""

    id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


class ContextResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one context (PS3.8 Table 9-18): `result` 0 is acceptance; the syntax counts only then."""

    id: int
    result: int
    transfer_syntax: str = ""


class AssociateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A-ASSOCIATE-RQ (PS3.8 9.3.2)."""

    called_ae_title: str
    calling_ae_title: str
    contexts: tuple[ProposedContext, ...]
    user_information: UserInformation
    application_context: str = APPLICATION_CONTEXT
    protocol_version: int = 1


class AssociateAccept(msgspec.Struct, frozen=True, kw_only=True):
    """A-ASSOCIATE-AC (PS3.8 9.3.3). The titles are an echo of the request's and not to be tested."""

    called_ae_title: str
    calling_ae_title: str
    contexts: tuple[ContextResult, ...]
    user_information: UserInformation
    application_context: str = APPLICATION_CONTEXT
    protocol_version: int = 1


class AssociateReject(msgspec.Struct, frozen=True, kw_only=True):
    """A-ASSOCIATE-RJ (PS3.8 9.3.4, Table 9-21)."""

    result: int
    source: int
    reason: int


class ReleaseRequest(msgspec.Struct, frozen=True):
    """A-RELEASE-RQ (PS3.8 9.3.6)."""


class ReleaseReply(msgspec.Struct, frozen=True):
    """A-RELEASE-RP (PS3.8 9.3.7)."""


class Abort(msgspec.Struct, frozen=True, kw_only=True):
    """A-ABORT (PS3.8 9.3.8): `source` 0 is the service user, 2 the provider, whose `reason` then counts."""

    source: int = 0
    reason: int = 0


class DataValue(msgspec.Struct, frozen=True, kw_only=True):
    """One presentation data value (PS3.8 9.3.5.1, E.2)."""

    context_id: int
    is_command: bool
    is_last: bool
    data: bytes

    def __repr__(self) -> str:
        """Without values."""
        return f"DataValue(context {self.context_id}, {len(self.data)} bytes)"


class DataTransfer(msgspec.Struct, frozen=True, kw_only=True):
    """P-DATA-TF (PS3.8 9.3.5): one data value or more."""

    values: tuple[DataValue, ...]


Pdu = AssociateRequest | AssociateAccept | AssociateReject | DataTransfer | ReleaseRequest | ReleaseReply | Abort
