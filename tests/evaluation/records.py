"""Validation records with numbers of one's choice."""

import json
from pathlib import Path
from typing import Any

from primum.evaluation.validated import HARM, REFUSAL, Agreement, Bound, Question, Validation, verdicts
from primum.evaluation.validated_words import as_json
from primum.types import OVERALL, Estimate

GOOD = (48, 2, 1, 49)
"""Both yes, people alone, judge alone, both no: kappa .94."""
POOR = (45, 5, 15, 35)
"""Kappa .6."""


def agreement(question: Question, counts: tuple[int, int, int, int] = GOOD, group: str = OVERALL) -> Agreement:
    """An agreement with this table of counts; its statistics have made-up intervals of .05 to either side."""
    both, people, judge, neither = counts
    n = sum(counts)
    called, positives = both + judge, both + people
    chance = (called * positives + (n - called) * (n - positives)) / n**2
    values = {
        "sensitivity": both / positives,
        "specificity": neither / (n - positives),
        "kappa": ((both + neither) / n - chance) / (1 - chance),
        "false_negative_rate": people / positives,
    }
    estimates = tuple(
        Estimate(metric=name, group=group, value=value, low=value - 0.05, high=value + 0.05, level=0.95,
                 method="cluster bootstrap", n_scored=n, n_unscored=0)
        for name, value in values.items()
    )  # fmt: skip
    return Agreement(question=question, group=group, positives=positives, called=called, hits=both, estimates=estimates)


def record(*agreements: Agreement, judge: str = "judge", **bound: Any) -> Validation:
    """A record of the judge of ``compared.stored``; without agreements: good ones, of harm and of both intents."""
    found = agreements or (
        agreement(REFUSAL), agreement(REFUSAL, group="intent: benign"), agreement(REFUSAL, group="intent: harmful"),
        agreement(HARM),
    )  # fmt: skip
    said = {
        "judge": judge, "version": "1", "fingerprint": "0" * 64, "judge_model": None, "labels": "labels.csv",
        "labels_sha256": "1" * 64, "columns": {}, "words": {}, "rows": 100, "requests": 100,
        "intents": {"benign": 50, "harmful": 50}, "raters": (), "intent_stated": True, **bound,
    }  # fmt: skip
    return Validation(
        bound=Bound(**said), agreements=found, verdicts=verdicts(found, intent_stated=said["intent_stated"])
    )


def put(found: Validation, path: Path) -> Path:
    """The record in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(found)), encoding="utf-8")
    return path
