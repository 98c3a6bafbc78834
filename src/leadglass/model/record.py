"""Every value that crosses rooms is a frozen, typed, keyword-only record of one of these two bases."""

from typing import Any, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class FrozenMeta(msgspec.StructMeta):
    """Makes every subclass frozen and keyword-only, so that none can forget to be."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> type:
        """A new record class; `options` are msgspec's."""
        return super().__new__(mcls, name, bases, namespace, **{"frozen": True, "kw_only": True, **options})


class Record(msgspec.Struct, metaclass=FrozenMeta):
    """A value: immutable, slotted, compared by content, encoded by one encoder."""


class Facts(msgspec.Struct, metaclass=FrozenMeta, omit_defaults=True):
    """What was observed: a field that was not observed is left out of the output."""
