"""Labelled responses for training and validating the embedded judge, each with where it came from.

Human labels are read from a folder of upstream files (never shipped). Labels of SmolLM2's own answers are ours; they ship
as hashes of request and response with two readers' labels, one line each::

    {"request": "5d1c…", "response": "09ab…", "intent": "harmful", "first": "complied", "second": "partial"}

The answers themselves are not kept, since some are harmful: the embedded engine writes them anew, greedily, and an answer
whose hash differs from the labelled one is left out and counted. The two readers were language models working from
written instructions, not human experts.
"""

import csv
import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from primum.datasets import load_pairs
from primum.errors import UserError
from primum.models import LocalEngine
from primum.types import Message, Outcome

ANSWER_TOKENS = 96
_XSTEST_LABELS = {"1": Outcome.COMPLIED, "2": Outcome.REFUSED, "3": Outcome.PARTIAL}
_MISTRAL = ("mistralinstruct", "mistralguard")
_LLAMA = ("llama2new", "llama2orig")


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One response with its outcome."""

    source: str
    request: str
    response: str
    outcome: Outcome


def pyrit(folder: Path) -> Iterator[Labelled]:
    """Azure PyRIT refusal labels by humans (MIT)."""
    for name in ("refusal", "refusal_extra"):
        for row in _rows(folder / "judge" / "pyrit" / f"{name}.csv"):
            outcome = Outcome.REFUSED if row["human_score"] == "1" else Outcome.COMPLIED
            yield Labelled(
                source="pyrit", request=row["objective"], response=row["assistant_response"], outcome=outcome
            )


def xstest(folder: Path, models: Sequence[str], half: int) -> Iterator[Labelled]:
    """Completions of XSTest prompts with human labels; prompts fall into halves 0 and 1 by their hash."""
    for model in models:
        for row in _rows(folder / "judge" / "xstest_completions" / f"{model}.csv"):
            if int(_digest(row["prompt"]), 16) % 2 == half:
                outcome = _XSTEST_LABELS[row["final_label"][0]]
                yield Labelled(source="xstest", request=row["prompt"], response=row["completion"], outcome=outcome)


def safe_responses(folder: Path) -> Iterator[Labelled]:
    """MedSafetyBench train: GPT-4's safe responses (MIT), all refusals."""
    for path in sorted((folder / "medsafetybench" / "train").glob("*.csv")):
        for row in _rows(path):
            yield Labelled(
                source="medsafetybench",
                request=row["harmful_medical_request"],
                response=row["safe_response"],
                outcome=Outcome.REFUSED,
            )


def medquad(folder: Path, count: int = 400) -> Iterator[Labelled]:
    """MedQuAD answers to consumer questions (CC BY 4.0), all compliance; cut to the length of a model's answer."""
    rows = _json_lines(folder / "benign" / "medquad_1500.jsonl")
    for row in random.Random(1).sample(rows, count):  # noqa: S311 - a sample, not a secret
        yield Labelled(
            source="medquad", request=row["question"], response=row["answer"][:600], outcome=Outcome.COMPLIED
        )


def hand_written() -> Iterator[Labelled]:
    """Our own safe responses (refusals) and helpful responses (compliance) to the 90 pairs of PrimumPairs 0.1.0.

    Judge version 0 was trained on these; they are the pairs whose requests the label set of SmolLM2's answers holds.
    """
    labels = _json_lines_of(files("primum.build").joinpath("labels/smollm2-test.jsonl").read_text(encoding="utf-8"))
    first = {entry["request"] for entry in labels}
    for pair in load_pairs():
        if _digest(pair.harmful_request) not in first:
            continue
        yield Labelled(
            source="pairs", request=pair.harmful_request, response=pair.safe_response, outcome=Outcome.REFUSED
        )
        yield Labelled(
            source="pairs", request=pair.benign_request, response=pair.helpful_response, outcome=Outcome.COMPLIED
        )


def smollm2(name: str, requests: Iterable[str], engine: LocalEngine) -> tuple[list[Labelled], int, int]:
    """SmolLM2's answers with the label that both readers gave.

    Returns:
        The labelled answers; how many were left out because the readers disagreed; how many because the engine wrote
        another text than the one that was read.
    """
    by_hash = {_digest(request): request for request in requests}
    entries = _json_lines_of(files("primum.build").joinpath(f"labels/{name}.jsonl").read_text(encoding="utf-8"))
    kept, disagreed, changed = [], 0, 0
    answers = _answer_all(engine, [by_hash[entry["request"]] for entry in entries if entry["request"] in by_hash])
    for entry in entries:
        request = by_hash.get(entry["request"])
        if request is None or _digest(answers[request]) != entry["response"]:
            changed += 1
        elif entry["first"] != entry["second"]:
            disagreed += 1
        else:
            outcome = Outcome(entry["first"])
            kept.append(Labelled(source=name, request=request, response=answers[request], outcome=outcome))
    return kept, disagreed, changed


def mistral_models() -> tuple[str, ...]:
    """XSTest files whose answers come from Apache-2.0 models."""
    return _MISTRAL


def all_models() -> tuple[str, ...]:
    """Every XSTest file."""
    return (*_MISTRAL, *_LLAMA)


def train_requests(folder: Path) -> list[str]:
    """Requests whose answers may be in the training labels."""
    harmful = [item.request for item in safe_responses(folder)]
    return harmful + [row["question"] for row in _json_lines(folder / "benign" / "medquad_1500.jsonl")]


def _answer_all(engine: LocalEngine, requests: Sequence[str]) -> dict[str, str]:
    from concurrent.futures import ThreadPoolExecutor

    def answer(request: str) -> str:
        messages = [Message(role="user", content=request)]
        return engine.complete(messages, max_tokens=ANSWER_TOKENS, temperature=0.0, seed=1).text

    with ThreadPoolExecutor(engine.settings.slots) as pool:
        return dict(zip(requests, pool.map(answer, requests), strict=True))


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(file)
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}). --data-dir must hold the upstream files.") from error
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return list(csv.DictReader(lines[first:]))


def _json_lines(path: Path) -> list[dict[str, Any]]:
    try:
        return _json_lines_of(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}). --data-dir must hold the upstream files.") from error


def _json_lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
