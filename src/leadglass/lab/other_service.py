"""A port that is not DICOM's greets as another protocol's server does, and says no more than that."""

import asyncio
import zlib

from leadglass.net.listener import read_or_end
from leadglass.net.stream import Stream

# What was found most on DICOM's usual ports, and greets before it is asked.
_GREETINGS = (
    b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    b"220 ready for a login\r\n",
    b"RFB 003.008\n",
)


async def greet(stream: Stream, called_on: str) -> None:
    """Sends the greeting of the server at that address, and closes when the caller has said something."""
    stream.write(_GREETINGS[zlib.crc32(called_on.encode()) % len(_GREETINGS)])
    await read_or_end(stream, asyncio.get_running_loop())
