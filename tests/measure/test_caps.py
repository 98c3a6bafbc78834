"""A server's own limit is recognised: by FE00H unasked, or by a round number that two halves cannot confirm."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from leadglass.measure.caps import cap_of, looks_round
from leadglass.measure.outcome import Measured
from leadglass.measure.query.studies import count_studies
from leadglass.model.exposure import Count
from leadglass.model.scope import Budget
from leadglass.model.ways import DimseWay
from leadglass.model.words import CountKind, Status
from leadglass.net.ends import FindEnd
from leadglass.net.meter import Meter
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, encode, text
from leadglass.wire.uids import STUDY_ROOT_FIND


@pytest.mark.parametrize(
    "count",
    [
        50,
        60,
        100,
        110,
        120,
        125,
        150,
        200,
        250,
        255,
        350,
        500,
        512,
        999,
        1000,
        1024,
        1250,
        1500,
        2500,
        5000,
        10_000,
        65_536,
        100_000,
    ],
)
def test_figures_that_limits_are_set_to(count: int) -> None:
    assert looks_round(count)


@pytest.mark.parametrize(
    "count", [0, 1, 5, 9, 10, 19, 21, 26, 33, 51, 123, 254, 499, 501, 513, 1234, 1260, 10_100, 19_107]
)
def test_figures_that_they_are_not(count: int) -> None:
    assert not looks_round(count)


@pytest.mark.parametrize(
    ("end", "capped"),
    [
        (FindEnd(status=Status.SUCCESS, records=37, dimse_status=0xFE00), True),
        (FindEnd(status=Status.SUCCESS, records=37, dimse_status=0xFE00, cancelled=True), False),
        (FindEnd(status=Status.SUCCESS, records=500, dimse_status=0), True),
        (FindEnd(status=Status.SUCCESS, records=501, dimse_status=0), False),
        (FindEnd(status=Status.ABORTED, records=500), False),
        (FindEnd(status=Status.SUCCESS, records=500, dimse_status=0xC000), False),
    ],
)
def test_the_end_of_a_question_shows_a_limit(end: FindEnd, capped: bool) -> None:
    assert (cap_of(end) is not None) is capped


class Archive:
    """Studies on the days `days` (None: without a date), of whom a question gives `limit` at most."""

    def __init__(self, days: list[str | None], limit: int, *, filters: bool = True, repeats: int = 0) -> None:
        """`filters` tells whether StudyDate is heeded; the first `repeats` studies are answered twice."""
        self.days, self.limit, self.filters, self.repeats = days, limit, filters, repeats
        meter = Meter(Budget())
        self.line = SimpleNamespace(host=SimpleNamespace(meter=meter))
        self.asked: list[object] = []
        self.sop_class_uid = STUDY_ROOT_FIND

    async def ask(self, level: str, keys: str, asked: DataSet, take: Callable[[bytes, bool], bool]) -> FindEnd:
        """As `Questions.ask`."""
        wanted = next((e.value for e in asked if e.tag == tags.STUDY_DATE and e.value), b"-")
        first, _, last = str(wanted, "ascii").partition("-") if isinstance(wanted, bytes) else ("", "", "")
        found = [
            (number, day)
            for number, day in enumerate(self.days)
            if not self.filters or not (first or last) or (day is not None and first <= day <= last)
        ]
        found = (found[: self.repeats] + found)[: self.limit]
        for number, day in found:
            record = (
                text(tags.STUDY_INSTANCE_UID, f"1.2.{number}"),
                text(tags.PATIENT_ID, f"P{number}"),
                text(tags.STUDY_DATE, day or ""),
                text(tags.NUMBER_OF_STUDY_RELATED_INSTANCES, "2"),
            )
            take(encode(record, explicit=False), False)
        self.line.host.meter.records += len(found)
        return FindEnd(status=Status.SUCCESS, records=len(found), dimse_status=0)


def counted(archive: Archive, *, dates_usable: bool = True) -> Measured:
    """What counting `archive` comes to."""
    way = DimseWay(
        port=104,
        tls=False,
        called_ae_title="ANY-SCP",
        sop_class_uid=STUDY_ROOT_FIND,
        level="STUDY",
        dates_usable=dates_usable,
    )
    return asyncio.run(count_studies(cast(Questions, archive), way))


def days(count: int, *, each: int = 1) -> list[str | None]:
    """`count` studies, `each` a day."""
    return [(date(2015, 1, 1) + timedelta(number // each)).strftime("%Y%m%d") for number in range(count)]


def studies(measured: Measured) -> Count:
    """The figure."""
    assert measured.exposure is not None
    assert measured.exposure.studies is not None
    return measured.exposure.studies


def test_a_round_number_that_halves_confirm_is_exact() -> None:
    measured = counted(Archive(days(500), 10_000))
    assert (studies(measured), measured.cap, measured.whole_archive) == (Count.exact(500), None, True)


@pytest.mark.parametrize(("undated", "kind"), [(0, CountKind.EXACT), (1, CountKind.AT_LEAST), (60, CountKind.AT_LEAST)])
def test_studies_without_a_date_are_in_neither_half(undated: int, kind: CountKind) -> None:
    """A limit may have cut some of them off."""
    measured = counted(Archive([*days(500 - undated), *[None] * undated], 10_000))
    assert (studies(measured).count, studies(measured).kind) == (500, kind)
    assert measured.cap is None or not measured.cap.shown


def test_studies_without_a_date_that_a_limit_cut_off() -> None:
    """100 of 60 with a date and 70 without."""
    measured = counted(Archive([*days(60), *[None] * 70], 100))
    assert studies(measured) == Count.at_least(100)


@pytest.mark.parametrize("there", [501, 740, 5000])
def test_a_limit_of_500_is_found_out(there: int) -> None:
    measured = counted(Archive(days(there), 500))
    assert (studies(measured), measured.whole_archive) == (Count.at_least(500), False)
    assert measured.cap is not None


def test_a_limit_that_takes_the_newest_is_found_out() -> None:
    """Older studies exist beside those that were given: the older half shows more than was counted there."""
    measured = counted(Archive(list(reversed(days(740))), 500))
    assert studies(measured).kind is CountKind.AT_LEAST


def test_a_key_that_is_ignored_proves_nothing() -> None:
    measured = counted(Archive(days(500), 10_000, filters=False))
    assert studies(measured).kind is CountKind.AT_LEAST
    measured = counted(Archive(days(500), 10_000), dates_usable=False)
    assert studies(measured).kind is CountKind.AT_LEAST


def test_all_on_one_day_proves_nothing() -> None:
    """A half that is as large as the whole may be capped too."""
    measured = counted(Archive(days(500, each=500), 10_000))
    assert studies(measured).kind is CountKind.AT_LEAST


def test_without_records_left_nothing_is_asked_again() -> None:
    archive = Archive(days(500), 10_000)
    archive.line.host.meter = Meter(Budget(max_records=700))
    assert studies(counted(archive)).kind is CountKind.AT_LEAST


def test_duplicates_are_counted_once_and_the_number_of_answers_decides() -> None:
    measured = counted(Archive(days(480), 10_000, repeats=20))
    assert studies(measured).count == 480
