"""pynetdicom as a client, timed from inside: start-up and imports are not counted. Prints one line of JSON."""

import queue
import resource
import sys
import threading
import time
from collections.abc import Callable

import msgspec
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    Verification,
)

from bench.figures import Timed
from bench.setting import ADDRESSES, PORT, PYNETDICOM_ASSOCIATIONS


def associations(threads: int) -> int:
    """Associate, echo and release at some of the addresses; how many there were."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for address in ADDRESSES[:PYNETDICOM_ASSOCIATIONS]:
        waiting.put(address)
    done: list[int] = []

    def work() -> None:
        entity = AE("LEADGLASS-BENCH")
        entity.add_requested_context(Verification)
        while True:
            try:
                address = waiting.get_nowait()
            except queue.Empty:
                return
            association = entity.associate(address, PORT)
            if association.is_established:
                done.append(association.send_c_echo().Status)
                association.release()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return done.count(0)


def studies(port: int) -> int:
    """All studies counted by one query; how many distinct ones there were."""
    entity = AE("LEADGLASS-BENCH")
    entity.add_requested_context(StudyRootQueryRetrieveInformationModelFind)
    asked = Dataset()
    asked.QueryRetrieveLevel = "STUDY"
    for keyword in (
        "StudyInstanceUID",
        "PatientID",
        "StudyDate",
        "ModalitiesInStudy",
        "NumberOfStudyRelatedInstances",
    ):
        setattr(asked, keyword, "")
    association = entity.associate("127.0.0.1", port)
    found = {
        identifier.StudyInstanceUID
        for _, identifier in association.send_c_find(asked, StudyRootQueryRetrieveInformationModelFind)
        if identifier is not None
    }
    association.release()
    return len(found)


_WORK: dict[str, Callable[[int], int]] = {"associations": associations, "studies": studies}


def main() -> None:
    """`python -m bench.ask_pynetdicom WORK NUMBER`."""
    work, number = _WORK[sys.argv[1]], int(sys.argv[2])
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    count = work(number)
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(msgspec.json.encode(Timed(count=count, wall_s=wall, cpu_s=cpu, peak_bytes=after.ru_maxrss * 1024)).decode())


if __name__ == "__main__":
    main()
