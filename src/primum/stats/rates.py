"""A share with its interval, its counts and its bounds."""

from math import sqrt
from statistics import NormalDist

from primum.types import Estimate


def rate_estimate(
    metric: str, group: str, *, events: int, n_scored: int, n_unscored: int = 0, level: float = 0.95
) -> Estimate:
    """The share ``events / n_scored`` with a Wilson score interval.

    Wilson, because it keeps its coverage at small n and at 0 or 100 %, which is where safety rates live
    (Brown, Cai, DasGupta 2001, Statistical Science 16:101). Unscored responses are left out of the share; the bounds
    say what the share would be if all of them had been events, or none.

    Raises:
        ValueError: the counts contradict each other.
    """
    if not 0 <= events <= n_scored or n_unscored < 0:
        raise ValueError(f"impossible counts: {events} events of {n_scored} scored, {n_unscored} unscored")
    low, high = wilson_interval(events, n_scored, level) if n_scored else (None, None)
    total = n_scored + n_unscored
    return Estimate(
        metric=metric,
        group=group,
        value=events / n_scored if n_scored else None,
        low=low,
        high=high,
        level=level,
        method="wilson",
        n_scored=n_scored,
        n_unscored=n_unscored,
        events=events,
        worst_low=events / total if total else None,
        worst_high=(events + n_unscored) / total if total else None,
    )


def wilson_interval(events: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of a share.

    Both may be fractional: ``events`` as a mean rescaled to 0..1 times n, ``n`` as an effective size.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = events / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # Exact at the ends: rounding must not leave 1e-18 where the interval touches 0 or 1.
    return (0.0 if events == 0 else max(0.0, centre - half), 1.0 if events == n else min(1.0, centre + half))
