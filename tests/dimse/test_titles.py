"""Under several called AE titles the one that opens most decides, whatever its place among them."""

import pytest

from leadglass.model.words import CountKind, NoRecord, Outcome, Retrieval, Rung, SurfaceKind
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Doors, Shelf, Study

SHUT = Doors(find=False, get=False)
READS = Doors(get=False)
STUDIES = (Study("1.2.1", "ONE", series=(2,)), Study("1.2.2", "TWO", series=(1, 2)))


@pytest.mark.parametrize("titles", [("OPEN", "SHUT", "READS"), ("SHUT", "READS", "OPEN"), ("READS", "OPEN", "SHUT")])
def test_the_title_that_opens_most_decides(titles: tuple[str, ...]) -> None:
    shelf = Shelf(studies=STUDIES, titles={"OPEN": Doors(), "READS": READS, "SHUT": SHUT})
    result = assessed(shelf, *titles)
    facts = dimse(result).facts.dimse
    assert facts is not None
    assert (result.proof, facts.called_ae_title) == (Rung.RETRIEVABLE, "OPEN")
    assert [attempt.called_ae_title for attempt in facts.attempts] == ["ANY-SCP", *titles]
    assert result.exposure is not None
    assert result.exposure.images is not None
    assert result.exposure.images.count == 5


def test_an_open_first_title_spares_the_questions_under_the_others() -> None:
    shelf = Shelf(studies=STUDIES, titles={"ANY-SCP": Doors(worklist=True), "OTHER": Doors(worklist=True)})
    assessed(shelf, measure=False)
    alone, shelf.associations = shelf.associations, 0
    assessed(shelf, "OTHER", measure=False)
    assert shelf.associations == alone + 1, "the other title was only greeted"


def test_among_titles_that_give_nothing_the_open_question_is_told() -> None:
    """One refuses, and under the other nothing was found: that is no refusal."""
    shelf = Shelf(titles={"ANY-SCP": SHUT, "EMPTY": Doors()})
    result = assessed(shelf, "EMPTY")
    assert dimse(result).facts.no_record is NoRecord.NOTHING_FOUND
    assert outcome(result, "records-readable") is Outcome.UNKNOWN


def test_a_refusal_under_one_title_hides_no_doubt_under_another() -> None:
    shelf = Shelf(studies=STUDIES, titles={"ANY-SCP": READS, "ODD": Doors(get=False, refusal=0xA701)})
    assert dimse(assessed(shelf, "ODD")).retrieval is Retrieval.UNDETERMINED


def test_a_worklist_that_opens_under_the_last_title_is_found() -> None:
    shelf = Shelf(studies=STUDIES, titles={"ANY-SCP": SHUT, "SHUT": SHUT, "RIS": Doors(find=False, worklist=True)})
    result = assessed(shelf, "SHUT", "RIS")
    worklist = dimse(result, SurfaceKind.WORKLIST)
    assert worklist.proof is Rung.READABLE
    assert worklist.facts.dimse is not None
    assert worklist.facts.dimse.called_ae_title == "RIS"
    assert dimse(result).proof is Rung.ADMITS


BOTH = Doors(find=False, worklist=True)


@pytest.mark.parametrize(
    ("titles", "kind"),
    [
        ({"RIS": BOTH, "MWL": BOTH}, CountKind.AT_LEAST),
        ({"RIS": BOTH, "SHUT": SHUT}, CountKind.AT_LEAST),
        ({"RIS": BOTH}, CountKind.EXACT),
        ({"ANY-SCP": BOTH, "RIS": BOTH}, CountKind.EXACT),
    ],
)
def test_a_worklist_under_one_of_several_titles_is_at_least_so_long(titles: dict[str, Doors], kind: CountKind) -> None:
    """Whether a title opens a list of its own is not asked once one is open."""
    result = assessed(Shelf(studies=STUDIES, titles=titles), *(title for title in titles if title != "ANY-SCP"))
    exposure = dimse(result, SurfaceKind.WORKLIST).exposure
    assert exposure is not None
    assert exposure.worklist_items is not None
    assert exposure.worklist_items.kind is kind
