"""How sure a survey's samples are to be is settled when it is made, told, and kept for whoever works on it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadglass.measure.sampling.sampler import Wish
from leadglass.store.store import open_store
from leadglass.survey.engine.duty import layout_of, options_of
from leadglass.survey.options import Options
from tests.engine.world import typed

SCOPE = """
authority = "us"
contact = "us@example.org"
purpose = "a test"
approval = "ours"
opt_out = []
targets = ["127.9.0.0/30"]
permits = ["connect", "read-record"]
depth = "measure"
"""


def init(folder: Path, *options: str) -> tuple[str, Options | None, str]:
    """What `survey init` prints, the choices that its workers have, and what went wrong."""
    (folder / "scope.toml").write_text(SCOPE)
    store = str(folder / "store.db")
    done = typed("init", "one", "--scope", str(folder / "scope.toml"), "--store", store, *options)
    if done.returncode:
        assert done.returncode == 2
        return "", None, done.stderr
    with open_store(store) as kept:
        layout = layout_of(kept.survey("one"))
    return " ".join(done.stdout.split()), options_of(layout, datetime.now(UTC)), ""


@pytest.mark.parametrize(
    ("options", "wish", "words"),
    [
        ((), Wish(), "by samples, ±5 % at 95 % confidence"),
        (("--precision", "2.5", "--confidence", "90"), Wish(precision=0.025, confidence=0.9), "±2.5 % at 90 % confi"),
        (("--exact",), None, "Figures: counted to the end"),
    ],
)
def test_a_survey_keeps_how_sure_it_is_to_be(
    tmp_path: Path, options: tuple[str, ...], wish: Wish | None, words: str
) -> None:
    told, kept, wrong = init(tmp_path, *options)
    assert wrong == ""
    assert words in told
    assert kept is not None
    assert (kept.wish, kept.measure) == (wish, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--exact", "--precision", "2"), "leave one of the two out"),
        (("--precision", "70"), "50"),
        (("--confidence", "100"), "99.9"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    assert words in " ".join(init(tmp_path, *options)[2].split())
