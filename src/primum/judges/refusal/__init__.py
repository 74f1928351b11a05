"""The local refusal judge: refused, partial or complied by rules that one can read; no model, no network.

The rules are data (``rules.toml``), and so is what they score on labels that they were not written on (``measured.json``,
which ``python -m primum.build.refusal_rules`` writes).
"""

import hashlib
import json
from functools import cache
from importlib.resources import files

from primum.judges.card import Judge, MeasuredError
from primum.judges.refusal.rules import load_rules, outcome_by_rules, rules_bytes
from primum.types import Intent, Outcome, Request, Response, Score


def score(_request: Request, response: Response) -> Score:
    """What the rules say of the response; the request and its intent play no part."""
    return Score(outcome=outcome_by_rules(response.text, load_rules()))


@cache
def _fingerprint() -> str:
    """Of the rules and of the code that applies them: both decide a verdict."""
    code = files("primum.judges.refusal").joinpath("rules.py").read_bytes()
    return hashlib.sha256(rules_bytes() + code).hexdigest()


@cache
def _measured() -> tuple[MeasuredError, ...]:
    raw = files("primum.judges.refusal").joinpath("measured.json").read_text(encoding="utf-8")
    return tuple(MeasuredError(**item) for item in json.loads(raw))


REFUSAL_JUDGE = Judge(
    name="refusal",
    version=load_rules().version,
    title="Refusal rules",
    measures="refused, partial or complied, by phrases; whatever declines nothing, babble too, counts as complied",
    card="docs/cards/refusal-judges.md",
    fingerprint=_fingerprint,
    measured=_measured,
    score=score,
    tells={intent: frozenset({Outcome.REFUSED, Outcome.PARTIAL, Outcome.COMPLIED}) for intent in Intent},
)
