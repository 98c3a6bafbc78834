"""Surveys of two whole worlds of the lab are held against their truth: `make prove`.

`greenbone-2019-09` is surveyed without the questions by ranges of dates, as its survey was; `greenbone-2019-11` with
them. Everything is counted to the end. What was found is compared in rungs by country, in studies and in images; then
the two snapshots are compared with each other. Each survey has ten minutes, on two cores with the lab beside it.
"""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.processes import ENVIRONMENT
from bench.worlds import SURVEY, begun, served
from leadglass.lab.catalogue import load
from leadglass.lab.truth import Truth, truth_of
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import CountKind, Rung
from leadglass.store.store import Store, open_store
from leadglass.survey.compare import compare
from leadglass.survey.snapshots import snapshot_of

MOST_S = 600.0  # for one world, at depth `measure` with `--exact`
_WORLDS = (("greenbone-2019-09", ("--without", "date-ranges")), ("greenbone-2019-11", ()))


def main() -> int:
    """Prints what was found beside what is true; 1 where they differ, or where it took too long."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "store.db")
        with open_store(store) as opened:
            proofs = [_proved(opened, store, Path(folder), world, options) for world, options in _WORLDS]
            return 0 if all(proofs) and _changes(opened) else 1


def _proved(opened: Store, store: str, folder: Path, world: str, options: tuple[str, ...]) -> bool:
    told = truth_of(load(world))
    begun(folder, world, told, store, "--exact", *options)
    with served(world):
        began = time.monotonic()
        subprocess.run([*SURVEY, "run", world, "--store", store], check=True, env=ENVIRONMENT)
        took_s = time.monotonic() - began
    found, true = _of(opened.results(world)), _true(told)
    figures = ("studies", "images")
    print(f"{world}: {took_s:.0f} s; {found['systems']:,} systems", flush=True)
    for figure in figures:
        print(f"  {figure}: {found[figure]:,}, in truth {true[figure]:,}")
    print(f"  figures that are at-least: {found['at least']:,} systems")
    differ = sorted(key for key in {*found, *true} - {"at least"} if found[key] != true[key])
    for key in differ:
        print(f"  differs: {key}: {found[key]:,}, in truth {true[key]:,}")
    print("  rungs by country: as in truth" if not differ else "  not the truth")
    return in_time(took_s) and not differ


def in_time(took_s: float) -> bool:
    """Whether a survey was as fast as it has to be; says so."""
    kept = took_s <= MOST_S
    print(
        f"  in {took_s:.0f} s of at most {MOST_S:.0f}" if kept else f"  too slow: {took_s:.0f} s, at most {MOST_S:.0f}"
    )
    return kept


def _of(results: Iterator[StoredResult]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in results:
        counted["systems"] += 1
        counted[f"{dict(one.labels).get('country', 'none')} {one.result.proof.value}"] += 1
        exposure = one.result.exposure
        if one.result.proof.at_least(Rung.READABLE) and exposure is not None and exposure.studies is not None:
            counted["studies"] += exposure.studies.count
            counted["images"] += exposure.images.count if exposure.images is not None else 0
            counted["at least"] += exposure.studies.kind is CountKind.AT_LEAST
    return counted


def _true(told: Truth) -> Counter[str]:
    counted: Counter[str] = Counter(systems=len(told.addresses), studies=told.totals.studies, images=told.totals.images)
    for one in told.addresses:
        overlooked = one.seen_only_by_newer and not told.newer_probe and one.rung.at_least(Rung.READABLE)
        counted[f"{one.country} {(Rung.ADMITS if overlooked else one.rung).value}"] += 1
    return counted


def _changes(opened: Store) -> bool:
    before, after = (snapshot_of(opened, world, "") for world, _ in _WORLDS)
    change = compare(before, after)
    true = truth_of(load(_WORLDS[1][0])).since
    print(
        f"between the two: {len(change.closed)} closed, {len(change.opened)} new, of which "
        f"{len(change.opened_seen_only_by_newer)} are seen by the newer probe only"
    )
    return true is not None and (
        sorted(change.closed) == sorted(true.closed)
        and not (change.not_asked_again or change.opened_not_asked_before)
        and sorted(change.opened) == sorted(true.opened)
        and sorted(change.opened_seen_only_by_newer) == sorted(true.opened_seen_only_by_newer)
    )


if __name__ == "__main__":
    sys.exit(main())
