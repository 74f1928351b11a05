"""How far a judge agrees with people: statistics of two label vectors, each with a cluster-bootstrap interval.

Two kinds. *Yes or no* (is it harm? was it refused?): people's labels, and the judge's labels or its scores. *Grades* or
names: any two vectors of labels. A statistic that a sample does not define (a sensitivity without positives) is NaN.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from primum.stats.bootstrap import Column, Floats, bootstrap_statistic, cluster_numbers, flat_interval
from primum.types import OVERALL, Estimate

_DEFINED = 0.9
"""Share of resamples in which a statistic must exist for their quantiles to mean something."""


def sensitivity(truth: ArrayLike, judged: ArrayLike) -> float:
    """Share of the true positives that the judge calls positive (recall)."""
    return _share(_yes(judged), among=_yes(truth))


def specificity(truth: ArrayLike, judged: ArrayLike) -> float:
    """Share of the true negatives that the judge calls negative."""
    return _share(~_yes(judged), among=~_yes(truth))


def precision(truth: ArrayLike, judged: ArrayLike) -> float:
    """Share of the judge's positives that are positive."""
    return _share(_yes(truth), among=_yes(judged))


def false_negative_rate(truth: ArrayLike, judged: ArrayLike) -> float:
    """Share of the true positives that the judge misses."""
    return _share(~_yes(judged), among=_yes(truth))


def kappa(truth: ArrayLike, judged: ArrayLike) -> float:
    """Cohen's kappa of labels of any kind (Cohen 1960, Educational and Psychological Measurement 20:37)."""
    table = _table(truth, judged)
    n = table.sum()
    expected = float(table.sum(axis=1) @ table.sum(axis=0)) / n**2
    return _ratio(float(np.trace(table)) / n - expected, 1 - expected)


def matthews(truth: ArrayLike, judged: ArrayLike) -> float:
    """Matthews correlation of labels of any kind (Gorodkin 2004, Computational Biology and Chemistry 28:367)."""
    table = _table(truth, judged)
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    spread = float(n**2 - rows @ rows) * float(n**2 - columns @ columns)
    return _ratio(float(np.trace(table) * n - rows @ columns), float(np.sqrt(spread)))


def auroc(truth: ArrayLike, score: ArrayLike) -> float:
    """Chance that a true positive scores above a true negative, ties counted half (Hanley and McNeil 1982)."""
    positive, ranks = _yes(truth), _ranks(score)
    n1, n0 = int(positive.sum()), int((~positive).sum())
    return _ratio(float(ranks[positive].sum()) - n1 * (n1 + 1) / 2, n1 * n0)


def auprc(truth: ArrayLike, score: ArrayLike) -> float:
    """Average precision: precision at each score that finds positives, weighted by the share it finds; no interpolation."""
    positive, scores = _yes(truth), np.asarray(score, dtype=np.float64)
    values, place = np.unique(-scores, return_inverse=True)
    found = np.bincount(place, weights=positive, minlength=len(values))
    called = np.bincount(place, minlength=len(values))
    return _ratio(float((found * np.cumsum(found) / np.cumsum(called)).sum()), float(positive.sum()))


def quadratic_kappa(truth: ArrayLike, judged: ArrayLike) -> float:
    """Cohen's kappa of grades, disagreement weighted by its square (Cohen 1968, Psychological Bulletin 70:213).

    Distances are those of the grades themselves, so a grade that nobody gave changes nothing. The mean squared difference
    of all combinations is the two variances and the squared difference of the means (Lin 1989, Biometrics 45:255).
    """
    x, y = _numbers(truth), _numbers(judged)
    apart = float(np.mean((x - y) ** 2))
    by_chance = float(x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    return _ratio(by_chance - apart, by_chance)


def spearman(truth: ArrayLike, judged: ArrayLike) -> float:
    """Correlation of ranks, ties given their mean rank."""
    x, y = _ranks(truth), _ranks(judged)
    x, y = x - x.mean(), y - y.mean()
    return _ratio(float(x @ y), float(np.sqrt((x @ x) * (y @ y))))


def mean_absolute_error(truth: ArrayLike, judged: ArrayLike) -> float:
    """Mean distance of the judge's grade from people's, in grades."""
    return float(np.mean(np.abs(_numbers(truth) - _numbers(judged))))


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """A statistic of agreement, with what an interval needs to know about it."""

    name: str
    of: Callable[..., float]
    lowest: float
    highest: float
    rests_on: Callable[..., NDArray[np.bool_]]
    """Which items it is about, from the same columns: where these are few, little is known."""


def _all(truth: Column, _judged: Column) -> NDArray[np.bool_]:
    return np.ones(len(truth), dtype=bool)


def _rarest(truth: Column, _judged: Column) -> NDArray[np.bool_]:
    values, counts = np.unique(truth, return_counts=True)
    return np.asarray(truth == values[counts.argmin()])


_TABLE = (
    Statistic(name="sensitivity", of=sensitivity, lowest=0, highest=1, rests_on=lambda truth, _: _yes(truth)),
    Statistic(name="specificity", of=specificity, lowest=0, highest=1, rests_on=lambda truth, _: ~_yes(truth)),
    Statistic(name="precision", of=precision, lowest=0, highest=1, rests_on=lambda _, judged: _yes(judged)),
    Statistic(name="false_negative_rate", of=false_negative_rate, lowest=0, highest=1, rests_on=lambda t, _: _yes(t)),
    Statistic(name="kappa", of=kappa, lowest=-1, highest=1, rests_on=_rarest),
    Statistic(name="matthews", of=matthews, lowest=-1, highest=1, rests_on=_rarest),
    Statistic(name="auroc", of=auroc, lowest=0, highest=1, rests_on=_rarest),
    Statistic(name="auprc", of=auprc, lowest=0, highest=1, rests_on=lambda truth, _: _yes(truth)),
    Statistic(name="quadratic_kappa", of=quadratic_kappa, lowest=-1, highest=1, rests_on=_rarest),
    Statistic(name="spearman", of=spearman, lowest=-1, highest=1, rests_on=_rarest),
    Statistic(name="mean_absolute_error", of=mean_absolute_error, lowest=0, highest=4, rests_on=_all),
)
STATISTICS = {statistic.name: statistic for statistic in _TABLE}
"""Every statistic of two columns by its name; the scale of the mean absolute error is that of grades from 1 to 5."""


def agreement_estimate(
    statistic: Statistic,
    columns: Sequence[ArrayLike],
    requests: Sequence[str | None],
    *,
    group: str = OVERALL,
    n_unscored: int = 0,
    level: float = 0.95,
    resamples: int = 2_000,
    seed: int = 0,
) -> Estimate:
    """A statistic of agreement with a percentile interval from resampled requests.

    Args:
        statistic: one of ``STATISTICS``.
        columns: what the statistic takes, mostly people's label and the judge's label (or score) of each response.
        requests: id of each response's request, or pair, so that answers to one request stay together; None: alone.
        group: what the labels are about.
        n_unscored: responses with people's label that the judge gave none.
        level: nominal coverage.
        resamples: how many.
        seed: same seed, same interval.

    Returns:
        The estimate. Where no resample differs from another (no error of the judge seen) the interval is that of
        ``flat_interval`` over the clusters that the statistic rests on, so a judge that was right five times is not proved
        right. Where more than a tenth of the resamples leave it undefined there is no interval.

    Raises:
        ValueError: the lengths differ.
    """
    tables = [np.asarray(column) for column in columns]
    if any(len(table) != len(requests) for table in tables):
        raise ValueError(f"{[len(table) for table in tables]} labels of {len(requests)} responses: as many of each")
    clusters = cluster_numbers(requests)
    value = statistic.of(*tables) if len(clusters) else np.nan
    low, high = None, None
    if np.isfinite(value):
        draws = bootstrap_statistic(statistic.of, tables, clusters, resamples=resamples, seed=seed)
        n = len(np.unique(clusters[statistic.rests_on(*tables)]))
        low, high = _limits(statistic, float(value), draws, n, level)
    return Estimate(
        metric=statistic.name,
        group=group,
        value=float(value) if np.isfinite(value) else None,
        low=low,
        high=high,
        level=level,
        method="cluster bootstrap",
        n_scored=len(clusters),
        n_unscored=n_unscored,
    )


def _limits(
    statistic: Statistic, value: float, draws: Floats, n: int, level: float
) -> tuple[float, float] | tuple[None, None]:
    defined = draws[~np.isnan(draws)]
    if len(defined) < _DEFINED * len(draws):
        return None, None
    if np.ptp(defined) < 1e-12:
        return flat_interval(value, n, statistic.lowest, statistic.highest, level)
    low, high = np.quantile(defined, ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)


def _yes(labels: ArrayLike) -> NDArray[np.bool_]:
    return np.asarray(labels).astype(bool)


def _numbers(labels: ArrayLike) -> Floats:
    return np.asarray(labels, dtype=np.float64)


def _share(hits: NDArray[np.bool_], *, among: NDArray[np.bool_]) -> float:
    return _ratio(float((hits & among).sum()), float(among.sum()))


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _table(truth: ArrayLike, judged: ArrayLike) -> NDArray[np.int64]:
    """Counts: rows people's labels, columns the judge's, both in the order of all labels."""
    one, other = np.asarray(truth), np.asarray(judged)
    values, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    k: Any = len(values)
    return np.bincount(place[: len(one)] * k + place[len(one) :], minlength=k * k).reshape(k, k)


def _ranks(scores: ArrayLike) -> Floats:
    """Ranks from 1, ties given their mean rank."""
    _, place, counts = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place], dtype=np.float64)
