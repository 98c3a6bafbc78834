"""The one place that decides whether an address may be touched and what may be asked of it."""

import logging
from array import array
from ipaddress import ip_network

from leadglass.model.record import Record
from leadglass.model.scope import ALL_PERMISSIONS, Scope
from leadglass.model.words import Permission, Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.intervals import Intervals
from leadglass.net.names import addresses_of_all
from leadglass.net.networks import Address, Network, is_nobody, unwrap, unwrap_network, vantage_of
from leadglass.net.scope_entries import is_plain_ipv4

MAX_NAMES_WAIT_S = 60.0  # for all names that are left alone together: a long list of dead ones keeps nobody waiting
_MAX_NAMED = 5  # in one warning
_log = logging.getLogger("leadglass.scope")


class Grant(Record):
    """One address that may be touched, and what may be asked of it."""

    address: Address
    vantage: Vantage
    permits: tuple[Permission, ...]


class Gate:
    """Judges addresses against a scope; without one, only loopback and private networks pass."""

    def __init__(self, scope: Scope | None) -> None:
        """`scope` is None where the user gave no scope file."""
        self.scope = scope
        self._targets = _Listing(scope.targets if scope else ())
        self._never = _Listing((*scope.exclusions, *scope.opt_out) if scope else ())

    @property
    def names_left_alone(self) -> tuple[str, ...]:
        """The exclusions and opt-outs that are names."""
        return tuple(sorted(self._never.names))

    async def learn_addresses(self) -> None:
        """Exclusions and opt-outs that are names hold for their addresses from now on: asked once, before any target.

        One that does not resolve is told, and still holds as a name.
        """
        found = await addresses_of_all(self.names_left_alone, MAX_NAMES_WAIT_S)
        self._never.addresses |= {unwrap(address) for addresses in found.values() for address in addresses}
        dead = [name for name, addresses in found.items() if not addresses]
        if dead:
            more = f" and {len(dead) - _MAX_NAMED:,} more" if len(dead) > _MAX_NAMED else ""
            _log.warning(
                "exclusions or opt-outs that do not resolve are left alone by name only, not by address: %s%s",
                ", ".join(dead[:_MAX_NAMED]),
                more,
            )

    def admit(self, host: str, address: Address) -> Grant:
        """The grant for `address`, which `host` (a name or the address itself) stands for. Raises StepFailed."""
        plain, vantage = unwrap(address), vantage_of(address)
        if is_nobody(address):
            raise _refusal(f"{address} is nobody's address (reserved, multicast or unspecified)")
        if self._never.holds(host, plain, address):
            raise _refusal(f"{host} is excluded or has opted out in the scope file: it is never touched")
        if self.scope is not None:
            if not self._targets.holds(host, plain, address):
                raise _refusal(f"{host} is not among the targets of the scope file: add it there if you answer for it")
            return Grant(address=address, vantage=vantage, permits=self.scope.permits)
        if vantage is Vantage.PUBLIC:
            raise _refusal(
                f"{address} is a public address: it needs --scope FILE, which names an authority, a contact and an "
                "opt-out list. To write one: leadglass scope -o scope.toml"
            )
        return Grant(address=address, vantage=vantage, permits=ALL_PERMISSIONS)


class _Listing:
    """Addresses, networks and names as a scope file lists them, however many there are."""

    def __init__(self, entries: tuple[str, ...]) -> None:
        self.names: set[str] = set()
        self.addresses: set[Address] = set()
        """What names were found to lead to, unwrapped."""
        networks: list[Network] = []
        singles = array("I")
        for entry in entries:
            if is_plain_ipv4(entry):
                singles.append(_number(entry))
                continue
            try:
                networks.append(unwrap_network(ip_network(entry, strict=False)))
            except ValueError:
                self.names.add(_plain_name(entry))
        self._networks = Intervals(networks, singles)

    def holds(self, host: str, plain: Address, address: Address) -> bool:
        """Whether the name is listed, or the address, unwrapped or in its envelope."""
        if plain in self._networks or (plain is not address and address in self._networks):
            return True
        if self.addresses and (plain in self.addresses or address in self.addresses):
            return True
        return bool(self.names) and _plain_name(host) in self.names


def _number(plain_ipv4: str) -> int:
    first, second, third, fourth = plain_ipv4.split(".")
    return int(first) << 24 | int(second) << 16 | int(third) << 8 | int(fourth)


def _plain_name(name: str) -> str:
    return name.lower().rstrip(".")


def _refusal(words: str) -> StepFailed:
    return StepFailed(Status.OUT_OF_SCOPE, Step.SCOPE, words)
