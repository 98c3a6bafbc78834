"""What a scope names more than once, one by one, is one target: an address in any form, a name in any case."""

from collections.abc import Iterable

from leadglass.model.scope import TargetEntry
from leadglass.model.target import literal_address
from leadglass.net.networks import unmapped
from leadglass.net.scope_entries import is_plain_ipv4


def same_as(text: str) -> str:
    """The form in which an address or a name is compared, as the gate compares them."""
    if is_plain_ipv4(text):
        return text
    address = literal_address(text)
    return text.lower().rstrip(".") if address is None else str(unmapped(address))


def merged(entries: Iterable[TargetEntry]) -> dict[str, TargetEntry]:
    """Single entries by the form in which they are compared, in their order, each once.

    One that comes again adds its labels; its word is the last, as that of a network that is named twice.
    """
    once: dict[str, TargetEntry] = {}
    for entry in entries:
        key = same_as(entry.text)
        before = once.get(key)
        if before is None:
            once[key] = entry
        elif before.labels != entry.labels:
            labels = {**dict(before.labels), **dict(entry.labels)}
            once[key] = TargetEntry(text=before.text, labels=tuple(sorted(labels.items())))
    return once
