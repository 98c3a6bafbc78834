"""Other people's implementations read what we write, and write what we read: pynetdicom and pydicom as oracles."""

from io import BytesIO
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID
from pynetdicom import dimse_messages
from pynetdicom import pdu as foreign
from pynetdicom.dimse_messages import DIMSEMessage

from leadglass.wire import tags
from leadglass.wire.commands import Command, CommandField, decode_command, encode_command
from leadglass.wire.elements import DataSet, Element, decode, encode, sequence, text
from leadglass.wire.pdu import Pdu
from leadglass.wire.pdu_codec import PDU_HEADER, decode_pdu, encode_pdu
from tests.wire.samples import ACCEPT, FULL_COMMANDS, NESTED, PDUS, PLAIN, PLAIN_COMMANDS, REQUEST

FOREIGN_PDUS: dict[int, Any] = {
    1: foreign.A_ASSOCIATE_RQ,
    2: foreign.A_ASSOCIATE_AC,
    3: foreign.A_ASSOCIATE_RJ,
    4: foreign.P_DATA_TF,
    5: foreign.A_RELEASE_RQ,
    6: foreign.A_RELEASE_RP,
    7: foreign.A_ABORT_RQ,
}


@pytest.mark.parametrize("pdu", PDUS[:1] + PDUS[2:], ids=lambda pdu: type(pdu).__name__)
def test_pynetdicom_reads_our_pdus_and_writes_what_we_read(pdu: Pdu) -> None:
    data = encode_pdu(pdu)
    theirs = FOREIGN_PDUS[data[0]]()
    theirs.decode(data)
    written = theirs.encode()
    kind, length = PDU_HEADER.unpack_from(written)
    assert length == len(written) - 6
    assert decode_pdu(kind, written[6:]) == pdu


def test_pynetdicom_understands_the_request_as_we_do() -> None:
    theirs: Any = foreign.A_ASSOCIATE_RQ()
    theirs.decode(encode_pdu(REQUEST))
    info = theirs.user_information
    ours = REQUEST.user_information
    assert (str(theirs.called_ae_title).strip(), str(theirs.calling_ae_title).strip()) == ("ANY-SCP", "LEADGLASS")
    assert theirs.application_context_name == REQUEST.application_context
    assert [
        (context.context_id, context.abstract_syntax, tuple(context.transfer_syntax))
        for context in theirs.presentation_context
    ] == [(context.id, context.abstract_syntax, context.transfer_syntaxes) for context in REQUEST.contexts]
    assert info.maximum_length == ours.max_pdu_length
    assert info.implementation_class_uid == ours.implementation_class_uid
    assert str(info.implementation_version_name) == ours.implementation_version_name
    window = info.async_ops_window
    assert (window.maximum_number_operations_invoked, window.maximum_number_operations_performed) == (1, 5)
    assert {uid: (bool(role.scu_role), bool(role.scp_role)) for uid, role in info.role_selection.items()} == {
        role.sop_class_uid: (role.scu, role.scp) for role in ours.roles
    }
    assert [(e.uid, e.app_info) for e in info.ext_neg] == [(e.sop_class_uid, e.information) for e in ours.extended]
    assert [
        (c.sop_class_uid, c.service_class_uid, tuple(c.related_general_sop_class_identification))
        for c in info.common_ext_neg
    ] == [(c.sop_class_uid, c.service_class_uid, c.related_sop_class_uids) for c in ours.common_extended]
    identity = info.user_identity
    assert (identity.id_type, identity.primary, identity.secondary) == (2, b"jo", b"secret")
    assert identity.response_requested


def test_pynetdicom_understands_the_acceptance_as_we_do() -> None:
    theirs: Any = foreign.A_ASSOCIATE_AC()
    theirs.decode(encode_pdu(ACCEPT))
    assert [(c.context_id, c.result) for c in theirs.presentation_context] == [(1, 0), (255, 3)]
    assert theirs.presentation_context[0].transfer_syntax == ACCEPT.contexts[0].transfer_syntax
    assert theirs.user_information.maximum_length == 0
    assert theirs.user_information.user_identity.response == b"ticket"


def foreign_message(command: Command) -> DIMSEMessage:
    """pynetdicom's class of a command."""
    name = command.field.name.removesuffix("_RQ").removesuffix("_RSP")
    kind = "RSP" if command.field.is_response else "RQ"
    made: DIMSEMessage = getattr(dimse_messages, f"{name}_{kind}")()
    return made


KEYWORDS = {
    "MessageID": "message_id",
    "MessageIDBeingRespondedTo": "responded_message_id",
    "AffectedSOPClassUID": "affected_sop_class_uid",
    "RequestedSOPClassUID": "requested_sop_class_uid",
    "AffectedSOPInstanceUID": "affected_sop_instance_uid",
    "RequestedSOPInstanceUID": "requested_sop_instance_uid",
    "Priority": "priority",
    "Status": "status",
    "ErrorComment": "error_comment",
    "ErrorID": "error_id",
    "MoveDestination": "move_destination",
    "MoveOriginatorApplicationEntityTitle": "move_originator_ae_title",
    "MoveOriginatorMessageID": "move_originator_message_id",
    "EventTypeID": "event_type_id",
    "ActionTypeID": "action_type_id",
    "NumberOfRemainingSuboperations": "remaining",
    "NumberOfCompletedSuboperations": "completed",
    "NumberOfFailedSuboperations": "failed",
    "NumberOfWarningSuboperations": "warning",
}


@pytest.mark.parametrize("command", [*PLAIN_COMMANDS[::2], *FULL_COMMANDS], ids=lambda c: c.field.name)
def test_pydicom_reads_our_command_sets_with_their_names(command: Command) -> None:
    """The elements by pydicom's dictionary; N- and C-messages alike."""
    data = encode_command(command)
    theirs: Any = read_dataset(BytesIO(data), is_implicit_VR=True, is_little_endian=True)
    assert theirs.CommandGroupLength == len(data) - 12
    assert theirs.CommandField == command.field
    assert (theirs.CommandDataSetType != 0x0101) is command.has_data_set
    for keyword, name in KEYWORDS.items():
        ours = getattr(command, name)
        value = theirs.get(keyword)
        assert value == ours, keyword
    for keyword in ("OffendingElement", "AttributeIdentifierList"):
        name = "offending_elements" if keyword == "OffendingElement" else "attribute_identifiers"
        value = theirs.get(keyword)
        ours = getattr(command, name) or ()
        assert ((value,) if isinstance(value, int) else tuple(value or ())) == ours


@pytest.mark.parametrize("field", CommandField, ids=lambda field: field.name)
def test_we_read_the_command_sets_of_pynetdicom(field: CommandField) -> None:
    """pynetdicom lists the elements of each message type; every one that it would send is understood."""
    full = next(command for command in FULL_COMMANDS if command.field is field)
    theirs: Any = foreign_message(full)
    command_set: Any = theirs.command_set
    expected: dict[str, object] = {}
    for element in list(command_set):
        name = KEYWORDS.get(element.keyword)
        if name is not None:
            ours = getattr(full, name)
            expected[name] = ours
            setattr(command_set, element.keyword, ours)
        elif element.keyword == "CommandDataSetType":
            element.value = 0x0101
        elif element.keyword == "CommandField":
            element.value = int(field)
        elif element.keyword in ("OffendingElement", "AttributeIdentifierList"):
            element.value = [0x00100010, 0x0020000D]
        elif element.keyword == "CommandGroupLength":
            element.value = 0
    read = decode_command(written(command_set, explicit=False))
    assert read.field is field
    for name, ours in expected.items():
        assert getattr(read, name) == ours, name


def written(data_set: Dataset, *, explicit: bool) -> bytes:
    """`data_set` as pydicom writes it."""
    buffer = DicomBytesIO()
    buffer.is_little_endian = True
    buffer.is_implicit_VR = not explicit
    write_dataset(buffer, data_set)
    data: bytes = buffer.getvalue()
    return data


def as_pydicom(data_set: DataSet, *, undefined: bool) -> Any:
    """The same data set built by pydicom."""
    made: Any = Dataset()
    for element in data_set:
        if isinstance(element.value, bytes):
            made.add_new(element.tag, element.vr, element.value.decode("ascii"))
            continue
        items = Sequence([as_pydicom(one, undefined=undefined) for one in element.value])
        for one in items:
            one.is_undefined_length_sequence_item = undefined
        made.add_new(element.tag, "SQ", items)
        made[element.tag].is_undefined_length = undefined
    return made


@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("data_set", [(), PLAIN, NESTED], ids=["empty", "plain", "nested"])
def test_pydicom_writes_the_same_bytes(data_set: DataSet, undefined: bool, explicit: bool) -> None:
    theirs = written(as_pydicom(data_set, undefined=undefined), explicit=explicit)
    assert theirs == encode(data_set, explicit=explicit, undefined=undefined)
    if explicit:
        assert decode(theirs, explicit=True) == data_set


@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_pydicom_reads_our_data_sets(undefined: bool, explicit: bool) -> None:
    data = encode(NESTED, explicit=explicit, undefined=undefined)
    theirs: Any = read_dataset(BytesIO(data), is_implicit_VR=not explicit, is_little_endian=True)
    assert (theirs.PatientID, theirs.StudyInstanceUID) == ("12345", UID("1.2.34"))
    steps = theirs.ScheduledProcedureStepSequence
    assert [len(one) for one in steps] == [2, 0, 1]
    assert steps[0].Modality == "CT"
    assert steps[2].ScheduledProtocolCodeSequence[0].Modality == "CT"


def test_pydicom_and_we_agree_on_unknown_with_undefined_length() -> None:
    """PS3.5 6.2.2: the items of such a UN are in Implicit VR, also inside Explicit VR."""
    private = Element(tag=0x00091002, vr="UN", value=((text(tags.PATIENT_ID, "1 "), sequence(0x00400100, ())),))
    data = encode([private, text(tags.STUDY_ID, "7 ")], explicit=True)
    assert decode(data, explicit=True) == (private, text(tags.STUDY_ID, "7 "))
    theirs: Any = read_dataset(BytesIO(data), is_implicit_VR=False, is_little_endian=True)
    assert theirs.StudyID == "7"
    assert theirs[0x00091002].value[0].PatientID == "1"


@pytest.mark.parametrize("name", [name for name in vars(tags) if name.isupper() and not name.startswith("_")])
def test_our_tags_are_the_dictionary_s(name: str) -> None:
    from pydicom.datadict import dictionary_VR, keyword_for_tag  # noqa: PLC0415 - mypy skips what it cannot follow

    number = getattr(tags, name)
    if name == "SEQUENCES":
        assert all(dictionary_VR(tag) == "SQ" for tag in number)
        return
    assert keyword_for_tag(number).lower() == name.replace("_", "").lower()
    assert dictionary_VR(number) == tags.vr_of(number)
