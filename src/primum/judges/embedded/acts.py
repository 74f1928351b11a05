"""What the sentences of an answer do: decline, condemn, point elsewhere, or something else.

A multinomial model over the runs of each sentence gives shares; twenty summaries of them describe the answer.
"""

from collections.abc import Sequence
from math import log1p

import numpy as np

from primum.judges.embedded.ngrams import Floats, Table, look_up

ACTS = ("decline", "condemn", "redirect", "other")
_SAYING = 3
"""The acts but the last."""
_SURE = 0.5
SUMMARIES = 20


def shares(
    parts: Sequence[Sequence[int]],
    table: Table,
    coefficients: Floats,
    intercepts: Floats,
) -> Floats:
    """Probability of each act for each sentence."""
    logits = look_up(parts, table).times(coefficients) + intercepts
    rising = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(rising / rising.sum(axis=1, keepdims=True))


def summarise(shares_: Floats, lengths: Floats) -> list[float]:
    """Twenty numbers about an answer from the shares and the lengths of its sentences."""
    weight = lengths / lengths.sum()
    second = shares_[1] if len(shares_) > 1 else np.array([0.0, 0.0, 0.0, 1.0])
    declining, other = shares_[:, 0], shares_[:, _SAYING]
    strongest = declining.max()
    return [
        *shares_[0, :_SAYING],
        *second[:_SAYING],
        *shares_[-1, :_SAYING],
        *shares_[:, :_SAYING].max(axis=0),
        *(weight @ shares_[:, :_SAYING]),
        declining[:3].max(),
        weight @ other,
        1 - np.prod(1 - shares_[:, :2].max(axis=1)),
        log1p(lengths @ other) / 5,
        declining.argmax() / 12 if strongest > _SURE else 1.0,
    ]
