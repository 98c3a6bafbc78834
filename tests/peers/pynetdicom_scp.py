"""pynetdicom's service classes as a third implementation, in threads, with a handler for each case."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    PatientRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

from tests.peers import archive

Answer = Iterator[tuple[int, Dataset | None]]
Handler = Callable[[Any], Iterator[Any]]
STUDY_ROOT = (StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet)
BOTH_ROOTS = (*STUDY_ROOT, PatientRootQueryRetrieveInformationModelFind, PatientRootQueryRetrieveInformationModelGet)
PENDING, SUCCESS = 0xFF00, 0x0000
_LEVELS = {
    "PATIENT": "PatientID",
    "STUDY": "StudyInstanceUID",
    "SERIES": "SeriesInstanceUID",
    "IMAGE": "SOPInstanceUID",
}


class Served:
    """A server that runs, and the questions that reached it."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.port = 0
        self.finds: list[Dataset] = []
        self.gets: list[Dataset] = []


@contextmanager
def serving(
    find: Handler | None = None,
    get: Handler | None = None,
    *,
    contexts: tuple[str, ...] = STUDY_ROOT,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Served]:
    """A server on loopback for the length of a block; by default it finds and gives the whole archive."""
    served = Served()

    def on_find(event: Any) -> Iterator[Any]:
        served.finds.append(event.identifier)
        yield from (find or find_all)(event)

    def on_get(event: Any) -> Iterator[Any]:
        served.gets.append(event.identifier)
        yield from (get or get_all)(event)

    entity = AE(ae_title="PYNETDICOM")
    for context in (Verification, *contexts):
        entity.add_supported_context(context, [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
    server = entity.start_server(
        ("127.0.0.1", 0),
        block=False,
        ssl_context=tls,
        evt_handlers=[(evt.EVT_C_FIND, on_find), (evt.EVT_C_GET, on_get)],
    )
    served.port = server.server_address[1]
    try:
        yield served
    finally:
        server.shutdown()


def find_all(event: Any) -> Iterator[tuple[int, Dataset | None]]:
    """The whole archive at the level that was asked for, without NumberOfStudyRelatedInstances."""
    yield from ((PENDING, record(item, event.identifier)) for item in matching(event.identifier))


def matching(asked: Dataset, items: list[Dataset] | None = None) -> list[Dataset]:
    """One image for each entity of `items` that `asked` matches, by UIDs, ID and StudyDate."""
    key = _LEVELS[asked.QueryRetrieveLevel]
    found: dict[str, Dataset] = {}
    for item in archive.images() if items is None else items:
        if all(_matches(asked, item, name) for name in (*_LEVELS.values(), "StudyDate")):
            found.setdefault(str(item[key].value), item)
    return list(found.values())


def _matches(asked: Dataset, item: Dataset, name: str) -> bool:
    wanted = str(asked.get(name, "") or "")
    has = str(item[name].value)
    if name == "StudyDate" and "-" in wanted:
        first, _, last = wanted.partition("-")
        return (first or "0") <= has <= (last or "9")
    return not wanted or wanted == has


def record(item: Dataset, asked: Dataset) -> Dataset:
    """The keys of `asked` that `item` has."""
    found = Dataset()
    found.QueryRetrieveLevel = asked.QueryRetrieveLevel
    for element in asked:
        if element.keyword in item:
            found[element.tag] = item[element.tag]
    return found


def get_all(event: Any) -> Iterator[Any]:
    """What a server would send: first how many, then each."""
    found = [
        item
        for item in archive.images()
        if all(_matches(event.identifier, item, name) for name in _LEVELS.values() if name != "PatientID")
    ]
    yield len(found)
    for item in found:
        yield PENDING, item


def get_with(status: int, *, anything: bool = False) -> Handler:
    """A C-GET that announces one sub-operation and then fails with `status`; for `anything`, or for what exists."""

    def handler(event: Any) -> Iterator[Any]:
        if not anything and not matching(event.identifier):
            yield 0
            return
        yield 1
        yield status, None

    return handler


def get_aborting(event: Any) -> Iterator[Any]:
    """A C-GET that is answered with an A-ABORT."""
    event.assoc.abort()
    yield 0


def get_nothing(event: Any) -> Iterator[Any]:
    """Success and nothing, whatever was asked for."""
    yield 0
