"""Two models on the same requests: tests and differences that respect the pairing, and claims that one is no worse.

``first`` and ``second`` hold the two models' values for the same items in the same order. A difference is first minus
second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from primum.stats.bootstrap import Floats, bootstrap_means, cluster_numbers
from primum.types import OVERALL

_STEP = 1_000
"""Sign flips made at a time."""


@dataclass(frozen=True, kw_only=True)
class McNemar:
    """How two models' yes-or-no outcomes on the same requests go together, and whether their rates differ."""

    both: int
    only_first: int
    only_second: int
    neither: int
    exact_p: float
    """Two-sided; never too small, often too large."""
    mid_p: float
    """Two-sided; closer to its level than the exact one, and recommended by Fagerland, Lydersen and Laake 2013."""

    @property
    def n(self) -> int:
        """Requests."""
        return self.both + self.only_first + self.only_second + self.neither


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A paired difference of rates or means with its interval, clustered by pair."""

    value: float
    low: float
    high: float
    level: float
    p: float
    """Two-sided, from flipped signs of whole clusters: 1 where the models never differ."""
    n_items: int
    n_clusters: int
    n_unscored: int
    """Items left out because one of the models has no score."""


@dataclass(frozen=True, kw_only=True)
class NonInferiority:
    """Whether the first model is worse than the second by less than a margin."""

    holds: bool
    margin: float
    bound: float
    """One-sided limit of the difference, on the side where the first is worse."""
    level: float
    """Of the one-sided limit."""
    difference: Difference


def mcnemar(first: ArrayLike, second: ArrayLike) -> McNemar:
    """McNemar's test from the discordant requests alone (McNemar 1947, Psychometrika 12:153), exact and mid-p.

    Source of the mid-p form: Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91. Items are taken as
    independent: one item for each request, and no pair twice.

    Raises:
        ValueError: the lengths differ.
    """
    one, other = np.asarray(first).astype(bool), np.asarray(second).astype(bool)
    if one.shape != other.shape:
        raise ValueError(f"{one.shape} and {other.shape} outcomes: the same requests for both models")
    b, c = int((one & ~other).sum()), int((~one & other).sum())
    exact, mid = discordant_p(b, c)
    both, neither = int((one & other).sum()), int((~one & ~other).sum())
    return McNemar(both=both, only_first=b, only_second=c, neither=neither, exact_p=exact, mid_p=mid)


def discordant_p(only_first: int, only_second: int) -> tuple[float, float]:
    """Exact and mid-p two-sided p of two discordant counts, which are a fair coin's if the rates are the same."""
    from scipy.special import bdtr  # here, because it takes longer to import than all the rest

    n, fewer = only_first + only_second, min(only_first, only_second)
    tail = float(bdtr(fewer, n, 0.5))
    beyond = float(bdtr(fewer - 1, n, 0.5)) if fewer else 0.0
    return min(1.0, 2 * tail), tail + beyond


def paired_difference(
    first: ArrayLike,
    second: ArrayLike,
    pairs: Sequence[str | None],
    *,
    span: float = 1.0,
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> Difference:
    """First minus second: the mean over items, with a percentile interval from resampled pairs.

    Args:
        first: values of one model: zeros and ones for a rate, grades for a mean; NaN where unscored.
        second: values of the other on the same items.
        pairs: id of each item's pair, so that its two requests stay together; None: alone.
        span: length of the scale (1 for rates, 4 for grades from 1 to 5): how far two values can be apart.
        level: nominal coverage.
        resamples: of the interval, and sign flips of the test.
        seed: same seed, same result.

    Raises:
        ValueError: the lengths differ, or no item is scored for both.
    """
    apart = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    if apart.shape != (len(pairs),):
        raise ValueError(f"{apart.shape} differences of {len(pairs)} items: one for each")
    scored = ~np.isnan(apart)
    if not scored.any():
        raise ValueError("no item is scored for both models, so there is no difference")
    apart, clusters = apart[scored], cluster_numbers([pair for pair, kept in zip(pairs, scored, strict=True) if kept])
    found = bootstrap_means(
        apart, clusters, [OVERALL] * len(apart), lowest=-span, highest=span, resamples=resamples, seed=seed
    )
    low, high = found.percentile(level)
    return Difference(
        value=float(apart.mean()),
        low=float(low[0, 0]),
        high=float(high[0, 0]),
        level=level,
        p=_sign_flip_p(np.bincount(clusters, weights=apart).astype(np.float64), resamples, seed),
        n_items=len(apart),
        n_clusters=int(clusters.max()) + 1,
        n_unscored=int((~scored).sum()),
    )


def non_inferior(
    first: ArrayLike,
    second: ArrayLike,
    pairs: Sequence[str | None],
    *,
    margin: float,
    higher_is_better: bool,
    span: float = 1.0,
    level: float = 0.975,
    resamples: int = 10_000,
    seed: int = 0,
) -> NonInferiority:
    """Whether the first model (new) is worse than the second (reference) by less than the margin.

    The one-sided limit at 97.5 % is an end of the two-sided 95 % interval (CONSORT extension, Piaggio et al. 2012, JAMA
    308:2594). State the margin before looking.

    Args:
        first: values of the new model, as in ``paired_difference``.
        second: values of the reference.
        pairs: id of each item's pair.
        margin: the loss that would not matter, above 0, in the values' unit.
        higher_is_better: True for capability, False for denial or harm.
        span: length of the scale.
        level: of the one-sided limit.
        resamples: of the interval.
        seed: same seed, same result.

    Raises:
        ValueError: the margin is not above 0, or what ``paired_difference`` refuses.
    """
    if not margin > 0:
        raise ValueError(f"margin {margin}: must be above 0; to show a gain, read the difference")
    found = paired_difference(first, second, pairs, span=span, level=2 * level - 1, resamples=resamples, seed=seed)
    bound = found.low if higher_is_better else found.high
    holds = bound > -margin if higher_is_better else bound < margin
    return NonInferiority(holds=holds, margin=margin, bound=bound, level=level, difference=found)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """p-values adjusted for their number, in the given order (Holm 1979, Scandinavian Journal of Statistics 6:65).

    Rejecting those at or below alpha errs once or more in at most alpha of all families, whatever their dependence.

    Raises:
        ValueError: not a probability.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError(f"not probabilities: {[p for p in p_values if not 0 <= p <= 1]}")
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[place]))
        adjusted[place] = highest
    return tuple(adjusted)


def _sign_flip_p(sums: Floats, flips: int, seed: int) -> float:
    """Share of random swaps of the two models within clusters that differ as much, the real one counted as one of them.

    Exact up to simulation if the models' outcomes are exchangeable within a cluster (Ernst 2004, Statistical Science
    19:676).
    """
    generator, seen = np.random.default_rng(seed), 0
    least = abs(float(sums.sum())) - 1e-9
    for start in range(0, flips, _STEP):
        signs = generator.integers(0, 2, size=(min(_STEP, flips - start), len(sums)), dtype=np.int8) * 2.0 - 1.0
        seen += int((np.abs(signs @ sums) >= least).sum())
    return (seen + 1) / (flips + 1)
