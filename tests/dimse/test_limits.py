"""A server's own limits show at every level, and what they cut is never called exact."""

from dataclasses import dataclass

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.measure.retrieving.lots import MAX_ASKED
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind, Outcome, Rung
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Limit, Shelf, Study

FAILS = Limit(3, status=0xC000, empty=True)


def exposure(result: TargetResult) -> Exposure:
    """The figures of the one DIMSE surface."""
    found = dimse(result).exposure
    assert found is not None
    return found


def studies(count: int, *, series: tuple[int, ...] = (1,), day: str | None = None) -> tuple[Study, ...]:
    """`count` studies of a patient each, one a day, or all on one."""
    return tuple(
        Study(
            uid=f"1.2.{number + 1}",
            patient=f"P{number}",
            day=day or f"2019{1 + number // 28 % 12:02}{1 + number % 28:02}",
            series=series,
        )
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        (Limit(60), CountKind.AT_LEAST),
        (Limit(57, status=0xFE00), CountKind.AT_LEAST),
        (Limit(57, status=0xA700), CountKind.AT_LEAST),
        (Limit(70), CountKind.EXACT),
    ],
)
def test_a_limit_on_the_images_of_a_series(limit: Limit, kind: CountKind) -> None:
    shelf = Shelf(studies=studies(3, series=(61, 2)), limits={IMAGE: limit}, counts=False)
    found = exposure(assessed(shelf))
    assert found.images is not None
    assert (found.studies, found.images.kind) == (Count.exact(3), kind)
    whole = 3 * 63
    assert found.images.count == whole if kind is CountKind.EXACT else 0 < found.images.count <= whole
    assert bool(found.limits) is (kind is CountKind.AT_LEAST)


def test_a_round_number_that_is_not_the_longest_is_no_limit() -> None:
    """60 images came, and 61 too."""
    shelf = Shelf(studies=(*studies(2, series=(60,)), Study("1.2.99", "LAST", series=(61,))), counts=False)
    assert exposure(assessed(shelf)).images == Count.exact(181)


@pytest.mark.parametrize("limit", [Limit(50), Limit(20, status=0xFE00)])
def test_a_limit_on_the_series_of_a_study(limit: Limit) -> None:
    shelf = Shelf(studies=(Study("1.2.3", series=(1,) * 55),), limits={SERIES: limit}, counts=False)
    found = exposure(assessed(shelf))
    assert found.images is not None
    assert found.images.kind is CountKind.AT_LEAST
    assert 0 < found.images.count <= 55


class PatientsOnly(Shelf):
    """Fails at every level but PATIENT, unless the patient is named."""

    async def find(self, caller: Caller, message: Message) -> None:
        """As it says."""
        asked = self.values(caller, message)
        if asked.get(tags.QUERY_RETRIEVE_LEVEL) == PATIENT or asked.get(tags.PATIENT_ID):
            await super().find(caller, message)
        else:
            caller.send(caller.response(message, 0xA900))


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        (Limit(60), CountKind.AT_LEAST),
        (Limit(57, status=0xFE00), CountKind.AT_LEAST),
        (Limit(10**6), CountKind.EXACT),
    ],
)
def test_a_limit_on_patients(limit: Limit, kind: CountKind) -> None:
    result = assessed(PatientsOnly(studies=studies(61), limits={PATIENT: limit}))
    found = exposure(result)
    assert result.proof.at_least(Rung.READABLE)
    assert found.patients is not None
    assert found.studies is not None
    assert (found.patients.kind, found.studies.kind) == (kind, kind)
    shown = Outcome.OK if limit.status == 0xFE00 else Outcome.UNKNOWN
    assert outcome(result, "unlimited-query") is (shown if kind is CountKind.AT_LEAST else Outcome.VULNERABLE)


def test_a_limit_on_the_studies_of_a_patient() -> None:
    many = tuple(Study(f"1.2.{number}", "ONE") for number in range(70))
    found = exposure(assessed(PatientsOnly(studies=many, limits={STUDY: Limit(60)})))
    assert (found.patients, found.studies) == (Count.exact(1), Count.at_least(60))


def test_studies_that_name_no_patient() -> None:
    nobody = tuple(Study(f"1.2.{number}", "") for number in range(3))
    result = assessed(Shelf(studies=nobody))
    assert (exposure(result).patients, exposure(result).studies) == (None, Count.exact(3))
    [reading] = [finding for finding in result.findings if finding.check == "records-readable"]
    assert "0 patients" not in reading.seen
    assert "3 studies" in reading.seen


@pytest.mark.parametrize("spread", [10, 400, 9000])
def test_a_server_that_fails_above_its_limit_is_found_open_by_halves(spread: int) -> None:
    """C000H and nothing for more than 3 matches, and no study on the few days that are tried by name."""
    held = tuple(
        Study(f"1.2.{number}", f"P{number}", day=f"{1990 + number % 20}{1 + number % 12:02}{1 + spread % 28:02}")
        for number in range(40)
    )
    shelf = Shelf(studies=held, limits={STUDY: FAILS})
    assert assessed(shelf, measure=False).proof.at_least(Rung.READABLE)
    assert len(shelf.finds) < 60
    found = exposure(assessed(shelf))
    assert found.studies == found.patients == Count.at_least(40), "counted by ranges of dates"
    assert found.images == Count.at_least(40)
    assert len(shelf.finds) < 300


def test_a_server_that_fails_above_its_limit_is_found_open_by_a_recent_week_and_counted_by_ranges() -> None:
    held = (*studies(30), Study("1.2.99", "LAST", day="20261120"))
    result = assessed(Shelf(studies=held, limits={STUDY: FAILS}))
    assert exposure(result).studies == Count.at_least(31)
    assert any("fails where it would answer too much" in limit for limit in exposure(result).limits)
    assert outcome(result, "unlimited-query") is Outcome.OK


def test_a_day_that_holds_more_than_a_server_answers_is_told() -> None:
    held = (*studies(9), *(Study(f"1.3.{n}", f"Q{n}", day="20200202") for n in range(9)))
    found = exposure(assessed(Shelf(studies=(*held, Study("1.2.99", "LAST", day="20261120")), limits={STUDY: FAILS})))
    assert found.studies == Count.at_least(10)
    assert "days that hold more than the server answers: 1" in found.limits


def test_a_server_that_fails_even_for_one_day_stays_undecided() -> None:
    shelf = Shelf(studies=studies(40, day="20190402"), limits={PATIENT: FAILS, STUDY: FAILS})
    result = assessed(shelf)
    assert result.proof is Rung.ADMITS
    assert outcome(result, "records-readable") is Outcome.UNKNOWN
    assert "C000H" in next(finding.seen for finding in result.findings if finding.check == "records-readable")


@pytest.mark.parametrize(("held", "most"), [(120, 73), (120, 119), (700, 73)])
def test_a_limit_of_an_odd_size_is_found_by_what_lies_beside_the_answer(held: int, most: int) -> None:
    result = assessed(Shelf(studies=studies(held), limits={STUDY: Limit(most)}))
    assert exposure(result).studies == Count.at_least(most)
    assert outcome(result, "unlimited-query") is Outcome.OK


@pytest.mark.parametrize("most", [5, 10, 12, 15, 19, 40])
@pytest.mark.parametrize("hidden", [0, 7, 41])
def test_a_limit_of_a_few_is_found_though_it_hides_a_single_study(most: int, hidden: int) -> None:
    held = [*studies(42)]
    held = [*held[:hidden], *held[hidden + 1 :], held[hidden]][-most - 1 :]
    result = assessed(Shelf(studies=tuple(held), limits={STUDY: Limit(most)}))
    assert exposure(result).studies == Count.at_least(most)
    assert outcome(result, "unlimited-query") is Outcome.OK


@pytest.mark.parametrize("held", [1, 5, 10, 12, 15, 19, 20, 40])
@pytest.mark.parametrize(("day", "endings"), [(None, False), ("20190402", False), ("20190402", True)])
def test_a_small_archive_is_exact(held: int, day: str | None, endings: bool) -> None:
    result = assessed(Shelf(studies=studies(held, day=day), endings=endings))
    told = day is None or endings or held in (1, 12, 19)  # a round number that nothing divides may be a limit
    assert exposure(result).studies == (Count.exact(held) if told else Count.at_least(held))
    assert outcome(result, "unlimited-query") is (Outcome.VULNERABLE if told else Outcome.UNKNOWN)
    # What came is asked for again, beside more; the UIDs of an image each of a few.
    assert result.cost.records_received <= 7 * held + 25 + 2 * min(held, MAX_ASKED)


@pytest.mark.parametrize("most", [5, 7, 12, 19, 20, 40])
@pytest.mark.parametrize("dates", [False, True])
def test_a_limit_of_a_few_is_found_where_dates_do_not_tell(most: int, dates: bool) -> None:
    heeds = tuple(tag for tag in Shelf().heeds if dates or tag != tags.STUDY_DATE)
    held = studies(most + 1, day="20190402")
    result = assessed(Shelf(studies=held, limits={STUDY: Limit(most)}, heeds=heeds, endings=True))
    assert exposure(result).studies == Count.at_least(most)
    assert outcome(result, "unlimited-query") is Outcome.OK


@pytest.mark.parametrize("day", [None, "20190402"])
def test_an_odd_number_that_is_all_there_is_stays_exact(day: str | None) -> None:
    shelf = Shelf(studies=studies(73, day=day))
    result = assessed(shelf)
    assert exposure(result).studies == Count.exact(73)
    assert outcome(result, "unlimited-query") is Outcome.VULNERABLE
    assert result.cost.records_received <= 3 * 73 + 3 + 20 + 2 * MAX_ASKED, (
        "for the proof, which it does not end; for its size, since it ignores times; to count; for kinds; for images"
    )


def test_a_limit_on_one_busy_day_is_found_though_every_study_is_of_that_day() -> None:
    """Nothing lies before or after, and the day is too full to be asked for again: what was seen is told."""
    held = (*studies(73, day="20190402"), *studies(200)[100:])
    found = exposure(assessed(Shelf(studies=held, limits={STUDY: Limit(73)})))
    assert found.studies == Count.at_least(73)


@pytest.mark.parametrize("most", [20, 25])
def test_a_limit_on_series_that_no_study_exceeds(most: int) -> None:
    shelf = Shelf(studies=studies(3, series=(1,) * 45), limits={SERIES: Limit(most)}, counts=False)
    assert exposure(assessed(shelf)).images == Count.at_least(3 * most)


UNNUMBERED = tuple(tag for tag in Shelf().heeds if tag not in (tags.SERIES_NUMBER, tags.INSTANCE_NUMBER))


@pytest.mark.parametrize("most", [5, 7, 12, 19])
@pytest.mark.parametrize("level", [SERIES, IMAGE])
def test_a_limit_of_a_few_on_one_list_below_a_study_is_found_by_numbers(most: int, level: str) -> None:
    series = (1,) * (most + 1) if level == SERIES else (most + 1,)
    held = (Study("1.2.1", series=series), Study("1.2.2", "TWO", series=(2,)))
    found = exposure(assessed(Shelf(studies=held, limits={level: Limit(most)}, counts=False)))
    assert found.images == Count.at_least(most + 2)
    assert any("more lie behind it" in limit for limit in found.limits)


@pytest.mark.parametrize("most", [5, 10, 13, 64])
@pytest.mark.parametrize("numbered", [True, False])
def test_lists_below_a_study_that_are_all_there_is(most: int, numbered: bool) -> None:
    """Without numbers few lists of an odd length are believed, and others not."""
    held = (Study("1.2.1", series=(most, 1)), Study("1.2.2", "TWO", series=(2,) * 6))
    shelf = Shelf(studies=held, counts=False, heeds=Shelf().heeds if numbered else UNNUMBERED)
    odd = numbered or most == 13
    assert exposure(assessed(shelf)).images == (Count.exact if odd else Count.at_least)(most + 13)


def test_several_lists_of_one_length_are_a_limits_where_numbers_do_not_tell() -> None:
    shelf = Shelf(studies=studies(3, series=(13, 1)), counts=False, heeds=UNNUMBERED, limits={IMAGE: Limit(11)})
    found = exposure(assessed(shelf))
    assert found.images == Count.at_least(3 * 12)
    assert any("as several others have" in limit for limit in found.limits)


@pytest.mark.parametrize("first", [0, 1, 7])
def test_numbers_that_begin_elsewhere(first: int) -> None:
    """Numbers that run from 0 tell as well; others tell nothing, and 12 is no number of limits."""
    shelf = From(studies=(Study("1.2.1", series=(12,)),), counts=False, first=first)
    assert exposure(assessed(shelf)).images == Count.exact(12)
    limited = From(studies=(Study("1.2.1", series=(14,)),), counts=False, limits={IMAGE: Limit(12)}, first=first)
    assert exposure(assessed(limited)).images == (Count.exact if first == 7 else Count.at_least)(12)


@dataclass
class From(Shelf):
    """Numbers its images from `first`."""

    first: int = 1

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """As it says."""
        asked = wanted.get(tags.INSTANCE_NUMBER, "")
        own = wanted | {tags.INSTANCE_NUMBER: str(max(0, int(asked) - self.first + 1))} if asked else wanted
        return super().matching(own, level)


class Zeros(Shelf):
    """Answers every number with 0."""

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """As programs do that fill in what they do not know."""
        numbers = (tags.NUMBER_OF_STUDY_RELATED_INSTANCES, tags.NUMBER_OF_SERIES_RELATED_INSTANCES)
        return [values | dict.fromkeys(numbers, "0") for values in super().matching(wanted, level)]


def test_a_number_of_images_that_says_0_is_none() -> None:
    assert exposure(assessed(Zeros(studies=studies(3, series=(2, 3))))).images == Count.exact(15)


class Twice(Shelf):
    """Lists every image and every series twice."""

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """Below the study."""
        found = super().matching(wanted, level)
        return found * 2 if level in (SERIES, IMAGE) else found


def test_images_that_are_listed_twice_are_not_counted_twice() -> None:
    found = exposure(assessed(Twice(studies=studies(3, series=(2, 3)), counts=False)))
    assert found.images == Count.at_least(15)


def test_studies_without_an_end_are_not_taken_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.measure.tally.MAX_REPEATED", 30)
    monkeypatch.setattr("leadglass.measure.tally.MAX_REPEATED_EACH", 3)
    found = exposure(assessed(Repeating(studies=studies(3))))
    assert found.studies == Count.at_least(3)
    assert "the server repeats its studies without an end: the count was ended" in found.limits


class Repeating(Shelf):
    """Lists its studies over and over where all are asked for."""

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """As it says."""
        found = super().matching(wanted, level)
        return found * 40 if level == STUDY and not any(map(wanted.get, Shelf().heeds)) else found


def test_a_study_under_two_patients_is_at_least_one_of_two_patients() -> None:
    found = exposure(assessed(Shelf(studies=(Study("1.2", "A"), Study("1.2", "B"), Study("1.3", "A")))))
    assert (found.studies, found.patients) == (Count.at_least(2), Count.exact(2))
