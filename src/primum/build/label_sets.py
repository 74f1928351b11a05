"""Labelled answers for training and validating judges, each with where it came from.

Human labels are read from a folder of upstream files (never shipped); the rest follows from how a row was made. A new
source is one function here and one name in ``TRAINING``.
"""

import csv
import hashlib
import io
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from primum.datasets import load_ordinary, load_pairs
from primum.errors import UserError
from primum.types import Intent, Outcome, Split

_XSTEST_LABELS = {"1": Outcome.COMPLIED, "2": Outcome.REFUSED, "3": Outcome.PARTIAL}
_MISTRAL = ("mistralinstruct", "mistralguard")
_LLAMA = ("llama2new", "llama2orig")
_OBJECTIVES = ("info_integrity", "bias", "harassment_bullying", "privacy", "misinformation")
_MEDQUAD_LENGTHS = (300, 600, 1200)
_DECLINES = re.compile(
    r"\b(?:sorry|can(?:no|['\u2019])t|can not|won['\u2019]t|unable|not able|illegal|unethical|dangerous|respect|error|"
    r"not (?:appropriate|possible|recognized)|instead|harmful|policy|guidelines)\b",
    re.IGNORECASE,
)
_OPENING = 400


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One response with what is known of it."""

    source: str
    """Family, then what is special: ``xstest-llama``."""
    group: str
    """Rows of one group share a request, or stand in one pair: they are never split."""
    request: str
    response: str
    outcome: Outcome | None
    """None where only harm was labelled."""
    harm: bool | None = None
    """Whether it gives what a harmful request asked for; None where nobody said so."""
    intent: Intent | None = None

    @property
    def family(self) -> str:
        """The source without what is special in it; what is left out to see how a judge does on a new source."""
        return self.source.split("-")[0]


def pyrit(folder: Path) -> Iterator[Labelled]:
    """Azure PyRIT refusal labels by humans (MIT), in upstream's words: an answer to another question is a refusal too."""
    for name in ("refusal", "refusal_extra"):
        for row in _rows(folder / "judge" / "pyrit" / f"{name}.csv"):
            refused = row["human_score"].strip() == "1"
            yield _labelled(
                "pyrit",
                row["objective"],
                row["assistant_response"],
                Outcome.REFUSED if refused else Outcome.COMPLIED,
                harm=False if refused else None,
            )


def pyrit_refusals(folder: Path) -> Iterator[Labelled]:
    """The same in our words: a "refusal" that holds no declining word answers another question, so it is incoherent."""
    for row in pyrit(folder):
        beside = row.outcome is Outcome.REFUSED and not _DECLINES.search(row.response[:_OPENING])
        yield replace(row, outcome=Outcome.INCOHERENT) if beside else row


def pyrit_objectives(folder: Path) -> Iterator[Labelled]:
    """Azure PyRIT labels by humans (MIT): whether a response achieved a harmful objective."""
    for name in _OBJECTIVES:
        for row in _rows(folder / "judge" / "pyrit" / f"objective_{name}.csv"):
            yield _harm_labelled("pyrit", row["objective"], row["assistant_response"], row["human_score"])


def harmbench(folder: Path) -> Iterator[Labelled]:
    """HarmBench's validation labels (MIT): the majority of three people on whether a response is harmful."""
    for row in _rows(folder / "judge" / "harmbench_human" / "labels.csv"):
        yield _harm_labelled("harmbench", row["behavior_description"], row["generation"], row["human_consensus"])


def xstest(folder: Path, models: Sequence[str], half: int | None = None) -> Iterator[Labelled]:
    """Completions of XSTest prompts with human labels; prompts fall into halves 0 and 1 by their hash, None takes both."""
    for model in models:
        source = "xstest-mistral" if model in _MISTRAL else "xstest-llama"
        for row in _rows(folder / "judge" / "xstest_completions" / f"{model}.csv"):
            if half is None or half_of(row["prompt"]) == half:
                outcome = _XSTEST_LABELS[row["final_label"][0]]
                harmful = "contrast" in row["type"] or row["type"] == "nons_group_real_discr_"
                harm = None if harmful and outcome is Outcome.PARTIAL else harmful and outcome is Outcome.COMPLIED
                intent = Intent.HARMFUL if harmful else Intent.BENIGN
                yield _labelled(source, row["prompt"], row["completion"], outcome, harm=harm, intent=intent)


def xstest_mistral(folder: Path) -> Iterator[Labelled]:
    """XSTest completions by the two models whose answers may be used (Apache-2.0)."""
    return xstest(folder, mistral_models())


def safe_responses(folder: Path) -> Iterator[Labelled]:
    """MedSafetyBench train: GPT-4's safe responses (MIT), all refusals."""
    for path in sorted((folder / "medsafetybench" / "train").glob("*.csv")):
        for row in _rows(path):
            yield _labelled(
                "medsafetybench",
                row["harmful_medical_request"],
                row["safe_response"],
                Outcome.REFUSED,
                harm=False,
                intent=Intent.HARMFUL,
            )


def medquad(folder: Path, count: int = 400, lengths: Sequence[int] = (600,)) -> Iterator[Labelled]:
    """MedQuAD answers to consumer questions (CC BY 4.0), all compliance; cut to one of some lengths of a model's answer."""
    draw = random.Random(1)  # noqa: S311 - a sample, not a secret
    for row in draw.sample(_json_lines(folder / "benign" / "medquad_1500.jsonl"), count):
        answer = row["answer"][: draw.choice(lengths)]
        yield _labelled("medquad", row["question"], answer, Outcome.COMPLIED, harm=False, intent=Intent.BENIGN)


def pairs(split: Split = "train") -> Iterator[Labelled]:
    """Our own safe and helpful responses to PrimumPairs (CC BY 4.0), each beside its own request."""
    for pair in load_pairs(split):
        safe = _labelled(f"pairs-{split}", pair.harmful_request, pair.safe_response, Outcome.REFUSED)
        yield replace(safe, group=pair.id, harm=False, intent=Intent.HARMFUL)
        helpful = _labelled(f"pairs-{split}", pair.benign_request, pair.helpful_response, Outcome.COMPLIED)
        yield replace(helpful, group=pair.id, harm=False, intent=Intent.BENIGN)


def crossed(split: Split = "train") -> Iterator[Labelled]:
    """The same responses beside the twin's request: the safe one refuses it; the helpful one harms nobody."""
    for pair in load_pairs(split):
        safe = _labelled(f"pairs-crossed-{split}", pair.benign_request, pair.safe_response, Outcome.REFUSED)
        yield replace(safe, group=pair.id, harm=False, intent=Intent.BENIGN)
        helpful = _labelled(f"pairs-crossed-{split}", pair.harmful_request, pair.helpful_response, None)
        yield replace(helpful, group=pair.id, harm=False, intent=Intent.HARMFUL)


def ordinary(split: Split = "train") -> Iterator[Labelled]:
    """Our own answers to PrimumOrdinary (CC BY 4.0), all compliance."""
    for item in load_ordinary(split):
        yield _labelled(
            f"ordinary-{split}", item.request, item.helpful_response, Outcome.COMPLIED, harm=False, intent=Intent.BENIGN
        )


def voices() -> Iterator[Labelled]:
    """Answers of invented assistants in many voices, written by language models for this purpose (ours, CC BY 4.0)."""
    text = files("primum.build").joinpath("data/voices.jsonl").read_text(encoding="utf-8")
    for row in json_lines_of(text):
        outcome, intent = Outcome(row["outcome"]), Intent(row["intent"])
        source = f"voices-{row['voice']}"
        # nobody wrote an answer that gives what a harmful request asks for
        yield _labelled(source, row["request"], row["response"], outcome, harm=False, intent=intent)


TRAINING: Mapping[str, Callable[[Path], Iterable[Labelled]]] = {
    "PyRIT, refusals": pyrit_refusals,
    "PyRIT, objectives": pyrit_objectives,
    "HarmBench": harmbench,
    "XSTest, Mistral's answers": xstest_mistral,
    "MedSafetyBench train, safe responses": safe_responses,
    "MedQuAD": lambda folder: medquad(folder, lengths=_MEDQUAD_LENGTHS),
    "PrimumPairs train": lambda _folder: pairs(),
    "PrimumPairs train, crossed": lambda _folder: crossed(),
    "PrimumOrdinary train": lambda _folder: ordinary(),
    "voices": lambda _folder: voices(),
}
"""Every source of training rows but SmolLM2's own answers, which need the engine (``own_answers``)."""


def upstream_training(folder: Path) -> list[Labelled]:
    """All rows of ``TRAINING``."""
    return [row for source in TRAINING.values() for row in source(folder)]


def topics(folder: Path, count: int = 3000) -> list[str]:
    """Requests without answers, from MedSafetyBench's Llama-3 half (MIT): what the grammar's sentences speak of."""
    found = []
    paths = sorted((folder / "medsafetybench" / "llama3").glob("*.txt"))
    for path in paths:
        lines = (re.sub(r"^\s*\d+[.)]\s*", "", line).strip() for line in _text(path).splitlines())
        usable = [line for line in lines if 20 < len(line) < 250]
        found += random.Random(5).sample(usable, min(len(usable), count // len(paths)))  # noqa: S311
    if not found:
        raise UserError(f"{folder} holds no medsafetybench/llama3/*.txt. --data-dir must hold the upstream files.")
    return found


def mistral_models() -> tuple[str, ...]:
    """XSTest files whose answers come from Apache-2.0 models."""
    return _MISTRAL


def llama_models() -> tuple[str, ...]:
    """XSTest files whose answers stand under terms that forbid training: for tests only."""
    return _LLAMA


def all_models() -> tuple[str, ...]:
    """Every XSTest file."""
    return (*_MISTRAL, *_LLAMA)


def half_of(request: str) -> int:
    """0 or 1 by the hash of a request."""
    return int(digest(request), 16) % 2


def medquad_questions(folder: Path) -> list[str]:
    """Every question of the MedQuAD sample."""
    return [row["question"] for row in _json_lines(folder / "benign" / "medquad_1500.jsonl")]


def digest(text: str) -> str:
    """Sixteen hex digits of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def json_lines_of(text: str) -> list[dict[str, Any]]:
    """Every line as an object, empty lines left out."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _harm_labelled(source: str, request: str, response: str, label: str) -> Labelled:
    """A response to a harmful request: one that people call harmful complied; of the others only that is known."""
    harm = float(label) == 1
    outcome = Outcome.COMPLIED if harm else None
    return _labelled(source, request, response, outcome, harm=harm, intent=Intent.HARMFUL)


def _labelled(
    source: str,
    request: str,
    response: str,
    outcome: Outcome | None,
    *,
    harm: bool | None = None,
    intent: Intent | None = None,
) -> Labelled:
    return Labelled(
        source=source,
        group=digest(request),
        request=request,
        response=response,
        outcome=outcome,
        harm=harm,
        intent=intent,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    lines = list(io.StringIO(_text(path), newline=""))
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return list(csv.DictReader(lines[first:]))


def _json_lines(path: Path) -> list[dict[str, Any]]:
    return json_lines_of(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}). --data-dir must hold the upstream files.") from error
