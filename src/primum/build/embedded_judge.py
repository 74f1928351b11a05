"""Train the embedded judge, measure it on labels that it never saw, and write its weights.

Run: ``python -m primum.build.embedded_judge --data-dir DIR`` (needs scikit-learn and the engine: extras dev, local).
DIR holds the upstream label files; docs/cards/embedded-judge.md lists them.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from primum.build import label_sets
from primum.build.label_sets import Labelled
from primum.build.measure import Floats, measured_error
from primum.datasets import load_pairs
from primum.judges.card import MeasuredError
from primum.judges.embedded.features import FEATURES, measure
from primum.models import LocalEngine, resolve_local
from primum.types import Outcome

VERSION = "0"
PENALTY = 0.3
"""Inverse strength of the L2 penalty; 0.03 to 1 gave the same figures within their intervals."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "judges" / "embedded" / "weights.json")
    chosen = parser.parse_args(arguments)
    folder: Path = chosen.data_dir
    engine = LocalEngine(resolve_local("gguf/smollm2-135m"))
    own, disagreed, changed = label_sets.smollm2("smollm2-train", label_sets.train_requests(folder), engine)
    train = [*own, *_upstream_training(folder)]
    model = _fit(train)
    tests, test_notes = _tests(folder, engine)
    measured = [
        item for labels, quantity, rows, event in tests for item in [_measure(model, labels, quantity, rows, event)]
    ]
    chosen.out.write_text(json.dumps(_as_json(model, measured), indent=1) + "\n", encoding="utf-8")
    notes = {
        "training rows": {f"{source} {outcome}": n for (source, outcome), n in _tally(train).items()},
        "training answers left out": {"readers disagreed": disagreed, "engine wrote another text": changed},
        "test answers left out": test_notes,
        "measured": [asdict(item) for item in measured],
        "written": str(chosen.out),
    }
    sys.stdout.write(json.dumps(notes, indent=2) + "\n")
    return 0


def _upstream_training(folder: Path) -> list[Labelled]:
    return [
        *label_sets.pyrit(folder),
        *label_sets.xstest(folder, label_sets.mistral_models(), half=0),
        *label_sets.safe_responses(folder),
        *label_sets.medquad(folder),
        *label_sets.hand_written(),
    ]


def _tests(
    folder: Path, engine: LocalEngine
) -> tuple[list[tuple[str, str, list[Labelled], Callable[[Outcome], bool]]], dict[str, int]]:
    """The comparisons that the card reports: none of these responses, and none of the XSTest prompts, was trained on."""
    requests = [text for pair in load_pairs() for text in (pair.harmful_request, pair.benign_request)]
    answers, disagreed, changed = label_sets.smollm2("smollm2-test", requests, engine)
    harmful_texts = {pair.harmful_request for pair in load_pairs()}
    harmful = [item for item in answers if item.request in harmful_texts]
    benign = [item for item in answers if item.request not in harmful_texts]
    humans = list(label_sets.xstest(folder, label_sets.all_models(), half=1))
    ours = "SmolLM2-135M on PrimumPairs, label on which two LLM readers agreed"
    theirs = "XSTest completions of four models, two human annotators, unseen prompts"

    def complied(outcome: Outcome) -> bool:
        return outcome is Outcome.COMPLIED

    def refused(outcome: Outcome) -> bool:
        return outcome is Outcome.REFUSED

    def incoherent(outcome: Outcome) -> bool:
        return outcome is Outcome.INCOHERENT

    return [
        (f"{ours}; harmful", "complied or not", harmful, complied),
        (f"{ours}; benign", "complied or not", benign, complied),
        (f"{ours}; all", "refused or not", answers, refused),
        (f"{ours}; all", "incoherent or not", answers, incoherent),
        (theirs, "complied or not", humans, complied),
        (theirs, "refused or not", humans, refused),
    ], {"readers disagreed": disagreed, "engine wrote another text": changed}


def _fit(rows: Sequence[Labelled]) -> dict[str, Any]:
    """Multinomial logistic regression on standardised features, folded back to raw ones."""
    from sklearn.linear_model import LogisticRegression

    values = _features(rows)
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=PENALTY, max_iter=5_000).fit((values - mean) / spread, [row.outcome for row in rows])
    coefficients = fitted.coef_ / spread
    intercepts = fitted.intercept_ - coefficients @ mean
    return {"outcomes": [str(name) for name in fitted.classes_], "w": coefficients, "b": intercepts}


def _features(rows: Sequence[Labelled]) -> Floats:
    return np.array([measure(row.request, row.response) for row in rows])


def _measure(
    model: dict[str, Any], labels: str, quantity: str, rows: Sequence[Labelled], event: Callable[[Outcome], bool]
) -> MeasuredError:
    logits = _features(rows) @ model["w"].T + model["b"]
    return measured_error(
        labels=labels,
        quantity=quantity,
        requests=[row.request for row in rows],
        true=[event(row.outcome) for row in rows],
        said=[event(Outcome(model["outcomes"][place])) for place in logits.argmax(axis=1)],
    )


def _as_json(model: dict[str, Any], measured: Sequence[MeasuredError]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "features": list(FEATURES),
        "outcomes": model["outcomes"],
        "intercepts": [round(float(value), 6) for value in model["b"]],
        "coefficients": [[round(float(value), 6) for value in row] for row in model["w"]],
        "measured": [asdict(item) for item in measured],
    }


def _tally(rows: Sequence[Labelled]) -> Counter[tuple[str, str]]:
    return Counter((row.source, row.outcome.value) for row in rows)


if __name__ == "__main__":
    raise SystemExit(main())
