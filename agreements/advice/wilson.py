"""How sure a share of few cases is."""

from math import sqrt

# The 97.5th percentile of the standard normal distribution: two sides, 95 %.
Z = 1.959964


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share, both ends from 0 to 1; (0, 1) of nothing.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), pages 209 to 212, without
    correction for continuity. Raises ValueError unless 0 ≤ part ≤ whole.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share.")
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, Z * Z / whole
    middle = share + square / 2
    reach = Z * sqrt(share * (1 - share) / whole + square / (4 * whole))
    low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
    # At the ends the formula gives 0 or 1 but for the last binary place.
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)
