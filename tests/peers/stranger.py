"""A stranger's questions by another implementation (pynetdicom), to see what a server does without our own eyes."""

import ssl
from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MRImageStorage, generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from tests.peers import archive

FIND, WORKLIST = StudyRootQueryRetrieveInformationModelFind, ModalityWorklistInformationFind
GET, MOVE = StudyRootQueryRetrieveInformationModelGet, StudyRootQueryRetrieveInformationModelMove


def associate(
    port: int, *contexts: str, called: str = "ANY-SCP", calling: str = "STRANGER", tls: ssl.SSLContext | None = None
) -> Any:
    """An association, established or not."""
    entity = AE(ae_title=calling)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = 10
    for context in contexts or (Verification,):
        entity.add_requested_context(context, [ExplicitVRLittleEndian, "1.2.840.10008.1.2"])
    return entity.associate("127.0.0.1", port, ae_title=called, tls_args=(tls, None) if tls else None)


def established(port: int, context: str = Verification, **names: Any) -> bool:
    """Whether an association is opened for a stranger."""
    association = associate(port, context, **names)
    opened = bool(association.is_established)
    if opened:
        association.release()
    return opened


def matches(port: int, model: str = FIND, **names: Any) -> int:
    """How many records one query gives a stranger; 0 where it is refused."""
    association = associate(port, model, **names)
    if not association.is_established:
        return 0
    query = Dataset()
    query.PatientName = ""
    if model == FIND:
        query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", ""
    else:
        query.ScheduledProcedureStepSequence = [Dataset()]
    found = sum(
        bool(status) and status.Status in {0xFF00, 0xFF01} for status, _ in association.send_c_find(query, model)
    )
    if association.is_established:
        association.release()
    return found


def get_shown(port: int, **names: Any) -> int:
    """The sub-operations that an empty-handed C-GET shows."""
    association = associate(port, GET, **names)
    if not association.is_established:
        return 0
    query = Dataset()
    query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", archive.study_uid(0)
    shown = 0
    for status, _ in association.send_c_get(query, GET):
        for name in ("Remaining", "Completed", "Failed", "Warning"):
            shown += int(status.get(f"NumberOf{name}Suboperations", 0) or 0)
    if association.is_established:
        association.release()
    return shown


def move_refused(port: int, **names: Any) -> bool:
    """Whether a C-MOVE to a destination that nobody knows ends in an abort: the caller is refused, not the place."""
    association = associate(port, MOVE, **names)
    if not association.is_established:
        return True
    query = Dataset()
    query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", generate_uid()
    statuses = [status.get("Status") for status, _ in association.send_c_move(query, "NOWHERE", MOVE)]
    refused = statuses == [None]
    if association.is_established:
        association.release()
    return refused


def stored(port: int, **names: Any) -> bool:
    """Whether an object of a stranger is kept: on our own server, here, it may be tried."""
    association = associate(port, CTImageStorage, **names)
    if not association.is_established or not association.accepted_contexts:
        return False
    item = _ready(archive.image(0, 99))
    item.SOPInstanceUID = generate_uid()
    status = association.send_c_store(item)
    if association.is_established:
        association.release()
    return bool(status) and status.Status == 0


def store_all(port: int, called: str, items: list[Dataset]) -> None:
    """Loads an archive of our own by C-STORE."""
    association = associate(port, CTImageStorage, MRImageStorage, called=called)
    for item in items:
        status = association.send_c_store(_ready(item))
        assert status.Status == 0
    association.release()


def _ready(item: Dataset) -> Dataset:
    item.file_meta = FileMetaDataset()
    item.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return item
