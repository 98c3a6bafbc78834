"""Real servers understand a sample's questions: ends of identifiers, times with fractions, levels."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from leadglass.measure.query.source import DimseSource
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.model.scope import Budget, Timing
from leadglass.net.gate import Gate
from leadglass.net.host import Host
from leadglass.net.questions import Line, questions
from leadglass.wire.queries import PATIENT
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND
from tests.bad_peers.asking import finish
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.orthanc import OPEN, Orthanc

pytestmark = pytest.mark.peers
FIRST = 86_347  # 23:59:07, the second of the first study's time, which is 235907.618


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """Its port and title."""
    with Orthanc(tmp_path_factory.mktemp("orthanc"), **OPEN).up() as server:
        yield server.dicom, "ANY-SCP"


@pytest.fixture(scope="module")
def dcmqrscp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """Its port and title."""
    with Dcmqrscp(tmp_path_factory.mktemp("dcmqrscp")).up() as server:
        server.load()
        yield server.port, TITLE


def put(where: tuple[int, str], question: Question) -> tuple[Answer, list[Entry]]:
    """The answer of a real server."""

    async def ask() -> tuple[Answer, list[Entry]]:
        port, title = where
        host = Host("127.0.0.1", [Gate(None).admit("127.0.0.1", ip_address("127.0.0.1"))], Budget(), Timing())
        line = Line(host, port, tls=False, called_ae_title=title)
        entries: list[Entry] = []

        def take(entry: Entry) -> bool:
            entries.append(entry)
            return True

        async with (
            questions(line, STUDY_ROOT_FIND, "study-root") as studies,
            questions(line, PATIENT_ROOT_FIND, "patient-root") as patients,
        ):
            return await DimseSource(studies, patients).ask(question, take), entries

    return finish(ask())


@pytest.mark.parametrize("server", ["orthanc", "dcmqrscp"])
@pytest.mark.parametrize(
    ("question", "studies"),
    [
        (Question(seconds=(FIRST - 7, 86_399)), 3),  # an open range
        (Question(seconds=(FIRST, FIRST)), 1),
        (Question(seconds=(FIRST - 7, FIRST - 1)), 0),
        (Question(seconds=(FIRST, FIRST + 10)), 2),
        (Question(seconds=(0, 80_000)), 0),
        (Question(accession="73K"), 3),
        (Question(accession="1-66173K"), 1),
        (Question(accession="37"), 0),
        (Question(patient="93"), 2),
        (Question(patient="20"), 1),
        (Question(patient="93", seconds=(FIRST, FIRST)), 1),
        (Question(births=("19390101", "19401231")), 2),
        (Question(level=PATIENT, patient="93"), 1),
        (Question(level=PATIENT, patient="55"), 0),
    ],
)
def test_a_question_is_understood(
    server: str, question: Question, studies: int, request: pytest.FixtureRequest
) -> None:
    answer, entries = put(request.getfixturevalue(server), question)
    assert (answer.whole, answer.why, len(entries)) == (True, "", studies)


def test_orthanc_tells_modalities_and_images_and_dcmqrscp_neither(
    orthanc: tuple[int, str], dcmqrscp: tuple[int, str]
) -> None:
    question = Question(modality="MR")
    [entry] = put(orthanc, question)[1]
    assert (entry.kinds, entry.images, entry.year) == (frozenset((b"MR",)), 2, 2014)
    entries = put(dcmqrscp, question)[1]
    assert [(entry.kinds, entry.images) for entry in entries] == [(frozenset(), None)] * 3
