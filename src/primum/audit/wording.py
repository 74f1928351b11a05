"""Texts made comparable: what counts as the same wording, and which pieces a text is made of."""

import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

_SPACE = re.compile(r"\s+")
_NOT_ASCII = re.compile(r"[^a-z0-9 ]")
_NOT_WORD = re.compile(r"[^\w ]|_")
_WORD = re.compile(r"\w+")


def normalised(text: str) -> str:
    """The text in lower case, a to z and digits only: equal texts are *normalised duplicates*.

    White space counts as one space, letters lose their accents, and other signs go without leaving a space ("x-ray" is
    "xray"), so that a hyphen, an accent or a curly quote does not hide a repeat. A text that is mostly in another script
    keeps its letters.
    """
    plain = _SPACE.sub(" ", text.lower()).strip()
    ascii_only = _NOT_ASCII.sub("", unicodedata.normalize("NFKD", plain)).strip()
    every = _NOT_WORD.sub("", unicodedata.normalize("NFC", plain)).strip()
    return ascii_only if 2 * len(ascii_only) >= len(every) else every


def words(text: str) -> list[str]:
    """The words in lower case, in order."""
    return _WORD.findall(text.lower())


def word_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Neighbouring words, in order."""
    found = words(text)
    return pairwise(found)


DRAWN_PAIRS = 5_000
"""Word pairs that distinct-2 is taken over: the share falls as a set grows, so every set is measured at one size."""

_SHUFFLES = 20


def distinct_pairs(texts: Sequence[str], seed: int = 0) -> tuple[float, int]:
    """Distinct-2 (Li et al. 2016, arXiv 1510.03055) at one size: share of different neighbouring word pairs, of how many.

    The mean over twenty draws of texts, each up to 5,000 word pairs; (0, 0) where there are none.
    """
    every = [list(word_pairs(text)) for text in texts]
    size = min(DRAWN_PAIRS, sum(map(len, every)))
    if not size:
        return 0.0, 0
    generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
    shares = []
    for _ in range(_SHUFFLES):
        generator.shuffle(every)
        drawn = list(islice(chain.from_iterable(every), size))
        shares.append(len(set(drawn)) / size)
    return sum(shares) / len(shares), size
