"""A name leads to its addresses here and nowhere else, within a bounded wait."""

import asyncio
import socket
from collections.abc import Collection

from leadglass.model.target import literal_address
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.networks import Address

_TOGETHER = 16  # names asked for at the same time


async def addresses_of(name: str, timeout_s: float) -> list[Address]:
    """The addresses that a name leads to, or the one that it is. Raises StepFailed."""
    address = literal_address(name)
    if address is not None:
        return [address]
    try:
        async with asyncio.timeout(timeout_s):
            found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        words = f"the name {name} does not resolve: is it spelled right, and does this machine's DNS know it?"
        raise StepFailed(Status.NAME_NOT_RESOLVED, Step.RESOLVE, words) from None
    addresses = dict.fromkeys(literal_address(str(entry[4][0]).partition("%")[0]) for entry in found)
    return [address for address in addresses if address is not None]


async def addresses_of_all(names: Collection[str], timeout_s: float) -> dict[str, list[Address]]:
    """The addresses of each name, none where it does not resolve or where the time for all of them was over."""
    room, found = asyncio.Semaphore(_TOGETHER), dict[str, list[Address]]((name, []) for name in names)

    async def one(name: str) -> None:
        async with room:
            try:
                found[name] = await addresses_of(name, timeout_s)
            except StepFailed:
                return  # it stays without an address

    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(one(name))
    except TimeoutError:
        pass  # what came until then holds
    return found
