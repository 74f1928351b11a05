"""Near-duplicates: every pair of texts above a likeness, found exactly and without comparing all with all.

Two measures over the same pieces (words, and pairs of neighbouring words):

* *cosine* of TF-IDF weights (scikit-learn's, lengths normalised): rare pieces count more;
* *Jaccard* of the sets of pieces: shared over all; this is what MinHash estimates.

Both joins use prefix filtering (Bayardo et al. 2007, "Scaling up all pairs similarity search"; Chaudhuri et al. 2006):
sort the pieces of every text from rare to common. If two texts are alike enough, the rarest piece that they share is within
a prefix of each, because what follows the prefix is too light to reach the threshold by itself. So only texts that share a
piece of their prefixes are compared, and since prefixes hold rare pieces, these are few. Nothing is estimated or missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Measure = Literal["cosine", "jaccard"]

_ROWS = 1_000
"""Texts joined in one step, so that memory holds the candidates of these only."""
_PAIRS = 200_000
"""Candidates compared in one step."""
_SLACK = 1e-6
"""Rounding: a prefix that is a little too long costs time, one that is too short loses a pair."""

Matrix = Any
"""A SciPy CSR matrix: one row a text, one column a piece. SciPy's types are not generic."""


@dataclass(frozen=True, kw_only=True)
class NearPairs:
    """Pairs of texts that are alike."""

    left: NDArray[np.int64]
    """Index of one text of each pair (into the first collection)."""
    right: NDArray[np.int64]
    """Index of the other (into the second collection, or the same; then always left < right)."""
    likeness: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.left)

    def couples(self) -> list[tuple[int, int]]:
        """The pairs as plain numbers."""
        return list(zip(self.left.tolist(), self.right.tolist(), strict=True))


def near_duplicates(texts: Sequence[str], threshold: float, measure: Measure = "cosine") -> NearPairs:
    """All pairs within one collection with a likeness above the threshold.

    Raises:
        ValueError: the threshold is not between 0 and 1.
    """
    return _join(_table(texts, measure), None, threshold, measure)


def near_duplicates_across(
    texts: Sequence[str], others: Sequence[str], threshold: float, measure: Measure = "cosine"
) -> NearPairs:
    """All pairs of a text and an other with a likeness above the threshold; weights are those of both together.

    Raises:
        ValueError: the threshold is not between 0 and 1.
    """
    table = _table([*texts, *others], measure)
    return _join(table[: len(texts)], table[len(texts) :], threshold, measure)


def clusters(pairs: NearPairs, count: int) -> NDArray[np.int64]:
    """A cluster number for each of ``count`` texts: texts that a chain of near-duplicates links share one."""
    links = sparse.coo_matrix((np.ones(len(pairs)), (pairs.left, pairs.right)), shape=(count, count))
    _, labels = sparse.csgraph.connected_components(links, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _table(texts: Sequence[str], measure: Measure) -> Matrix:
    """The pieces of every text: TF-IDF weights of unit length, or ones."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if measure == "cosine":
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), dtype=np.float32)
    else:
        vectorizer = CountVectorizer(ngram_range=(1, 2), binary=True, dtype=np.float32)
    try:
        return vectorizer.fit_transform(texts).tocsr()
    except ValueError:  # no text holds a word
        return sparse.csr_matrix((len(texts), 1), dtype=np.float32)


def _join(table: Matrix, other: Matrix | None, threshold: float, measure: Measure) -> NearPairs:
    if not 0 < threshold < 1:
        raise ValueError(f"a threshold between 0 and 1 is wanted, found {threshold}")
    second = table if other is None else other
    common = np.bincount(np.concatenate([table.indices, second.indices]), minlength=table.shape[1])
    prefixes = _prefixes(table, common, threshold, measure)
    lookup = prefixes.T.tocsr() if other is None else _prefixes(second, common, threshold, measure).T.tocsr()
    found = list(_steps(table, second, prefixes, lookup, threshold, measure, within=other is None))
    left, right, likeness = (np.concatenate(part) for part in zip(*found, strict=True)) if found else _NOTHING
    order = np.lexsort((right, left))
    return NearPairs(left=left[order], right=right[order], likeness=likeness[order])


_NOTHING = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


def _steps(
    table: Matrix, second: Matrix, prefixes: Matrix, lookup: Matrix, threshold: float, measure: Measure, *, within: bool
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
    for start in range(0, table.shape[0], _ROWS):
        shared = (prefixes[start : start + _ROWS] @ lookup).tocoo()
        left, right = shared.row.astype(np.int64) + start, shared.col.astype(np.int64)
        if within:
            ahead = right > left
            left, right = left[ahead], right[ahead]
        for first in range(0, len(left), _PAIRS):
            one, two = left[first : first + _PAIRS], right[first : first + _PAIRS]
            likeness = _likeness(table, second, one, two, measure)
            keep = likeness > threshold
            yield one[keep], two[keep], likeness[keep]


def _likeness(
    table: Matrix, second: Matrix, one: NDArray[np.int64], two: NDArray[np.int64], measure: Measure
) -> NDArray[np.float64]:
    shared = np.asarray(table[one].multiply(second[two]).sum(axis=1), dtype=np.float64).ravel()
    if measure == "cosine":
        return shared
    sizes = np.diff(table.indptr)[one] + np.diff(second.indptr)[two]
    union: NDArray[np.float64] = np.maximum(sizes - shared, 1)
    return shared / union


def _prefixes(table: Matrix, common: NDArray[np.int64], threshold: float, measure: Measure) -> Matrix:
    """The rare pieces of each text without which it cannot reach the threshold.

    What is left out of a text has, for the cosine, a length below the threshold (then so has every product with it, by
    Cauchy and Schwarz). For Jaccard at least ceil(t n) of n pieces must be shared, so the last ceil(t n) - 1 may go.
    """
    lengths = np.diff(table.indptr)
    row = np.repeat(np.arange(table.shape[0]), lengths)
    order = np.lexsort((table.indices, common[table.indices], row))
    piece, weight = table.indices[order], table.data[order]
    starts = np.repeat(table.indptr[:-1], lengths)
    if measure == "cosine":
        running = np.concatenate([[0.0], np.cumsum(weight.astype(np.float64) ** 2)])
        ends = np.repeat(table.indptr[1:], lengths)
        remaining = running[ends] - running[np.arange(len(piece))]
        keep = remaining >= threshold**2 - _SLACK
    else:
        size = np.repeat(lengths, lengths)
        needed = np.ceil(threshold * size - _SLACK)
        keep = np.arange(len(piece)) - starts <= size - needed
    return sparse.csr_matrix((np.ones(keep.sum(), np.float32), (row[keep], piece[keep])), shape=table.shape)
