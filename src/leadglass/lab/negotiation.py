"""An association request is answered by what the posture lets in (PS3.8 9.3.3, PS3.7 D.3)."""

from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.population import Identity
from leadglass.lab.posture import Door, Posture
from leadglass.net.identity import VERSION_NAME
from leadglass.wire.pdu import AssociateAccept, AssociateReject, AssociateRequest, ContextResult, ProposedContext
from leadglass.wire.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLEMENTATION_CLASS_UID,
    IMPLICIT_VR_LITTLE_ENDIAN,
    PATIENT_ROOT_FIND,
    PATIENT_ROOT_GET,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    VERIFICATION,
    WORKLIST_FIND,
)
from leadglass.wire.user_information import UserInformation

_SYNTAXES = (EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN)
_NO_ABSTRACT_SYNTAX, _NO_TRANSFER_SYNTAX = 3, 4  # PS3.8 Table 9-18
# PS3.8 Table 9-21: rejected for good, by the service user, called or calling AE title not recognized.
_UNKNOWN_TITLE = AssociateReject(result=1, source=1, reason=7)
_UNKNOWN_CALLER = AssociateReject(result=1, source=1, reason=3)
_STORAGE = "1.2.840.10008.5.1.4.1.1."  # PS3.4 B.5: the storage SOP classes
OWN = Identity(product="Leadglass lab", class_uid=IMPLEMENTATION_CLASS_UID, version_name=VERSION_NAME)


def door(posture: Posture, sop_class_uid: str, habits: Habits = PLAIN) -> Door:
    """The door that a SOP class leads to."""
    if sop_class_uid == VERIFICATION:
        return Door.OPEN
    if sop_class_uid.startswith(_STORAGE):
        return Door.OPEN if posture.storing else Door.ABSENT
    if habits.patient_root_only and sop_class_uid in (STUDY_ROOT_FIND, STUDY_ROOT_GET):
        return Door.ABSENT
    if sop_class_uid in (STUDY_ROOT_FIND, PATIENT_ROOT_FIND):
        return posture.queries
    if sop_class_uid in (STUDY_ROOT_GET, PATIENT_ROOT_GET):
        return posture.images
    return posture.worklist if sop_class_uid == WORKLIST_FIND else Door.ABSENT


def negotiate(
    posture: Posture, asked: AssociateRequest, identity: Identity = OWN, habits: Habits = PLAIN
) -> AssociateAccept | AssociateReject:
    """The answer to `asked`."""
    if posture.called_ae_title not in (None, asked.called_ae_title):
        return _UNKNOWN_TITLE
    if posture.calling_ae_title not in (None, asked.calling_ae_title):
        return _UNKNOWN_CALLER
    return AssociateAccept(
        called_ae_title=asked.called_ae_title or "ANY-SCP",
        calling_ae_title=asked.calling_ae_title or "UNKNOWN",
        contexts=tuple(_answer(posture, context, habits) for context in asked.contexts),
        user_information=UserInformation(
            implementation_class_uid=identity.class_uid, implementation_version_name=identity.version_name or None
        ),
    )


def _answer(posture: Posture, context: ProposedContext, habits: Habits) -> ContextResult:
    offered = context.transfer_syntaxes
    syntax = next((uid for uid in _SYNTAXES if uid in offered), None)
    if door(posture, context.abstract_syntax, habits) is Door.ABSENT and not posture.accepts_made_up:
        result = _NO_ABSTRACT_SYNTAX
    else:
        result = 0 if syntax is not None else _NO_TRANSFER_SYNTAX
    return ContextResult(id=context.id, result=result, transfer_syntax=syntax or IMPLICIT_VR_LITTLE_ENDIAN)
