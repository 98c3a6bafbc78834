"""One server is asked by one target at a time, under whatever address it was named."""

import asyncio
from datetime import UTC, date, datetime
from itertools import pairwise

from leadglass.model.target import parse_target
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from tests.fakes.web_server import NOT_FOUND, FakeWeb, Reply, Request


def test_an_address_and_its_mapped_form_are_never_asked_at_the_same_time() -> None:
    """Each target's questions come in one piece, though both begin together."""

    async def work() -> list[str]:
        asked: list[str] = []

        def answer(request: Request) -> Reply:
            asked.append(request.headers["host"])
            return NOT_FOUND

        async with FakeWeb({}, answer) as server:
            hosts = ("127.0.0.1", "[::ffff:127.0.0.1]")
            targets = [parse_target(f"http://{host}:{server.port}") for host in hosts]
            options = Options(manner=Manner(today=date(2026, 11, 23)), contact="tests")
            results = await assess_all(targets, Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
        assert [result.cost.connections > 0 for result in results] == [True, True]
        return asked

    asked = asyncio.run(work())
    changes = sum(one != other for one, other in pairwise(asked))
    assert len(set(asked)) == 2
    assert changes == 1
