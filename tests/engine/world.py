"""A fiftieth of the world of September 2019, served in a process of its own, and surveyed by the command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import msgspec

from leadglass.__main__ import main
from leadglass.lab.catalogue import load
from leadglass.lab.population_file import parse_population
from leadglass.lab.truth import Truth, truth_of
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import Rung
from leadglass.store.store import open_store

# Tests that run beside each other serve the world on networks of their own.
_BESIDE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
NETWORK = f"127.{121 + _BESIDE}.0.0/22"
WORLD = Path(__file__).with_name("fiftieth.toml").read_text().replace("127.121.0.0/22", NETWORK)
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
SCOPE = """
authority = "the tests"
approval = "2026/7"
purpose = "to see"
contact = "tests@example.org"
targets = ["{network}", {{ file = "targets.csv" }}]
opt_out = [{left_out}]
permits = ["connect", "read-record", "request-images"]
ports = {{ dimse = [11112], web = [8080] }}
depth = "{depth}"
pace = {{ per_second = {pace}, per_network = 20_000, per_address = 500 }}
{more}
"""


SMALL = 2_000
"""Studies of a server, above which a quick survey leaves it alone."""


def truth(most_studies: int | None = None) -> Truth:
    """What is true about it, or about its servers that hold no more studies than that."""
    whole = truth_of(parse_population(WORLD, "the world of these tests", load))
    kept = tuple(one for one in whole.addresses if most_studies is None or one.studies <= most_studies)
    return msgspec.structs.replace(whole, addresses=kept)


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """The world, for as long as a block lasts; its file is put into `folder`."""
    (folder / "fiftieth.toml").write_text(WORLD)
    command = [sys.executable, "-m", "leadglass", "lab", "up", str(folder / "fiftieth.toml")]
    lab = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT, cwd=ROOT)
    assert lab.stdout is not None
    assert lab.stdout.readline()
    try:
        yield
    finally:
        lab.terminate()
        lab.wait(30)
        lab.stdout.close()


def scope_in(
    folder: Path, depth: str = "measure", pace: str = "50_000", most_studies: int | None = None, more: str = ""
) -> Path:
    """A scope file with the country of each server as a label of its address; `pace` is connections a second."""
    told = truth(most_studies)
    lines = (f"{one.address},country={one.country}\n" for one in told.addresses)
    (folder / "targets.csv").write_text("".join(lines))
    left_out = {one.address for one in truth().addresses} - {one.address for one in told.addresses}
    names = ", ".join(f'"{address}"' for address in sorted(left_out))
    (folder / "scope.toml").write_text(SCOPE.format(depth=depth, network=NETWORK, pace=pace, left_out=names, more=more))
    return folder / "scope.toml"


def command(*words: str) -> list[str]:
    """`leadglass survey WORDS`."""
    return [sys.executable, "-m", "leadglass", "survey", *words]


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """What `leadglass survey WORDS` came to."""
    return subprocess.run(command(*words), capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False)


def begun(folder: Path, *options: str, pace: str = "50_000", store: str = "", most_studies: int | None = None) -> str:
    """A survey named `one`; its store, a new file where none is given."""
    store = store or str(folder / "store.db")
    done = typed(
        "init",
        "one",
        "--scope",
        str(scope_in(folder, pace=pace, most_studies=most_studies)),
        "--store",
        store,
        "--exact",
        "--seed",
        "7",
        *options,
    )
    assert done.returncode == 0, done.stderr
    number = len(truth(most_studies).addresses)
    assert f"{1024 - 71 + number:,} addresses of networks, {number} named one by one" in done.stdout
    return store


def found(store: str) -> dict[str, object]:
    """What a store says in the end; every position is there once."""
    with open_store(store) as opened:
        positions = [one.position for one in opened.results("one")]
        assert len(positions) == len(set(positions))
        assert opened.survey("one").state == "done"
        return summary(opened.results("one"))


def run_here(store: str) -> None:
    """`leadglass survey run one`, in a process that was forked for it: what is imported already costs nothing."""
    sys.argv = ["leadglass", "survey", "run", "one", "--store", store]
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        main()


def summary(results: Iterator[StoredResult]) -> dict[str, object]:
    """Rungs by country, studies and images of the archives that are listed: what has to be the truth."""
    rungs: dict[str, int] = {}
    studies = images = 0
    for one in results:
        country = dict(one.labels).get("country", "none")
        key = f"{country} {one.result.proof.value}"
        rungs[key] = rungs.get(key, 0) + 1
        exposure = one.result.exposure
        if one.result.proof.at_least(Rung.READABLE) and exposure is not None and exposure.studies is not None:
            studies += exposure.studies.count
            images += exposure.images.count if exposure.images is not None else 0
    return {"rungs": dict(sorted(rungs.items())), "studies": studies, "images": images}


def true_summary(told: Truth, *, newer_probe: bool) -> dict[str, object]:
    """The same of the truth, as a survey with or without the newer probe meets it."""
    rungs: dict[str, int] = {}
    for one in told.addresses:
        overlooked = one.seen_only_by_newer and not newer_probe and one.rung.at_least(Rung.READABLE)
        key = f"{one.country} {(Rung.ADMITS if overlooked else one.rung).value}"
        rungs[key] = rungs.get(key, 0) + 1
    listed = [
        one
        for one in told.addresses
        if one.rung.at_least(Rung.READABLE) and (newer_probe or not one.seen_only_by_newer)
    ]
    return {
        "rungs": dict(sorted(rungs.items())),
        "studies": sum(one.studies for one in listed),
        "images": sum(one.images for one in listed),
    }


def document(text: str) -> dict[str, object]:
    """A JSON document."""
    found: dict[str, object] = json.loads(text)
    return found
