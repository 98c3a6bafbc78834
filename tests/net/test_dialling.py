"""A connection is tried twice only where this process was late itself, and each time in its turn."""

import asyncio
from ipaddress import ip_address

import pytest

from leadglass.model.scope import ALL_PERMISSIONS, Budget, Timing
from leadglass.model.words import Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Grant
from leadglass.net.host import Host
from leadglass.net.networks import Address
from leadglass.net.stream import Stream

ONE = ip_address("192.0.2.1")


class Unheard(Host):
    """A host whose connections all time out, after so many seconds on its clock."""

    took_s = now = 0.0
    tried = 0

    async def _connect_once(self, address: Address, port: int) -> Stream:
        """Never."""
        self.tried += 1
        self.now += self.took_s
        raise StepFailed(Status.CONNECTION_TIMEOUT, Step.CONNECT, "no answer to a connection")


@pytest.mark.parametrize(("took_s", "tries"), [(1.01, 1), (1.5, 2)])
def test_a_connection_that_this_process_looked_at_too_late_is_tried_once_more_in_its_turn(
    took_s: float, tries: int
) -> None:
    turns: list[Address] = []

    async def turn(address: Address) -> None:
        turns.append(address)

    async def dial() -> Unheard:
        grant = Grant(address=ONE, vantage=Vantage.LOOPBACK, permits=ALL_PERMISSIONS)
        host = Unheard("192.0.2.1", [grant], Budget(), Timing(connect_s=1.0, reply_s=1.0), turn=turn)
        host.clock, host.took_s = lambda: host.now, took_s
        with pytest.raises(StepFailed, match="no answer"):
            await host.dial(104)
        return host

    host = asyncio.run(dial())
    assert host.tried == host.meter.connections == len(turns) == tries
