"""From requests and responses to numbers: plain measurements, and the runs of words of three pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from primum.judges.embedded import acts
from primum.judges.embedded.features import measure
from primum.judges.embedded.ngrams import Floats
from primum.judges.embedded.premise import premise
from primum.judges.embedded.relevance import relevance
from primum.judges.embedded.tokens import (
    END,
    START,
    numbers,
    plain,
    read,
    sentence_ends,
    sentences,
    topics,
    words_of,
)
from primum.judges.embedded.weights import Reading

_BEGINNING, _WHOLE, _ENDING = 45, 220, 30


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of some responses."""

    dense: Floats
    """One row for each response: acts, plain measurements, relevance."""
    pieces: tuple[list[list[int]], ...]
    """Numbers of the words of each response's beginning, whole and end."""


def look_at(pairs: Sequence[tuple[str, str]], reading: Reading) -> Seen:
    """Numbers of (request, response) pairs."""
    texts = [read(response) for _, response in pairs]
    asked, said, numbered = [], [], []
    for (request, _), text in zip(pairs, texts, strict=True):
        asked.append(words_of(plain(read(request))))
        said.append(words_of(plain(text)))
        numbered.append(numbers(said[-1], topics(asked[-1]), reading.known))
    spoken = _acts(numbered, reading)
    dense = [
        [
            *spoken[place],
            *measure(request, texts[place]),
            *premise(asked[place], said[place]),
            *relevance(asked[place], said[place], reading.rarity, reading.unknown_rarity),
        ]
        for place, (request, _) in enumerate(pairs)
    ]
    return Seen(dense=np.array(dense), pieces=pieces_of(numbered))


def pieces_of(numbered: Sequence[list[int]]) -> tuple[list[list[int]], ...]:
    """Beginning, whole and end of each response."""
    return (
        [[START, *each[:_BEGINNING]] for each in numbered],
        [each[:_WHOLE] for each in numbered],
        [[*each[-_ENDING:], END] for each in numbered],
    )


def _acts(numbered: Sequence[list[int]], reading: Reading) -> list[list[float]]:
    """Summaries of the acts of every response; all sentences of all of them in one look-up."""
    ends = sentence_ends(reading.known)
    parts = [sentences(each, ends) for each in numbered]
    shares = acts.shares(
        [part for each in parts for part in each],
        reading.acts,
        reading.act_coefficients,
        reading.act_intercepts,
    )
    found, start = [], 0
    for each in parts:
        lengths = np.array([len(part) for part in each], dtype=float)
        found.append(acts.summarise(shares[start : start + len(each)], lengths))
        start += len(each)
    return found
