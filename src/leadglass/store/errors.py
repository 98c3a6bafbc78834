"""What goes wrong with a store is said in words that tell what to do."""


class StoreError(ValueError):
    """A store that cannot be used as asked; the message says what to do."""


class DiskFullError(StoreError):
    """No room is left; what was committed is safe."""


class ConnectionLostError(StoreError):
    """The database does not answer; what was committed is safe."""


class LeaseLostError(Exception):
    """A shard belongs to somebody else by now, or its lease is over: nothing was written."""


class HeldError(StoreError):
    """Another run holds the survey."""

    def __init__(self, name: str, holder: str, seconds_left: float) -> None:
        """`holder` as it named itself; its hold ends in `seconds_left` unless it renews it."""
        self.holder = holder
        self.seconds_left = seconds_left
        super().__init__(
            f"the survey {name} is being run by {holder}. If that is gone, wait {max(1, round(seconds_left))} s and "
            "try again: its hold ends then"
        )
