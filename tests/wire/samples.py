"""One of everything that a peer may send: PDUs with all their items, command sets, data sets, associations."""

import itertools

import msgspec

from leadglass.wire import tags
from leadglass.wire.association import Association
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import DataSet, Element, sequence, text
from leadglass.wire.pdu import (
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
from leadglass.wire.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    STUDY_ROOT_FIND,
    VERIFICATION,
)
from leadglass.wire.upper_layer import Role
from leadglass.wire.user_information import (
    CommonExtendedNegotiation,
    ExtendedNegotiation,
    RoleSelection,
    UserIdentity,
    UserInformation,
)

FULL_INFORMATION = UserInformation(
    max_pdu_length=16_384,
    implementation_class_uid="1.2.3.4",
    implementation_version_name="VERSION_1",
    asynchronous_window=(1, 5),
    roles=(
        RoleSelection(sop_class_uid=STUDY_ROOT_FIND, scu=True, scp=False),
        RoleSelection(sop_class_uid=VERIFICATION, scu=False, scp=True),
    ),
    extended=(ExtendedNegotiation(sop_class_uid=STUDY_ROOT_FIND, information=b"\1\1"),),
    common_extended=(
        CommonExtendedNegotiation(sop_class_uid="1.2.5", service_class_uid="1.2.6"),
        CommonExtendedNegotiation(
            sop_class_uid="1.2.7", service_class_uid="1.2.8", related_sop_class_uids=("1.2.9", "1.2.10")
        ),
    ),
    user_identity=UserIdentity(kind=2, primary=b"jo", secondary=b"secret", positive_response_requested=True),
)
REPLY_INFORMATION = UserInformation(
    max_pdu_length=0, implementation_class_uid=None, asynchronous_window=(0, 0), user_identity_reply=b"ticket"
)
CONTEXTS = (
    ProposedContext(
        id=1,
        abstract_syntax=STUDY_ROOT_FIND,
        transfer_syntaxes=(EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN),
    ),
    ProposedContext(id=255, abstract_syntax=VERIFICATION, transfer_syntaxes=(IMPLICIT_VR_LITTLE_ENDIAN,)),
)
REQUEST = AssociateRequest(
    called_ae_title="ANY-SCP", calling_ae_title="LEADGLASS", contexts=CONTEXTS, user_information=FULL_INFORMATION
)
ACCEPT = AssociateAccept(
    called_ae_title="ANY-SCP",
    calling_ae_title="LEADGLASS",
    contexts=(
        ContextResult(id=1, result=0, transfer_syntax=IMPLICIT_VR_LITTLE_ENDIAN),
        ContextResult(id=255, result=3),
    ),
    user_information=REPLY_INFORMATION,
)
BARE_REQUEST = AssociateRequest(
    called_ae_title="A", calling_ae_title="B", contexts=(), user_information=UserInformation()
)
DATA = DataTransfer(
    values=(
        DataValue(context_id=1, is_command=True, is_last=False, data=b""),
        DataValue(context_id=255, is_command=False, is_last=True, data=b"\1\2\3"),
    )
)
PDUS: tuple[Pdu, ...] = (
    REQUEST,
    BARE_REQUEST,
    ACCEPT,
    AssociateReject(result=1, source=1, reason=7),
    DATA,
    ReleaseRequest(),
    ReleaseReply(),
    Abort(source=2, reason=6),
)

_FIELDS: dict[str, object] = {
    "affected_sop_class_uid": "1.2.840.10008.1.1",
    "requested_sop_class_uid": "1.2.3",
    "affected_sop_instance_uid": "1.2.3.4",
    "requested_sop_instance_uid": "1.2.3.4.5",
    "priority": 2,
    "offending_elements": (0x00100010, 0x0020000D),
    "error_comment": "odd one",
    "error_id": 7,
    "move_destination": "ELSEWHERE",
    "move_originator_ae_title": "ORIGIN",
    "move_originator_message_id": 65_535,
    "event_type_id": 1,
    "action_type_id": 3,
    "attribute_identifiers": (0x00080005,),
    "remaining": 4,
    "completed": 3,
    "failed": 2,
    "warning": 1,
}


def command(field: CommandField, **fields: object) -> Command:
    """A command that carries what its type must carry, and `fields`."""
    if field.is_response:
        fields = {"responded_message_id": 7, "status": 0xFF00, **fields}
    elif field is CommandField.C_CANCEL_RQ:
        fields = {"responded_message_id": 7, **fields}
    else:
        fields = {"message_id": 7, **fields}
    return msgspec.convert({"field": field, **fields}, Command)


PLAIN_COMMANDS = tuple(
    command(field, has_data_set=has) for field, has in itertools.product(CommandField, (False, True))
)
FULL_COMMANDS = tuple(command(field, **_FIELDS) for field in CommandField)

_ITEM: DataSet = (text(tags.MODALITY, "CT"), text(tags.SCHEDULED_PROCEDURE_STEP_START_DATE, "20260101"))
_NESTED = sequence(tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE, _ITEM, (), (sequence(0x00400008, _ITEM, ()),))
PLAIN: DataSet = (
    text(tags.QUERY_RETRIEVE_LEVEL, "STUDY "),
    text(tags.PATIENT_ID, "12345 "),
    text(tags.STUDY_INSTANCE_UID, "1.2.34"),
)
NESTED: DataSet = (*PLAIN, _NESTED)
PRIVATE: DataSet = (
    PLAIN[0],
    Element(tag=0x00091001, vr="UN", value=b"\xff\xfe\0\xe0"),
    Element(tag=0x00091002, vr="UN", value=((Element(tag=tags.PATIENT_ID, vr="LO", value=b"1 "),),)),
    *PLAIN[1:],
    Element(tag=0x7FE00010, vr="OW", value=bytes(300)),
)
DATA_SETS = ((), PLAIN, NESTED, PRIVATE)


def requestor() -> Association:
    """A requestor that has asked."""
    association = Association(Role.REQUESTOR)
    association.send(REQUEST)
    return association


def acceptor() -> Association:
    """An acceptor whose connection is open."""
    return Association(Role.ACCEPTOR)


def established(role: Role = Role.REQUESTOR, *, skip_data_sets: bool = False) -> Association:
    """An association of `role` with context 1 accepted and 255 refused."""
    one, other = Association(Role.REQUESTOR), Association(Role.ACCEPTOR)
    other.receive(one.send(REQUEST))
    asked = list(other.events())
    one.receive(other.send(ACCEPT))
    answered = list(one.events())
    assert (asked, answered) == ([REQUEST], [ACCEPT])
    chosen = one if role is Role.REQUESTOR else other
    chosen.skip_data_sets = skip_data_sets
    return chosen
