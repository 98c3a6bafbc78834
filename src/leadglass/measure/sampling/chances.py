"""Quantiles that intervals are made with."""

from statistics import NormalDist


def normal_quantile(confidence: float) -> float:
    """How many standard errors to each side hold the truth with this confidence, for a large sample."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def student_quantile(confidence: float, freedom: float) -> float:
    """As `normal_quantile` where the error itself is known by `freedom` degrees alone.

    Peiser's expansion about the normal quantile (Abramowitz and Stegun 26.7.5), good to 1 % from 3 degrees on.
    """
    z = normal_quantile(confidence)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
