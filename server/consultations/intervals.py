"""Intervals: how far from what was counted a share may lie, by chance alone."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # of the normal distribution: 95 % lie within so many standard deviations


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, parts of 1."""

    low: float
    high: float


def wilson(part: int, of: int) -> Interval:
    """Return the 95 % score interval of a share; of no votes at all, everything from 0 to 1.

    E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, Journal of
    the American Statistical Association 22 (1927), 209-212: with p = part/of and n = `of`,
    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Unlike p ± z·sqrt(p(1-p)/n) it never
    leaves 0 to 1, and is not empty where all votes are the same.
    """
    if not of:
        return Interval(0.0, 1.0)
    share, doubt = part / of, Z * Z / of
    middle = (share + doubt / 2) / (1 + doubt)
    reach = Z * sqrt(share * (1 - share) / of + doubt / (4 * of)) / (1 + doubt)
    # At the ends the two are equal but for rounding.
    low = 0.0 if not part else max(0.0, middle - reach)
    return Interval(low, 1.0 if part == of else min(1.0, middle + reach))
