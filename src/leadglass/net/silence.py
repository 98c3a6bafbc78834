"""An address of loopback that answers nothing at all, though something could: its queue of callers is full.

Linux drops the first packet of whoever calls a socket that nobody accepts from, once its queue is full; so a firewall
that drops packets can be had without one. Elsewhere a caller may be refused or let in.
"""

import socket

from leadglass.model.target import literal_address
from leadglass.model.words import Vantage
from leadglass.net.listener import bound_to_loopback
from leadglass.net.networks import vantage_of

_CALLERS = 3  # a queue of length 0 holds one, and Linux one more (net/ipv4, sk_acceptq_is_full)
FILES_A_PORT = 1 + _CALLERS


class Silence:
    """Ports that are held silent until `close`."""

    def __init__(self) -> None:
        """None is held yet."""
        self._held: list[socket.socket] = []

    def hold(self, address: str, port: int) -> int:
        """Makes one port silent; the port that it got. Raises ValueError for an address that others can reach."""
        plain = literal_address(address)
        if plain is None or vantage_of(plain) is not Vantage.LOOPBACK:
            raise ValueError("the lab is silent on loopback only: write an address of 127.0.0.0/8 or ::1")
        family = socket.AF_INET if plain.version == 4 else socket.AF_INET6
        listening = bound_to_loopback(plain.version)
        self._held.append(listening)
        listening.bind((str(plain), port))
        listening.listen(0)
        held_port = int(listening.getsockname()[1])
        for _ in range(_CALLERS):
            caller = socket.socket(family)
            self._held.append(caller)
            caller.setblocking(False)
            caller.connect_ex((str(plain), held_port))
        return held_port

    def close(self) -> None:
        """Lets go of every port."""
        for one in self._held:
            one.close()
        self._held.clear()
