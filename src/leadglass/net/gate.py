"""The one place that decides whether an address may be touched and what may be asked of it."""

from ipaddress import ip_network

from leadglass.model.record import Record
from leadglass.model.scope import ALL_PERMISSIONS, Scope
from leadglass.model.words import Permission, Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.networks import Address, Network, is_nobody, unwrap, unwrap_network, vantage_of


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
        self._names = set()
        self._networks: list[Network] = []
        for entry in entries:
            try:
                self._networks.append(unwrap_network(ip_network(entry, strict=False)))
            except ValueError:
                self._names.add(entry.lower().rstrip("."))

    def holds(self, host: str, address: Address) -> bool:
        return host.lower().rstrip(".") in self._names or any(address in network for network in self._networks)


def _refusal(words: str) -> StepFailed:
    return StepFailed(Status.OUT_OF_SCOPE, Step.SCOPE, words)
