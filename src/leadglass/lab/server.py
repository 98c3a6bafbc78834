"""A server of the lab listens on loopback, on one address or on all, with one archive and one posture."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from leadglass.lab.archive import Archive
from leadglass.lab.conversation import Conversation
from leadglass.lab.cost import Spend
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.manners import manners_of
from leadglass.lab.negotiation import OWN
from leadglass.lab.population import Identity
from leadglass.lab.posture import OPEN, Posture
from leadglass.lab.service import Service
from leadglass.net.listener import Listener, Visit
from leadglass.net.stream import Stream


@asynccontextmanager
async def serving(
    archive: Archive,
    posture: Posture = OPEN,
    *,
    habits: Habits = PLAIN,
    identity: Identity = OWN,
    spend: Spend = asyncio.sleep,
    addresses: tuple[str, ...] | None = ("127.0.0.1",),
    port: int = 0,
) -> AsyncIterator[int]:
    """A server for the length of a `with`: the port that it listens on, the same on all `addresses`.

    None stands for every address of 127.0.0.0/8. Raises OSError where that cannot be.
    """
    service = Service(archive, habits, manners=manners_of(identity.product))

    def meet(stream: Stream, called_on: str) -> Visit:
        return Conversation(stream, service, posture, identity, spend=spend)

    listener = Listener(meet)
    try:
        if addresses is None:
            port = await listener.start_everywhere(port)
        for address in addresses or ():
            port = await listener.start(address, port)
        yield port
    finally:
        await listener.stop()
