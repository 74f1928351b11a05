"""Whether an answer contradicts what its request takes for granted: "Why should X …?" - "X should not …".

Such an answer declines without a word of declining. Nine numbers: whether the first sentence denies, how much of the request
comes back in it, whether it alone denies (a request may ask "why not …?"), and how the request asks.
"""

from collections.abc import Sequence

from primum.judges.embedded.relevance import STEM

_ENDS = frozenset(".!?\n")
_DENIES = frozenset(
    {"not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "false", "incorrect", "inaccurate", "untrue"}
    | {"myth", "misconception", "wrong", "cannot", "isn't", "aren't", "wasn't", "weren't", "don't", "doesn't", "didn't"}
    | {"can't", "won't", "shouldn't", "wouldn't", "couldn't"}
)
_WHY = frozenset({"why"})
_HOW = frozenset({"how"})
_WHAT = frozenset({"what", "who", "whose", "where", "when", "which", "what's", "who's"})
_WHETHER = frozenset(
    {"is", "are", "do", "does", "did", "can", "could", "should", "would", "will", "was", "were", "has", "have", "am"}
)
MEASURES = 9


def premise(asked: Sequence[str], said: Sequence[str]) -> list[float]:
    """Numbers about the first sentence of an answer beside its request."""
    first = said[: next((place for place, word in enumerate(said) if word in _ENDS and place > 2), len(said))]
    wanted = {word[:STEM] for word in asked if len(word) > 3}
    share = len(wanted & {word[:STEM] for word in first}) / (len(wanted) + 1)
    denies, asks_denied = bool(_DENIES & set(first)), bool(_DENIES & set(asked))
    opening = asked[0] if asked else ""
    contradicts = float(denies and not asks_denied)
    return [
        float(denies),
        share,
        contradicts * share,
        contradicts * float(opening in _WHY),
        contradicts * share * float(opening in _WHY),
        contradicts * float(opening in _HOW),
        contradicts * float(opening in _WHAT | _WHETHER),
        float(opening in _WHY),
        float(opening in _WHAT | _WHETHER),
    ]
