"""A survey, its store and everything that is exported from it show no value, with a crash in the middle too."""

import re
from pathlib import Path

import pytest

from leadglass.store.store import open_store
from tests.peers.dcmqrscp import TITLE
from tests.peers.running import leadglass
from tests.privacy.test_canaries import SCRIPT, assert_nothing_is_shown

pytestmark = pytest.mark.peers
SCOPE = """
authority = "the tests"
contact = "tests@example.org"
targets = ["127.0.0.1"]
opt_out = []
permits = ["connect", "read-record", "request-images", "sample-kinds"]
called_ae_titles = ["{title}"]
ports = {{ dimse = [{dimse}], web = [{web}] }}
depth = "measure"
pace = {{ per_second = 1000, per_network = 1000, per_address = 1000 }}
"""


@pytest.mark.parametrize(
    "crash", [(), ("pick",), ("stream",), ("tally",), ("kinds",)], ids=["whole", "pick", "stream", "tally", "kinds"]
)
def test_a_survey_shows_no_value(targets: tuple[str, ...], home: Path, crash: tuple[str, ...]) -> None:
    dimse, web, qrscp = (int(re.findall(r":(\d+)", target)[0]) for target in targets)
    scope = home / "scope.toml"
    scope.write_text(SCOPE.format(title=TITLE, dimse=f"{dimse}, {qrscp}", web=web))
    made = leadglass("survey", "init", "one", "--scope", str(scope), home=home)
    assert made.code == 0, made.err
    program = {"program": SCRIPT} if crash else {}
    ran = leadglass(*crash, "survey", "run", "one", "--log-level", "debug", home=home, **program)
    assert ran.code == 0, ran.err
    for form in ("ndjson", "csv", "parquet"):
        out = home / f"out.{form}"
        exported = leadglass("survey", "export", "one", "-o", str(out), "--format", form, home=home)
        assert exported.code == 0, exported.err
    assert_nothing_is_shown(ran, home)
    with open_store(str(home / "leadglass.db")) as store:
        (one,) = store.results("one")
    assert one.result.exposure is not None or crash
    shown = [surface.exposure for surface in one.result.surfaces if surface.exposure is not None]
    if crash in ((), ("kinds",)):  # the store has the kinds, or why there are none beside what was counted
        assert any(exposure.kinds for exposure in shown) is not bool(crash)
        told = [limit for exposure in shown for limit in exposure.limits if "kinds of data could not" in limit]
        assert bool(told) is bool(crash)
        assert all("RuntimeError" in limit for limit in told)
    if crash in (("pick",), ("tally",)):  # the others are met by what every step expects of a peer
        assert "internal-error" in {surface.status.value for surface in one.result.surfaces}
