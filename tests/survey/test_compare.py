"""What changed between two snapshots, and what only a newer probe sees, is told apart."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from leadglass.model.assessment import TargetResult
from leadglass.model.facts import Cap, DimseFacts, SurfaceFacts
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe.manner import MAY_OPEN, VERSIONS
from leadglass.store.schema import SHARD
from leadglass.store.store import open_store
from leadglass.survey.compare import Snapshot, compare
from leadglass.survey.walk.space import Space, make_space
from tests.cli.typed import typed
from tests.report import samples
from tests.store.made import stored

FAILS = Cap(records=9, sign="it fails where there is more", shown=True)


OLD, NEW = {"dimse": 1}, {"dimse": 1, "date-ranges": 1}
NOWHERE = Space(intervals=(), listed=0)


def system(
    address: str,
    proof: Rung,
    cap: Cap | None = None,
    *,
    port: int = 104,
    kind: SurfaceKind = SurfaceKind.DIMSE,
    status: Status = Status.SUCCESS,
) -> StoredResult:
    """A system with one way in."""
    rich = samples.open_orthanc()
    facts = SurfaceFacts(dimse=DimseFacts(cap=cap))
    surface = msgspec.structs.replace(rich.surfaces[0], kind=kind, port=port, proof=proof, status=status, facts=facts)
    result: TargetResult = msgspec.structs.replace(
        rich, target=address, address=address, status=status, proof=proof, surfaces=(surface,)
    )
    return stored(0, result)


def snapshot(
    results: Iterable[StoredResult], *probes: dict[str, int], network: str = "", ports: tuple[int, ...] = (104,)
) -> Snapshot:
    """A survey that came to these results."""
    space = make_space([network], [], [], 0) if network else NOWHERE
    return Snapshot(results=list(results), probes=probes or (NEW,), space=space, ports=frozenset(ports))


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
    change = compare(snapshot(EARLIER, OLD), snapshot(LATER, NEW))
    assert change.closed == ("a",)
    assert change.opened == ("c", "d", "e", "f")
    assert change.opened_seen_only_by_newer == ("c",)
    assert change.opened_not_asked_before == ("f",)
    assert change.still_open == 1


def test_the_same_questions_hide_nothing() -> None:
    change = compare(snapshot(EARLIER, NEW), snapshot(LATER, NEW))
    assert change.opened_seen_only_by_newer == ()
    assert change.opened == ("c", "d", "e", "f")


def test_a_system_that_is_gone_from_a_network_is_closed_and_elsewhere_was_not_asked_again() -> None:
    earlier = snapshot([system("10.0.0.1", Rung.READABLE), system("10.9.0.1", Rung.READABLE)])
    change = compare(earlier, snapshot([], network="10.0.0.0/24"))
    assert (change.closed, change.not_asked_again) == (("10.0.0.1",), ("10.9.0.1",))
    change = compare(snapshot([], network="10.0.0.0/24"), earlier)
    assert (change.opened, change.opened_not_asked_before) == (("10.0.0.1", "10.9.0.1"), ("10.9.0.1",))


def test_a_port_that_only_one_survey_asked_says_nothing_of_the_other() -> None:
    two = system("10.0.0.2", Rung.READABLE, port=11112)
    both = snapshot([system("10.0.0.1", Rung.READABLE), two], network="10.0.0.0/24", ports=(104, 11112))
    fewer = snapshot([], network="10.0.0.0/24", ports=(104,))
    assert compare(both, fewer).closed == ("10.0.0.1",)
    assert compare(both, fewer).not_asked_again == ("10.0.0.2",)
    assert compare(fewer, both).opened_not_asked_before == ("10.0.0.2",)


@pytest.mark.parametrize("status", [Status.OUT_OF_SCOPE, Status.NAME_NOT_RESOLVED, Status.INTERRUPTED])
def test_what_was_not_asked_to_the_end_is_not_closed(status: Status) -> None:
    open_, cut = system("10.0.0.1", Rung.READABLE), system("10.0.0.1", Rung.SILENT, status=status)
    change = compare(snapshot([open_]), snapshot([cut], network="10.0.0.0/24"))
    assert (change.closed, change.not_asked_again) == ((), ("10.0.0.1",))


def test_a_system_that_was_kept_twice_is_what_both_found() -> None:
    """A name and an address may be one system: whichever comes last hides nothing."""
    twice = [system("a", Rung.READABLE), system("a", Rung.SILENT)]
    for results in (twice, twice[::-1]):
        change = compare(snapshot(results), snapshot(results))
        assert (change.still_open, change.opened, change.closed) == (1, (), ())


@pytest.mark.parametrize(
    ("probe", "kind", "was", "told"),
    [
        ("dimse", SurfaceKind.DIMSE, Rung.SPEAKS, True),
        ("dimse", SurfaceKind.DIMSE, Rung.OTHER, True),
        ("dimse", SurfaceKind.DIMSE, Rung.SILENT, False),
        ("dimse", SurfaceKind.DICOMWEB, Rung.SPEAKS, False),
        ("dicomweb", SurfaceKind.DICOMWEB, Rung.SPEAKS, True),
        ("products", SurfaceKind.ORTHANC_REST, Rung.ADMITS, True),
        ("worklist", SurfaceKind.DIMSE, Rung.ADMITS, False),
        ("counting", SurfaceKind.DIMSE, Rung.ADMITS, False),
    ],
)
def test_a_newer_version_of_any_probe_is_told_apart(probe: str, kind: SurfaceKind, was: Rung, *, told: bool) -> None:
    older, newer = VERSIONS, {**VERSIONS, probe: VERSIONS[probe] + 1}
    before, now = [system("a", was, kind=kind)], [system("a", Rung.READABLE, kind=kind)]
    change = compare(snapshot(before, older), snapshot(now, newer))
    assert change.opened == ("a",)
    assert change.opened_seen_only_by_newer == (("a",) if told else ())
    assert compare(snapshot(before, older), snapshot(now, older)).opened_seen_only_by_newer == ()
    # The other way round an older probe may not see what is open still.
    change = compare(snapshot(now, newer), snapshot(before, older))
    assert (change.closed, change.not_asked_again) == (((), ("a",)) if told else (("a",), ()))


def test_a_survey_is_as_old_as_its_oldest_run() -> None:
    newer = {**VERSIONS, "dimse": 2}
    before, now = [system("a", Rung.SPEAKS)], [system("a", Rung.READABLE)]
    mixed = compare(snapshot(before, newer, VERSIONS), snapshot(now, newer))
    assert mixed.opened_seen_only_by_newer == ("a",)


def test_of_every_probe_it_is_known_what_a_better_one_may_open() -> None:
    assert set(MAY_OPEN) == set(VERSIONS)


SCOPE = 'authority = "J"\ncontact = "c"\nopt_out = []\ntargets = ["127.121.9.0/27", "127.121.9.99"]\n'
READS = 'permits = ["connect", "read-record"]\n'


def made(folder: Path, name: str, more: str) -> Path:
    """A survey that never ran; its store."""
    (folder / "scope.toml").write_text(more + SCOPE)
    store = folder / "store.db"
    done = typed("survey", "init", name, "--scope", str(folder / "scope.toml"), "--store", str(store))
    assert done.code == 0, done.err
    return store


def test_a_survey_that_is_not_done_is_not_compared(tmp_path: Path) -> None:
    store = made(tmp_path, "one", READS)
    done = typed("survey", "compare", "one", "one", "--store", str(store))
    assert (done.code, done.out) == (2, "")
    assert "the survey one is not done (0 of " in done.err
    assert f"leadglass survey resume one --store {store}" in done.err


@pytest.mark.parametrize(("more", "why"), [("", "read-record is not permitted"), ('depth = "touch"\n', "touch")])
def test_surveys_that_asked_for_no_record_are_not_compared(tmp_path: Path, more: str, why: str) -> None:
    store = made(tmp_path, "one", more)
    with open_store(str(store)) as kept, kept._engine.begin() as connection:
        connection.execute(update(SHARD).values(done=True))
    done = typed("survey", "compare", "one", "one", "--store", str(store))
    assert (done.code, done.out) == (2, "")
    assert why in done.err
