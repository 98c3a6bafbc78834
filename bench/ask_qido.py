"""A plain HTTP client reads one unbounded QIDO-RS answer to its end: `python -m bench.ask_qido PORT PATH`.

It keeps nothing and looks for one thing: how often the tag of StudyInstanceUID stands in what came.
"""

import http.client
import sys
import time

import msgspec

from leadglass.model.record import Record

_TIMEOUT_S = 600.0
_BLOCK_BYTES = 1 << 18
_UID = b'"0020000D"'  # of DICOM's JSON (PS3.18 F.2): once in each study


class Read(Record):
    """What came, in how much time by the clock."""

    records: int
    body_bytes: int
    wall_s: float


def read(port: int, path: str) -> Read:
    """One request without `limit`. Raises RuntimeError where it is not answered with a list."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    connection.request("GET", path, headers={"Accept": "application/dicom+json"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"HTTP status {answer.status}")
    records = size = 0
    before = b""
    while block := answer.read(_BLOCK_BYTES):
        size += len(block)
        seen = before + block
        records += seen.count(_UID)
        before = seen[1 - len(_UID) :]  # too short to hold the tag: none is counted twice
    connection.close()
    return Read(records=records, body_bytes=size, wall_s=time.perf_counter() - begun)


def main() -> None:
    """Prints one line of JSON."""
    print(msgspec.json.encode(read(int(sys.argv[1]), sys.argv[2])).decode())


if __name__ == "__main__":
    main()
