"""Linear models over runs of one to three numbers, for many texts at once.

A run is one integer key (13 bits for each number), so that a batch needs one sort and one binary search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_BITS = 13
_TEXT_BITS = 3 * _BITS
"""Above these bits a key carries the number of its text."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The keys that a model knows, in rising order, and how telling each is."""

    longest: int
    """Numbers in the longest run."""
    keys: Ints
    weight: Floats
    """Inverse document frequency."""


@dataclass(frozen=True, kw_only=True)
class Hits:
    """The known runs of some texts: which text, which key, and the value of each; every text has length one."""

    texts: int
    row: Ints
    column: Ints
    value: Floats

    def times(self, coefficients: Floats) -> Floats:
        """Sparse times dense: one row for each text."""
        picked = coefficients[self.column] * self.value[:, None]
        return np.stack([np.bincount(self.row, each, self.texts) for each in picked.T], axis=1)


def runs(said: Sequence[Sequence[int]], longest: int) -> Ints:
    """Sorted keys of all runs of all texts, the number of the text in the upper bits."""
    sizes = np.fromiter(map(len, said), np.int64, len(said))
    row = np.repeat(np.arange(len(said)), sizes)
    one = np.fromiter(chain.from_iterable(said), np.int64, int(sizes.sum())) + 1
    text = row << _TEXT_BITS
    within = row[:-1] == row[1:]
    two = (one[:-1] << _BITS) + one[1:]
    parts = [one + text, (two + text[1:])[within]]
    if longest > 2:
        parts.append(((two[:-1] << _BITS) + one[2:] + text[2:])[within[:-1] & within[1:]])
    return np.sort(np.concatenate(parts))


def split_keys(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Text, run and count of each different key of sorted keys."""
    new = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    count = np.diff(new, append=len(keys))
    kept = keys[new]
    return kept >> _TEXT_BITS, kept & ((1 << _TEXT_BITS) - 1), count


def look_up(said: Sequence[Sequence[int]], table: Table) -> Hits:
    """Known runs of many texts: (1 + log count) times weight, scaled to unit length for each text."""
    row, run, count = split_keys(runs(said, table.longest))
    place = np.searchsorted(table.keys, run)
    place[place == len(table.keys)] = 0
    known = table.keys[place] == run
    row, column = row[known], place[known]
    value = (1 + np.log(count[known])) * table.weight[column]
    length = np.sqrt(np.bincount(row, value * value, len(said)))
    return Hits(texts=len(said), row=row, column=column, value=value / length[row])
