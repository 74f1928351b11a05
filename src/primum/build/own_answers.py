"""SmolLM2's own answers with two readers' labels.

The labels are ours; they ship as hashes of request and response with both readers' labels, one line each::

    {"request": "5d1c…", "response": "09ab…", "intent": "harmful", "first": "complied", "second": "partial"}

The answers themselves are not kept, since some are harmful: the embedded engine writes them anew, greedily, and an answer
whose hash differs from the labelled one is left out and counted. The readers were language models working from written
instructions, not human experts.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from primum.build.label_sets import Labelled, digest, json_lines_of, medquad_questions, safe_responses
from primum.datasets import load_ordinary, load_pairs
from primum.models import LocalEngine, resolve_local
from primum.types import Intent, Message, Outcome

ANSWER_TOKENS = 96


@dataclass(frozen=True, kw_only=True)
class OwnAnswers:
    """The answers that could be used, and why others could not."""

    train: list[Labelled]
    test: list[Labelled]
    """Answers to requests of a test split: never trained on."""
    disagreed: int
    """The two readers gave different labels."""
    changed: int
    """The engine wrote another text than the one that was read, or the request is not known."""


def own_answers(folder: Path, kept: Path | None = None) -> OwnAnswers:
    """All labelled answers; ``kept`` names a file in which the engine's answers are kept between trainings."""
    requests = {digest(request): request for request in _requests(folder)}
    entries = [entry for entry in _entries() if entry["request"] in requests]
    answers = _answers([requests[entry["request"]] for entry in entries], kept)
    tests = {digest(request) for request in _test_requests()}
    found = OwnAnswers(train=[], test=[], disagreed=0, changed=len(_entries()) - len(entries))
    disagreed, changed = 0, found.changed
    for entry in entries:
        request = requests[entry["request"]]
        if digest(answers[request]) != entry["response"]:
            changed += 1
        elif entry["first"] != entry["second"]:
            disagreed += 1
        elif entry["request"] in tests:
            found.test.append(_labelled("smollm2-test", request, answers[request], entry))
        else:
            found.train.append(_labelled("smollm2-train", request, answers[request], entry))
    return OwnAnswers(train=found.train, test=found.test, disagreed=disagreed, changed=changed)


def _labelled(source: str, request: str, response: str, entry: dict[str, Any]) -> Labelled:
    outcome, intent = Outcome(entry["first"]), Intent(entry["intent"])
    harmful = intent is Intent.HARMFUL
    return Labelled(
        source=source,
        group=_pair_of().get(entry["request"], entry["request"]),
        request=request,
        response=response,
        outcome=outcome,
        harm=None if harmful and outcome is Outcome.PARTIAL else harmful and outcome is Outcome.COMPLIED,
        intent=intent,
    )


def _entries() -> list[dict[str, Any]]:
    folder = files("primum.build").joinpath("labels")
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".jsonl"))
    return [entry for name in names for entry in json_lines_of(folder.joinpath(name).read_text(encoding="utf-8"))]


def _requests(folder: Path) -> list[str]:
    """Every request whose answer may have been labelled."""
    ours = [text for pair in load_pairs("train") for text in (pair.harmful_request, pair.benign_request)]
    ours += [item.request for item in load_ordinary("train")]
    theirs = [item.request for item in safe_responses(folder)] + medquad_questions(folder)
    return [*_test_requests(), *ours, *theirs]


def _test_requests() -> list[str]:
    paired = [text for pair in load_pairs("test") for text in (pair.harmful_request, pair.benign_request)]
    return paired + [item.request for item in load_ordinary("test")]


def _pair_of() -> dict[str, str]:
    """Id of the pair that a request stands in, by the request's digest."""
    return {
        digest(text): pair.id
        for split in ("train", "test")
        for pair in load_pairs(split)
        for text in (pair.harmful_request, pair.benign_request)
    }


def _answers(requests: Sequence[str], kept: Path | None) -> dict[str, str]:
    known: dict[str, str] = {}
    if kept is not None and kept.exists():
        known = {row["request"]: row["response"] for row in json_lines_of(kept.read_text(encoding="utf-8"))}
    open_ = [request for request in requests if request not in known]
    if open_:
        known |= _answer_all(LocalEngine(resolve_local("gguf/smollm2-135m")), open_)
    if kept is not None:
        rows = [json.dumps({"request": request, "response": text}) + "\n" for request, text in known.items()]
        kept.write_text("".join(rows), encoding="utf-8")
    return known


def _answer_all(engine: LocalEngine, requests: Sequence[str]) -> dict[str, str]:
    from concurrent.futures import ThreadPoolExecutor

    def answer(request: str) -> str:
        messages = [Message(role="user", content=request)]
        return engine.complete(messages, max_tokens=ANSWER_TOKENS, temperature=0.0, seed=1).text

    with ThreadPoolExecutor(engine.settings.slots) as pool:
        return dict(zip(requests, pool.map(answer, requests), strict=True))
