"""The server stays up whatever a caller does, listens where nobody else reaches it, and is checked to its truth."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import msgspec
import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.posture import OPEN, QUERIES_REFUSED, WORKLIST_ONLY, Posture
from leadglass.lab.server import serving
from leadglass.model.assessment import TargetResult
from leadglass.model.target import parse_target
from leadglass.model.words import Rung
from leadglass.net.gate import Gate
from leadglass.net.loop import loop_factory
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from tests.lab.served import ARCHIVE, SPEC, served

TODAY = date(2026, 11, 23)


def assessed(posture: Posture, archive: Archive = ARCHIVE) -> TargetResult:
    """What `leadglass check` finds on a server with this posture."""

    async def work() -> TargetResult:
        async with serving(archive, posture) as port:
            target = parse_target(f"dicom://127.0.0.1:{port}")
            options = Options(manner=Manner(today=TODAY), contact="a test")
            [result] = await assess_all((target,), Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(work())


@pytest.mark.parametrize(
    ("posture", "rung"),
    [(OPEN, Rung.RETRIEVABLE), (QUERIES_REFUSED, Rung.ADMITS), (WORKLIST_ONLY, Rung.READABLE)],
)
def test_each_posture_has_its_rung(posture: Posture, rung: Rung) -> None:
    """The lab is what its posture says that it is."""
    assert assessed(posture).proof is rung


def test_a_count_is_the_truth() -> None:
    """Every figure is exact, and the archive's own; 200 studies would look like a limit."""
    spec = msgspec.structs.replace(SPEC, studies=201)
    exposure = assessed(OPEN, Archive(spec)).exposure
    assert exposure is not None
    found = (exposure.patients, exposure.studies, exposure.images)
    truth = (spec.patients, spec.studies, spec.images)
    assert tuple((count.kind, count.count) for count in found if count) == tuple(("exact", count) for count in truth)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x01\x00\xff\xff\xff\xff",
        b"\x01\x00\x00\x00\x00\x04aaaa",
        b"\x07\x00\x00\x00\x00\x04\0\0\0\0",
    ],
)
def test_a_bad_caller_is_left_and_the_next_is_answered(said: bytes) -> None:
    """Nonsense, a length of 4 GiB, a cut request, an abort before any request."""
    with served() as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
            caller.sendall(said)
            caller.shutdown(socket.SHUT_WR)
            while caller.recv(4096):
                pass
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            pass


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "localhost"])
def test_it_listens_on_loopback_only(address: str) -> None:
    """A tool about open doors does not open one."""

    @asynccontextmanager
    async def somewhere() -> AsyncIterator[None]:
        async with serving(ARCHIVE, addresses=(address,)):
            yield

    async def work() -> None:
        async with somewhere():
            pass

    with pytest.raises(ValueError, match="loopback only"):
        asyncio.run(work())
