"""The one place that decides whether an address may be touched and what may be asked of it."""

import logging
from ipaddress import ip_network

from leadglass.model.record import Record
from leadglass.model.scope import ALL_PERMISSIONS, Scope
from leadglass.model.words import Permission, Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.names import addresses_of_all
from leadglass.net.networks import Address, Network, is_nobody, unwrap, unwrap_network, vantage_of

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
        if self._never.holds(host, plain) or self._never.holds(host, address):
            raise _refusal(f"{host} is excluded or has opted out in the scope file: it is never touched")
        if self.scope is not None:
            if not (self._targets.holds(host, plain) or self._targets.holds(host, address)):
                raise _refusal(f"{host} is not among the targets of the scope file: add it there if you answer for it")
            return Grant(address=address, vantage=vantage, permits=self.scope.permits)
        if vantage is Vantage.PUBLIC:
            raise _refusal(
                f"{address} is a public address: it needs --scope FILE, which names an authority, a contact and an "
                "opt-out list. To write one: leadglass scope > scope.toml"
            )
        return Grant(address=address, vantage=vantage, permits=ALL_PERMISSIONS)


class _Listing:
    """Networks and names as a scope file lists them."""

    def __init__(self, entries: tuple[str, ...]) -> None:
        self.names: set[str] = set()
        self.addresses: set[Address] = set()
        """What names were found to lead to, unwrapped."""
        self._networks: list[Network] = []
        for entry in entries:
            try:
                self._networks.append(unwrap_network(ip_network(entry, strict=False)))
            except ValueError:
                self.names.add(entry.lower().rstrip("."))

    def holds(self, host: str, address: Address) -> bool:
        if host.lower().rstrip(".") in self.names or address in self.addresses:
            return True
        return any(address in network for network in self._networks)


def _refusal(words: str) -> StepFailed:
    return StepFailed(Status.OUT_OF_SCOPE, Step.SCOPE, words)
