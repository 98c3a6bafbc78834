"""A process that was busy itself takes nobody for silent: what came meanwhile is heard before time is up."""

import asyncio
import socket
import time

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.listener import Listener
from leadglass.net.loop import loop_factory
from leadglass.net.silence import Silence
from leadglass.net.stream import Stream
from tests.net.knocking import grant

BUSY_S = 0.3
FACTORIES = pytest.mark.parametrize("factory", [asyncio.new_event_loop, loop_factory()], ids=["asyncio", "uvloop"])


async def _greet(stream: Stream, _: str) -> None:
    stream.write(b"hello")
    stream.close()


@FACTORIES
def test_a_connection_that_was_made_while_this_process_was_busy_is_made(factory: type) -> None:
    async def work() -> tuple[bytes, int]:
        listener = Listener(_greet)
        port = await listener.start()
        host = Host("localhost", [grant("127.0.0.1")], Budget(), Timing(connect_s=0.1))
        asyncio.get_running_loop().call_later(0, time.sleep, BUSY_S)
        stream = await host.dial(port)
        greeting = await stream.read(host.deadline(), Step.REQUEST)
        stream.abort()
        await listener.stop()
        return greeting, host.meter.connections

    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(work()) == (b"hello", 1)


@FACTORIES
def test_an_answer_that_came_while_this_process_was_busy_is_heard(factory: type) -> None:
    async def work(port: int) -> bytes:
        loop = asyncio.get_running_loop()
        host = Host("localhost", [grant("127.0.0.1")], Budget(), Timing())
        stream = await host.dial(port)
        caller, _ = await loop.run_in_executor(None, server.accept)

        def busy() -> None:
            time.sleep(BUSY_S)
            caller.sendall(b"hello")

        loop.call_later(0.01, busy)
        greeting = await stream.read(loop.time() + 0.1, Step.REQUEST)
        stream.abort()
        caller.close()
        return greeting

    with socket.create_server(("127.0.0.1", 0)) as server, asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(work(server.getsockname()[1])) == b"hello"


@FACTORIES
def test_silence_ends_at_its_time(factory: type) -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        silence = Silence()
        silence.hold("127.0.0.1", 21_112)
        host = Host("localhost", [grant("127.0.0.1")], Budget(), Timing(connect_s=0.1))
        begun = loop.time()
        with pytest.raises(StepFailed, match="no answer to a connection") as failure:
            await host.dial(21_112)
        assert failure.value.status is Status.CONNECTION_TIMEOUT
        silence.close()
        return loop.time() - begun

    with asyncio.Runner(loop_factory=factory) as runner:
        assert 0.09 < runner.run(work()) < 30
