"""What the numbers would have been with other requests: the cluster bootstrap, for many models and groups at once.

A resample draws whole clusters with replacement (Davison and Hinkley 1997, section 3.8): the two requests of a pair, or all
answers to one request, come and go together. All models see the same resamples, so that the draws of a difference between
two models are the differences of their draws.

What makes it fast: a mean over a resample is a ratio of two sums, and each sum is how often a cluster was drawn times the
cluster's own sum. So all resamples of all models are one product of two matrices.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from primum.stats.rates import wilson_interval
from primum.types import OVERALL

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Column = NDArray[Any]
"""One entry (or row) for each item."""

_CELLS = 100_000
"""Draws held at a time: 0.8 MB, so that a step stays in the processor's second cache (500,000 take 1.4 times as long)."""
_FLAT = 1e-12
"""Spread, as a share of the scale, that is rounding and not variation."""


@dataclass(frozen=True, kw_only=True)
class BootstrapMeans:
    """Means of several series (models) over all items and in each group, with all their resamples."""

    groups: tuple[str, ...]
    """``overall`` first, then the groups by name."""
    value: Floats
    """Shape (groups, series); NaN where nothing was scored."""
    draws: Floats
    """Shape (groups, series, resamples); NaN where a resample holds nothing of the group."""
    n_clusters: Ints
    """Shape (groups, series): clusters with a score."""
    lowest: float
    highest: float

    def percentile(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Low and high, each of shape (groups, series): the middle ``level`` of the draws.

        Where no draw differs from another (no harm seen at all) the interval is that of ``flat_interval``.
        """
        tail = (1 - level) / 2
        low, high = quantiles(self.draws, (tail, 1 - tail))
        return self._mend_flat(low, high, level)

    def wilson(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Low and high as Wilson's interval at the sample size that the bootstrap's variance is worth.

        For shares near 0 or 1, where percentiles are too short (Korn and Graubard 1998, Survey Methodology 24:193, with
        Wilson's interval in place of the exact one).
        """
        width = self.highest - self.lowest
        share = (self.value - self.lowest) / width
        with np.errstate(invalid="ignore", divide="ignore"):
            # Resampling n clusters gives (n - 1) / n of the variance, which shows in small groups.
            variance = _variance(self.draws) / width**2 * self.n_clusters / (self.n_clusters - 1)
            size = share * (1 - share) / variance
        low, high = np.full_like(share, np.nan), np.full_like(share, np.nan)
        for cell in zip(*np.nonzero(np.isfinite(size) & (size > 0)), strict=True):
            limits = wilson_at(float(share[cell]), float(size[cell]), level)
            low[cell], high[cell] = self.lowest + width * limits[0], self.lowest + width * limits[1]
        return self._mend_flat(low, high, level)

    def _mend_flat(self, low: Floats, high: Floats, level: float) -> tuple[Floats, Floats]:
        spread = np.fmax.reduce(self.draws, axis=-1) - np.fmin.reduce(self.draws, axis=-1)
        for cell in zip(*np.nonzero(spread <= _FLAT * (self.highest - self.lowest)), strict=True):
            n, value = int(self.n_clusters[cell]), float(self.value[cell])
            low[cell], high[cell] = flat_interval(value, n, self.lowest, self.highest, level)
        return low, high


def bootstrap_means(
    values: ArrayLike,
    clusters: ArrayLike,
    groups: Sequence[str],
    *,
    lowest: float = 0.0,
    highest: float = 1.0,
    resamples: int = 10_000,
    seed: int = 0,
) -> BootstrapMeans:
    """Means of every series, over all items and in every group, with draws from resampled clusters.

    Args:
        values: shape (series, items), or (items,) for one; NaN where unscored. A rate is the mean of zeros and ones.
        clusters: number of each item's cluster, as ``cluster_numbers`` gives it.
        groups: name of each item's group; the items of a cluster may lie in several.
        lowest: bottom of the scale.
        highest: top of the scale.
        resamples: how many; with 10,000 the tail beyond a limit is 2.5 ± 0.3 %.
        seed: same seed, same draws.

    Raises:
        ValueError: the lengths differ, or there is nothing to resample.
    """
    table, numbers = np.atleast_2d(np.asarray(values, dtype=np.float64)), np.asarray(clusters, dtype=np.intp)
    if not table.shape[1] == len(numbers) == len(groups) or not len(numbers):
        raise ValueError(
            f"{table.shape[1]} values, {len(numbers)} clusters and {len(groups)} groups: as many of each, at least one"
        )
    names = tuple(sorted(set(groups)))
    numbers = _grouped(numbers, groups)
    masks = [np.ones(len(numbers), dtype=bool), *(np.array([group == name for group in groups]) for name in names)]
    parts = [_cluster_sums(table, numbers, mask) for mask in masks]
    sums = np.empty((len(parts), 2 * len(table), resamples))
    for rows, drawn in _resampled(int(numbers.max()) + 1, resamples, seed):
        for place, (members, totals) in enumerate(parts[1:], start=1):
            np.matmul(totals.T, drawn[:, members].T, out=sums[place, :, rows])
    sums[1:].sum(axis=0, out=sums[0])
    series = len(table)
    observed = np.array([totals.sum(axis=0) for _, totals in parts])
    with np.errstate(invalid="ignore", divide="ignore"):
        value = observed[:, :series] / observed[:, series:]
        draws = np.divide(sums[:, :series], sums[:, series:], out=sums[:, :series])
    n_clusters = np.array([np.count_nonzero(totals[:, series:], axis=0) for _, totals in parts])
    return BootstrapMeans(
        groups=(OVERALL, *names), value=value, draws=draws, n_clusters=n_clusters, lowest=lowest, highest=highest
    )


def bootstrap_statistic(
    statistic: Callable[..., float],
    columns: Sequence[Column],
    clusters: ArrayLike,
    *,
    resamples: int = 2_000,
    seed: int = 0,
) -> Floats:
    """Draws of any statistic of items: it is called with the columns of each resample; NaN where it is undefined.

    Raises:
        ValueError: the lengths differ, or there is nothing to resample.
    """
    numbers = np.asarray(clusters, dtype=np.intp)
    if any(len(column) != len(numbers) for column in columns) or not len(numbers):
        raise ValueError(f"{[len(column) for column in columns]} items in {len(numbers)} clusters: as many of each")
    items, draws = np.arange(len(numbers)), []
    for _, drawn in _resampled(int(numbers.max()) + 1, resamples, seed, dtype=np.intp):
        for times in drawn:
            chosen = np.repeat(items, times[numbers])
            draws.append(statistic(*(column[chosen] for column in columns)))
    return np.array(draws, dtype=np.float64)


def cluster_numbers(pairs: Sequence[str | None]) -> Ints:
    """A number from 0 for each item: the same for the items of one pair; an item without a pair is alone."""
    known: dict[str | int, int] = {}
    keys = [place if pair is None else pair for place, pair in enumerate(pairs)]
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.intp)


def resample_clusters(n_clusters: int, resamples: int, generator: np.random.Generator) -> Ints:
    """How often each cluster is drawn: shape (resamples, clusters); each row sums to the number of clusters."""
    narrow = np.uint16 if n_clusters <= np.iinfo(np.uint16).max else np.uint32  # half the time of 32 bits
    drawn = generator.integers(n_clusters, size=(resamples, n_clusters), dtype=narrow)
    offsets = np.arange(resamples, dtype=np.intp)[:, None] * n_clusters
    return np.bincount((drawn + offsets).ravel(), minlength=resamples * n_clusters).reshape(resamples, n_clusters)


def flat_interval(value: float, n: int, lowest: float, highest: float, level: float = 0.95) -> tuple[float, float]:
    """An interval for a sample without any spread: what was not seen in n draws may still be there.

    A share of all cases, up to Wilson's upper limit of 0 in n, may lie anywhere on the scale. For a rate of 0 or 1 this is
    Wilson's interval itself.
    """
    unseen = wilson_interval(0, n, level)[1]
    return (1 - unseen) * value + unseen * lowest, (1 - unseen) * value + unseen * highest


def wilson_at(share: float, size: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share at the sample size that its variance is worth, which need not be whole."""
    return wilson_interval(share * size, size, level)


def quantiles(draws: Floats, shares: Sequence[float]) -> tuple[Floats, ...]:
    """Quantiles along the last axis of those draws that are numbers; NaN where none is."""
    found = np.atleast_2d(np.quantile(draws, shares, axis=-1))
    for cell, numbers in _with_gaps(draws):
        found[(slice(None), *cell)] = np.quantile(numbers, shares) if len(numbers) else np.nan
    return tuple(found)


def _variance(draws: Floats) -> Floats:
    found = np.asarray(draws.var(axis=-1))
    for cell, numbers in _with_gaps(draws):
        found[cell] = numbers.var() if len(numbers) else np.nan
    return found


def _with_gaps(draws: Floats) -> Iterator[tuple[tuple[Any, ...], Floats]]:
    """Place and numbers of each series of draws that holds NaN."""
    for cell in zip(*np.nonzero(np.isnan(draws).any(axis=-1)), strict=True):
        yield cell, draws[cell][~np.isnan(draws[cell])]


def _resampled(
    n_clusters: int, resamples: int, seed: int, dtype: type = np.float64
) -> Iterator[tuple[slice, NDArray[Any]]]:
    generator = np.random.default_rng(seed)
    step = max(1, _CELLS // n_clusters)
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        yield slice(start, stop), resample_clusters(n_clusters, stop - start, generator).astype(dtype)


def _grouped(clusters: Ints, groups: Sequence[str]) -> Ints:
    """The same clusters, numbered so that those of a group follow each other: a group's draws are then one block."""
    order = np.lexsort((clusters, np.unique(np.asarray(groups), return_inverse=True)[1]))
    known: dict[int, int] = {}
    for number in clusters[order].tolist():
        known.setdefault(number, len(known))
    return np.array([known[number] for number in clusters.tolist()], dtype=np.intp)


def _cluster_sums(table: Floats, clusters: Ints, mask: NDArray[np.bool_]) -> tuple[slice | Ints, Floats]:
    """The clusters with items in the mask, and for each the sums, then the counts, of every series' scores there."""
    members, place = np.unique(clusters[mask], return_inverse=True)
    scored = ~np.isnan(table[:, mask])
    columns = np.concatenate([np.where(scored, table[:, mask], 0.0), scored.astype(np.float64)])
    sums = [np.bincount(place, weights=column, minlength=len(members)) for column in columns]
    block = slice(int(members[0]), int(members[-1]) + 1)
    return block if block.stop - block.start == len(members) else members, np.stack(sums, axis=1)
