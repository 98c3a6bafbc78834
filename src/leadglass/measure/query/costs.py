"""What a question costs this server is learnt from those that were asked: so much each, and so much for each record.

Servers that find everything before their first answer ask the same for a narrow question as for a wide one; there a
few dozen narrow ones may cost more than one that reads all.
"""

from leadglass.model.record import Record

QUESTIONS, RECORDS = 25, 13_000  # of a sample that are still to come when it is decided
_SURE = 300  # records of an answer by which the cost of one is known
_ROOM = 1.3  # an archive may hold more than it seems, and a count may take longer


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

    def price(self) -> Price:
        """The straight line through what was asked, by least squares; neither cost is below 0."""
        count = len(self._asked)
        mean_records = sum(records for records, _ in self._asked) / count
        mean_s = sum(seconds for _, seconds in self._asked) / count
        spread = sum((records - mean_records) ** 2 for records, _ in self._asked)
        together = sum((records - mean_records) * (seconds - mean_s) for records, seconds in self._asked)
        record_s = max(0.0, together / spread) if spread else 0.0
        return Price(question_s=max(0.0, mean_s - record_s * mean_records), record_s=record_s)


def counting_is_cheaper(price: Price, studies: float, records_left: int, busy_left_s: float) -> bool:
    """Whether an exact count of some `studies` costs the server less than the rest of a sample, within the budget."""
    counting_s = price.cost(1, studies)
    if studies * _ROOM > records_left or counting_s * _ROOM > busy_left_s:
        return False
    return counting_s < price.cost(QUESTIONS, RECORDS)
