"""Archives of the lab are measured by samples over real associations: within their intervals, or said to be less."""

import pytest

from leadglass.lab.habits import PLAIN, Capping, Habits
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.sampling.sampler import COUNTED, MOST_RECORDS, Wish
from leadglass.model.exposure import Count
from leadglass.model.scope import WITHOUT_END, Budget
from leadglass.model.words import CountKind
from leadglass.wire.uids import PATIENT_ROOT_FIND
from tests.sampling.wire import Came, holds, measured

SMALL = ArchiveSpec(seed=5, studies=8_017, patients=2_750, images=240_000, undated=8, migrated=160)
SPEC = ArchiveSpec(seed=7, studies=60_013, patients=20_690, images=1_800_000, undated=60, migrated=1_200)
LARGE = ArchiveSpec(seed=5, studies=300_000, patients=103_448, images=9_000_000, undated=300, migrated=6_000)
CUT = 300  # records that a server still sends when it is told to stop, and those that it had sent by then


def is_true(came: Came, spec: ArchiveSpec) -> bool:
    """Whether no figure says less, or more, than the truth."""
    found = came.exposure
    figures = ((found.patients, spec.patients), (found.studies, spec.studies), (found.images, spec.images))
    return all(holds(count, truth) for count, truth in figures)


def kinds(came: Came) -> set[CountKind]:
    """What the figures are worth."""
    found = came.exposure
    return {count.kind for count in (found.patients, found.studies, found.images) if count is not None}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_large_archive_lies_within_its_intervals_after_a_few_thousand_records(seed: int) -> None:
    came = measured(LARGE, seed=seed)
    assert kinds(came) == {CountKind.ESTIMATE}
    assert is_true(came, LARGE)
    assert came.cost.records_received <= MOST_RECORDS
    assert came.measured.whole_archive is None
    assert came.measured.cap is None
    assert len(came.measured.drawn.keys()) == 20
    for count in (came.exposure.patients, came.exposure.studies):
        assert count is not None
        assert count.high is not None
        assert count.high - count.low < 0.1 * count.count * 1.005
        assert count.confidence == 0.95


def test_one_association_at_a_time_and_few_of_them() -> None:
    assert measured(SPEC).cost.connections <= 5


def test_what_the_sample_did_not_reach_is_told() -> None:
    came = measured(SPEC, wish=Wish(precision=0.01))
    assert is_true(came, SPEC)
    assert any("where ±1.0% was wanted" in limit for limit in came.exposure.limits)


def test_the_wish_decides_the_confidence() -> None:
    came = measured(SPEC, wish=Wish(precision=0.2, confidence=0.8))
    assert came.exposure.studies is not None
    assert came.exposure.studies.confidence == 0.8
    assert came.cost.records_received < measured(SPEC).cost.records_received


def test_where_every_study_has_one_image_a_few_hundred_patients_are_enough() -> None:
    spec = ArchiveSpec(seed=8, studies=59_356, patients=27_742, images=59_425)
    came = measured(spec, wish=Wish(precision=0.4))
    assert kinds(came) == {CountKind.ESTIMATE}
    assert is_true(came, spec)
    assert came.cost.records_received < 5_000


def test_a_small_archive_is_counted() -> None:
    came = measured(SMALL)
    assert SMALL.studies < COUNTED
    assert (came.exposure.studies, came.measured.whole_archive) == (Count.exact(SMALL.studies), True)
    assert came.cost.records_received < SMALL.studies * 1.1


@pytest.mark.parametrize(("wish", "budget"), [(None, Budget(max_records=50_000)), (Wish(), WITHOUT_END)])
def test_who_wants_everything_is_given_no_sample(wish: Wish | None, budget: Budget) -> None:
    """Without a wish, or with a budget that asks for all."""
    came = measured(SPEC, wish=wish, budget=budget)
    assert not any("sample" in query.keys for query in came.measured.queries)
    assert kinds(came) == {CountKind.AT_LEAST if wish is None else CountKind.EXACT}


def test_everything_is_exact() -> None:
    came = measured(SPEC, wish=None, budget=WITHOUT_END)
    assert came.exposure.studies == Count.exact(SPEC.studies)


@pytest.mark.parametrize("most", [300, 3_000, 9_000])
def test_a_small_budget_holds(most: int) -> None:
    came = measured(LARGE, budget=Budget(max_records=most))
    assert came.exposure.studies is not None
    assert came.exposure.studies.low > most / 2, "what came is not forgotten"
    assert is_true(came, LARGE)
    assert came.cost.records_received <= most + CUT


def test_a_budget_of_time_holds() -> None:
    came = measured(SPEC, Habits(computes_first=True, study_cost_s=2e-6), budget=Budget(max_busy_s=1.0))
    assert kinds(came) == {CountKind.AT_LEAST}
    assert is_true(came, SPEC)
    assert came.cost.busy_s < 1.5
    assert any("--max-busy-s" in limit for limit in came.exposure.limits)


def test_where_a_question_takes_long_the_sample_is_what_the_time_allows() -> None:
    """Whatever it comes to then."""
    came = measured(SPEC, Habits(computes_first=True, study_cost_s=2e-6), budget=Budget(max_busy_s=3.0))
    assert is_true(came, SPEC)
    assert came.cost.busy_s < 3.5


LIMITS = [
    Habits(limit=limit, capping=capping)
    for limit in (20, 57, 137, 500)
    for capping in Capping
    if limit > 100 or capping is not Capping.NOTHING  # which is counted by thousands of ranges
]


@pytest.mark.parametrize("habits", LIMITS, ids=lambda habits: f"{habits.limit} {habits.capping}")
def test_a_limit_is_seen_through(habits: Habits) -> None:
    """Narrower questions are drawn, or no sample; either way the limit is told."""
    came = measured(SPEC, habits, seed=3)
    assert kinds(came) in ({CountKind.AT_LEAST}, {CountKind.ESTIMATE})
    assert is_true(came, SPEC)
    assert (came.measured.cap is None) is (habits.capping is Capping.NOTHING)
    assert came.measured.whole_archive is False
    said = "the server seems to limit its answers", "answers end at", "ended an answer with status C000H"
    assert any(words in limit for limit in came.exposure.limits for words in said)
    assert not any("more than once" in limit for limit in came.exposure.limits)


@pytest.mark.parametrize("seconds", [0.4, 0.8, 1.2, 1.6, 2.0, 2.4])
def test_whenever_the_time_is_over_what_is_said_is_true(seconds: float) -> None:
    came = measured(SPEC, Habits(computes_first=True, study_cost_s=1e-6), budget=Budget(max_busy_s=seconds))
    assert is_true(came, SPEC)


def test_under_a_limit_of_500_the_sample_is_as_sure_as_without() -> None:
    came = measured(SPEC, Habits(limit=500, capping=Capping.PENDING_ENDED), seed=3)
    assert came.exposure.studies is not None
    assert came.exposure.studies.kind is CountKind.ESTIMATE
    assert came.exposure.studies.high is not None
    assert came.exposure.studies.high - came.exposure.studies.low < 0.1 * SPEC.studies


@pytest.mark.parametrize(
    "habits",
    [
        Habits(limit=1_000),  # at what a sample asks for, and above it
        Habits(limit=1_000, capping=Capping.NOTHING),
        Habits(limit=5_000),
        Habits(ignores=("StudyTime",)),
        Habits(ignores=("ModalitiesInStudy",)),
        Habits(ignores=("PatientID",)),
        Habits(ignores=("AccessionNumber", "PatientID")),
        Habits(wildcards=False),
        Habits(counts=False),
        Habits(drops_after=400),
        Habits(computes_first=True, match_cost_s=1e-6),
    ],
    ids=str,
)
def test_no_habit_makes_a_figure_untrue(habits: Habits) -> None:
    assert is_true(measured(SPEC, habits, seed=3), SPEC)


def test_a_server_that_ignores_times_gives_no_more_than_a_few_records_for_the_sample() -> None:
    spec = ArchiveSpec(seed=9, studies=29_017, patients=9_700, images=700_000)  # far more than sockets hold
    came = measured(spec, Habits(ignores=("StudyTime",)))
    assert came.exposure.studies == Count.exact(spec.studies)
    looked = sum(query.records for query in came.measured.queries if "sample" in query.keys)
    assert looked < spec.studies / 2, "though it sends on until it hears the cancel"


def test_patients_are_counted_in_patient_root_alone_where_that_is_all_there_is() -> None:
    came = measured(SPEC, Habits(patient_root_only=True), model=PATIENT_ROOT_FIND)
    assert kinds(came) == {CountKind.ESTIMATE}
    assert is_true(came, SPEC)
    assert {query.model for query in came.measured.queries} == {"patient-root"}
    assert came.cost.connections == 1


def test_where_a_narrow_question_costs_as_much_as_a_wide_one_counting_is_the_cheaper_way() -> None:
    """If the budget permits it: 40,000 studies are fewer than 50,000 records."""
    spec = ArchiveSpec(seed=9, studies=36_017, patients=12_000, images=900_000)
    came = measured(spec, Habits(computes_first=True, study_cost_s=1e-5))
    assert came.exposure.studies == Count.exact(spec.studies)
    assert came.measured.whole_archive is True


def test_where_records_are_what_costs_a_sample_is_the_cheaper_way() -> None:
    spec = ArchiveSpec(seed=9, studies=36_017, patients=12_000, images=900_000)
    came = measured(spec, Habits(match_cost_s=3e-4))
    assert kinds(came) == {CountKind.ESTIMATE}
    assert is_true(came, spec)


def test_facts_name_keys_and_no_value() -> None:
    queries = measured(SPEC, PLAIN).measured.queries
    assert {query.level for query in queries} == {"STUDY", "PATIENT"}
    assert not any(character.isdigit() for query in queries for character in query.keys)
