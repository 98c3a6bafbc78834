"""A name with several addresses is one target, and an address that shows nothing says nothing of the others."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from leadglass.cli.exits import Exit, exit_code
from leadglass.model.assessment import TargetResult
from leadglass.model.target import parse_target
from leadglass.model.words import Rung, Severity
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from tests.fakes.dicomweb import Archive
from tests.fakes.web_server import FakeWeb, Routes


def assessed(addresses: list[str], routes: Routes) -> TargetResult:
    """The result of a name that DNS says has these addresses, with a web server on the first of them."""

    async def work() -> TargetResult:
        async def getaddrinfo(*_: object, **__: object) -> list[object]:
            return [(0, 0, 0, "", (address, 0)) for address in addresses]

        async with FakeWeb(routes) as server:
            asyncio.get_running_loop().getaddrinfo = getaddrinfo  # type: ignore[method-assign, assignment]
            target = parse_target(f"http://pool.example:{server.port}")
            options = Options(manner=Manner(today=date(2026, 11, 23)), contact="tests")
            [result] = await assess_all([target], Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    return asyncio.run(work())


def test_an_address_that_shows_nothing_leaves_the_others_open() -> None:
    result = assessed(["127.0.0.1", "127.0.0.2", "127.0.0.3"], {})
    assert (result.proof, result.address) == (Rung.OTHER, "127.0.0.1")
    assert result.addresses_not_asked == ("127.0.0.2", "127.0.0.3")
    assert result.not_asked == ("what 2 other addresses would show, to which the name leads as well",)
    assert exit_code([result], Severity.CRITICAL) is Exit.UNDECIDED


def test_an_address_that_answers_nobody_was_asked_and_is_not_told() -> None:
    """Tried before the one that answers."""
    result = assessed(["127.0.0.9", "127.0.0.1"], {})
    assert (result.address, result.addresses_not_asked, result.not_asked) == ("127.0.0.1", (), ())
    assert exit_code([result], Severity.CRITICAL) is Exit.CLOSED


def test_where_something_was_proved_the_others_are_a_fact_and_no_doubt() -> None:
    result = assessed(["127.0.0.1", "127.0.0.2"], Archive().routes())
    assert result.proof is Rung.RETRIEVABLE
    assert (result.addresses_not_asked, result.not_asked) == (("127.0.0.2",), ())


@pytest.mark.parametrize("other", ["10.0.0.5", "8.8.8.8"])
def test_an_address_in_another_network_is_left_out_and_told(other: str) -> None:
    result = assessed(["127.0.0.1", other], {})
    assert result.addresses_not_asked == (other,)
    [note] = result.not_asked
    assert "1 other address would show" in note
    assert "another network" in note
    assert exit_code([result], Severity.CRITICAL) is Exit.UNDECIDED
