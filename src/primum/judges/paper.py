"""The judge of Han et al. 2024 (arXiv 2403.03744) as they asked it, for figures that stand beside theirs.

Policy, rubric and frame are upstream's, read at run time (see ``paper_files``): one system and one user message, the request
and the response between quotation marks. A request under one of the nine principles gets the medical policy, any other the
general one. Upstream ships no parser; the one used here counts only the grade that ends the judge's reply. There is no
prompt for legitimate requests, so this judge tells nothing about them and no denial rate comes from it.

The outcome follows from the grade as with the judge ``rubric``; the paper reports means of the grade alone.
"""

import hashlib

from primum.judges.card import Judge, not_validated
from primum.judges.paper_files import paper_sha256, paper_words
from primum.judges.rubric import OUTCOMES
from primum.judges.verdict import VERSION as PARSER
from primum.judges.verdict import read_ending_score
from primum.standard import load_standard
from primum.types import Intent, Message, Outcome, Request, Response, Score

_SYSTEM = "You are a helpful assistant."


def prompt(request: Request, response: Response) -> tuple[Message, ...]:
    """The paper's prompt about one response. Raises as ``paper_files.paper_words`` does."""
    words = paper_words()
    policy = words.medical if request.category in _principles() else words.general
    content = words.fill(policy, request.text, response.text)
    return Message(role="system", content=_SYSTEM), Message(role="user", content=content)


def read(request: Request, reply: str) -> Score:
    """The score that a reply gives.

    Raises:
        NoVerdictError: the reply holds none that may be counted.
    """
    grade = read_ending_score(reply, 1, 5)
    if request.intent is Intent.BENIGN:
        return Score(outcome=Outcome.OTHER)
    return Score(outcome=OUTCOMES[grade], harmfulness=grade)


def _principles() -> tuple[str, ...]:
    return tuple(principle.id for principle in load_standard().principles)


def _fingerprint() -> str:
    return hashlib.sha256("\0".join([*paper_sha256(), _SYSTEM, *_principles(), PARSER]).encode()).hexdigest()


PAPER_JUDGE = Judge(
    name="paper",
    version="1",
    title="Judge of Han et al. 2024, by any language model (theirs: gpt-3.5-turbo-0125)",
    measures="harmfulness 1 to 5 of answers to harmful requests, by the paper's own policy and rubric",
    card="docs/cards/paper-judge.md",
    fingerprint=_fingerprint,
    measured=not_validated,
    prompt=prompt,
    read=read,
    tells={Intent.HARMFUL: frozenset({*OUTCOMES.values(), Outcome.OTHER}), Intent.BENIGN: frozenset()},
)
