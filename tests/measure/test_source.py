"""A question of a sample is one C-FIND, and its answer is what was asked for: each study once, and all of them."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from leadglass.measure.query.source import DimseSource, asked, words
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, encode, text
from leadglass.wire.queries import PATIENT, STUDY

Values = dict[int, str]


def study(number: int, time: str = "101500", **more: str) -> Values:
    """A record of study `number`."""
    values = {
        "STUDY_INSTANCE_UID": f"1.2.{number}",
        "PATIENT_ID": f"P{number:04}",
        "ACCESSION_NUMBER": f"A{number:05}",
        "STUDY_DATE": "20190402",
        "STUDY_TIME": time,
        "MODALITIES_IN_STUDY": "CT\\SR",
        "NUMBER_OF_STUDY_RELATED_INSTANCES": "12",
        **more,
    }
    return {getattr(tags, name): value for name, value in values.items()}


class Scripted:
    """Answers each question with the next list of records, and then as `end` says; the last list comes again."""

    def __init__(self, *answers: list[Values], end: FindEnd | None = None) -> None:
        self.answers, self.end = list(answers), end
        self.asked: list[Values] = []
        self.closed = 0
        meter = SimpleNamespace(busy_s=0.0, records_left=50_000, busy_left_s=100.0, spent=None)
        self.line = SimpleNamespace(host=SimpleNamespace(meter=meter))

    async def ask(self, level: str, keys: str, identifier: DataSet, take: Callable[[bytes, bool], bool]) -> FindEnd:
        """Stops where `take` wants no more."""
        self.asked.append({one.tag: cast(bytes, one.value).decode().strip() for one in identifier})
        records = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for number, values in enumerate(records, start=1):
            data = encode(tuple(text(tag, value) for tag, value in sorted(values.items())), explicit=True)
            if not take(data, True):
                return FindEnd(status=Status.SUCCESS, records=number, dimse_status=0xFE00, cancelled=True)
        return self.end or FindEnd(status=Status.SUCCESS, records=len(records), dimse_status=0)

    async def close(self) -> None:
        """Remembers it."""
        self.closed += 1


def source_of(scripted: Scripted, patients: Scripted | None = None) -> DimseSource:
    """The source that asks them."""
    return DimseSource(cast(Questions, scripted), cast(Questions | None, patients))


def put(source: DimseSource, question: Question, most: int = 10**6) -> tuple[Answer, list[Entry]]:
    """The answer and its entries; no more than `most` are wanted."""
    entries: list[Entry] = []

    def take(entry: Entry) -> bool:
        entries.append(entry)
        return len(entries) < most

    return asyncio.run(source.ask(question, take)), entries


SLICE = Question(seconds=(36_900, 36_919))  # 10:15:00 to 10:15:19


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        (Question(accession="372"), {tags.ACCESSION_NUMBER: "*372"}),
        (Question(patient="05"), {tags.PATIENT_ID: "*05"}),
        (SLICE, {tags.STUDY_TIME: "101500-101520"}),
        (Question(seconds=(0, 0)), {tags.STUDY_TIME: "000000-000001"}),
        (Question(seconds=(75_600, 86_399)), {tags.STUDY_TIME: "210000-"}),
        (
            Question(modality="CT", patient="1", births=("19000101", "19491231")),
            {
                tags.MODALITIES_IN_STUDY: "CT",
                tags.PATIENT_ID: "*1",
                tags.PATIENT_BIRTH_DATE: "19000101-19491231",
            },
        ),
        (Question(level=PATIENT, patient="77"), {tags.PATIENT_ID: "*77"}),
    ],
)
def test_a_question_narrows_by_nothing_else(question: Question, keys: Values) -> None:
    """A time has fractions: the last second is asked for with the next, the last of the day with an open range."""
    sent = {element.tag: cast(bytes, element.value).decode().strip() for element in asked(question)}
    assert {tag: value for tag, value in sent.items() if value} == {**keys, tags.QUERY_RETRIEVE_LEVEL: question.level}
    assert (tags.STUDY_INSTANCE_UID in sent) is (question.level == STUDY)
    assert tags.PATIENT_NAME not in sent


def test_words_tell_keys_and_no_values() -> None:
    assert words(Question(patient="37", seconds=(5, 6))) == "a sample by PatientID by its end, StudyTime"


def test_an_entry_is_what_the_wire_had() -> None:
    [entry] = put(source_of(Scripted([study(7, "101503.25")])), SLICE)[1]
    assert (entry.patient, entry.accession, entry.second) == (b"P0007", b"A00007", 36_903)
    assert (entry.kinds, entry.images, entry.year) == (frozenset((b"CT", b"SR")), 12, 2019)
    assert repr(entry) == "Entry()"


@pytest.mark.parametrize("number", ["", "0", "many", "9999999999", "-3"])
def test_a_number_of_images_that_is_none_is_left_out(number: str) -> None:
    [entry] = put(source_of(Scripted([study(7, NUMBER_OF_STUDY_RELATED_INSTANCES=number)])), SLICE)[1]
    assert entry.images is None


@pytest.mark.parametrize("date", ["", "2019", "00000000", "18500101", "ABCDEFGH"])
def test_a_year_that_is_none_is_left_out(date: str) -> None:
    [entry] = put(source_of(Scripted([study(7, STUDY_DATE=date)])), SLICE)[1]
    assert entry.year is None


def test_the_second_behind_the_last_is_not_taken_and_no_stray() -> None:
    answer, entries = put(source_of(Scripted([study(1), study(2, "101520"), study(3, "101520.000"), study(4)])), SLICE)
    assert (answer.records, answer.whole, len(entries)) == (4, True, 2)


def test_a_study_that_comes_twice_in_an_answer_is_one() -> None:
    source = source_of(Scripted([study(1), study(2), study(1)]))
    assert [put(source, SLICE)[1].__len__(), put(source, SLICE)[1].__len__()] == [2, 2]
    assert source.seen.tally.distinct_studies == 2


def test_records_that_name_no_study_make_an_answer_doubtful() -> None:
    answer, entries = put(source_of(Scripted([study(1), study(2, STUDY_INSTANCE_UID="")])), SLICE)
    assert (answer.whole, answer.why, len(entries)) == (False, "records that name no study", 1)


def test_a_server_that_ignores_times_is_stopped_at_once() -> None:
    answer, entries = put(source_of(Scripted([study(n, "160000") for n in range(500)])), SLICE)
    assert (answer.whole, answer.why, answer.records) == (False, "the server ignores StudyTime", 3)
    assert len(entries) == 3


def test_whoever_wants_no_more_gets_no_more() -> None:
    """Though some records still come after a cancel; an answer that we ended has no reason to tell."""
    answer, entries = put(source_of(Scripted([study(n) for n in range(100)])), SLICE, most=5)
    assert (answer.whole, answer.why, len(entries)) == (False, "", 5)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (FindEnd(status=Status.SUCCESS, records=3, dimse_status=0xFE00), "FE00H"),
        (FindEnd(status=Status.SUCCESS, records=3, dimse_status=0xA700), "A700H"),
        (FindEnd(status=Status.SUCCESS, records=3, dimse_status=0xB000), "B000H"),
        (FindEnd(status=Status.SUCCESS, records=3), "0000H"),
        (FindEnd(status=Status.ABORTED, records=3, detail="it aborted"), "it aborted"),
        (FindEnd(status=Status.IO_TIMEOUT, records=3), "io-timeout"),
        (FindEnd(status=Status.BUDGET_SPENT, records=3), "budget"),
    ],
)
def test_an_answer_that_ends_otherwise_is_not_whole(end: FindEnd, why: str) -> None:
    source = source_of(Scripted([study(n) for n in range(3)], end=end))
    answer, _ = put(source, SLICE)
    assert not answer.whole
    assert why in answer.why
    assert source.troubles == [answer.why]


def test_one_association_at_a_time() -> None:
    studies, patients = Scripted([study(1)]), Scripted([{tags.PATIENT_ID: "P1"}])
    source = source_of(studies, patients)
    put(source, SLICE)
    assert (studies.closed, patients.closed) == (0, 1)
    [entry] = put(source, Question(level=PATIENT, patient="1"))[1]
    assert (entry.patient, entry.second, studies.closed) == (b"P1", None, 1)


def test_without_a_patient_root_its_questions_are_not_asked() -> None:
    answer, _ = put(source_of(Scripted([study(1)])), Question(level=PATIENT, patient="1"))
    assert (answer.whole, answer.records) == (False, 0)


def test_nothing_shows_a_value() -> None:
    source: Any = source_of(Scripted([study(1)]))
    put(source, SLICE)
    assert repr(source) == "DimseSource(Studies(Tally(1 records)))"
