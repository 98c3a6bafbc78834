"""Foreign clients meet every profile of the lab as its truth says: DCMTK's programs, and pynetdicom."""

import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple

import pytest
from pynetdicom.association import Association

from leadglass.lab.archive import Archive
from leadglass.lab.population import Server
from leadglass.lab.posture import Tls
from leadglass.lab.truth import address_truth
from leadglass.model.words import Retrieval, Rung, SurfaceKind
from leadglass.wire import tags
from leadglass.wire.queries import STUDY
from tests.lab.caller import WORKLIST, associated, found, handed, question
from tests.lab.profiles import POSTURES, SPEC, dimse_profiles, standing
from tests.lab.served import street_served
from tests.peers.process import program

pytestmark = pytest.mark.peers
UID = next(Archive(SPEC).records(STUDY))[tags.STUDY_INSTANCE_UID]
SERVERS = dimse_profiles()
_END_S = 30
_FAILED = re.compile(r"Number of Failed Suboperations\s*: (\d+)")


class Outcome(NamedTuple):
    """How far a client got: whether an association was accepted, and what came on it."""

    accepted: bool
    records: int = 0
    items: int = 0
    handed: bool = False


def expected(server: Server) -> Outcome:
    """The outcome by the truth."""
    kinds = {surface.kind: surface for surface in address_truth(server).surfaces}
    dimse, worklist = kinds.get(SurfaceKind.DIMSE), kinds.get(SurfaceKind.WORKLIST)
    if dimse is None or dimse.rung is Rung.SPEAKS:
        return Outcome(accepted=False)
    return Outcome(
        accepted=True,
        records=dimse.counts.studies if dimse.counts else 0,
        items=-(-SPEC.patients // 10) if worklist and worklist.rung is Rung.READABLE else 0,
        handed=dimse.retrieval is Retrieval.PROVED,
    )


@pytest.fixture(scope="module", autouse=True)
def _street() -> Iterator[None]:
    with street_served(standing(SERVERS)):
        yield


def test_there_is_every_profile() -> None:
    assert len({server.identity for server in SERVERS}) >= 22
    assert {server.dimse for server in SERVERS} == set(POSTURES.values())
    outcomes = {expected(server) for server in SERVERS}
    assert {outcome.handed for outcome in outcomes} == {outcome.accepted for outcome in outcomes} == {True, False}


@pytest.mark.parametrize("words", POSTURES)
def test_dcmtk_meets_the_truth(words: str) -> None:
    """echoscu, findscu for studies and for a worklist, getscu without anything that it could be sent."""
    servers = [server for server in SERVERS if server.group.endswith(f": {words}")]
    assert len(servers) > 20
    told = {server.group: (_without_get_over_tls(server), by_dcmtk(server)) for server in servers}
    assert not {group: pair for group, pair in told.items() if pair[0] != pair[1]}


# pynetdicom leaves its socket open where TLS fails: DCMTK alone meets the servers that want a certificate.
@pytest.mark.parametrize("words", [words for words, posture in POSTURES.items() if posture.tls is not Tls.MUTUAL])
def test_pynetdicom_meets_the_truth(words: str) -> None:
    """The same, and the identity that the server shows."""
    servers = [server for server in SERVERS if server.group.endswith(f": {words}")]
    told = {server.group: (expected(server), by_pynetdicom(server)) for server in servers}
    assert not {group: pair for group, pair in told.items() if pair[0] != pair[1]}


def _without_get_over_tls(server: Server) -> Outcome:
    """The outcome by the truth, as far as DCMTK can tell: its getscu speaks no TLS."""
    outcome = expected(server)
    return outcome if server.dimse.tls is Tls.NONE else outcome._replace(handed=False)


def by_dcmtk(server: Server) -> Outcome:
    """What its programs get; each has an association of its own."""
    code, _ = run(server, "echoscu")
    study = ("-k", "QueryRetrieveLevel=STUDY")
    _, records = run(server, "findscu", "-v", "-S", *study, "-k", "StudyInstanceUID")
    _, items = run(server, "findscu", "-v", "-W", "-k", "PatientID")
    got = ""
    if server.dimse.tls is Tls.NONE:
        _, got = run(server, "getscu", "-v", "-S", *study, "-k", f"StudyInstanceUID={UID}")
    failed = [int(number) for number in _FAILED.findall(got)]
    return Outcome(
        accepted=code == 0,
        records=records.count("(Pending)"),
        items=items.count("(Pending)"),
        handed=bool(failed) and failed[-1] > 0,
    )


def run(server: Server, name: str, *arguments: str) -> tuple[int, str]:
    """Exit code and output of one program; it trusts any certificate, and shows none of its own."""
    tls = () if server.dimse.tls is Tls.NONE else ("+tla", "-ic")
    done = subprocess.run(
        [program(name), *tls, *arguments, server.address, str(server.dimse_port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TCP_NODELAY": "1"},
        timeout=_END_S,
        check=False,
    )
    return done.returncode, done.stdout.decode("latin-1")


def by_pynetdicom(server: Server) -> Outcome:
    """What its client gets; a question that ends the association is followed by a new one."""
    with _called(server) as association:
        if not association.is_established:
            return Outcome(accepted=False)
        assert association.acceptor.implementation_class_uid == server.identity.class_uid
        assert association.acceptor.implementation_version_name == server.identity.version_name
        assert association.send_c_echo().Status == 0
    return Outcome(
        accepted=True,
        records=_asked(server, "find"),
        items=_asked(server, "worklist"),
        handed=_asked(server, "get") > 0,
    )


def _asked(server: Server, what: str) -> int:
    """The records, or the images that were about to be sent; 0 where the context was not accepted."""
    with _called(server) as association:
        try:
            if what == "get":
                failed = handed(association, question(StudyInstanceUID=UID)).failed
                return failed[-1] if failed else 0
            asked, *model = (question("", PatientID=""), WORKLIST) if what == "worklist" else (question(),)
            return len(found(association, asked, *model).records)
        except ValueError:
            return 0


def _called(server: Server) -> AbstractContextManager[Association]:
    tls = None if server.dimse.tls is Tls.NONE else _trusting()
    return associated(server.dimse_port or 0, address=server.address, tls=tls)


def _trusting() -> ssl.SSLContext:
    """The lab's certificates are trusted by nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
