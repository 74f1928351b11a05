"""Ratios of sums over questions, such as nats per token, and how far two models' ratios are apart.

A ratio of sums weighs every token alike, so that long answers count more than short ones. Questions are resampled, whole
(see ``bootstrap``): the tokens of one answer come and go together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from primum.stats.bootstrap import Floats, resample_clusters
from primum.types import Estimate

_STEP = 1_000
"""Resamples made at a time."""


@dataclass(frozen=True, kw_only=True)
class RelativeChange:
    """How much larger one model's ratio is than another's, as a share of the other's, and whether it matters."""

    value: float
    """0.01: one per cent larger."""
    low: float
    high: float
    level: float
    margin: float
    """The rise that would not matter."""
    n_items: int
    n_unscored: int
    """Questions left out because one of the models has no score."""

    @property
    def holds(self) -> bool:
        """Whether the rise is smaller than the margin: the upper end of the interval lies below it."""
        return self.high < self.margin


def ratio_estimate(
    metric: str,
    group: str,
    tops: ArrayLike,
    bottoms: ArrayLike,
    *,
    n_unscored: int = 0,
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> Estimate:
    """Sum of the tops over the sum of the bottoms, with a percentile interval from resampled questions.

    There is no interval for a single question: nothing tells how much questions differ.

    Raises:
        ValueError: not as many bottoms as tops, or a bottom that is not above 0.
    """
    above, below = _columns(tops, bottoms)
    low, high = _interval(_draws(above, below, resamples, seed), level) if len(above) > 1 else (None,) * 2
    return Estimate(
        metric=metric,
        group=group,
        value=float(above.sum() / below.sum()) if len(above) else None,
        low=low,
        high=high,
        level=level,
        method="bootstrap by question",
        n_scored=len(above),
        n_unscored=n_unscored,
    )


def relative_change(
    first: ArrayLike,
    second: ArrayLike,
    *,
    margin: float,
    n_unscored: int = 0,
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> RelativeChange:
    """The sum of the first over the sum of the second, less one, over the same questions with the same bottoms.

    Both models see the same resamples. The one-sided 97.5 % limit of non-inferiority is the upper end of the 95 % interval.

    Raises:
        ValueError: not as many of each, none at all, or a second that is not above 0.
    """
    new, old = _columns(first, second)
    if not len(new):
        raise ValueError("no question is scored for both models, so there is no change")
    low, high = _interval(_draws(new, old, resamples, seed) - 1, level)
    return RelativeChange(
        value=float(new.sum() / old.sum()) - 1,
        low=low,
        high=high,
        level=level,
        margin=margin,
        n_items=len(new),
        n_unscored=n_unscored,
    )


def _columns(tops: ArrayLike, bottoms: ArrayLike) -> tuple[Floats, Floats]:
    above, below = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
    if above.shape != below.shape or above.ndim != 1:
        raise ValueError(f"{above.shape} tops and {below.shape} bottoms: one of each for every question")
    if not (below > 0).all():
        raise ValueError("a bottom that is not above 0")
    return above, below


def _draws(tops: Floats, bottoms: Floats, resamples: int, seed: int) -> Floats:
    """The ratio in every resample."""
    generator, columns, found = np.random.default_rng(seed), np.stack([tops, bottoms]), []
    for start in range(0, resamples, _STEP):
        times = resample_clusters(len(tops), min(_STEP, resamples - start), generator)
        above, below = columns @ times.T
        found.append(above / below)
    return np.concatenate(found)


def _interval(draws: Floats, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return float(low), float(high)
