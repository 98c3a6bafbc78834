"""How a question over DIMSE ended: what refused it, what broke it off, and what only failed to understand it."""

from leadglass.model.record import Record
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed

PROVIDER = 2  # PS3.8 Table 9-26: the source of an abort that no application asked for
# PS3.7 C: SOP class not supported, not authorized.
REFUSALS = (0x0122, 0x0124)


class ProviderAborted(StepFailed):
    """The peer's upper layer ended the association by itself: it did not understand, and refused nothing."""

    def __init__(self, step: Step) -> None:
        """At `step`."""
        super().__init__(Status.ABORTED, step, "its upper layer aborted the association, which refuses nothing")


class End(Record):
    """How a question ended: `status` says by whom, `dimse_status` is the deciding one where it came.

    `asked` is False where no association came about on which it could be asked, `by_provider` says that an abort
    came from the peer's upper layer (PS3.8 9.3.8) and not from its application.
    """

    status: Status
    dimse_status: int | None = None
    detail: str = ""
    asked: bool = True
    by_provider: bool = False

    @property
    def is_refusal(self) -> bool:
        """Whether the server's application refused what it was asked, by a status or by an abort."""
        aborted = self.status is Status.ABORTED and self.asked and not self.by_provider
        return aborted or self.dimse_status in REFUSALS

    @property
    def is_failure(self) -> bool:
        """Whether the server failed over the question, as those do that have a limit (PS3.4 C.4.1.1.4)."""
        status = self.dimse_status or 0
        return self.status is Status.SUCCESS and (status >> 8 in (0xA7, 0xA9) or status >> 12 == 0xC)


class FindEnd(End):
    """How a C-FIND ended, after how many records."""

    records: int = 0
    cancelled: bool = False


class GetEnd(End):
    """How a C-GET ended, and the sub-operations that the deciding reply shows (None: no counts)."""

    sub_operations: int | None = None
