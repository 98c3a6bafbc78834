"""Knocks at a network in which nearly every packet is dropped, and prints what was heard; to be run in a namespace."""

import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from ipaddress import IPv4Address

from leadglass.model.words import Status
from leadglass.net.connector import Connector, Knock
from leadglass.net.loop import loop_factory
from leadglass.net.open_files import allow_open_files
from tests.net.knocking import grant

PORT, FIRST = 104, int(IPv4Address("127.32.0.0"))
ADDRESSES, LISTENING, MOST, TIMEOUT_S = 5_000, 20, 4_000, 0.5
SERVED = tuple(str(IPv4Address(FIRST + 113 + 240 * n)) for n in range(LISTENING))
RULES = f"""
table inet dark {{
  chain input {{
    type filter hook input priority 0;
    ip daddr 127.32.0.0/16 ip daddr != {{ {", ".join(SERVED)} }} drop
  }}
}}
"""


async def _knock() -> dict[str, object]:
    loop = asyncio.get_running_loop()
    knocks: list[Knock] = []
    places = iter(range(ADDRESSES))
    done = asyncio.Event()
    peak = 0

    def heard(knock: Knock) -> None:
        knocks.append(knock)
        if knock.sock is not None:
            knock.sock.close()
        if len(knocks) == ADDRESSES:
            done.set()
        fill()

    def fill() -> None:
        nonlocal peak
        while connector.room() and (place := next(places, None)) is not None:
            connector.knock(grant(str(IPv4Address(FIRST + place))), PORT, heard)
        peak = max(peak, connector.in_flight)

    begun = loop.time()
    with Connector(most=MOST, timeout_s=TIMEOUT_S) as connector:
        fill()
        await done.wait()
    silent = [knock.took_s for knock in knocks if knock.status is Status.CONNECTION_TIMEOUT]
    return {
        "found": sorted(str(knock.address) for knock in knocks if knock.status is Status.SUCCESS),
        "statuses": Counter(knock.status for knock in knocks),
        "addresses": len({knock.address for knock in knocks}),
        "peak": peak,
        "least_s": min(silent),
        "most_s": max(silent),
        "all_s": asyncio.get_running_loop().time() - begun,
    }


def main() -> None:
    """Lets the network fall dark but for a few that listen, and knocks at all of it."""
    subprocess.run(("ip", "link", "set", "lo", "up"), check=True)
    if subprocess.run(("nft", "-f", "-"), input=RULES.encode(), check=False).returncode:
        sys.exit(77)
    allow_open_files(MOST + LISTENING + 50)
    with ExitStack() as servers, asyncio.Runner(loop_factory=loop_factory()) as runner:
        for address in SERVED:
            server = servers.enter_context(socket.socket())
            server.bind((address, PORT))
            server.listen()
        sys.stdout.write(json.dumps(runner.run(_knock())))


if __name__ == "__main__":
    main()
