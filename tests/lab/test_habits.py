"""Each habit acts on the wire, as a foreign caller sees it: what it changes, and what it leaves as it is."""

import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.habits import PLAIN, Capping, Habits, Handing
from leadglass.lab.identities import IDENTITIES
from leadglass.lab.losses import Losses
from leadglass.lab.matching import Wanted
from leadglass.lab.posture import Door, Posture
from leadglass.lab.spec import ArchiveSpec
from leadglass.model.words import Status, Step
from leadglass.net.associate import request
from leadglass.net.errors import StepFailed
from leadglass.wire import tags
from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import encode
from leadglass.wire.queries import STUDY, identifier
from leadglass.wire.uids import IMPLICIT_VR_LITTLE_ENDIAN, STUDY_ROOT_FIND
from leadglass.wire.upper_layer import Role
from tests.lab.caller import (
    ABORTED,
    PATIENT_FIND,
    PATIENT_GET,
    STUDY_FIND,
    STUDY_GET,
    WORKLIST,
    associated,
    found,
    handed,
    question,
)
from tests.lab.served import ARCHIVE, SPEC, STUDIES, served

MADE_UP = "2.25.1234567890"
ONE = max(STUDIES, key=lambda study: int(study[tags.NUMBER_OF_STUDY_RELATED_INSTANCES]))
UID, IMAGES = ONE[tags.STUDY_INSTANCE_UID], int(ONE[tags.NUMBER_OF_STUDY_RELATED_INSTANCES])


def asked(habits: Habits, level: str = "STUDY", **keys: str) -> tuple[int, int]:
    """The final status of one question, and the number of its records."""
    with served(habits=habits) as port, associated(port) as association:
        answered = found(association, question(level, **keys))
    return answered.status, len(answered.records)


@pytest.mark.parametrize(
    ("capping", "over", "at"),
    [
        (Capping.PENDING_ENDED, (0xFE00, 150), (0, SPEC.studies)),
        (Capping.SUCCESS, (0, 150), (0, SPEC.studies)),
        (Capping.NOTHING, (0xC000, 0), (0, SPEC.studies)),
    ],
)
def test_a_limit_ends_an_answer_in_its_way(capping: Capping, over: tuple[int, int], at: tuple[int, int]) -> None:
    """An answer that is longer is cut; one that is exactly as long is whole, and so is a narrow one."""
    habits = Habits(limit=150, capping=capping)
    assert asked(habits) == over
    assert asked(Habits(limit=SPEC.studies, capping=capping)) == at
    assert asked(habits, StudyInstanceUID=UID) == (0, 1)


@pytest.mark.parametrize("limit", [1, 64, 65, 128, 199])
def test_a_limit_is_kept_to_the_record_and_again_when_asked_again(limit: int) -> None:
    """Wherever it lies in the blocks in which answers are made; from the shelf too."""
    habits = Habits(limit=limit, capping=Capping.PENDING_ENDED)
    assert [asked(habits) for _ in range(2)] == [(0xFE00, limit)] * 2


def test_a_worklist_has_no_limit() -> None:
    with (
        served(posture=Posture(worklist=Door.OPEN), habits=Habits(limit=3)) as port,
        associated(port) as association,
    ):
        answered = found(association, question("", PatientID=""), WORKLIST)
    assert (answered.status, len(answered.records)) == (0, -(-SPEC.patients // 10))


@pytest.mark.parametrize(
    ("key", "impossible"), [("StudyDate", "18000101"), ("StudyTime", "235959-235959"), ("ModalitiesInStudy", "ZZ")]
)
def test_a_key_that_is_ignored_narrows_nothing(key: str, impossible: str) -> None:
    """All are given for what no study has; without the habit none is."""
    assert asked(Habits(ignores=(key,)), **{key: impossible}) == (0, SPEC.studies)
    assert asked(PLAIN, **{key: impossible}) == (0, 0)


def test_without_wildcards_a_star_is_a_character() -> None:
    assert asked(Habits(wildcards=False), PatientName="*") == (0, 0)
    assert asked(PLAIN, PatientName="*") == (0, SPEC.studies)


def test_counts_are_left_out_not_empty() -> None:
    with served(habits=Habits(counts=False)) as port, associated(port) as association:
        answered = found(association, question(NumberOfStudyRelatedInstances="", StudyDate=""))
    assert len(answered.records) == SPEC.studies
    assert all("NumberOfStudyRelatedInstances" not in record and "StudyDate" in record for record in answered.records)


def test_patient_root_only_accepts_no_study_root() -> None:
    with served(habits=Habits(patient_root_only=True)) as port, associated(port) as association:
        accepted = {context.abstract_syntax for context in association.accepted_contexts}
        assert PATIENT_FIND in accepted
        assert not {STUDY_FIND, STUDY_GET} & accepted
        answered = found(association, question("PATIENT", PatientID=""), PATIENT_FIND)
    assert len(answered.records) == SPEC.patients


def test_a_key_that_it_does_not_know_ends_the_association() -> None:
    """In queries, in a worklist, in the step of its sequence; keys that it knows do not."""
    habits = Habits(aborts_on_unknown_keys=True)
    assert asked(habits, InstitutionName="") == (ABORTED, 0)
    assert asked(habits, StudyDate="", PatientName="") == (0, SPEC.studies)
    assert asked(PLAIN, InstitutionName="") == (0, SPEC.studies)
    with served(posture=Posture(worklist=Door.OPEN), habits=habits) as port:
        with associated(port) as association:
            assert found(association, question("", PatientID=""), WORKLIST).status == 0
        with associated(port) as association:
            assert found(association, question("", PatientComments=""), WORKLIST).status == ABORTED


@pytest.mark.parametrize("most", [1, 64, 100, SPEC.studies - 1])
def test_it_drops_after_so_many(most: int) -> None:
    """The records come, and then the connection ends; a shorter answer is whole."""
    habits = Habits(drops_after=most)
    assert asked(habits) == (ABORTED, most)
    assert asked(habits, StudyInstanceUID=UID) == (0, 1)
    assert asked(Habits(drops_after=SPEC.studies)) == (0, SPEC.studies)


class Account:
    """Where the server's time goes; at payment `ends_at` the server dies."""

    def __init__(self, ends_at: int | None = None) -> None:
        self.spent: list[float] = []
        self._ends_at = ends_at

    async def spend(self, seconds: float) -> None:
        """Takes no time."""
        self.spent.append(round(seconds, 6))
        if len(self.spent) == self._ends_at:
            raise StepFailed(Status.INTERRUPTED, Step.QUERY, "it ended")


def paid(habits: Habits, ends_at: int | None = None) -> tuple[list[float], int]:
    """What a question for everything cost, and how many records came."""
    account = Account(ends_at)
    spend: Callable[[float], Awaitable[None]] = account.spend
    with served(habits=habits, spend=spend) as port, associated(port) as association:
        answered = found(association, question())
    return account.spent, len(answered.records)


def test_who_computes_first_spends_everything_before_the_first_answer() -> None:
    habits = Habits(computes_first=True, study_cost_s=0.001, match_cost_s=0.01)
    assert paid(habits) == ([2.2], SPEC.studies)
    assert paid(habits, ends_at=1) == ([2.2], 0)


def test_who_streams_spends_along_with_the_answers() -> None:
    habits = Habits(study_cost_s=0.001, match_cost_s=0.01)
    assert paid(habits) == ([0.64, 0.64, 0.64, 0.08, 0.2], SPEC.studies)
    assert paid(habits, ends_at=2) == ([0.64, 0.64], 64)
    assert paid(habits, ends_at=5)[1] == SPEC.studies


def test_a_limit_bounds_what_matches_cost_and_a_look_costs_as_much_as_an_answer() -> None:
    first = Habits(computes_first=True, study_cost_s=0.001, match_cost_s=0.01, limit=50, capping=Capping.PENDING_ENDED)
    assert paid(first) == ([0.7], 50)
    nothing = Habits(study_cost_s=0.001, match_cost_s=0.01, limit=50, capping=Capping.NOTHING)
    assert paid(nothing) == ([0.2], 0)


def test_a_slow_server_is_late_with_each_answer() -> None:
    """Its acceptance, its echo, its answer to a question; the release is not kept waiting."""
    account = Account()
    with served(habits=Habits(delay_s=1.5), spend=account.spend) as port, associated(port) as association:
        assert association.send_c_echo().Status == 0
        assert found(association, question()).status == 0
    assert account.spent == [1.5] * 3


def test_time_really_passes() -> None:
    """Without an account of its own the server waits."""
    with served(habits=Habits(delay_s=0.05)) as port, associated(port) as association:
        started = time.monotonic()
        assert association.send_c_echo().Status == 0
        assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize(
    ("handing", "some", "none"),
    [
        (Handing.ALL_FAILED, (0xA702, [IMAGES]), (0, [0])),
        (Handing.FIRST_FAILED, (0xC000, [1]), (0xC000, [0])),
        (Handing.ONE_BY_ONE, (0xA702, [*range(1, IMAGES + 1), IMAGES]), (0, [0])),
    ],
)
def test_each_way_to_fail_a_retrieval(
    handing: Handing, some: tuple[int, list[int]], none: tuple[int, list[int]]
) -> None:
    """For a study that is there, and for one that is not."""
    with served(habits=Habits(handing=handing)) as port, associated(port) as association:
        there, nowhere = (handed(association, question(StudyInstanceUID=uid)) for uid in (UID, "2.25.1"))
    assert (there.status, there.failed) == some
    assert (nowhere.status, nowhere.failed) == none


@pytest.mark.parametrize(
    "losses", [Losses(before=2021), Losses(modalities=("CT", "MR")), Losses(before=2019, modalities=("CR",))]
)
def test_lost_files_are_listed_and_not_handed_over(losses: Losses) -> None:
    """By study and by patient; what is there as before."""
    gone = {
        one[tags.STUDY_INSTANCE_UID]
        for one in STUDIES
        if {*one[tags.MODALITIES_IN_STUDY].split("\\")} & {*losses.modalities}
        or (losses.before and one[tags.STUDY_DATE] and int(one[tags.STUDY_DATE][:4]) < losses.before)
    }
    assert 0 < len(gone) < SPEC.studies
    held = {one[tags.STUDY_INSTANCE_UID]: int(one[tags.NUMBER_OF_STUDY_RELATED_INSTANCES]) for one in STUDIES}
    kept = sum(count for uid, count in held.items() if uid not in gone)
    assert ARCHIVE.kept(losses) == (SPEC.studies - len(gone), kept)
    assert ARCHIVE.count_images("PATIENT", Wanted(keys={}), losses) == kept
    habits = Habits(lost_before=losses.before, lost_modalities=losses.modalities)
    assert asked(habits) == (0, SPEC.studies)
    some = [*sorted(gone)[:3], *sorted({*held} - gone)[:3]]
    with served(habits=habits) as port, associated(port) as association:
        failed = {uid: handed(association, question(StudyInstanceUID=uid)).failed for uid in some}
    assert failed == {uid: [0 if uid in gone else held[uid]] for uid in some}


@pytest.mark.parametrize(("name", "status"), [("orthanc", 0xC000), ("dcmtk", 0xA702), ("dcm4chee", 0xA702)])
def test_a_product_fails_a_retrieval_in_its_own_way(name: str, status: int) -> None:
    with served(identity=IDENTITIES[name]) as port, associated(port) as association:
        answered = handed(association, question(StudyInstanceUID=UID))
        assert association.acceptor.implementation_class_uid == IDENTITIES[name].class_uid
        assert association.acceptor.implementation_version_name == IDENTITIES[name].version_name
    assert answered.status == status
    assert len(answered.failed) == (IMAGES + 1 if name == "dcmtk" else 1)


def test_whoever_accepts_everything_accepts_what_does_not_exist() -> None:
    """And refuses each request that it has no door for."""
    closed = Posture(queries=Door.ABSENT, accepts_made_up=True)
    with served(posture=closed) as port, associated(port, more=(MADE_UP,)) as association:
        assert MADE_UP in {context.abstract_syntax for context in association.accepted_contexts}
        assert found(association, question()).status == 0x0122
    with served() as port, associated(port, more=(MADE_UP,)) as association:
        assert MADE_UP not in {context.abstract_syntax for context in association.accepted_contexts}


def test_a_long_retrieval_hears_a_cancel() -> None:
    """Thousands of failures are not sent to somebody who has said that it is enough."""
    archive = Archive(ArchiveSpec(seed=5, studies=1, patients=1, images=60_000))
    with (
        served(archive, habits=Habits(handing=Handing.ONE_BY_ONE)) as port,
        associated(port) as association,
    ):
        [study] = found(association, question()).records
        responses = association.send_c_get(question(StudyInstanceUID=study.StudyInstanceUID), STUDY_GET, msg_id=9)
        next(responses)
        association.send_c_cancel(9, query_model=STUDY_GET)
        rest = [status.Status for status, _ in responses]
    assert rest[-1] == 0xFE00
    assert len(rest) < 60_000


def test_orthanc_reads_names_in_any_case_and_identifiers_in_their_own() -> None:
    """A whole name and a part of one; any other product takes letters as they are."""
    name = ONE[tags.PATIENT_NAME]
    for wish in (name.swapcase(), f"{name.swapcase()[:-1]}*", f"{name.swapcase()[:-1]}?"):
        assert uids("orthanc", PatientName=wish) == uids("orthanc", PatientName=name) != []
        assert uids("dcmtk", PatientName=wish) == []
    lettered = next(
        one[tags.PATIENT_ID] for one in STUDIES if one[tags.PATIENT_ID].upper() != one[tags.PATIENT_ID].lower()
    )
    assert uids("orthanc", PatientID=lettered)
    assert not uids("orthanc", PatientID=lettered.swapcase())


def test_orthanc_has_no_record_with_a_value_that_it_does_not_know() -> None:
    """An attribute alone narrows nothing; in a worklist a level of queries is such a value."""
    assert uids("orthanc", DeviceSerialNumber="X") == []
    assert len(uids("orthanc", DeviceSerialNumber="")) == len(uids("dcm4chee", DeviceSerialNumber="X")) == SPEC.studies
    for identity, items in (("orthanc", 0), ("dcm4chee", -(-SPEC.patients // 10))):
        posture = Posture(worklist=Door.OPEN)
        with served(posture=posture, identity=IDENTITIES[identity]) as port, associated(port) as association:
            asked_by_level = question("", PatientID="", QueryRetrieveLevel="STUDY")
            assert len(found(association, asked_by_level, WORKLIST).records) == items
            assert len(found(association, question("", PatientID=""), WORKLIST).records) == -(-SPEC.patients // 10)


def test_dcmqrscp_wants_the_patient_named_in_patient_root() -> None:
    """The attribute in a query, where it may be empty; the value in a retrieval."""
    with served(identity=IDENTITIES["dcmtk"]) as port, associated(port) as association:
        assert found(association, question(), PATIENT_FIND).status == 0xC000
        assert len(found(association, question(PatientID=""), PATIENT_FIND).records) == SPEC.studies
        assert handed(association, question(StudyInstanceUID=UID), PATIENT_GET) == (0, [], [0])
        named = question(StudyInstanceUID=UID, PatientID=ONE[tags.PATIENT_ID])
        assert handed(association, named, PATIENT_GET).status == 0xA702


def uids(identity: str, **keys: str) -> list[str]:
    """The studies that a product finds."""
    with served(identity=IDENTITIES[identity]) as port, associated(port) as association:
        return [str(record.StudyInstanceUID) for record in found(association, question(**keys)).records]


def test_a_cancel_that_comes_with_its_question_is_heard() -> None:
    """Both in one packet; then not a record is given."""
    asked_for = identifier(STUDY, tags.STUDY_INSTANCE_UID)
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        association = Association(Role.REQUESTOR)
        caller.sendall(association.send(request("ANY-SCP", [(STUDY_ROOT_FIND, (IMPLICIT_VR_LITTLE_ENDIAN,))])))
        [_] = heard(caller, association)
        asking = Command(
            field=CommandField.C_FIND_RQ,
            message_id=7,
            priority=0,
            affected_sop_class_uid=STUDY_ROOT_FIND,
            has_data_set=True,
        )
        cancel = Command(field=CommandField.C_CANCEL_RQ, responded_message_id=7)
        caller.sendall(
            association.send_message(1, asking, encode(asked_for, explicit=False)) + association.send_message(1, cancel)
        )
        [answer] = heard(caller, association)
        assert isinstance(answer, Message)
        assert answer.command.status == 0xFE00


def heard(caller: socket.socket, association: Association) -> list[Event]:
    """What the server says next."""
    while not (events := list(association.events())):
        association.receive(caller.recv(65_536))
    return events
