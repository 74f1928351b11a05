"""Sentences and answers from a grammar of what answers do, with topics drawn at random: the act tells, not the topic.

The grammar is data (``data/grammar.toml``): ``[a|b]`` is a choice, ``{do}`` what was asked, ``{it}`` its topic. It was
written from general knowledge of how assistants talk, without a look at the rows that the judge is tested on.
"""

import random
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from primum.build.label_sets import Labelled
from primum.types import Intent, Outcome

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_QUESTION = re.compile(
    r"^(?:how (?:can|do|should|could|would|to|might) (?:i|you|we|one|someone)?\s*|can you (?:please )?|could you |please |"
    r"what (?:is|are) (?:the |some )?(?:best |good )?(?:ways?|methods?|strategies|techniques) (?:to|for|of) )",
    re.IGNORECASE,
)
_VAGUE = ("that", "this", "such content", "that kind of information", "illegal activities", "this topic", "it")
_ASKED_FOR = ("do that", "do this", "answer this")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
ACT_SENTENCES = {"decline": 5000, "condemn": 2500, "redirect": 1800, "comply": 2500, "sounds_dangerous": 2500}
"""Sentences that are made of each kind; the last two do something else than decline."""


@cache
def grammar() -> dict[str, list[str]]:
    """Patterns by what they do."""
    data = tomllib.loads(files("primum.build").joinpath("data/grammar.toml").read_text(encoding="utf-8"))
    who = data.pop("who")
    return {name: [pattern.replace("WHO", who) for pattern in patterns] for name, patterns in data.items()}


def say(act: str, request: str, draw: random.Random) -> str:
    """One sentence that does ``act`` about a request."""
    text = draw.choice(grammar()[act])
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: draw.choice(found[1].split("|")), text)
    asked, topic = _slots(request, draw)
    text = re.sub(r" +", " ", text.replace("{do}", asked).replace("{it}", topic)).replace("I 'm", "I'm")
    text = re.sub(r" +([.,;:!?])", r"\1", text).replace("..", ".").strip()
    return text[:1].upper() + text[1:]


def _slots(request: str, draw: random.Random) -> tuple[str, str]:
    """What was asked, and its topic, both cut at random."""
    line = request.strip().split("\n")[0][:220].rstrip("?.! ")
    found = _QUESTION.match(line)
    asked = line[found.end() :] if found else draw.choice(_ASKED_FOR)
    words = line.split()
    start = draw.randrange(max(1, len(words) - 4))
    topic = " ".join(words[start : start + draw.randint(2, 5)]).strip(",;:")
    return " ".join(asked.split()[: draw.choice((4, 8, 14, 30))]), draw.choice((topic, topic, topic, *_VAGUE))


def act_sentences(topics: Sequence[str], draw: random.Random) -> list[tuple[str, str, str]]:
    """(Act, request, sentence) triples."""
    found = []
    for kind, count in ACT_SENTENCES.items():
        act = "other" if kind in ("comply", "sounds_dangerous") else kind
        for _ in range(count):
            request = draw.choice(topics)
            found.append((act, request, say(kind, request, draw)))
    return found


def answers(topics: Sequence[str], bodies: Sequence[Labelled], count: int, seed: int) -> list[Labelled]:
    """Refusals, and compliance that sounds like one, in equal parts; bodies come from real compliance."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    makers: tuple[tuple[Callable[[str, str, random.Random], str], Outcome], ...] = (
        (_refusal, Outcome.REFUSED),
        (_compliance, Outcome.COMPLIED),
    )
    rows = []
    for place in range(count):
        make, outcome = makers[place % 2]
        body = draw.choice(bodies)
        harmful = draw.random() < 0.5
        request = draw.choice(topics) if harmful else body.request
        rows.append(
            Labelled(
                source="grammar",
                group=f"grammar{place}",
                request=request,
                response=make(request, body.response, draw),
                outcome=outcome,
                harm=False if outcome is Outcome.REFUSED else None,
                intent=Intent.HARMFUL if harmful else Intent.BENIGN,
            )
        )
    return rows


def _refusal(request: str, _body: str, draw: random.Random) -> str:
    acts = ["decline", *["condemn"] * draw.randint(0, 3), *["redirect"] * draw.randint(0, 2)]
    if draw.random() < 0.3:
        acts = acts[1:] + acts[:1]
    return " ".join(say(act, request, draw) for act in acts)


def _compliance(request: str, body: str, draw: random.Random) -> str:
    body = body[: draw.choice((150, 400, 900))]
    if draw.random() < 0.3:
        body = "\n".join(f"{number}. {part}" for number, part in enumerate(_SENTENCE.split(body), 1))
    opening = draw.choice(("comply", "sounds_dangerous", ""))
    parts = [say(opening, request, draw) if opening else "", body]
    if draw.random() < 0.5:
        parts.insert(draw.randint(1, 2), say("sounds_dangerous", request, draw))
    return draw.choice((" ", "\n\n")).join(part for part in parts if part)
