"""A step that did not succeed leaves this room as one typed error, which becomes a value at the probe's wall."""

from leadglass.model.words import Status, Step


class StepFailed(Exception):  # noqa: N818 - a failed step is an answer about the peer, not an error of ours
    """`status` says how `step` ended, `detail` in words; none of them holds a byte that the peer chose unseen."""

    def __init__(self, status: Status, step: Step, detail: str) -> None:
        """`detail` is a sentence for a person."""
        super().__init__(f"{step.value}: {detail}")
        self.status = status
        self.step = step
        self.detail = detail
