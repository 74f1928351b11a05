"""Rows without faults, for the tests to spoil: English words in no order, so that no two are alike."""

import random
from dataclasses import replace

from primum.datasets import Loaded, Row
from primum.types import Intent, Request

_WORDS = [
    "water", "morning", "garden", "letter", "window", "table", "paper", "winter", "summer", "music", "bread",
    "coffee", "river", "mountain", "school", "teacher", "market", "village", "bridge", "island", "forest",
    "kitchen", "pocket", "mirror", "candle", "blanket", "ladder", "basket", "button", "pencil", "yellow",
    "purple", "gentle", "narrow", "simple", "broken", "hidden", "silver", "wooden", "quiet", "clever", "lonely",
    "hungry", "little", "empty", "carry", "follow", "borrow", "gather", "listen", "wander", "answer", "finish",
    "remember", "forget", "promise", "measure", "repair", "deliver", "always", "never", "often", "rarely",
    "together", "yesterday", "tomorrow", "quickly", "slowly", "softly", "behind", "between", "under", "above",
]  # fmt: skip


def text(number: int, words: int = 12) -> str:
    """The same words for the same number, others for another one."""
    return " ".join(random.Random(number).sample(_WORDS, words))


def row(said: str, number: int = 1, file: str = "made_up.csv", reference: str | None = None, **fields: object) -> Row:
    """A row of a made-up file; ``fields`` are the request's."""
    request = Request(text=said, intent=Intent.HARMFUL, category="topic-1", dataset="made-up")
    return Row(request=replace(request, **fields), place=f"{file}, row {number}", reference=reference)  # type: ignore[arg-type]


def rows(*texts: str, file: str = "made_up.csv") -> list[Row]:
    """A row for each text, counted from 1."""
    return [row(said, number, file) for number, said in enumerate(texts, start=1)]


def clean_rows(count: int = 20, start: int = 0, file: str = "made_up.csv") -> list[Row]:
    """Rows in which there is nothing to find."""
    return rows(*(text(number) for number in range(start, start + count)), file=file)


def twin_rows(count: int, keyword: str = "", start: int = 0, file: str = "made_up.csv") -> list[Row]:
    """Pairs that share all words but the last; ``keyword`` stands in every harmful request.

    The last words change sides from pair to pair, so that they give nothing away.
    """
    found = []
    for number in range(start, start + count):
        ends = ("north", "south") if number % 2 else ("south", "north")
        for intent, end in zip((Intent.HARMFUL, Intent.BENIGN), ends, strict=True):
            said = f"{text(number)} {keyword if intent is Intent.HARMFUL else ''} {end}"
            answer = f"{text(number + 9_000)} {intent.value}"
            found.append(row(said, number + 1, file, answer, intent=intent, pair=f"pair-{number}"))
    return found


def loaded(found: list[Row], sha256: str = "0" * 64) -> Loaded:
    """The rows as a split."""
    return Loaded(rows=tuple(found), sha256=sha256)
