"""Whatever answers before an association ends in a typed status, in words, in time; the other targets go on."""

import random

import pytest

from leadglass.model.words import Rung, Status
from tests.bad_peers import hostile_before as hostile
from tests.bad_peers.asking import assess, beside_a_polite_one, finish, said
from tests.bad_peers.polite import Polite, Serve, listening

DICOM, TLS = "dicom://127.0.0.1:{port}", "dicoms://127.0.0.1:{port}"
CLOSED, RESET = (Status.CONNECTION_CLOSED, Status.CONNECTION_RESET), (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)
WRONG = (Status.PROTOCOL_ERROR,)

CASES: tuple[tuple[str, Serve, str, tuple[Status, ...], Rung, str], ...] = (
    ("answers nothing", hostile.nothing, DICOM, (Status.IO_TIMEOUT,), Rung.SILENT, "did not answer in time"),
    ("drips", hostile.dripping, DICOM, (Status.IO_TIMEOUT,), Rung.SILENT, "did not answer in time"),
    ("closes at once", hostile.closing, DICOM, CLOSED, Rung.OTHER, "clos|reset"),
    ("closes after the request", hostile.closing_after_the_request, DICOM, CLOSED, Rung.OTHER, "without a word"),
    ("resets", hostile.resetting, DICOM, RESET, Rung.OTHER, "reset|closed"),
    ("half an answer", hostile.HalfAnAnswer().serve, DICOM, CLOSED, Rung.OTHER, "inside its answer"),
    ("aborts", hostile.aborting, DICOM, (Status.ABORTED,), Rung.SPEAKS, "aborted"),
    ("HTTP", hostile.answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), DICOM, WRONG, Rung.OTHER, "speaks HTTP"),
    ("SSH", hostile.says(b"SSH-2.0-OpenSSH_9.2\r\n"), DICOM, WRONG, Rung.OTHER, "speaks SSH"),
    ("RDP", hostile.answers(bytes.fromhex("0300000b06d00000123400")), DICOM, WRONG, Rung.OTHER, "RDP"),
    ("a TLS alert", hostile.answers(bytes.fromhex("15030100020246")), DICOM, WRONG, Rung.OTHER, "speaks TLS"),
    ("4 GiB", hostile.answers(b"\x02\x00\xff\xff\xff\xff"), DICOM, WRONG, Rung.SPEAKS, "announces 4294967295 bytes"),
    ("never proposed", hostile.NeverProposed().serve, DICOM, WRONG, Rung.SPEAKS, "never proposed"),
    ("TLS that stalls", hostile.nothing, TLS, (Status.IO_TIMEOUT,), Rung.SILENT, "in time"),
    (
        "TLS that closes",
        hostile.closing_after_the_request,
        TLS,
        (*CLOSED, Status.TLS_ERROR),
        Rung.OTHER,
        "clos|reset|TLS",
    ),
    ("no TLS", hostile.answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), TLS, (Status.TLS_ERROR,), Rung.OTHER, "TLS"),
)


@pytest.mark.parametrize(
    ("serve", "form", "statuses", "rung", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_it_ends_typed_and_said(serve: Serve, form: str, statuses: tuple[Status, ...], rung: Rung, words: str) -> None:
    result, neighbour = finish(beside_a_polite_one(serve, form))
    [surface] = result.surfaces
    assert (surface.status in statuses, surface.proof) == (True, rung), said(result)
    assert any(word in said(result) for word in words.split("|")), said(result)
    assert neighbour.proof is Rung.RETRIEVABLE, said(neighbour)


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_are_not_dicom(seed: int) -> None:
    noise = random.Random(seed).randbytes(3000)
    result, _ = finish(beside_a_polite_one(hostile.answers(noise), DICOM))
    assert result.proof in (Rung.OTHER, Rung.SILENT), said(result)
    assert result.surfaces[0].status is not Status.INTERNAL_ERROR, said(result)


def test_an_acceptance_of_nothing_admits_and_no_more() -> None:
    result, _ = finish(beside_a_polite_one(hostile.NothingAccepted().serve, DICOM))
    assert result.proof is Rung.ADMITS
    assert "context not accepted" in said(result)


def test_a_refused_port_and_a_name_that_does_not_resolve() -> None:
    async def work() -> None:
        async with listening(Polite().serve) as port:
            free = port
        async with listening(Polite().serve) as port:
            refused, nameless, well = await assess(
                f"dicom://127.0.0.1:{free}", "pacs.invalid:104", f"dicom://127.0.0.1:{port}"
            )
        assert (refused.status, refused.proof) == (Status.CONNECTION_REFUSED, Rung.SILENT)
        assert "nothing listens there" in said(refused)
        assert (nameless.status, nameless.address) == (Status.NAME_NOT_RESOLVED, None)
        assert "does not resolve" in nameless.detail
        assert well.proof is Rung.RETRIEVABLE

    finish(work())
