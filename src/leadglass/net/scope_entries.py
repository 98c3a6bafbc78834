"""An entry of a scope has one form, however it was written, and its labels are short printable texts."""

import re
from collections.abc import Mapping
from ipaddress import ip_interface, ip_network, summarize_address_range
from typing import TypeGuard

from leadglass.model.scope import Labels
from leadglass.model.target import TargetError, literal_address, parse_target
from leadglass.net.networks import Address

MAX_LABELS = 32
MAX_LABEL_LENGTH = 200
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PLAIN_IPV4 = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}\Z")  # most lines of a long list: no object is made
_LABEL = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_FORMS = (
    "write an address (192.0.2.1), a network (192.0.2.0/24), a range (192.0.2.1-192.0.2.9) or a host name, without a "
    "port"
)


class EntryError(ValueError):
    """An entry or a label that cannot be read; the message says what to write."""


def is_plain_ipv4(text: str) -> bool:
    """Whether `text` is one IPv4 address in the form in which it is always written."""
    return _PLAIN_IPV4.match(text) is not None


def parse_entry(text: str) -> str:
    """The one form of an entry, as it is compared: address, network, range ("a-b") or name. Raises EntryError."""
    plain = text.strip()
    if _PLAIN_IPV4.match(plain):
        return plain
    if "%" in plain:  # the zone of an address is this machine's own matter, and would be dropped in silence
        raise EntryError(f"cannot be read: {_FORMS}")
    try:
        network = ip_network(plain, strict=False)
    except ValueError:
        return _range(plain) or _name(plain)
    if int(network.network_address) != int(ip_interface(plain).ip):  # never bent: it may be one address that was meant
        raise EntryError(
            f"is a network that does not begin at its first address: write {network} for the network, or "
            f"{ip_interface(plain).ip} for the one address"
        )
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def _range(plain: str) -> str | None:
    ends = _ends(plain)
    if ends is None:
        return None
    first, last = ends
    if first.version != last.version:
        raise EntryError(f"is a range from IPv{first.version} to IPv{last.version}: write one range for each")
    if int(first) > int(last):
        raise EntryError(f"is a range that ends before it begins: write {last}-{first}")
    return str(first) if first == last else f"{first}-{last}"


def _ends(plain: str) -> tuple[Address, Address] | None:
    """The two ends where this is a range; a name may have a hyphen, and even begin like an address."""
    first, _, last = plain.partition("-")
    ends = literal_address(first.strip()), literal_address(last.strip())
    if ends[0] is None or ends[1] is None:
        return None
    return ends[0], ends[1]


def _name(plain: str) -> str:
    try:
        target = parse_target(plain)
    except TargetError:
        raise EntryError(f"cannot be read: {_FORMS}") from None
    if target.port is not None or "://" in plain:
        raise EntryError(f"cannot be read: {_FORMS}")
    return target.host


def networks_of(entry: str) -> tuple[str, ...]:
    """What the gate compares for an `entry` in its one form: a range as the networks that make it up."""
    if "-" not in entry:
        return (entry,)
    ends = _ends(entry)
    if ends is None:
        return (entry,)
    first, last = ends
    parts = summarize_address_range(first, last)
    return tuple(str(part) for part in parts)


def labels_from(values: Mapping[str, object], under: Labels = ()) -> Labels:
    """The labels in `values`, which win over those `under` them. Raises EntryError."""
    if not values:
        return under
    together = dict(under)
    for key, value in values.items():
        if not _LABEL.match(key):
            raise EntryError(
                f"has a label {key[:40]!r}: a label's key is a letter from a to z, then at most 31 of a to z, 0 to 9, "
                "_ and -"
            )
        if not _is_value(value):
            raise EntryError(
                f"has no readable value for its label {key}: write a text of 1 to {MAX_LABEL_LENGTH} printable "
                f'characters, like {key} = "DE"'
            )
        together[key] = value.strip()
    if len(together) > MAX_LABELS:
        raise EntryError(f"has {len(together)} labels: write at most {MAX_LABELS}")
    return tuple(sorted(together.items()))


def _is_value(value: object) -> TypeGuard[str]:
    if not isinstance(value, str):
        return False
    plain = value.strip()
    return bool(plain) and len(plain) <= MAX_LABEL_LENGTH and plain.isprintable()
