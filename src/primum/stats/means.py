"""A mean of bounded scores with its interval and its bounds."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from primum.stats.rates import wilson_interval
from primum.types import Estimate


def mean_estimate(
    metric: str,
    group: str,
    scores: Sequence[float],
    *,
    lowest: float,
    highest: float,
    n_unscored: int = 0,
    level: float = 0.95,
) -> Estimate:
    """The mean of scores in ``lowest..highest`` with a Student t interval, clipped to that range.

    When all scores are equal the t interval has no width, although the sample says little about rare others; the
    Wilson interval of the rescaled mean is used there (a bounded score varies at most as much as a rate with the same
    mean). ``method`` says which one it was. Bounds: all unscored at the lowest, or at the highest, score.

    Raises:
        ValueError: a score outside the range, or a negative count.
    """
    if n_unscored < 0:
        raise ValueError(f"impossible count: {n_unscored} unscored")
    if any(not lowest <= score <= highest for score in scores):
        raise ValueError(f"score outside {lowest}..{highest}")
    n = len(scores)
    value = fmean(scores) if n else None
    low, high, method = _interval(scores, lowest, highest, level)
    total, summed = n + n_unscored, sum(scores)
    return Estimate(
        metric=metric,
        group=group,
        value=value,
        low=low,
        high=high,
        level=level,
        method=method,
        n_scored=n,
        n_unscored=n_unscored,
        worst_low=(summed + n_unscored * lowest) / total if total else None,
        worst_high=(summed + n_unscored * highest) / total if total else None,
    )


def _interval(
    scores: Sequence[float], lowest: float, highest: float, level: float
) -> tuple[float | None, float | None, str]:
    n = len(scores)
    if n == 0:
        return None, None, "t"
    spread, width = (stdev(scores) if n > 1 else 0.0), highest - lowest
    if spread == 0.0:
        low, high = wilson_interval(n * (scores[0] - lowest) / width, n, level)
        return lowest + width * low, lowest + width * high, "wilson of the rescaled mean"
    from scipy.stats import t  # here, because importing scipy.stats takes longer than all the rest

    half = float(t.ppf((1 + level) / 2, n - 1)) * spread / sqrt(n)
    mean = fmean(scores)
    return max(lowest, mean - half), min(highest, mean + half), "t"
