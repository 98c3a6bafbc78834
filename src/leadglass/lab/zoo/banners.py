"""Servers of other protocols on a DICOM port, each by the first bytes that it is known for."""

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.before import answer
from leadglass.lab.zoo.caller import Caller


@dimse
async def ssh(caller: Caller) -> None:
    """Greets as an SSH server does."""
    caller.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    await caller.gone()


@dimse
async def mail(caller: Caller) -> None:
    """Greets as a mail server does, with an escape sequence in its name."""
    caller.send(b"220 \x1b]0;owned\x07<marquee>mail</marquee> ESMTP\r\n")
    await caller.gone()


@dimse
async def screen(caller: Caller) -> None:
    """Greets as a VNC server does."""
    caller.send(b"RFB 003.008\n")
    await caller.gone()


@dimse
async def remote_desktop(caller: Caller) -> None:
    """Answers as an RDP server does, which begins like a rejected association."""
    await answer(caller, bytes.fromhex("0300000b06d00000123400"))


@dimse
async def web_server(caller: Caller) -> None:
    """Answers as a web server does that was sent nonsense."""
    await answer(caller, b"HTTP/1.1 400 Bad Request\r\n\r\n")


@dimse
async def tls_alert(caller: Caller) -> None:
    """Answers as a TLS server does that was sent nonsense."""
    await answer(caller, bytes.fromhex("15030100020246"))
