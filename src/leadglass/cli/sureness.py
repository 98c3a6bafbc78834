"""`--precision`, `--confidence` and `--exact`: how sure the figures are to be, for every command that counts."""

from leadglass.measure.sampling.sampler import Wish

LEAST_PRECISION, MOST_PRECISION = 0.5, 50.0
LEAST_CONFIDENCE, MOST_CONFIDENCE = 50.0, 99.9
_USUAL = Wish()
PRECISION_HELP = (
    "Where an archive is large, draw as many of its records as make the figures so sure, to either side. Default: "
    f"{100 * _USUAL.precision:g}."
)
CONFIDENCE_HELP = (
    f"How sure it is that the truth lies in the interval of a figure. Default: {100 * _USUAL.confidence:g}."
)


class ContradictionError(ValueError):
    """Two options that cannot both be meant."""


def wish_of(*, exact: bool, precision: float | None, confidence: float | None) -> Wish | None:
    """What a sample is to reach, None where everything is counted. Both numbers are in per cent; None was not given.

    Raises ContradictionError.
    """
    if exact and (precision is not None or confidence is not None):
        raise ContradictionError(
            "--exact counts everything, and --precision and --confidence are of a sample: leave one of the two out"
        )
    if exact:
        return None
    return Wish(
        precision=_USUAL.precision if precision is None else precision / 100,
        confidence=_USUAL.confidence if confidence is None else confidence / 100,
    )
