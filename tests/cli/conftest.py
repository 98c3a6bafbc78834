"""Nothing may be sent by a command that is only asked for help, for a plan, or for something wrong."""

import asyncio
import socket

import pytest


class SentError(AssertionError):
    """A socket was opened, or a name resolved."""


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a socket, and resolving a name, fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise SentError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", refuse)
    monkeypatch.setattr(asyncio.Runner, "run", refuse)
