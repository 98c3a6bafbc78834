"""The whole zoo is served by one process: each animal on an address of loopback of its own, all on one port."""

import errno
import pkgutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from ipaddress import IPv4Address

from leadglass.lab import zoo
from leadglass.lab.zoo.animal import REGISTRY, Animal, Kind, Talk
from leadglass.lab.zoo.caller import receive
from leadglass.model.record import Record
from leadglass.net.listener import Listener, Meet
from leadglass.net.stream import Stream

FIRST_ADDRESS = IPv4Address("127.90.0.1")
MAX_CALLERS = 64  # of one animal at a time: a checker sends one or two
_TRIES = 8


class Cage(Record):
    """Where one animal is met: `target` is what `leadglass check` takes."""

    name: str
    kind: Kind
    target: str
    description: str


@cache
def animals() -> Mapping[str, Animal]:
    """Every animal by its name, from every file of the zoo."""
    for info in sorted(pkgutil.iter_modules(zoo.__path__), key=lambda info: info.name):
        import_module(f"{zoo.__name__}.{info.name}")
    return REGISTRY.animals


@asynccontextmanager
async def zoo_serving(port: int = 0) -> AsyncIterator[tuple[Cage, ...]]:
    """The zoo for the length of a `with`: where each animal is met, by kind and name.

    Port 0 takes one that is free. Raises OSError where the machine has no further addresses of loopback (macOS), or
    where the port is taken.
    """
    every = sorted(animals().values(), key=lambda animal: (list(Kind).index(animal.kind), animal.name))
    listeners, cages = await _opened(every, port)
    try:
        yield cages
    finally:
        for listener in listeners:
            await listener.stop()


async def _opened(every: list[Animal], port: int) -> tuple[list[Listener], tuple[Cage, ...]]:
    """All listeners; where a port that was free at the first address is taken at another, a new one is tried."""
    tries = _TRIES
    while True:
        tries -= 1
        listeners: list[Listener] = []
        cages: list[Cage] = []
        found = port
        try:
            for number, animal in enumerate(every):
                address = str(FIRST_ADDRESS + number)
                listeners.append(Listener(_serve(animal.talk), tls=animal.tls() if animal.tls else None))
                found = await listeners[-1].start(address, found)
                target = animal.form.format(at=f"{address}:{found}")
                cages.append(Cage(name=animal.name, kind=animal.kind, target=target, description=animal.description))
        except OSError as error:
            for listener in listeners:
                await listener.stop()
            if port or not tries or error.errno != errno.EADDRINUSE:
                raise
        else:
            return listeners, tuple(cages)


def _serve(talk: Talk) -> Meet:
    """What a listener does with a connection to an animal."""
    callers = 0

    async def serve(stream: Stream, called_on: str) -> None:
        nonlocal callers
        if callers >= MAX_CALLERS:
            return
        callers += 1
        try:
            await receive(talk, stream)
        finally:
            callers -= 1

    return serve


@asynccontextmanager
async def listening(talk: Talk, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """One server of its own, which hands each caller to `talk`; gives its port, and ends with the block."""
    listener = Listener(_serve(talk))
    try:
        yield await listener.start(address, port)
    finally:
        await listener.stop()
