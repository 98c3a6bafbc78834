"""The floor of this machine: the same bytes sent, and answers thrown away unread. Prints one line of JSON."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator

import msgspec

from bench.figures import Timed
from bench.setting import ADDRESSES, PORT
from leadglass.net.associate import request
from leadglass.net.dialogue import QUERY_SYNTAXES
from leadglass.net.loop import loop_factory
from leadglass.wire.commands import Command, CommandField, encode_command
from leadglass.wire.fragments import fragment
from leadglass.wire.pdu import ReleaseRequest
from leadglass.wire.pdu_codec import encode_pdu
from leadglass.wire.uids import VERIFICATION

_ECHO = Command(field=CommandField.C_ECHO_RQ, message_id=1, affected_sop_class_uid=VERIFICATION)
_SAID = (
    encode_pdu(request("ANY-SCP", [(VERIFICATION, QUERY_SYNTAXES)])),
    fragment(1, encode_command(_ECHO), 0, is_command=True),
    encode_pdu(ReleaseRequest()),
)


class _Speaker(asyncio.Protocol):
    """Says the next thing at each answer."""

    def __init__(self, over: asyncio.Future[None]) -> None:
        self._over = over
        self._left = iter(_SAID)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports share no base class
        self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        following = next(self._left, None)
        if self._transport is None or following is None:
            self.connection_lost(None)
            return
        self._transport.write(following)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._transport.close()
        if not self._over.done():
            self._over.set_result(None)


async def _work(in_flight: int) -> int:
    loop = asyncio.get_running_loop()

    async def some(addresses: Iterator[str]) -> int:
        done = 0
        for address in addresses:
            over = loop.create_future()
            await loop.create_connection(lambda over=over: _Speaker(over), address, PORT)  # type: ignore[misc]
            await over
            done += 1
        return done

    addresses = iter(ADDRESSES)
    return sum(await asyncio.gather(*(some(addresses) for _ in range(in_flight))))


def main() -> None:
    """`python -m bench.ask_canned IN_FLIGHT`."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.get_loop()
        wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        count = runner.run(_work(int(sys.argv[1])))
        wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(msgspec.json.encode(Timed(count=count, wall_s=wall, cpu_s=cpu, peak_bytes=after.ru_maxrss * 1024)).decode())


if __name__ == "__main__":
    main()
