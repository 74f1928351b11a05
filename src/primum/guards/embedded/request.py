"""How likely it is that a request is harmful, by its words alone.

Logistic regression over hashed pieces of words: whole words, two words in a row, and runs of three to five letters. It
knows nothing of what a sentence means, and its card says how little that is worth on pairs that share their words.
"""

import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
"""Places of the weights; pieces that share a place share a weight."""
_LONGEST = 4_000
"""Characters read: harmful requests of the data sets have fewer than 1,000."""
_WORD = re.compile(r"[a-z']+|\d+")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """The linear model over the places."""

    idf: Floats
    coefficients: Floats
    intercept: float
    sha256: str


@cache
def load_weights() -> Weights:
    """The weights that ship; ``python -m primum.build.embedded_guard`` makes them."""
    raw = files("primum.guards.embedded").joinpath("weights.npz").read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as data:
        return Weights(
            idf=data["idf"].astype(np.float64),
            coefficients=data["coefficients"].astype(np.float64),
            intercept=float(data["intercept"]),
            sha256=hashlib.sha256(raw).hexdigest(),
        )


def harm_probability(text: str) -> float:
    """Between 0 and 1; one half for a request without words."""
    weights = load_weights()
    places, values = encoded(text, weights.idf)
    return float(1 / (1 + np.exp(-(weights.intercept + values @ weights.coefficients[places]))))


def encoded(text: str, idf: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The places that the text touches and its weight there: damped counts times rarity, of unit length."""
    counts = Counter(places_of(text))
    places = np.fromiter(counts, dtype=np.int64, count=len(counts))
    values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))) * idf[places]
    length = float(np.sqrt(values @ values))
    return places, values / length if length else values


def places_of(text: str) -> Iterator[int]:
    """The place of each piece, repeated as often as the piece is there."""
    words = _WORD.findall(text[:_LONGEST].lower())
    for piece in _pieces(words):
        # A checksum, not Python's hash: that one changes with every process.
        yield zlib.crc32(piece.encode()) % BUCKETS


def _pieces(words: list[str]) -> Iterator[str]:
    yield from words
    yield from map(" ".join, pairwise(words))
    for word in words:
        framed = f"<{word}>"
        for size in (3, 4, 5):
            yield from (f"#{framed[start : start + size]}" for start in range(len(framed) - size + 1))
