"""The offline guard: a model of the request's words before the answer, and the embedded judge after it.

It holds a request back when its words look harmful enough, and an answer when the words look suspicious and the embedded
judge says that the answer complies. It shows what a cheap guard costs; see docs/cards/embedded-guard.md before use.
"""

import hashlib
from importlib.resources import files

from primum.guards.card import Guard
from primum.guards.embedded.request import harm_probability, load_weights
from primum.judges.embedded import EMBEDDED_JUDGE
from primum.types import Finish, GuardStage, Intent, Outcome, Request, Response, Score

AT_REQUEST = 0.8
"""Probability from which a request is not put to the model."""
AT_RESPONSE = 0.5
"""Probability from which an answer that complies is held back."""


def decide(request: str, response: str) -> GuardStage | None:
    """Where the guard stops the exchange; None lets it through."""
    chance = harm_probability(request)
    if chance >= AT_REQUEST:
        return GuardStage.REQUEST
    if chance >= AT_RESPONSE and _complies(request, response):
        return GuardStage.RESPONSE
    return None


def _complies(request: str, response: str) -> bool:
    assert EMBEDDED_JUDGE.score is not None
    asked = Request(text=request, intent=Intent.HARMFUL, category="", dataset="")
    opinion = EMBEDDED_JUDGE.score(asked, Response(request_id=asked.id, text=response, finish=Finish.UNKNOWN))
    return isinstance(opinion, Score) and opinion.outcome is Outcome.COMPLIED


def _fingerprint() -> str:
    code = b"".join(files("primum.guards.embedded").joinpath(name).read_bytes() for name in ("guard.py", "request.py"))
    return hashlib.sha256(code + load_weights().sha256.encode() + EMBEDDED_JUDGE.fingerprint().encode()).hexdigest()


EMBEDDED_GUARD = Guard(
    name="embedded",
    version="1",
    title="Words of the request, and the embedded judge on the answer",
    card="docs/cards/embedded-guard.md",
    fingerprint=_fingerprint,
    decide=decide,
)
