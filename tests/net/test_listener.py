"""The lab's listener hears loopback alone: on an address, or on every address of 127.0.0.0/8 by one socket."""

import asyncio
import socket
import sys

import pytest

from leadglass.net.listener import Listener
from leadglass.net.stream import Stream


async def _tell(stream: Stream, called_on: str) -> None:
    stream.write(called_on.encode())


async def _asked(address: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(address, port)
    try:
        return await reader.read()
    except ConnectionError:
        return b"cut"
    finally:
        writer.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has every address of 127.0.0.0/8")
def test_one_socket_hears_every_address_of_loopback_and_knows_which_was_called() -> None:
    async def run() -> list[bytes]:
        listener = Listener(_tell)
        port = await listener.start_everywhere()
        try:
            return [await _asked(address, port) for address in ("127.0.0.1", "127.9.8.7", "127.255.0.3")]
        finally:
            await listener.stop()

    assert asyncio.run(run()) == [b"127.0.0.1", b"127.9.8.7", b"127.255.0.3"]


@pytest.mark.skipif(sys.platform != "linux", reason="the loopback device is named on Linux")
def test_every_socket_hears_the_loopback_device_alone() -> None:
    """A machine that routes loopback's addresses to its neighbours does not lead them to the lab."""

    async def run() -> list[bytes]:
        listener = Listener(_tell)
        await listener.start("127.0.0.5")
        await listener.start_everywhere()
        try:
            sockets = [sock for server in listener._servers for sock in server.sockets]
            return [sock.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16).rstrip(b"\0") for sock in sockets]
        finally:
            await listener.stop()

    assert asyncio.run(run()) == [b"lo", b"lo"]


@pytest.mark.parametrize("address", ["0.0.0.0", "10.0.0.1", "::", "localhost"])
def test_an_address_that_others_can_reach_is_refused(address: str) -> None:
    async def run() -> None:
        await Listener(_tell).start(address)

    with pytest.raises(ValueError, match="loopback only"):
        asyncio.run(run())


def test_a_platform_without_the_network_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    async def run() -> None:
        await Listener(_tell).start_everywhere()

    with pytest.raises(OSError, match="name the addresses"):
        asyncio.run(run())


class _Echoing:
    """Answers at once until it hears "later", and says how it was left then."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def heard(self, data: bytes) -> bool:
        if data == b"later":
            return False
        self._stream.write(data)
        return True

    async def run(self) -> None:
        self._stream.write(b"in a task")


async def _said(port: int, *words: bytes) -> list[bytes]:
    """What comes back for each of `words`, and then for nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = []
    for word in words:
        writer.write(word)
        heard.append(await reader.read(100))
    heard.append(await reader.read())
    writer.close()
    return heard


def test_a_visit_is_answered_at_once_and_goes_on_in_a_task_where_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(*words: bytes) -> list[bytes]:
        listener = Listener(lambda stream, called_on: _Echoing(stream))
        port = await listener.start()
        try:
            return await _said(port, *words)
        finally:
            await listener.stop()

    assert asyncio.run(run(b"now", b"later")) == [b"now", b"in a task", b""]
    monkeypatch.setattr("leadglass.net.listener.IDLE_S", 0.05)
    assert asyncio.run(run(b"now")) == [b"now", b""], "who says no more is left"
