"""What a few studies say of all images: a share with its interval, times the images that are listed.

Studies were drawn as likely as each has images, so the plain share of the draws is the share of the images. Those that
were not answered may be either: the interval allows for both.
"""

from collections.abc import Iterable
from enum import Enum, auto
from math import ceil, exp, floor, inf, log

from leadglass.measure.sampling.chances import student_quantile
from leadglass.measure.shares import CONFIDENCE, interval
from leadglass.model.exposure import Count
from leadglass.model.record import Record
from leadglass.model.words import CountKind

_MOST_UNANSWERED = 1 / 3  # of the draws: where it is more, the share is known from below alone
_FREEDOM = 3.0  # degrees, the fewest that an interval of a sample is made with


class Answer(Enum):
    """How a study that the server has listed was answered."""

    HANDED = auto()  # an image was about to be sent
    WITHHELD = auto()  # refused, or none was about to be sent, at a server that handed over another
    UNANSWERED = auto()  # hung up, timed out, or answered by what tells neither


class Drawn(Record):
    """The answers for the drawn studies; one that was drawn twice counts twice."""

    handed: int
    withheld: int
    unanswered: int

    @property
    def draws(self) -> int:
        """All of them."""
        return self.handed + self.withheld + self.unanswered

    @property
    def is_half_told(self) -> bool:
        """Whether too many were not answered."""
        return self.unanswered > _MOST_UNANSWERED * self.draws


def estimated(images: Count, drawn: Drawn, effective: float = inf) -> Count | None:
    """Retrievable images out of `images` by drawn studies; None where no answer told anything.

    `effective` bounds how many draws these tell as much as. An interval of `images` is widened so that both together
    hold the truth as often as it does (Bonferroni's inequality).
    """
    if not drawn.handed + drawn.withheld:
        return None
    guess = images.kind is CountKind.ESTIMATE
    confidence = (images.confidence or CONFIDENCE) if guess else CONFIDENCE
    each = (1 + confidence) / 2 if guess else confidence
    low, high = _bounds(drawn, effective, each)
    wide = _widened(images, confidence, each) if guess else images
    least = max(1, floor(low * wide.low))  # the proof has shown one
    if wide.high is None or drawn.is_half_told:
        return Count.at_least(least)
    most = max(least, ceil(high * wide.high))
    best = images.count * drawn.handed / (drawn.handed + drawn.withheld)
    return Count(
        count=min(most, max(least, round(best))),
        kind=CountKind.ESTIMATE,
        low=least,
        high=most,
        confidence=confidence,
    )


def _bounds(drawn: Drawn, effective: float, confidence: float) -> tuple[float, float]:
    """The least and the greatest share; where draws tell of fewer, what is no whole number is rounded outwards."""
    tell = floor(1 / (1 / drawn.draws + 1 / effective) + 1e-9)
    if not tell:
        return 0.0, 1.0
    part = tell / drawn.draws
    low, _ = interval(floor(drawn.handed * part + 1e-9), tell, confidence)
    _, high = interval(ceil((drawn.handed + drawn.unanswered) * part - 1e-9), tell, confidence)
    return low, high


def _widened(images: Count, confidence: float, wider: float) -> Count:
    """The interval of an estimate at a higher confidence: it is one of the logarithm (`sampling/estimate.py`)."""
    if images.high is None or not 0 < images.low <= images.count:
        return images
    factor = student_quantile(wider, _FREEDOM) / student_quantile(confidence, _FREEDOM)
    down, up = log(images.count / images.low), log(images.high / images.count)
    return Count(
        count=images.count,
        kind=images.kind,
        low=floor(images.count * exp(-down * factor)),
        high=ceil(images.count * exp(up * factor)),
        confidence=wider,
    )


def asked_all(images: Count, answers: Iterable[tuple[int, int, Answer]]) -> Count:
    """Retrievable images where every study was asked for: of each its images, how many were shown, and the answer.

    Exact where every image was shown. Else one image has stood for its study.
    """
    told = list(answers)
    sums = {answer: sum(held for held, _, one in told if one is answer) for answer in Answer}
    handed, doubtful = sums[Answer.HANDED], sums[Answer.UNANSWERED]
    if images.kind is not CountKind.EXACT or sum(sums.values()) != images.count:
        return Count.at_least(max(1, min(handed, images.low)))
    if all(answer is Answer.HANDED and shown >= held for held, shown, answer in told):
        return Count.exact(images.count)
    if not handed or doubtful > _MOST_UNANSWERED * images.count:
        return Count.at_least(max(1, handed))
    return Count(count=handed, kind=CountKind.ESTIMATE, low=handed, high=handed + doubtful, confidence=CONFIDENCE)
