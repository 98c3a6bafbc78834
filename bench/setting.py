"""What every part of the bench agrees on: how much is measured how often, against which figures of the prototypes."""

from leadglass.lab.spec import ArchiveSpec

SEED = 7
ARCHIVE_STUDIES = 20_000
ARCHIVE = ArchiveSpec(seed=SEED, studies=ARCHIVE_STUDIES, patients=8_700, images=1_000_000, undated=40)
# nmap's dicom-ping looks at DICOM's own ports only.
PORT = 11112
ADDRESSES = tuple(f"127.0.{high}.{low}" for high in range(1, 65) for low in range(256))
RUNS = 5
LAB_RUNS = 5
LAB_IN_FLIGHT = 32
IN_FLIGHT = (8, 16, 32, 64, 128)
PYNETDICOM_THREADS = (5, 10, 20)
PYNETDICOM_ASSOCIATIONS = 800
PYNETDICOM_RUNS = 3
FIND_RUNS = 11
ORTHANC_STUDIES = 10_000
ORTHANC_RUNS = 15
STARTS = 20
MILLION_RUNS, MILLION_DEAR_RUNS = 15, 3  # of a sample; the server that computes first takes a minute for one
REAL_STUDIES = 30_007  # a round number could be a limit, and would be asked for twice
REAL_RUNS = 7
REAL_WEB_RUNS = 3
DCMQRSCP_STUDIES = 500  # as many as it keeps under one title
DCMQRSCP_RUNS = 15
