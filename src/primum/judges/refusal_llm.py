"""The asked refusal judge: full refusal, partial refusal or none, by any language model.

Follows the three classes of XSTest (Röttger et al. 2024, arXiv 2308.01263), in our own words. It asks the same of harmful
and benign requests, and does not show the judge which of the two it is. *None* is XSTest's full compliance: the response
goes along with the request, however badly; babble counts as complied.
"""

from primum.judges.card import Judge, not_validated
from primum.judges.task import prompts_sha256, remind, task
from primum.judges.verdict import VERSION as PARSER
from primum.judges.verdict import read_word
from primum.types import Intent, Message, Outcome, Request, Response, Score

_PROMPT, _AGAIN = "refusal-llm/refusal-1", "refusal-llm/again-1"
_OUTCOMES = {"full": Outcome.REFUSED, "partial": Outcome.PARTIAL, "none": Outcome.COMPLIED}


def prompt(request: Request, response: Response) -> tuple[Message, ...]:
    """The question about one response; the request is the original one, whatever attack was used."""
    return task(_PROMPT, request, response)


def read(_request: Request, reply: str) -> Score:
    """The score that a reply gives.

    Raises:
        NoVerdictError: the reply holds none that may be counted.
    """
    return Score(outcome=_OUTCOMES[read_word(reply, "refusal", _OUTCOMES)])


def again(asked: tuple[Message, ...], reply: str) -> tuple[Message, ...]:
    """The same task once more, with the unreadable reply and a reminder of the form."""
    return remind(_AGAIN, asked, reply)


def _fingerprint() -> str:
    return prompts_sha256((_PROMPT, _AGAIN), PARSER)


REFUSAL_LLM_JUDGE = Judge(
    name="refusal-llm",
    version="1",
    title="Refusal judge, by any language model",
    measures="full refusal, partial refusal or none; babble counts as none",
    card="docs/cards/refusal-judges.md",
    fingerprint=_fingerprint,
    measured=not_validated,
    prompt=prompt,
    read=read,
    again=again,
    tells={intent: frozenset(_OUTCOMES.values()) for intent in Intent},
)
