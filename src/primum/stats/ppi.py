"""PPI++: the rate or mean that people would find, from the judge's verdicts on all responses and people's labels of some."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from primum.stats.bootstrap import Floats, Ints, cluster_numbers, wilson_at
from primum.stats.correction import CannotCorrect, NoCorrection, corrected_estimate, require_labels
from primum.types import Estimate


@dataclass(frozen=True, kw_only=True)
class _Stratum:
    """PPI++ within one stratum, on the scale from 0 to 1."""

    weight: float
    """Its share of all responses."""
    value: float
    variance: float
    n_labels: int
    influence: Floats
    """What each of its responses adds to the error of ``value``; their sum is 0."""


def ppi_estimate(
    metric: str,
    group: str,
    judged: ArrayLike,
    human: ArrayLike,
    *,
    lowest: float = 0.0,
    highest: float = 1.0,
    clusters: Sequence[str | None] | None = None,
    n_unscored: int = 0,
    level: float = 0.95,
) -> Estimate:
    """The mean that people would give, by PPI++ (Angelopoulos, Duchi, Zrnic 2023, arXiv 2311.01453, section 6).

    The interval is Wilson's at the sample size that the variance is worth: theirs (value ± z standard errors) covered 89 to
    92 % at rates of 5 and 10 % (judge .90/.95, 60 or 100 labels, 1,500 runs). It needs about five labels of each kind, and
    as many errors of the judge among the labels: with 60 labels at a rate of 1 %, or 30 labels, it may cover 79 to 93 %.
    ``weighted_ppi_estimate`` with the judge's verdict as stratum takes the same labels and covers there, with wider
    intervals (``benchmarks/coverage.py``).

    Args:
        metric: name of the number.
        group: what it is about.
        judged: the judge's verdict on every scored response, as 0 or 1, a probability or a grade.
        human: people's label of the same responses; NaN for those without, drawn at random.
        lowest: bottom of the scale.
        highest: top of the scale.
        clusters: id of each response's pair or request; None: all independent.
        n_unscored: responses without the judge's verdict; they are left out, and in the bounds only.
        level: nominal coverage.

    Raises:
        CannotCorrect: fewer than 30 labels, or all the same.
        ValueError: the lengths differ, or a value is off the scale.
    """
    scaled = _scaled(judged, human, lowest, highest)
    whole = np.zeros(len(scaled[0]), dtype=np.intp)
    limits = _combined(*scaled, whole, clusters, level)
    return corrected_estimate(
        metric,
        group,
        "ppi++",
        limits,
        lowest=lowest,
        highest=highest,
        n_scored=len(whole),
        n_unscored=n_unscored,
        level=level,
    )


def weighted_ppi_estimate(
    metric: str,
    group: str,
    judged: ArrayLike,
    human: ArrayLike,
    strata: Sequence[Hashable],
    *,
    lowest: float = 0.0,
    highest: float = 1.0,
    clusters: Sequence[str | None] | None = None,
    n_unscored: int = 0,
    level: float = 0.95,
) -> Estimate:
    """The mean that people would give, where the chance of a label differed between strata.

    Within a stratum each label stands for (responses / labels) responses, the inverse of its chance of inclusion; theirs are
    PPI++ means, added by the strata's shares (Fisch et al. 2024, arXiv 2406.04291). The limits of the strata are Wilson's,
    combined by their squared distances (Zou and Donner 2008, Statistics in Medicine 27:1693): so sixty random negatives
    without harm still leave room for harm among the rest.

    Args:
        metric: name of the number.
        group: what it is about.
        judged: as in ``ppi_estimate``.
        human: people's label of the same responses; NaN for those without, drawn at random within each stratum.
        strata: of each response, for example the judge's verdict.
        lowest: bottom of the scale.
        highest: top of the scale.
        clusters: as in ``ppi_estimate``.
        n_unscored: as in ``ppi_estimate``.
        level: nominal coverage.

    Raises:
        CannotCorrect: fewer than 30 labels, all the same, or a stratum without any.
        ValueError: the lengths differ, or a value is off the scale.
    """
    scaled = _scaled(judged, human, lowest, highest)
    if len(strata) != len(scaled[0]):
        raise ValueError(f"{len(strata)} strata of {len(scaled[0])} responses: as many of each")
    known: dict[Hashable, int] = {}
    places = np.array([known.setdefault(stratum, len(known)) for stratum in strata], dtype=np.intp)
    limits = _combined(*scaled, places, clusters, level)
    return corrected_estimate(
        metric,
        group,
        "ppi++ weighted",
        limits,
        lowest=lowest,
        highest=highest,
        n_scored=len(places),
        n_unscored=n_unscored,
        level=level,
    )


def _combined(
    judged: Floats, human: Floats, places: Ints, clusters: Sequence[str | None] | None, level: float
) -> tuple[float, float, float]:
    """Value, low and high on the scale from 0 to 1, from strata of PPI++."""
    labels = human[~np.isnan(human)]
    require_labels(len(labels))
    if np.ptp(labels) == 0:
        raise CannotCorrect(NoCorrection.NO_VARIANCE, f"all {len(labels)} labels are the same")
    masks = [places == place for place in np.unique(places)]
    strata = [_stratum(judged[mask], human[mask], len(judged)) for mask in masks]
    value = sum(one.weight * one.value for one in strata)
    between = sum(one.weight * (one.value - value) ** 2 for one in strata) / len(judged)
    below = above = NormalDist().inv_cdf((1 + level) / 2) ** 2 * between
    for one in strata:
        low, high = _stratum_limits(one, level)
        below += (one.weight * (one.value - low)) ** 2
        above += (one.weight * (one.value - high)) ** 2
    inflation = _design_effect(strata, masks, value, clusters)
    low, high = value - sqrt(below * inflation), value + sqrt(above * inflation)
    return min(1.0, max(0.0, value)), max(0.0, low), min(1.0, high)


def _stratum(judged: Floats, human: Floats, total: int) -> _Stratum:
    labelled = ~np.isnan(human)
    y, f, rest = human[labelled], judged[labelled], judged[~labelled]
    n, more = len(y), len(rest)
    if n == 0:
        raise CannotCorrect(NoCorrection.FEW_LABELS, f"a stratum of {more} responses has no label")
    power = _power(y, f, judged, more)
    residual = y - power * f
    influence = np.zeros(len(judged))
    influence[labelled] = (residual - residual.mean()) / n
    variance = float(residual.var(ddof=1)) / n if n > 1 else 0.0
    value = float(residual.mean())
    if more and power:
        value += power * float(rest.mean())
        variance += power**2 * float(rest.var(ddof=1)) / more if more > 1 else 0.0
        influence[~labelled] = power * (rest - rest.mean()) / more
    return _Stratum(weight=len(judged) / total, value=value, variance=variance, n_labels=n, influence=influence)


def _power(y: Floats, f: Floats, judged: Floats, more: int) -> float:
    """Lambda of PPI++: how far to trust the judge, from 0 (labels alone) to 1."""
    spread = float(judged.var(ddof=1)) if len(judged) > 1 else 0.0
    if not more or len(y) < 2 or spread == 0.0:
        return 0.0
    covariance = float((y - y.mean()) @ (f - f.mean())) / (len(y) - 1)
    return min(1.0, max(0.0, covariance / ((1 + len(y) / more) * spread)))


def _stratum_limits(one: _Stratum, level: float) -> tuple[float, float]:
    """Wilson's limits at the size that the variance is worth; at the number of labels where there is no variance."""
    share = min(1.0, max(0.0, one.value))
    size = share * (1 - share) / one.variance if one.variance > 0 and 0 < share < 1 else float(one.n_labels)
    return wilson_at(share, size, level)


def _design_effect(
    strata: Sequence[_Stratum],
    masks: Sequence[NDArray[np.bool_]],
    value: float,
    clusters: Sequence[str | None] | None,
) -> float:
    """Variance with clusters over the variance without them, at least 1."""
    if clusters is None:
        return 1.0
    total = len(masks[0])
    if len(clusters) != total:
        raise ValueError(f"{len(clusters)} clusters of {total} responses: as many of each")
    influence = np.zeros(total)
    for one, mask in zip(strata, masks, strict=True):
        influence[mask] = one.weight * one.influence + (one.value - value) / total
    together = np.bincount(cluster_numbers(clusters), weights=influence)
    alone = float(influence @ influence)
    return max(1.0, float(together @ together) / alone) if alone > 0 else 1.0


def _scaled(judged: ArrayLike, human: ArrayLike, lowest: float, highest: float) -> tuple[Floats, Floats]:
    """Verdicts and labels on the scale from 0 to 1."""
    f, y = np.asarray(judged, dtype=np.float64), np.asarray(human, dtype=np.float64)
    if f.shape != y.shape or f.ndim != 1:
        raise ValueError(f"{f.shape} verdicts and {y.shape} labels: one of each for every response")
    known = np.concatenate([f, y[~np.isnan(y)]])
    if not ((known >= lowest) & (known <= highest)).all():
        raise ValueError(f"a verdict is missing, or a value is outside {lowest}..{highest}")
    return (f - lowest) / (highest - lowest), (y - lowest) / (highest - lowest)
