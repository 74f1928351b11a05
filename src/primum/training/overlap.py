"""Requests to train on that are also asked in the test, word for word or nearly."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from primum.types import Request

NEAR = 0.8
"""Jaccard of the sets of words and of neighbouring words from which two requests are near-duplicates; the audit's limit."""


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """A request to train on with the test request that it resembles."""

    train: str
    """Id."""
    test: str
    likeness: float
    """1 where they differ in case, punctuation and spaces at most."""


def find_overlap(train: Sequence[Request], test: Sequence[Request], near: float = NEAR) -> tuple[Overlap, ...]:
    """For each request to train on that resembles one of the test, the most alike; in the order of ``train``."""
    pieces = [_pieces(request.text) for request in test]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, found in enumerate(pieces):
        for piece in found:
            # A pair of words is rare where a word is common, and texts alike enough share pairs; one word has none.
            if len(piece) == 2 or len(found) == 1:
                holders[piece].append(index)
    overlaps = []
    for request in train:
        mine = _pieces(request.text)
        shared = Counter(index for piece in mine for index in holders.get(piece, ()))
        likeness, other = max(((_jaccard(mine, pieces[index]), -index) for index in shared), default=(0.0, 0))
        if likeness >= near:
            overlaps.append(Overlap(train=request.id, test=test[-other].id, likeness=likeness))
    return tuple(overlaps)


def _pieces(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset([*((word,) for word in words), *pairwise(words)])


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)
