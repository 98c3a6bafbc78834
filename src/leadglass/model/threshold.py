"""The question of 500 individuals (HIPAA, 45 CFR 164.408) is answered from figures of patients, or left undecided.

It is asked of identifiers, which are not people: one person may have several, and some belong to nobody.
"""

from collections.abc import Iterable

from leadglass.model.exposure import Exposure
from leadglass.model.record import Record
from leadglass.model.words import Threshold

INDIVIDUALS = 500  # "500 or more individuals", 45 CFR 164.408(b); fewer: 164.408(c)


class FiveHundred(Record):
    """Whether 500 or more patient identifiers are shown. `confidence` is None where that is undecided."""

    answer: Threshold
    confidence: float | None = None


def five_hundred(exposures: Iterable[Exposure | None]) -> FiveHundred | None:
    """The answer for all that one target shows; None where it shows nothing.

    Two surfaces may show one archive or two: one of them suffices for 500, and all together have to stay below it.
    """
    shown = [exposure.patients if exposure is not None else None for exposure in exposures]
    if not shown:
        return None
    sure = [one.confidence or 1.0 for one in shown if one is not None and one.low >= INDIVIDUALS]
    if sure:
        return FiveHundred(answer=Threshold.AT_OR_ABOVE, confidence=max(sure))
    highest = [one.high for one in shown if one is not None and one.high is not None]
    if len(highest) == len(shown) and sum(highest) < INDIVIDUALS:
        confidence = min(one.confidence or 0.0 for one in shown if one is not None)
        return FiveHundred(answer=Threshold.BELOW, confidence=confidence)
    return FiveHundred(answer=Threshold.UNDECIDED)
