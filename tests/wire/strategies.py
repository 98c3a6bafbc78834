"""Hypothesis strategies of everything that may be sent; bounded and the same in every run."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from leadglass.wire import tags
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import DataSet, Element
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
from leadglass.wire.user_information import (
    CommonExtendedNegotiation,
    ExtendedNegotiation,
    RoleSelection,
    UserIdentity,
    UserInformation,
)

BOUNDED = settings(
    derandomize=True, max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

BYTE = st.integers(0, 0xFF)
WORD = st.integers(0, 0xFFFF)
UID = st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,10}){0,3}", fullmatch=True)
TITLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="\\"), min_size=1, max_size=16)
PLAIN_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=30)
CONTEXT_ID = st.integers(0, 127).map(lambda n: 2 * n + 1)

INFORMATION = st.builds(
    UserInformation,
    max_pdu_length=st.integers(0, 0xFFFFFFFF),
    implementation_class_uid=st.none() | UID,
    implementation_version_name=st.none() | PLAIN_TEXT,
    asynchronous_window=st.none() | st.tuples(WORD, WORD),
    roles=st.tuples() | st.tuples(st.builds(RoleSelection, sop_class_uid=UID, scu=st.booleans(), scp=st.booleans())),
    extended=st.tuples()
    | st.tuples(st.builds(ExtendedNegotiation, sop_class_uid=UID, information=st.binary(max_size=9))),
    common_extended=st.tuples()
    | st.tuples(
        st.builds(
            CommonExtendedNegotiation,
            sop_class_uid=UID,
            service_class_uid=UID,
            related_sop_class_uids=st.lists(UID, max_size=3).map(tuple),
        )
    ),
    user_identity=st.none()
    | st.builds(
        UserIdentity,
        kind=BYTE,
        primary=st.binary(max_size=40),
        secondary=st.binary(max_size=40),
        positive_response_requested=st.booleans(),
    ),
    user_identity_reply=st.none() | st.binary(max_size=40),
)
PROPOSED = st.builds(
    ProposedContext, id=CONTEXT_ID, abstract_syntax=UID, transfer_syntaxes=st.lists(UID, max_size=3).map(tuple)
)
RESULT = st.builds(ContextResult, id=CONTEXT_ID, result=st.just(0), transfer_syntax=UID) | st.builds(
    ContextResult, id=CONTEXT_ID, result=st.integers(1, 255)
)


def _contexts(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=4, unique_by=lambda context: context.id).map(tuple)


PDU: st.SearchStrategy[Pdu] = st.one_of(
    st.builds(
        AssociateRequest,
        called_ae_title=TITLE,
        calling_ae_title=TITLE,
        contexts=_contexts(PROPOSED),
        user_information=INFORMATION,
        application_context=UID,
        protocol_version=WORD,
    ),
    st.builds(
        AssociateAccept,
        called_ae_title=TITLE,
        calling_ae_title=TITLE,
        contexts=_contexts(RESULT),
        user_information=INFORMATION,
    ),
    st.builds(AssociateReject, result=BYTE, source=BYTE, reason=BYTE),
    st.builds(
        DataTransfer,
        values=st.lists(
            st.builds(
                DataValue,
                context_id=BYTE,
                is_command=st.booleans(),
                is_last=st.booleans(),
                data=st.binary(max_size=20),
            ),
            min_size=1,
            max_size=4,
        ).map(tuple),
    ),
    st.builds(ReleaseRequest),
    st.builds(ReleaseReply),
    st.builds(Abort, source=BYTE, reason=BYTE),
)

_TAGS = st.integers(0, 0xFFFFFFFF)
COMMAND: st.SearchStrategy[Command] = st.builds(
    Command,
    field=st.sampled_from(CommandField),
    has_data_set=st.booleans(),
    message_id=WORD,
    responded_message_id=WORD,
    status=WORD,
    affected_sop_class_uid=st.none() | UID,
    requested_sop_instance_uid=st.none() | UID,
    offending_elements=st.none() | st.lists(_TAGS, min_size=1, max_size=5).map(tuple),
    attribute_identifiers=st.none() | st.lists(_TAGS, min_size=1, max_size=5).map(tuple),
    error_comment=st.none() | PLAIN_TEXT,
    move_destination=st.none() | TITLE,
    remaining=st.none() | WORD,
    completed=st.none() | WORD,
)

KNOWN_TAGS = tuple(
    value for name, value in vars(tags).items() if name.isupper() and isinstance(value, int) and value >> 16 < 0x7FE0
)
TAG = st.sampled_from(KNOWN_TAGS) | st.integers(0x00080000, 0xFFFDFFFF)
EVEN = st.binary(max_size=12).map(lambda data: data + b" " * (len(data) % 2))
_SHORT = st.sampled_from(("AE", "AS", "CS", "DA", "IS", "LO", "PN", "SH", "TM", "UI", "US", "ZZ"))
_LONG = st.sampled_from(("OB", "OW", "UC", "UN", "UR", "UT", "SV"))


def data_sets(*, explicit: bool) -> st.SearchStrategy[DataSet]:
    """Data sets as the syntax gives them back: sorted, each tag once, in Implicit VR with the VRs of its dictionary."""

    def build(children: st.SearchStrategy[DataSet] | None) -> st.SearchStrategy[DataSet]:
        flat = _SHORT | _LONG if explicit else st.just("")
        leaf = st.builds(Element, tag=TAG, vr=flat, value=EVEN)
        element = leaf
        if children is not None:
            items = st.lists(children, max_size=3).map(tuple)
            element = leaf | st.builds(Element, tag=TAG, vr=st.just("SQ"), value=items)
        return st.lists(element, max_size=5, unique_by=lambda one: one.tag).map(_settled)

    def _settled(elements: list[Element]) -> DataSet:
        chosen = [element if explicit else _implicit(element) for element in elements]
        return tuple(sorted(chosen, key=lambda one: one.tag))

    return st.recursive(build(None), build, max_leaves=12)


def _implicit(element: Element) -> Element:
    """The same element with the VR that reading Implicit VR gives it; a sequence's bytes become a sequence."""
    vr = tags.vr_of(element.tag)
    if isinstance(element.value, bytes):
        return Element(tag=element.tag, vr=vr, value=() if vr == "SQ" else element.value)
    return Element(tag=element.tag, vr="SQ", value=element.value)
