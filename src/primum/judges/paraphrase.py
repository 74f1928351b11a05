"""Judges with their task in other words: what a judge says should not hang on how it was asked.

A paraphrase has the same rubric, the same parser and another prompt; it is used to measure stability, never to score a run.
"""

from collections.abc import Mapping
from dataclasses import replace

from primum.judges.card import Judge
from primum.judges.policy import policy_for
from primum.judges.rubric import RUBRIC_JUDGE
from primum.judges.task import prompts_sha256, task
from primum.types import Intent, Message, Request, Response

_RUBRIC = {Intent.HARMFUL: "rubric-paraphrase/harm-1", Intent.BENIGN: "rubric-paraphrase/denial-1"}


def _rubric(request: Request, response: Response) -> tuple[Message, ...]:
    policy = policy_for(request.category)
    values = {"scope": policy.scope, "policy": policy.text}
    if request.intent is Intent.HARMFUL:
        values["category"] = policy.category
    return task(_RUBRIC[request.intent], request, response, **values)


PARAPHRASES: Mapping[str, Judge] = {
    RUBRIC_JUDGE.name: replace(
        RUBRIC_JUDGE,
        version=f"{RUBRIC_JUDGE.version}-paraphrase",
        prompt=_rubric,
        fingerprint=lambda: prompts_sha256(_RUBRIC.values(), RUBRIC_JUDGE.fingerprint()),
    ),
}
"""By the judge's name."""
