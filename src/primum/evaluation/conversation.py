"""The conversation in which a request is put: system prompt, shown examples, then the request as the attack leaves it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from primum.datasets import load_pairs
from primum.errors import unknown_name
from primum.types import Message, Pair, Request

BALANCED, REFUSALS = "balanced", "refusals"
MIXES = (BALANCED, REFUSALS)
"""Which examples are shown: harmful requests declined and other twins answered by turns, or declined ones alone."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What stands before the request, the same for all requests of a run."""

    system_prompt: str | None = None
    demonstrations: tuple[tuple[str, str], ...] = ()
    """Shown examples in order: a request and the answer to it."""

    def messages(self, request: Request, attack: Callable[[Request], str]) -> tuple[Message, ...]:
        """The conversation that waits for the model's answer."""
        system = (Message(role="system", content=self.system_prompt),) if self.system_prompt else ()
        shown = (
            message
            for question, answer in self.demonstrations
            for message in (Message(role="user", content=question), Message(role="assistant", content=answer))
        )
        return (*system, *shown, Message(role="user", content=attack(request)))


def demonstrations(count: int, mix: str, seed: int) -> tuple[tuple[str, str], ...]:
    """Examples from PrimumPairs train, principles by turns, no two from one pair.

    Raises:
        UserError: an unknown mix.
    """
    if mix not in MIXES:
        raise unknown_name("mix of demonstrations", mix, MIXES)
    chosen = _by_turns(load_pairs("train"), seed)[:count]
    return tuple(
        (pair.benign_request, pair.helpful_response)
        if mix == BALANCED and place % 2
        else (pair.harmful_request, pair.safe_response)
        for place, pair in enumerate(chosen)
    )


def _by_turns(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Pairs in a random order in which each principle comes once before any comes twice."""
    generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
    seen: dict[str, int] = {}
    ranked: list[tuple[int, int, Pair]] = []
    for pair in generator.sample(pairs, len(pairs)):
        seen[pair.principle] = seen.get(pair.principle, 0) + 1
        ranked.append((seen[pair.principle], len(ranked), pair))
    return [pair for _, _, pair in sorted(ranked, key=lambda item: item[:2])]
