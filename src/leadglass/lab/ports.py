"""A placed server answers on its ports as its truth says; what it holds is made when the first caller asks for it."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from leadglass.knowledge.products import USUAL_DIMSE_PORTS, USUAL_WEB_PORTS
from leadglass.lab.archive import Archive
from leadglass.lab.conversation import Conversation
from leadglass.lab.cost import Spend
from leadglass.lab.http import Reply, Request, answer_http
from leadglass.lab.manners import manners_of
from leadglass.lab.other_service import greet
from leadglass.lab.population import Server
from leadglass.lab.posture import Presence, Tls
from leadglass.lab.service import Service
from leadglass.lab.web import WebSite
from leadglass.lab.web_search import Values
from leadglass.net.listener import Meet, Visit
from leadglass.net.stream import Stream

_PAGE = b"<html><head><title>Welcome</title></head><body><p>It works.</p></body></html>"


class Port(NamedTuple):
    """One port of a server, and who answers there."""

    number: int
    tls: Tls
    meet: Meet


def ports_of(server: Server, spend: Spend = asyncio.sleep) -> tuple[Port, ...]:
    """The ports on which a server takes connections; none where it refuses or is silent."""
    if server.presence in (Presence.REFUSES, Presence.SILENT):
        return ()
    if server.presence is Presence.OTHER:
        return () if server.dimse_port is None else (Port(server.dimse_port, Tls.NONE, greet),)
    resident = Resident(server, spend)
    ports = [Port(number, Tls.NONE, resident.show_page) for number in server.same_page_ports]
    if server.dimse_port is not None:
        ports.append(Port(server.dimse_port, server.dimse.tls, resident.converse))
    if server.web_port is not None and server.web is not None:
        ports.append(Port(server.web_port, server.web.tls, resident.browse))
    return tuple(ports)


def silent_ports(server: Server) -> tuple[int, ...]:
    """The ports that must be silent for a server to be so: those that anybody tries, and its own."""
    if server.presence is not Presence.SILENT:
        return ()
    own = (server.dimse_port, server.web_port, *server.same_page_ports)
    return tuple(sorted({*USUAL_DIMSE_PORTS, *USUAL_WEB_PORTS, *(port for port in own if port is not None)}))


class Resident:
    """Who answers at one server's ports."""

    def __init__(self, server: Server, spend: Spend) -> None:
        """Holds nothing yet."""
        self._server = server
        self._spend = spend

    def converse(self, stream: Stream, called_on: str) -> Visit:
        """One caller of the DIMSE port."""
        server = self._server
        return Conversation(stream, self._service, server.dimse, server.identity, spend=self._spend)

    async def browse(self, stream: Stream, called_on: str) -> None:
        """One caller of the web port."""
        await answer_http(stream, self._site)

    async def show_page(self, stream: Stream, called_on: str) -> None:
        """One caller of a port that shows the same page whatever the path."""
        await answer_http(stream, _same_page)

    @cached_property
    def _service(self) -> Service:
        server = self._server
        return Service(Archive(server.archive), server.habits, manners=manners_of(server.identity.product))

    def _site(self, request: Request) -> Reply:
        posture = self._server.web
        if posture is None:
            raise ValueError("a server without a web port has no site")
        return WebSite(posture, self._server.archive, self._find).answer(request)

    def _find(self, level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None) -> Iterable[Values]:
        return self._service.archive.records(level, dict(wanted), start, most)


def _same_page(request: Request) -> Reply:
    return Reply(body=_PAGE)
