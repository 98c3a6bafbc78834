"""PDUs to bytes and back (PS3.8 9.3); every length is checked against what holds it."""

import struct
from functools import lru_cache

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.limits import MAX_PRESENTATION_CONTEXTS
from leadglass.wire.pdu import (
    ABORT,
    ASSOCIATE_AC,
    ASSOCIATE_RJ,
    ASSOCIATE_RQ,
    P_DATA_TF,
    RELEASE_RP,
    RELEASE_RQ,
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    ContextResult,
    DataTransfer,
    DataValue,
    Pdu,
    ProposedContext,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.uids import IMPLICIT_VR_LITTLE_ENDIAN
from leadglass.wire.units import Items, echo_ae_title, item, pack_ae_title, pack_uid, read_ae_title, read_uid
from leadglass.wire.user_information import IDENTITY, UserInformation, decode_user_information, encode_user_information

PDU_HEADER = struct.Struct(">BxI")
PDV_HEADER = struct.Struct(">IBB")
_FIXED = struct.Struct(">H2x16s16s32x")  # protocol version, called, calling, reserved
_APPLICATION_CONTEXT, _PROPOSED, _RESULT, _ABSTRACT, _TRANSFER, _USER_INFORMATION = 0x10, 0x20, 0x21, 0x30, 0x40, 0x50
_ALIKE = 16  # we say the same few things to thousands of servers, and those of one make answer alike
_COMMAND, _LAST = 1, 2  # PS3.8 E.2: bits of the message control header


def encode_pdu(pdu: Pdu) -> bytes:
    """`pdu` as bytes, header included. Raises LocalError for what cannot be encoded."""
    try:
        return _encode(pdu)
    except (struct.error, ValueError):  # a number or a text that its field cannot hold
        raise LocalError(f"a value of {type(pdu).__name__} that does not fit its field") from None


def _encode(pdu: Pdu) -> bytes:  # noqa: PLR0911 - one return a PDU type
    match pdu:
        case AssociateRequest():
            return _encode_request(pdu)
        case AssociateAccept():
            return _encode_accept(pdu)
        case AssociateReject():
            return _pdu(ASSOCIATE_RJ, bytes((0, pdu.result, pdu.source, pdu.reason)))
        case DataTransfer():
            return _pdu(P_DATA_TF, b"".join(encode_value(value) for value in pdu.values))
        case ReleaseRequest():
            return _RELEASE_RQ
        case ReleaseReply():
            return _RELEASE_RP
        case Abort():
            return _pdu(ABORT, bytes((0, 0, pdu.source, pdu.reason)))


def decode_pdu(kind: int, body: bytes) -> Pdu:  # noqa: PLR0911 - one return a PDU type
    """The PDU of type `kind` with `body` after its header. Raises PeerError."""
    if kind == ASSOCIATE_RQ:
        return _decode_request(body)
    if kind == ASSOCIATE_AC:
        return _decode_accept(body)
    if kind == P_DATA_TF:
        return DataTransfer(values=tuple(decode_values(body)))
    if kind not in (ASSOCIATE_RJ, RELEASE_RQ, RELEASE_RP, ABORT):
        raise PeerError(f"a PDU of unknown type {kind:02X}H")
    if len(body) != 4:
        raise PeerError(f"a PDU of type {kind:02X}H that is not 4 bytes long")
    if kind == ASSOCIATE_RJ:
        return AssociateReject(result=body[1], source=body[2], reason=body[3])
    if kind == RELEASE_RQ:
        return ReleaseRequest()
    if kind == RELEASE_RP:
        return ReleaseReply()
    return Abort(source=body[2], reason=body[3])


def encode_value(value: DataValue) -> bytes:
    """One presentation data value with its length and control header (PS3.8 9.3.5.1)."""
    control = (_COMMAND if value.is_command else 0) | (_LAST if value.is_last else 0)
    return PDV_HEADER.pack(len(value.data) + 2, value.context_id, control) + value.data


def decode_values(body: bytes) -> list[DataValue]:
    """The data values of a P-DATA-TF. Raises PeerError where there is none or a length lies."""
    values, at, end = [], 0, len(body)
    while at < end:
        if end - at < PDV_HEADER.size:
            raise PeerError("P-DATA-TF: a data value cut inside its header")
        length, context_id, control = PDV_HEADER.unpack_from(body, at)
        stop = at + 4 + length
        if length < 2 or stop > end:
            raise PeerError("P-DATA-TF: a data value whose length lies")
        values.append(
            DataValue(
                context_id=context_id,
                is_command=bool(control & _COMMAND),
                is_last=bool(control & _LAST),
                data=body[at + PDV_HEADER.size : stop],
            )
        )
        at = stop
    if not values:
        raise PeerError("P-DATA-TF: without a data value")
    return values


def _pdu(kind: int, body: bytes) -> bytes:
    return PDU_HEADER.pack(kind, len(body)) + body


_RELEASE_RQ, _RELEASE_RP = _pdu(RELEASE_RQ, bytes(4)), _pdu(RELEASE_RP, bytes(4))


@lru_cache(maxsize=_ALIKE)
def _encode_request(pdu: AssociateRequest) -> bytes:
    return _pdu(ASSOCIATE_RQ, _associate(pdu, [_encode_proposed(c) for c in pdu.contexts]))


@lru_cache(maxsize=_ALIKE)
def _encode_accept(pdu: AssociateAccept) -> bytes:
    return _pdu(ASSOCIATE_AC, _associate(pdu, [_encode_result(c) for c in pdu.contexts]))


def _associate(pdu: AssociateRequest | AssociateAccept, contexts: list[bytes]) -> bytes:
    # An acceptance echoes whatever titles the request had; they are not to be tested (PS3.8 9.3.3).
    pack = pack_ae_title if isinstance(pdu, AssociateRequest) else echo_ae_title
    head = _FIXED.pack(pdu.protocol_version, pack(pdu.called_ae_title), pack(pdu.calling_ae_title))
    application = item(_APPLICATION_CONTEXT, pack_uid(pdu.application_context))
    return head + application + b"".join(contexts) + encode_user_information(pdu.user_information)


def _encode_proposed(context: ProposedContext) -> bytes:
    _check_id(context.id)
    syntaxes = b"".join(item(_TRANSFER, pack_uid(uid)) for uid in context.transfer_syntaxes)
    return item(_PROPOSED, bytes((context.id, 0, 0, 0)) + item(_ABSTRACT, pack_uid(context.abstract_syntax)) + syntaxes)


def _encode_result(context: ContextResult) -> bytes:
    _check_id(context.id)
    # A refused context carries a syntax all the same, whose value does not count (PS3.8 9.3.3.2.1).
    stand_in = "" if context.result == 0 else IMPLICIT_VR_LITTLE_ENDIAN
    syntax = item(_TRANSFER, pack_uid(context.transfer_syntax or stand_in))
    return item(_RESULT, bytes((context.id, 0, context.result, 0)) + syntax)


def _check_id(number: int) -> None:
    if number % 2 == 0 or not 0 < number < 256:
        raise LocalError("a presentation context has an odd id from 1 to 255")


def _open(
    body: bytes, where: str, context_kind: int, *, lenient: bool
) -> tuple[int, str, str, str, list[bytes], UserInformation]:
    """What a request and an acceptance have in common, with the bodies of their context items.

    Where `lenient`, what nobody needs may be missing, twice there or wrong.
    """
    if len(body) < _FIXED.size:
        raise PeerError(f"{where}: cut inside its fixed part")
    version, called, calling = _FIXED.unpack_from(body)
    contexts: list[bytes] = []
    application: str | None = None
    information: UserInformation | None = None
    for kind, value in Items(body[_FIXED.size :], where, lenient=lenient):
        if kind == _APPLICATION_CONTEXT and application is None:
            application = value.decode("ascii", "replace") if lenient else read_uid(value)
        elif kind == context_kind:
            contexts.append(value)
        elif kind == _USER_INFORMATION and information is None:
            information = decode_user_information(value, lenient=lenient)
        elif kind in (_APPLICATION_CONTEXT, _USER_INFORMATION) and not lenient:
            raise PeerError(f"{where}: an item given twice")
    if lenient:
        application = application or ""
        information = information or UserInformation(max_pdu_length=0, implementation_class_uid=None)
    if application is None or information is None:
        raise PeerError(f"{where}: without its application context or user information")
    if len(contexts) > MAX_PRESENTATION_CONTEXTS:
        raise PeerError(f"{where}: more than {MAX_PRESENTATION_CONTEXTS} presentation contexts")
    return version, read_ae_title(called), read_ae_title(calling), application, contexts, information


def _decode_request(body: bytes) -> AssociateRequest:
    """What may hold a password or a ticket is not kept for the next caller who says the same."""
    return (_read_request if IDENTITY in body else _read_request_once)(body)


def _read_request(body: bytes) -> AssociateRequest:
    version, called, calling, application, raw, information = _open(body, "A-ASSOCIATE-RQ", _PROPOSED, lenient=False)
    if len({value[:1] for value in raw}) != len(raw):
        raise PeerError("A-ASSOCIATE-RQ: two presentation contexts of one id")
    return AssociateRequest(
        protocol_version=version,
        called_ae_title=called,
        calling_ae_title=calling,
        application_context=application,
        contexts=tuple(_decode_proposed(value) for value in raw),
        user_information=information,
    )


_read_request_once = lru_cache(maxsize=_ALIKE)(_read_request)


@lru_cache(maxsize=_ALIKE)
def _decode_accept(body: bytes) -> AssociateAccept:
    """Leniently: a server that opens the door is not closed for spelling its name wrongly."""
    version, called, calling, application, raw, information = _open(body, "A-ASSOCIATE-AC", _RESULT, lenient=True)
    return AssociateAccept(
        protocol_version=version,
        called_ae_title=called,
        calling_ae_title=calling,
        application_context=application,
        contexts=tuple(_decode_result(value) for value in raw),
        user_information=information,
    )


def _decode_proposed(value: bytes) -> ProposedContext:
    where = "a proposed presentation context"
    if len(value) < 4 or value[0] % 2 == 0:
        raise PeerError(f"{where}: without an odd id")
    subitems = list(Items(value[4:], where))
    abstract = [read_uid(body) for kind, body in subitems if kind == _ABSTRACT]
    if len(abstract) != 1:
        raise PeerError(f"{where}: not exactly one abstract syntax")
    transfer = tuple(read_uid(body) for kind, body in subitems if kind == _TRANSFER)
    return ProposedContext(id=value[0], abstract_syntax=abstract[0], transfer_syntaxes=transfer)


def _decode_result(value: bytes) -> ContextResult:
    where = "an answered presentation context"
    if len(value) < 4 or value[0] % 2 == 0:
        raise PeerError(f"{where}: without an odd id")
    if value[2] != 0:  # a refused context may carry any syntax or none: it is not significant (PS3.8 9.3.3.2)
        return ContextResult(id=value[0], result=value[2])
    syntaxes = [read_uid(body) for kind, body in Items(value[4:], where) if kind == _TRANSFER]
    if not syntaxes:
        raise PeerError(f"{where}: accepted without a transfer syntax")
    return ContextResult(id=value[0], result=0, transfer_syntax=syntaxes[0])
