"""What a question costs this server is learnt from those that were asked: so much each, and so much for each record.

Servers that find everything before their first answer ask the same for a narrow question as for a wide one; there a
few dozen narrow ones may cost more than one that reads all.
"""

from leadglass.model.record import Record

QUESTIONS = 20  # of a sample that are still to come when it is decided
_SURE = 300  # records of an answer by which the cost of one is known
ROUGHLY, ABOUT = 2.5, 1.15  # times as much an archive may hold as it seems at first, and after a thousand records


class Price(Record):
    """Seconds of a question, and of each record that it brings."""

    question_s: float
    record_s: float

    def cost(self, questions: int, records: float) -> float:
        """Seconds for so many."""
        return questions * self.question_s + records * self.record_s


class Costs:
    """The questions so far, as records and seconds."""

    def __init__(self) -> None:
        """None was asked."""
        self._asked: list[tuple[int, float]] = []

    def note(self, records: int, seconds: float) -> None:
        """One more question."""
        self._asked.append((records, seconds))

    @property
    def are_known(self) -> bool:
        """Whether an answer was long enough to tell what a record costs."""
        return len(self._asked) > 2 and any(records >= _SURE for records, _ in self._asked)

    @property
    def are_judged(self) -> bool:
        """Whether enough was asked to tell at least how doubtful it is."""
        return len(self._asked) > 3

    def price(self, *, doubtful: bool = False) -> Price:
        """The straight line through what was asked, by least squares; neither cost is below 0.

        Where it is `doubtful`, a record is as dear as it may well be: by two standard errors.
        """
        count = len(self._asked)
        mean_records = sum(records for records, _ in self._asked) / count
        mean_s = sum(seconds for _, seconds in self._asked) / count
        spread = sum((records - mean_records) ** 2 for records, _ in self._asked)
        together = sum((records - mean_records) * (seconds - mean_s) for records, seconds in self._asked)
        record_s = together / spread if spread else 0.0
        if doubtful and count > 2 and spread:
            start_s = mean_s - record_s * mean_records
            left = sum((seconds - start_s - record_s * records) ** 2 for records, seconds in self._asked)
            record_s += 2 * (left / (count - 2) / spread) ** 0.5
        record_s = max(0.0, record_s)
        return Price(question_s=max(0.0, mean_s - record_s * mean_records), record_s=record_s)


def counting_is_cheaper(
    price: Price, studies: float, sampled: float, records_left: float, busy_left_s: float, room: float = ABOUT
) -> bool:
    """Whether an exact count of `studies` costs the server less than a sample of `sampled`, within the budget.

    Though there may be `room` times as many.
    """
    counting_s = price.cost(1, studies * room)
    if studies * room > records_left or counting_s > busy_left_s:
        return False
    return counting_s < price.cost(QUESTIONS, sampled)
