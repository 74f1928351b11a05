"""Krippendorff's alpha: agreement of any number of raters, some of whose ratings may be missing.

Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, asc_papers/43): one minus the
disagreement within units over the disagreement among all paired values, whoever gave them.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from primum.stats.agreement import Statistic
from primum.stats.bootstrap import Floats

Metric = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(ratings: ArrayLike, metric: Metric) -> float:
    """Alpha of ratings in a table with a row for each unit (response) and a column for each rater.

    Args:
        ratings: numbers (codes of names, for the nominal metric); NaN where a rater did not rate. A unit with fewer than
            two ratings pairs with nothing and is left out.
        metric: what a distance between two values is.

    Returns:
        1 for full agreement, 0 for that of chance; NaN where all paired values are the same, or there are none.
    """
    table = np.asarray(ratings, dtype=np.float64)
    values = np.unique(table[~np.isnan(table)])
    counts = (table[:, :, None] == values).sum(axis=1).astype(np.float64)
    counts = counts[counts.sum(axis=1) >= 2]
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = shares.T @ counts - np.diag(shares.sum(axis=0))
    totals = coincidences.sum(axis=1)
    apart = _SQUARED[metric](values, totals)
    by_chance = float(totals @ apart @ totals)
    if by_chance <= 0:
        return float("nan")
    return 1 - (float(totals.sum()) - 1) * float((coincidences * apart).sum()) / by_chance


def _nominal(values: Floats, _totals: Floats) -> Floats:
    return 1 - np.eye(len(values))


def _ordinal(_values: Floats, totals: Floats) -> Floats:
    """Squared number of ratings between two values, each end counted half."""
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle) ** 2)


def _interval(values: Floats, _totals: Floats) -> Floats:
    return np.asarray((values[:, None] - values) ** 2)


_SQUARED = {"nominal": _nominal, "ordinal": _ordinal, "interval": _interval}


def _rarest(ratings: Floats) -> NDArray[np.bool_]:
    values, counts = np.unique(ratings[~np.isnan(ratings)], return_counts=True)
    return np.asarray((ratings == values[counts.argmin()]).any(axis=1))


def alpha_statistic(metric: Metric) -> Statistic:
    """Alpha as ``agreement_estimate`` takes it, of one column: the table of ratings."""
    name = f"krippendorff_alpha_{metric}"
    return Statistic(
        name=name, of=lambda table: krippendorff_alpha(table, metric), lowest=-1, highest=1, rests_on=_rarest
    )
