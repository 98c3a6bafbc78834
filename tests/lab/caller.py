"""A blocking caller of the lab, by pynetdicom: each answer as a foreign implementation reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import NamedTuple

from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind,
    PatientRootQueryRetrieveInformationModelFind,
    PatientRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

STUDY_FIND, STUDY_GET = StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet
PATIENT_FIND, PATIENT_GET = PatientRootQueryRetrieveInformationModelFind, PatientRootQueryRetrieveInformationModelGet
WORKLIST = ModalityWorklistInformationFind
ABORTED = -1
"""Instead of a status: the association or the connection ended."""
_USUAL = (Verification, STUDY_FIND, STUDY_GET, PATIENT_FIND, PATIENT_GET, WORKLIST)


class Answered(NamedTuple):
    """The final status, the records, and the numbers of sub-operations of each response."""

    status: int
    records: list[Dataset]
    failed: list[int]


@contextmanager
def associated(
    port: int,
    *,
    address: str = "127.0.0.1",
    called: str = "ANY-SCP",
    more: tuple[str, ...] = (),
    tls: SSLContext | None = None,
) -> Iterator[Association]:
    """An association that proposes the classes of queries and no storage."""
    entity = AE(ae_title="FOREIGN")
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 20
    for sop_class in (*_USUAL, *more):
        entity.add_requested_context(sop_class)
    association = entity.associate(address, port, ae_title=called, tls_args=(tls, None) if tls else None)
    try:
        yield association
    finally:
        if association.is_established:
            association.release()


def question(level: str = "STUDY", **keys: str) -> Dataset:
    """An identifier of a level, "" for a worklist's; a study's has the key that a server wants at least."""
    asked = Dataset()
    if level:
        asked.QueryRetrieveLevel = level
    if level not in ("", "PATIENT"):
        asked.StudyInstanceUID = ""
    for keyword, value in keys.items():
        setattr(asked, keyword, value)
    return asked


def found(association: Association, asked: Dataset, model: str = STUDY_FIND) -> Answered:
    """A C-FIND to its end."""
    return _answered(association.send_c_find(asked, model))


def handed(association: Association, asked: Dataset, model: str = STUDY_GET) -> Answered:
    """A C-GET to its end."""
    return _answered(association.send_c_get(asked, model))


def _answered(responses: Iterator[tuple[Dataset, Dataset | None]]) -> Answered:
    status, records, failed = ABORTED, [], []
    for answer, record in responses:
        status = answer.Status if "Status" in answer else ABORTED
        if "NumberOfFailedSuboperations" in answer:
            failed.append(int(answer.NumberOfFailedSuboperations))
        if status in (0xFF00, 0xFF01) and record is not None:
            records.append(record)
    return Answered(status, records, failed)
