"""A port of one protocol meets what was sent in another as real servers do: by an alert, a page, an end or a reset."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ALERT = bytes.fromhex("15030300020246")  # RFC 8446 6: fatal, protocol_version
_PAGE = b"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"
NGINX = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
    len(_PAGE),
    _PAGE,
)
_TOMCAT_PAGE = b"Bad Request\r\nThis combination of host and port requires TLS.\r\n"
TOMCAT = b"HTTP/1.1 400\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
    len(_TOMCAT_PAGE),
    _TOMCAT_PAGE,
)
ANY_400 = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
END, RESET = b"", b"reset"
TLS_HANDSHAKE, ASSOCIATE_REQUEST = 0x16, 0x01  # the first byte of each (RFC 8446 5.1, PS3.8 9.3.2)


@asynccontextmanager
async def front(behind: int, otherwise: bytes, hands_on: int = TLS_HANDSHAKE) -> AsyncIterator[int]:
    """The port of a server that hands on to `behind` what begins so, and answers all else with `otherwise`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.read(4096)
            if first[:1] == bytes([hands_on]):
                await _hand_on(first, reader, writer, behind)
            elif otherwise == RESET:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            else:
                writer.write(otherwise)
                await writer.drain()
        except OSError:
            pass  # the caller went away
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _hand_on(first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    other_reader, other_writer = await asyncio.open_connection("127.0.0.1", port)
    other_writer.write(first)
    async with asyncio.TaskGroup() as both:
        both.create_task(_pump(reader, other_writer))
        both.create_task(_pump(other_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side went away
    finally:
        writer.close()
