"""What the questions to one target cost it is counted here, and stopped where its budget ends."""

from leadglass.model.assessment import Ledger
from leadglass.model.scope import Budget
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed


class Meter:
    """Counts connections, bytes, records and busy seconds of one target against its budget."""

    def __init__(self, budget: Budget) -> None:
        """Nothing is spent yet."""
        self.budget = budget
        self.records = 0
        self.connections = 0
        self.bytes = 0
        self.busy_s = 0.0
        self.spent: StepFailed | None = None
        """The last question that this budget ended or kept from being asked: the cause that a result names."""

    @property
    def records_left(self) -> int:
        """Records that may still be asked for, 0 or more."""
        return max(0, self.budget.max_records - self.records)

    @property
    def busy_left_s(self) -> float:
        """Seconds that the server may still be kept busy, 0 or more."""
        return max(0.0, self.budget.max_busy_s - self.busy_s)

    def connect(self) -> None:
        """One more connection. Raises StepFailed where the budget has none left."""
        if self.connections >= self.budget.max_connections:
            raise self._end(Step.CONNECT, f"{self.budget.max_connections} connections (--max-connections)")
        self.connections += 1

    def receive(self, size: int) -> bool:
        """`size` more bytes; whether the budget still has room."""
        self.bytes += size
        return self.bytes <= self.budget.max_bytes

    def check(self, step: Step) -> None:
        """Raises StepFailed where the server was kept busy, or sent, as much as the budget allows."""
        if self.busy_s >= self.budget.max_busy_s:
            raise self.out_of_time(step)
        if self.bytes > self.budget.max_bytes:
            raise self._end(step, f"{self.budget.max_bytes:,} bytes (--max-bytes)")

    def check_query(self, step: Step) -> None:
        """Raises StepFailed as `check` does, and where no more records may be received."""
        self.check(step)
        if not self.records_left:
            raise self.out_of_records(step)

    def out_of_time(self, step: Step) -> StepFailed:
        """What to raise where the seconds that the server may be kept busy end a question."""
        return self._end(step, f"{self.budget.max_busy_s:g} seconds of the server's time (--max-busy-s)")

    def out_of_records(self, step: Step) -> StepFailed:
        """What to raise, or to remember, where the records that may be received end a question."""
        return self._end(step, f"{self.budget.max_records:,} records (--max-records)")

    def _end(self, step: Step, what: str) -> StepFailed:
        self.spent = StepFailed(Status.BUDGET_SPENT, step, f"the budget of {what} is spent")
        return self.spent

    def ledger(self) -> Ledger:
        """What was spent so far."""
        return Ledger(
            records_received=self.records,
            connections=self.connections,
            busy_s=round(self.busy_s, 6),
            bytes_received=self.bytes,
        )

    def since(self, before: Ledger) -> Ledger:
        """What was spent since `before`: the share of one surface, since surfaces are asked one after another."""
        now = self.ledger()
        return Ledger(
            records_received=now.records_received - before.records_received,
            connections=now.connections - before.connections,
            busy_s=round(now.busy_s - before.busy_s, 6),
            bytes_received=now.bytes_received - before.bytes_received,
        )
