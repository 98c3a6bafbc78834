"""Servers whose TLS stalls, is none, or breaks off in the middle."""

from leadglass.lab.zoo.animal import tls
from leadglass.lab.zoo.caller import Caller, bytes_of

# A handshake record that announces a ServerHello (RFC 8446 4.1.3) and holds its first bytes.
_HALF_A_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"\x5a" * 32 + b"\x20"
_ALERT = b"\x15\x03\x03\x00\x02\x02\x28"  # fatal, handshake_failure


@tls()
async def stalling_handshake(caller: Caller) -> None:
    """Takes a ClientHello and never answers it."""
    await caller.gone()


@tls("https://{at}")
async def stalling_web_handshake(caller: Caller) -> None:
    """Takes a web client's ClientHello and never answers it."""
    await caller.gone()


@tls()
async def half_a_handshake(caller: Caller) -> None:
    """Hangs up in the middle of its ServerHello."""
    await caller.read()
    caller.send(_HALF_A_HELLO)
    caller.close()


@tls()
async def dripping_handshake(caller: Caller) -> None:
    """Sends a byte of its ServerHello every 20 ms, and stops before its end."""
    await caller.read()
    await caller.drip(bytes_of(_HALF_A_HELLO))
    await caller.gone()


@tls()
async def garbage_in_the_handshake(caller: Caller) -> None:
    """Answers a ClientHello by a handshake that is noise."""
    await caller.read()
    caller.send(b"\x16\x03\x03\x02\x00" + bytes(range(256)) * 2)
    caller.close()


@tls("https://{at}")
async def zeros_in_the_handshake(caller: Caller) -> None:
    """Answers a ClientHello by zeros without an end."""
    await caller.read()
    await caller.flood(bytes(16_384))


@tls()
async def handshake_without_end(caller: Caller) -> None:
    """Sends a ServerHello of 16 MB, a record at a time, without an end."""
    await caller.read()
    caller.send(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(16_380))
    await caller.flood(b"\x16\x03\x03\x40\x00" + bytes(16_384))


@tls()
async def refusing_alert(caller: Caller) -> None:
    """Refuses every handshake by an alert."""
    await caller.read()
    caller.send(_ALERT)
    caller.close()


@tls()
async def warnings_without_end(caller: Caller) -> None:
    """Sends warnings in the place of a ServerHello, without an end."""
    await caller.read()
    await caller.flood(b"\x15\x03\x03\x00\x02\x01\x70" * 100)


@tls("https://{at}")
async def plain_web_for_tls(caller: Caller) -> None:
    """Answers a ClientHello in clear, as a web server does that was called wrongly."""
    await caller.read()
    caller.send(b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port\x1b[31m")
    caller.close()


@tls()
async def closing_on_a_hello(caller: Caller) -> None:
    """Hangs up on a ClientHello."""
    await caller.read()
    caller.close()
