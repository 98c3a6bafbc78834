"""DCMTK's clients against our own acceptor: a foreign implementation reads what we write."""

import os
import subprocess

import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.posture import QUERIES_REFUSED, WORKLIST_ONLY, Posture
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, SERIES
from tests.lab.served import ARCHIVE, SPEC, STUDIES, served
from tests.peers.process import program

pytestmark = pytest.mark.peers
_END_S = 60
UIDS = [study[tags.STUDY_INSTANCE_UID] for study in STUDIES]
# A study of several series.
ONE = next(study for study in STUDIES if int(study[tags.NUMBER_OF_STUDY_RELATED_SERIES]) > 1)
UID = ONE[tags.STUDY_INSTANCE_UID]


def run(name: str, port: int, *arguments: str) -> tuple[int, str]:
    """Exit code and output of one client."""
    done = subprocess.run(
        [program(name), *arguments, "127.0.0.1", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TCP_NODELAY": "1"},
        timeout=_END_S,
        check=False,
    )
    return done.returncode, done.stdout.decode("latin-1")


def find(port: int, *arguments: str, model: str = "-S", level: str = "STUDY") -> tuple[int, str]:
    """How many responses findscu got, and what it said."""
    keys = [part for key in (f"QueryRetrieveLevel={level}", *arguments) for part in ("-k", key)]
    code, out = run("findscu", port, "-v", model, *keys)
    assert code == 0, out
    return out.count("(Pending)"), out


def test_echo() -> None:
    """C-ECHO and a release."""
    with served() as port:
        code, out = run("echoscu", port, "-v")
    assert code == 0
    assert "Received Echo Response (Success)" in out


def test_a_title_that_it_does_not_know() -> None:
    """Rejected by the service user, called AE title not recognized; the right one is let in."""
    with served(posture=Posture(called_ae_title="LAB")) as port:
        code, out = run("echoscu", port, "-v")
        assert code != 0
        assert "Called AE Title Not Recognized" in out
        assert run("echoscu", port, "-aec", "LAB")[0] == 0


@pytest.mark.parametrize("model", ["-S", "-P"])
@pytest.mark.parametrize("syntax", ["-xe", "-xi"])
def test_every_study_is_found_in_either_model_and_syntax(model: str, syntax: str) -> None:
    """All records, however they were cut into PDUs, with the values that were asked for."""
    with served() as port:
        code, out = run(
            "findscu", port, "-v", model, syntax, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID"
        )
    assert code == 0
    assert all(f"[{uid}" in out for uid in UIDS)
    assert out.count("(Pending)") == SPEC.studies


def test_ranges_values_and_lists() -> None:
    """As PS3.4 C.2.2.2 says, from the archive's own truth."""
    with served() as port:
        recent = sum("20240101" <= study[tags.STUDY_DATE] <= "20251231" for study in STUDIES)
        assert find(port, "StudyDate=20240101-20251231", "StudyInstanceUID")[0] == recent > 0
        assert find(port, "StudyDate=18000101", "StudyInstanceUID")[0] == 0
        both = f"StudyInstanceUID={UIDS[1]}\\{UIDS[2]}"
        assert find(port, both)[0] == 2
        asked = f"PatientID={ONE[tags.PATIENT_ID]}"
        assert find(port, asked, "StudyInstanceUID")[0] == int(ONE[tags.NUMBER_OF_PATIENT_RELATED_STUDIES])
        with_ct = sum("CT" in study[tags.MODALITIES_IN_STUDY] for study in STUDIES)
        assert find(port, "ModalitiesInStudy=CT", "StudyInstanceUID")[0] == with_ct
        quartz = sum(study[tags.PATIENT_NAME].startswith("Lab-Q") for study in STUDIES)
        assert find(port, "PatientName=Lab-Q*", "StudyInstanceUID")[0] == quartz


def test_levels() -> None:
    """Patients, series and images; a level that the model does not have is refused."""
    with served() as port:
        assert find(port, "PatientID", model="-P", level="PATIENT")[0] == SPEC.patients
        above = f"StudyInstanceUID={UID}"
        series = list(ARCHIVE.records(SERIES, {tags.STUDY_INSTANCE_UID: UID}))
        assert find(port, above, "SeriesInstanceUID", level="SERIES")[0] == len(series)
        one = series[0][tags.SERIES_INSTANCE_UID]
        images, out = find(port, above, f"SeriesInstanceUID={one}", "SOPInstanceUID", level="IMAGE")
        assert images == int(series[0][tags.NUMBER_OF_SERIES_RELATED_INSTANCES])
        keys = {tags.STUDY_INSTANCE_UID: UID, tags.SERIES_INSTANCE_UID: one}
        assert all(image[tags.SOP_INSTANCE_UID] in out for image in ARCHIVE.records(IMAGE, keys))
        assert find(port, "PatientID", level="PATIENT")[0] == 0
        assert find(port, "SOPInstanceUID", level="IMAGE")[0] == 0


def test_a_cancel_is_heard_while_it_streams() -> None:
    """It ends with the status for that, and long before the end of the archive."""
    archive = Archive(ArchiveSpec(seed=4, studies=20_000, patients=9_000, images=90_000))
    with served(archive) as port:
        code, out = run(
            "findscu", port, "-v", "-S", "--cancel", "3", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID"
        )
    assert code == 0
    assert "Cancel: MatchingTerminatedDueToCancelRequest" in out
    assert out.count("(Pending)") < 20_000


def test_get_fails_every_sub_operation_and_none_for_what_is_not_there() -> None:
    """As an open server answers a caller that takes no images."""
    with served() as port:
        _, out = run("getscu", port, "-v", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={UID}")
        assert f"Number of Failed Suboperations    : {ONE[tags.NUMBER_OF_STUDY_RELATED_INSTANCES]}\n" in out
        code, out = run("getscu", port, "-v", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=2.25.1")
        assert code == 0
        assert "Received C-GET Response (Success)" in out


def test_an_abort_ends_the_conversation_and_nothing_else() -> None:
    """The next caller is answered."""
    with served() as port:
        assert run("echoscu", port, "--abort")[0] == 0
        assert run("echoscu", port)[0] == 0


def test_closed_doors() -> None:
    """A refusal is a status; an abort ends the association; the worklist is a door of its own."""
    with served(posture=QUERIES_REFUSED) as port:
        assert "Unknown Status: 0x124" in find(port, "StudyInstanceUID")[1]
    with served(posture=WORKLIST_ONLY) as port:
        _, out = run("findscu", port, "-v", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID")
        assert "Abort" in out
        code, out = run(
            "findscu",
            port,
            "-v",
            "-W",
            "-k",
            "PatientID",
            "-k",
            "(0040,0100)[0].Modality",
            "-k",
            "(0040,0100)[0].(0040,0002)",
        )
        assert code == 0
        assert out.count("(Pending)") == -(-SPEC.patients // 10)
