"""A proof that takes longer than it may is none, and says so."""

import pytest

from bench import prove


def test_a_survey_that_is_too_slow_fails_the_proof(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove.in_time(prove.MOST_S)
    assert not prove.in_time(prove.MOST_S + 1)
    assert capsys.readouterr().out == "  in 600 s of at most 600\n  too slow: 601 s, at most 600\n"
