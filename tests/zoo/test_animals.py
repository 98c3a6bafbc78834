"""Each animal has a name, a description and a target; whatever a caller says to it, it does not fail."""

import asyncio
import logging
from typing import Any

import pytest

from leadglass.lab.zoo.animal import REGISTRY, Kind, Registry, dimse
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.serving import MAX_CALLERS, Cage, animals, zoo_serving
from leadglass.model.scope import Budget, Timing
from leadglass.model.target import parse_target
from leadglass.model.words import Step
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.host import open_host

END_S = 30.0
TIMING = Timing(connect_s=5.0, reply_s=0.2)
BUDGET = Budget(max_bytes=1_000_000)
NONSENSE = (
    b"",
    b"\x00",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x01\x00\xff\xff\xff\xff",
    bytes(range(256)) * 40,
    b"\xff" * 3000,
)


def test_there_are_enough_of_every_kind() -> None:
    kinds = [animal.kind for animal in animals().values()]
    assert len(kinds) >= 40
    assert all(kinds.count(kind) >= 10 for kind in Kind)


@pytest.mark.parametrize("name", sorted(animals()))
def test_it_says_what_it_does(name: str) -> None:
    animal = animals()[name]
    assert animal.name == name
    assert name == name.lower()
    assert 10 <= len(animal.description) <= 120
    assert animal.description[0].isupper() or animal.description[0].isdigit()
    target = parse_target(animal.form.format(at="127.90.0.1:11112"))
    assert target.port == 11112


def test_one_without_a_description_or_with_anothers_name_is_none() -> None:
    async def nameless(caller: Caller) -> None:
        await caller.gone()

    async def silent(caller: Caller) -> None:
        """Reads, and never answers."""

    with pytest.raises(ValueError, match="needs a docstring"):
        dimse(nameless)
    with pytest.raises(ValueError, match="two animals are called silent"):
        dimse(silent)
    assert Registry().animals == {}
    assert "nameless" not in REGISTRY.animals


async def call(cage: Cage, nonsense: bytes) -> None:
    """Says `nonsense`, takes what comes for a while, and hangs up."""
    target = parse_target(cage.target)
    host = await open_host(target.host, Gate(None), BUDGET, TIMING)
    stream = await host.dial(target.port or 0)
    try:
        stream.write(nonsense)
        while await stream.read(host.deadline(), Step.REQUEST) and host.meter.bytes < 300_000:
            pass
    except StepFailed:
        pass
    finally:
        stream.abort()


def test_whatever_a_caller_says_no_animal_fails(caplog: pytest.LogCaptureFixture) -> None:
    """An exception that an animal does not catch is told to the loop."""
    told: list[Any] = []

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        async with asyncio.timeout(END_S), zoo_serving() as cages:
            for nonsense in NONSENSE:
                await asyncio.gather(*(call(cage, nonsense) for cage in cages))

    with caplog.at_level(logging.WARNING, "asyncio"):
        asyncio.run(work())
    assert not told
    assert not caplog.records


def test_each_animal_has_an_address_of_its_own_and_all_one_port() -> None:
    async def work() -> None:
        async with zoo_serving() as cages:
            targets = [parse_target(cage.target) for cage in cages]
        assert len({target.host for target in targets}) == len(cages) == len(animals())
        assert len({target.port for target in targets}) == 1
        assert [cage.kind for cage in cages] == sorted((cage.kind for cage in cages), key=list(Kind).index)

    asyncio.run(work())


def test_a_crowd_before_one_animal_is_turned_away() -> None:
    async def work() -> int:
        async with zoo_serving() as cages:
            [cage] = [cage for cage in cages if cage.name == "silent"]
            target = parse_target(cage.target)
            host = await open_host(target.host, Gate(None), Budget(max_connections=500), TIMING)
            streams = [await host.dial(target.port or 0) for _ in range(MAX_CALLERS + 5)]
            ended = 0
            deadline = host.clock() + 0.5
            for stream in streams:
                try:
                    ended += await stream.read(deadline, Step.REQUEST) == b""
                except StepFailed:
                    continue
                finally:
                    stream.abort()
            return ended

    assert asyncio.run(work()) == 5
