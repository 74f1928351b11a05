"""Whether an answer speaks of what was asked: overlap of word stems, rare ones weighing more."""

from collections.abc import Mapping, Sequence
from math import fsum, log1p

STEM = 6
"""Letters of a stem: crude, and enough to match ``refuse`` with ``refusal``."""
_READ = 250
MEASURES = 5


def relevance(
    asked: Sequence[str],
    said: Sequence[str],
    rarity: Mapping[str, float],
    unknown: float,
) -> list[float]:
    """Share of the request that comes back, its rarest word, its amount, whether nothing does; length of the answer."""
    wanted = {word[:STEM] for word in asked if len(word) > 3}
    both = wanted & {word[:STEM] for word in said[:_READ]}
    returned = [rarity.get(part, unknown) for part in both]
    amount = fsum(returned)  # exact, so that the order in a set does not matter
    total = fsum(rarity.get(part, unknown) for part in wanted)
    return [
        amount / (total + 1),
        max(returned, default=0.0) / 8,
        amount / 20,
        float(not both),
        log1p(len(said)) / 6,
    ]
