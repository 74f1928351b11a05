"""Whether a keyword filter could tell harmful requests from their twins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FOLDS = 10
_RESAMPLES = 1_000
_FEWEST = 2 * _FOLDS
"""Pairs; with fewer a fold would hold one."""


@dataclass(frozen=True, kw_only=True)
class Separability:
    """How well words alone tell the two sides apart."""

    auroc: float
    low: float
    high: float
    """95 % interval: pairs drawn again with replacement, 1,000 times."""
    pairs: int


def separability(harmful: Sequence[str], benign: Sequence[str], seed: int = 0) -> Separability | None:
    """AUROC of a bag-of-words classifier, cross-validated by pair; .5 is chance. None with fewer than 20 pairs.

    TF-IDF of words and word pairs (sublinear counts) into a logistic regression, ten folds; both requests of a pair are in
    the same fold, so that the scene gives nothing away.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    count = len(harmful)
    if count < _FEWEST:
        return None
    classifier = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=2_000)
    )
    side = np.repeat([1, 0], count)
    fold = np.tile(np.random.default_rng(seed).permutation(count), 2)
    try:
        scores = cross_val_predict(
            classifier, [*harmful, *benign], side, groups=fold, cv=GroupKFold(_FOLDS), method="decision_function"
        )
    except ValueError:  # no text holds a word
        return None
    draws = np.random.default_rng(seed).integers(0, count, size=(_RESAMPLES, count))
    spread = [_auroc(scores[:count][draw], scores[count:][draw]) for draw in draws]
    low, high = np.quantile(spread, [0.025, 0.975])
    return Separability(auroc=_auroc(scores[:count], scores[count:]), low=float(low), high=float(high), pairs=count)


def _auroc(higher: NDArray[np.float64], lower: NDArray[np.float64]) -> float:
    """Share of (harmful, benign) couples in which the harmful one scores higher, ties counting half (Mann and Whitney)."""
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([higher, lower]))
    n, m = len(higher), len(lower)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))
