"""That nothing was found is said only where a question was answered that any record would have answered."""

import pytest

from leadglass.model.words import NoRecord, Status
from leadglass.net.ends import FindEnd
from leadglass.probe.reading import why_none

EMPTY = FindEnd(status=Status.SUCCESS, records=0, dimse_status=0)
FAILED = FindEnd(status=Status.SUCCESS, records=0, dimse_status=0xC000)
NOT_AUTHORIZED = FindEnd(status=Status.SUCCESS, records=0, dimse_status=0x0124)
ABORTED = FindEnd(status=Status.ABORTED, records=0)
SPENT = FindEnd(status=Status.BUDGET_SPENT, records=0)


@pytest.mark.parametrize(
    ("narrow", "wide", "why"),
    [
        ([EMPTY], [EMPTY], NoRecord.NOTHING_FOUND),
        ([ABORTED], [EMPTY, ABORTED], NoRecord.NOTHING_FOUND),
        ([EMPTY], [SPENT], NoRecord.UNDECIDED),
        ([EMPTY], [FAILED], NoRecord.UNDECIDED),
        ([EMPTY], [ABORTED], NoRecord.UNDECIDED),
        ([ABORTED], [ABORTED, NOT_AUTHORIZED], NoRecord.REFUSED),
        ([], [], NoRecord.REFUSED),
    ],
)
def test_why_none(narrow: list[FindEnd], wide: list[FindEnd], why: NoRecord) -> None:
    assert why_none([*narrow, *wide], wide) is why
