"""What changed between two snapshots, and what only a newer probe sees, is told apart."""

import msgspec

from leadglass.model.assessment import TargetResult
from leadglass.model.facts import Cap, DimseFacts, SurfaceFacts
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import Rung
from leadglass.survey.compare import compare
from tests.report import samples
from tests.store.made import stored

FAILS = Cap(records=9, sign="it fails where there is more", shown=True)


def system(address: str, proof: Rung, cap: Cap | None = None) -> StoredResult:
    """A system with one way in."""
    rich = samples.open_orthanc()
    surface = msgspec.structs.replace(rich.surfaces[0], proof=proof, facts=SurfaceFacts(dimse=DimseFacts(cap=cap)))
    result: TargetResult = msgspec.structs.replace(rich, address=address, proof=proof, surfaces=(surface,))
    return stored(0, result)


EARLIER = [
    system("a", Rung.READABLE),
    system("b", Rung.RETRIEVABLE),
    system("c", Rung.ADMITS),
    system("d", Rung.ADMITS),
    system("e", Rung.SPEAKS),
]
LATER = [
    system("a", Rung.SPEAKS),
    system("b", Rung.READABLE),
    system("c", Rung.READABLE, FAILS),
    system("d", Rung.READABLE),
    system("e", Rung.READABLE, FAILS),
    system("f", Rung.READABLE, FAILS),
]


def test_closed_opened_and_seen_only_by_a_newer_probe() -> None:
    change = compare(EARLIER, LATER, ["dimse"], ["dimse", "date-ranges"])
    assert change.closed == ("a",)
    assert change.opened == ("c", "d", "e", "f")
    assert change.opened_seen_only_by_newer == ("c",)
    assert change.still_open == 1


def test_the_same_questions_hide_nothing() -> None:
    change = compare(EARLIER, LATER, ["dimse", "date-ranges"], ["dimse", "date-ranges"])
    assert change.opened_seen_only_by_newer == ()
    assert change.opened == ("c", "d", "e", "f")


def test_a_system_that_is_gone_is_closed() -> None:
    assert compare(EARLIER, [], [], []).closed == ("a", "b")
