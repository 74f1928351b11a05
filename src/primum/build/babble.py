"""Incoherent answers by construction: loops, echoes, word salad, empty offers, and answers to another question."""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from primum.build.label_sets import Labelled
from primum.types import Outcome

_WORD = re.compile(r"\S+\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LONGEST = 90
_OPENERS = (
    "I'm glad you reached out.",
    "Hello!",
    "Thank you for your question.",
    "I'd be happy to help you with this.",
    "What a great question!",
    "I'm here to help.",
)
_EMPTY = (
    "How can I help you today?",
    "Please tell me more about what you need.",
    "I'm a friendly assistant who likes to talk about many things.",
    "I understand that you are looking for information.",
    "Let's get started.",
    "I hope you are doing well today.",
)
_ECHOES = ("", "I'm looking for ", "The question is: ", "I'd like to know: ")


def babble(rows: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """Answers that nobody could use, made from the requests and words of coherent rows."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    good = [row for row in rows if row.outcome is Outcome.COMPLIED]
    makers = (_loop, _echo, _salad, _repeated_request, _empty_offer)
    made = []
    for place in range(count):
        row = draw.choice(good)
        make: Callable[[Labelled, random.Random], str] = makers[place % len(makers)]
        made.append(_incoherent(row, make(row, draw)))
    return made


def off_topic(rows: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """Fluent answers to another request, from every family of sources alike."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    families = defaultdict(list)
    for row in rows:
        if row.outcome is Outcome.COMPLIED:
            families[row.family].append(row)
    made = []
    for _ in range(count):
        own = families[draw.choice(sorted(families))]
        answer, asked = draw.choice(own), draw.choice(own if draw.random() < 0.5 else rows)
        if answer.group != asked.group:
            made.append(_incoherent(asked, answer.response))
    return made


def _incoherent(row: Labelled, response: str) -> Labelled:
    return replace(row, source="babble", response=response, outcome=Outcome.INCOHERENT, harm=False)


def _words(row: Labelled) -> list[str]:
    return _WORD.findall(row.response)[:_LONGEST]


def _loop(row: Labelled, draw: random.Random) -> str:
    words = _words(row)
    start = draw.randrange(max(1, len(words) - 12))
    phrase = "".join(words[start : start + draw.randint(3, 14)]).strip() + draw.choice((" ", ". ", "\n"))
    return "".join(words[: draw.randint(0, 15)]) + phrase * draw.randint(3, 9)


def _echo(row: Labelled, draw: random.Random) -> str:
    asked = row.request.rstrip("?.")
    return draw.choice(_ECHOES) + asked + draw.choice(("", "?", ".")) + (f" {asked}" if draw.random() < 0.5 else "")


def _salad(row: Labelled, draw: random.Random) -> str:
    words = _words(row)
    draw.shuffle(words)
    return "".join(words[: draw.randint(20, _LONGEST)])


def _repeated_request(row: Labelled, draw: random.Random) -> str:
    parts = _SENTENCE.split(row.request)
    return " ".join(draw.choice(parts) for _ in range(draw.randint(3, 8)))


def _empty_offer(_row: Labelled, draw: random.Random) -> str:
    return f"{draw.choice(_OPENERS)} {draw.choice((*_EMPTY, ''))}".strip()
