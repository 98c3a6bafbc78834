"""`leadglass demo` checks a server of its own as `leadglass check` would, and says how to go on."""

from leadglass.cli.demo import _SPEC
from tests.peers.running import leadglass


def test_the_demonstration_finds_the_truth_and_says_how_to_go_on() -> None:
    """The report of an open server with exactly its studies, within 80 columns, and nothing on stderr."""
    ran = leadglass("demo")
    assert (ran.code, ran.err) == (0, "")
    assert f"exactly {_SPEC.studies:,}\n" in ran.out
    assert f"exactly {_SPEC.images:,}\n" in ran.out
    assert f"exactly {_SPEC.patients:,}\n" in ran.out
    assert "[GIVES IMAGES]" in ran.out
    assert "leadglass check HOST" in ran.out.splitlines()[-1]
    assert all(len(line) <= 80 for line in ran.out.splitlines())
