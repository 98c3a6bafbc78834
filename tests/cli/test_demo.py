"""`leadglass demo` checks a server of its own as `leadglass check` would, and says how to go on."""

from leadglass.cli.demo import _SEED, _STUDIES
from leadglass.lab.archive import make_archive
from tests.peers.running import leadglass


def test_the_demonstration_finds_the_truth_and_says_how_to_go_on() -> None:
    """The report of an open server with exactly its studies, within 80 columns, and nothing on stderr."""
    ran = leadglass("demo")
    assert (ran.code, ran.err) == (0, "")
    archive = make_archive(_SEED, _STUDIES)
    assert f"exactly {len(archive.studies):,}\n" in ran.out
    assert f"exactly {archive.images:,}\n" in ran.out
    assert f"exactly {len(archive.patients):,}\n" in ran.out
    assert "[GIVES IMAGES]" in ran.out
    assert "leadglass check HOST" in ran.out.splitlines()[-1]
    assert all(len(line) <= 80 for line in ran.out.splitlines())
