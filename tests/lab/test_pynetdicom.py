"""pynetdicom's client against our own acceptor: a third implementation beside DCMTK's and our own."""

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

from leadglass.lab.posture import Door, Posture
from leadglass.wire import tags
from leadglass.wire.uids import IMPLEMENTATION_CLASS_UID
from tests.lab.served import SPEC, STUDIES, served

_CONTEXTS = (
    Verification,
    StudyRootQueryRetrieveInformationModelFind,
    PatientRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
)


def entity() -> AE:
    """A caller that proposes what the lab has."""
    made = AE("FOREIGN")
    for sop_class in _CONTEXTS:
        made.add_requested_context(sop_class)
    return made


def asked(level: str, **keys: str) -> Dataset:
    """One identifier."""
    made = Dataset()
    made.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(made, keyword, value)
    return made


def test_associate_echo_find_get_release() -> None:
    """On one association, and released by both."""
    study = STUDIES[5]
    with served() as port:
        association = entity().associate("127.0.0.1", port)
        assert association.is_established
        assert association.acceptor.implementation_class_uid == IMPLEMENTATION_CLASS_UID
        assert str(association.acceptor.implementation_version_name).startswith("LEADGLASS")
        assert association.send_c_echo().Status == 0
        replies = list(
            association.send_c_find(
                asked("STUDY", StudyInstanceUID="", PatientID="", NumberOfStudyRelatedInstances=""),
                StudyRootQueryRetrieveInformationModelFind,
            )
        )
        assert [status.Status for status, _ in replies] == [0xFF00] * SPEC.studies + [0]
        found = {record.StudyInstanceUID: record for _, record in replies if record is not None}
        assert found.keys() == {study[tags.STUDY_INSTANCE_UID] for study in STUDIES}
        assert sum(int(record.NumberOfStudyRelatedInstances) for record in found.values()) == SPEC.images
        [(status, _)] = association.send_c_get(
            asked("STUDY", StudyInstanceUID=study[tags.STUDY_INSTANCE_UID]), StudyRootQueryRetrieveInformationModelGet
        )
        assert (status.Status, status.NumberOfFailedSuboperations) == (
            0xA702,
            int(study[tags.NUMBER_OF_STUDY_RELATED_INSTANCES]),
        )
        association.release()
        assert association.is_released


def test_an_abort_by_the_caller_and_one_by_the_server() -> None:
    """Neither keeps the server from its next caller."""
    with served(posture=Posture(queries=Door.ABORTED)) as port:
        association = entity().associate("127.0.0.1", port)
        association.abort()
        association = entity().associate("127.0.0.1", port)
        question = asked("STUDY", StudyInstanceUID="")
        [(status, record)] = association.send_c_find(question, StudyRootQueryRetrieveInformationModelFind)
        assert (len(status), record) == (0, None)  # pynetdicom's sign that no answer came
        association = entity().associate("127.0.0.1", port)
        assert association.send_c_echo().Status == 0
        association.release()


def test_a_context_that_is_absent() -> None:
    """Refused in negotiation; the others are let in."""
    with served(posture=Posture(images=Door.ABSENT)) as port:
        association = entity().associate("127.0.0.1", port)
        refused = [context.abstract_syntax for context in association.rejected_contexts]
        assert refused == [StudyRootQueryRetrieveInformationModelGet]
        association.release()


@pytest.mark.parametrize("level", ["", "NONSENSE"])
def test_a_question_that_cannot_be_understood(level: str) -> None:
    """Answered with a failure, and no record."""
    with served() as port:
        association = entity().associate("127.0.0.1", port)
        question = asked(level, StudyInstanceUID="")
        [(status, record)] = association.send_c_find(question, StudyRootQueryRetrieveInformationModelFind)
        assert (status.Status, record) == (0xA900, None)
        association.release()
