"""Files of some studies may be lost, though the studies are listed."""

from leadglass.model.record import Record


class Losses(Record):
    """The files that are gone: of studies `before` a year, and of studies with one of these `modalities`.

    A study without a date is of no year, and is not lost with it.
    """

    before: int | None = None
    modalities: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything may be lost."""
        return self.before is not None or bool(self.modalities)


NOTHING = Losses()
