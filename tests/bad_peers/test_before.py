"""Whatever answers before an association ends in a typed status, in words, in time; the other targets go on."""

import random

import pytest

from leadglass.lab.zoo import banners, before, tls
from leadglass.lab.zoo.animal import Talk
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.words import Rung, Status
from tests.bad_peers.asking import assess, beside_a_polite_one, finish, said

DICOM, TLS = "dicom://127.0.0.1:{port}", "dicoms://127.0.0.1:{port}"
CLOSED, RESET = (Status.CONNECTION_CLOSED, Status.CONNECTION_RESET), (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)
WRONG = (Status.PROTOCOL_ERROR,)

CASES: tuple[tuple[str, Talk, str, tuple[Status, ...], Rung, str], ...] = (
    ("answers nothing", before.silent, DICOM, (Status.IO_TIMEOUT,), Rung.SILENT, "did not answer in time"),
    ("drips", before.DrippingAnAcceptance().serve, DICOM, (Status.IO_TIMEOUT,), Rung.SILENT, "did not answer in time"),
    ("closes at once", before.closing, DICOM, CLOSED, Rung.OTHER, "clos|reset"),
    ("closes after the request", before.closing_after_the_request, DICOM, CLOSED, Rung.OTHER, "without a word"),
    ("resets", before.resetting, DICOM, RESET, Rung.OTHER, "reset|closed"),
    ("half an answer", before.HalfAnAnswer().serve, DICOM, CLOSED, Rung.OTHER, "inside its answer"),
    ("aborts", before.aborting, DICOM, (Status.ABORTED,), Rung.SPEAKS, "aborted"),
    ("HTTP", banners.web_server, DICOM, WRONG, Rung.OTHER, "speaks HTTP"),
    ("SSH", banners.ssh, DICOM, WRONG, Rung.OTHER, "speaks SSH"),
    ("mail", banners.mail, DICOM, WRONG, Rung.OTHER, "FTP or SMTP"),
    ("VNC", banners.screen, DICOM, WRONG, Rung.OTHER, "VNC"),
    ("RDP", banners.remote_desktop, DICOM, WRONG, Rung.OTHER, "RDP"),
    ("a TLS alert", banners.tls_alert, DICOM, WRONG, Rung.OTHER, "speaks TLS"),
    ("4 GiB", before.announcing_4_gib, DICOM, WRONG, Rung.SPEAKS, "announces 4294967295 bytes"),
    ("an unknown PDU", before.unknown_pdu, DICOM, WRONG, Rung.OTHER, "unknown type 42H"),
    ("our own request", before.mirror, DICOM, WRONG, Rung.OTHER, "not DICOM, or breaks it"),
    ("data", before.data_first, DICOM, WRONG, Rung.OTHER, "not DICOM, or breaks it"),
    ("a lying item", before.LyingItemLength().serve, DICOM, WRONG, Rung.SPEAKS, "longer than what holds it"),
    ("answered twice", before.AnsweredTwice().serve, DICOM, WRONG, Rung.SPEAKS, "answered twice"),
    ("absurd", before.rejecting_absurdly, DICOM, (Status.REJECTED,), Rung.SPEAKS, "in an unknown way"),
    ("never proposed", before.NeverProposed().serve, DICOM, WRONG, Rung.SPEAKS, "never proposed"),
    ("TLS that stalls", tls.stalling_handshake, TLS, (Status.IO_TIMEOUT,), Rung.SILENT, "in time"),
    (
        "TLS that closes",
        tls.closing_on_a_hello,
        TLS,
        (*CLOSED, Status.TLS_ERROR),
        Rung.OTHER,
        "clos|reset|TLS",
    ),
    ("TLS that is noise", tls.garbage_in_the_handshake, TLS, (Status.TLS_ERROR,), Rung.OTHER, "TLS"),
    ("TLS that warns", tls.warnings_without_end, TLS, (Status.TLS_ERROR,), Rung.OTHER, "TLS"),
    ("no TLS", tls.plain_web_for_tls, TLS, (Status.TLS_ERROR,), Rung.OTHER, "TLS"),
)


@pytest.mark.parametrize(
    ("talk", "form", "statuses", "rung", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_it_ends_typed_and_said(talk: Talk, form: str, statuses: tuple[Status, ...], rung: Rung, words: str) -> None:
    result, neighbour = finish(beside_a_polite_one(talk, form))
    [surface] = result.surfaces
    assert (surface.status in statuses, surface.proof) == (True, rung), said(result)
    assert any(word in said(result) for word in words.split("|")), said(result)
    assert neighbour.proof is Rung.RETRIEVABLE, said(neighbour)


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_are_not_dicom(seed: int) -> None:
    noise = random.Random(seed).randbytes(before.NOISE_BYTES)

    async def noisy(caller: Caller) -> None:
        await before.answer(caller, noise)

    result, _ = finish(beside_a_polite_one(noisy, DICOM))
    assert result.proof in (Rung.OTHER, Rung.SILENT), said(result)
    assert result.surfaces[0].status is not Status.INTERNAL_ERROR, said(result)


def test_an_acceptance_of_nothing_admits_and_no_more() -> None:
    result, _ = finish(beside_a_polite_one(before.NothingAccepted().serve, DICOM))
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
