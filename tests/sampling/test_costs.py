"""What questions cost a server is learnt from them, and decides whether an archive is sampled or counted."""

import pytest

from leadglass.measure.sampling.costs import Costs, Price, counting_is_cheaper


def learnt(question_s: float, record_s: float, lengths: tuple[int, ...] = (20, 60, 80, 100, 90, 450)) -> Price:
    """From questions of a server that takes so long."""
    costs = Costs()
    for records in lengths:
        costs.note(records, question_s + record_s * records)
    return costs.price()


@pytest.mark.parametrize(("question_s", "record_s"), [(0.05, 86e-6), (0.0, 1e-3), (2.0, 0.0)])
def test_both_costs_are_learnt(question_s: float, record_s: float) -> None:
    price = learnt(question_s, record_s)
    assert price.question_s == pytest.approx(question_s, abs=1e-9)
    assert price.record_s == pytest.approx(record_s, abs=1e-9)


def test_no_cost_is_below_nothing() -> None:
    costs = Costs()
    for records, seconds in ((20, 0.5), (400, 0.1)):
        costs.note(records, seconds)
    assert costs.price().record_s == 0.0
    costs = Costs()
    for records, seconds in ((100, 0.0), (400, 0.5)):
        costs.note(records, seconds)
    assert costs.price().question_s == 0.0


def test_equally_long_answers_tell_of_the_question_alone() -> None:
    assert learnt(0.25, 0.0, (50, 50, 50)) == Price(question_s=0.25, record_s=0.0)


def test_what_a_record_costs_is_known_from_a_long_answer() -> None:
    costs = Costs()
    for records in (20, 80, 90):
        costs.note(records, 0.1)
    assert not costs.are_known
    costs.note(450, 0.2)
    assert costs.are_known


@pytest.mark.parametrize(
    ("price", "studies", "cheaper"),
    [
        (Price(question_s=0.26, record_s=86e-6), 35_000, True),  # as Orthanc: a narrow question is a full scan
        (Price(question_s=0.002, record_s=86e-6), 35_000, False),
        (Price(question_s=0.26, record_s=86e-6), 45_000, False),  # more records than may come
        (Price(question_s=5.0, record_s=2e-3), 35_000, False),  # longer than the server may be kept busy
    ],
)
def test_counting_has_to_be_cheaper_and_within_the_budget(price: Price, studies: float, cheaper: bool) -> None:
    assert counting_is_cheaper(price, studies, 12_000, records_left=50_000, busy_left_s=80.0) is cheaper
