"""A host goes on over a connection that a connector has made, and counts it as one that it made itself."""

import asyncio
import socket
from ipaddress import ip_address

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Status, Step
from leadglass.net.connector import Connector, Knock
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.listener import Listener
from leadglass.net.loop import loop_factory
from leadglass.net.networks import Address
from leadglass.net.stream import Stream
from tests.net.knocking import grant

HERE = grant("127.0.0.1")


async def _echo(stream: Stream, _: str) -> None:
    stream.write(await stream.read(asyncio.get_running_loop().time() + 5, Step.REQUEST))
    stream.close()


async def _connected(port: int) -> socket.socket:
    heard: asyncio.Future[Knock] = asyncio.get_running_loop().create_future()
    with Connector(most=1, timeout_s=5) as connector:
        connector.knock(HERE, port, heard.set_result)
        sock = (await heard).sock
    assert sock is not None
    return sock


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, loop_factory()])
def test_an_adopted_connection_is_the_next_that_is_dialled(factory: type) -> None:
    turns: list[Address] = []

    async def turn(address: Address) -> None:
        turns.append(address)

    async def work() -> None:
        listener = Listener(_echo)
        port = await listener.start()
        host = Host("localhost", [HERE, grant("127.0.0.2")], Budget(), Timing(), turn=turn)
        sock = await _connected(port)
        mine = sock.getsockname()
        host.adopt(port, sock)
        for made in (1, 2):
            stream = await host.dial(port)
            assert host.unasked == (ip_address("127.0.0.2"),)
            assert (host.meter.connections, len(turns)) == (made, made - 1)
            assert stream._transport is not None
            assert (stream._transport.get_extra_info("sockname") == mine) is (made == 1)
            stream.write(b"hello")
            assert await stream.read(host.deadline(), Step.REQUEST) == b"hello"
            stream.abort()
        await listener.stop()

    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work())


def test_what_was_not_taken_over_is_closed() -> None:
    async def work() -> None:
        host = Host("127.0.0.1", [HERE], Budget(), Timing())
        first, second, other = (socket.socket() for _ in range(3))
        host.adopt(104, first)
        host.adopt(104, second)
        host.adopt(105, other)
        assert first.fileno() == -1
        assert second.fileno() != -1
        host.drop_adopted()
        assert second.fileno() == other.fileno() == -1

    asyncio.run(work())


def test_an_adopted_connection_spends_the_budget() -> None:
    async def work() -> None:
        host = Host("127.0.0.1", [HERE], Budget(max_connections=0), Timing())
        with socket.socket() as sock:
            host.adopt(104, sock)
            with pytest.raises(StepFailed) as failure:
                await host.dial(104)
            assert failure.value.status is Status.BUDGET_SPENT
            host.drop_adopted()
            assert sock.fileno() == -1

    asyncio.run(work())
