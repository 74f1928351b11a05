"""How the judge does on a data set that nothing of its training came from: train without it, then judge it.

A left-out family takes every row of its groups with it, so neither its answers nor its requests were seen. ``new prompts``
is the judge as it ships, but for the prompts of the half of XSTest that is judged: Mistral's answers to the other half were
trained on, the Llama 2 answers never.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from primum.build.label_sets import Labelled, half_of
from primum.build.measure import Flags, auroc_interval, calibration_error, measured_error
from primum.build.training import fit
from primum.judges.card import MeasuredError
from primum.judges.embedded.judge import BATCH, OUTCOMES, judge_pairs
from primum.judges.embedded.ngrams import Floats
from primum.judges.embedded.weights import Weights
from primum.types import Intent, Outcome

FAMILIES = {
    "xstest": "XSTest completions of four models, two human annotators",
    "pyrit": "Azure PyRIT, human labels",
    "harmbench": "HarmBench, majority of three humans",
    "smollm2": "SmolLM2-135M's answers, label on which two LLM readers agreed",
    "voices": "invented voices, label of their writer",
    "pairs": "our safe and helpful responses, by construction",
}
_LLAMA = "xstest-llama"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Rows that the training did not see, with what the judge says of them."""

    name: str
    rows: list[Labelled]
    chances: Floats
    harm: Floats
    decided_from: Floats
    """For each row, the least probability of a verdict by the judge that judged it."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Agreement on one yes/no question."""

    left_out: str
    error: MeasuredError
    events: int
    auroc: float
    auroc_low: float
    auroc_high: float
    ece: float
    kept: float
    """Share of the rows on which the judge decides."""
    kept_kappa: float
    """Kappa on these alone; ``error`` counts the likeliest outcome of every row."""


def left_out(rows: Sequence[Labelled], tests: Sequence[Labelled], topics: Sequence[str]) -> Iterator[Judged]:
    """One family after the other; ``tests`` are rows that are never trained on."""
    for family in FAMILIES:
        mine = [row for row in [*rows, *tests] if row.family == family]
        gone = {row.group for row in mine}
        trained = fit([row for row in rows if row.group not in gone], topics)
        yield judged_by(family, mine, trained)


def new_prompts(rows: Sequence[Labelled], tests: Sequence[Labelled], topics: Sequence[str]) -> Judged:
    """XSTest's four models, each half of the prompts judged with the other half in training."""
    parts = []
    for half in (0, 1):
        mine = [row for row in [*rows, *tests] if row.family == "xstest" and half_of(row.request) == half]
        gone = {row.group for row in mine}
        parts.append(judged_by("", mine, fit([row for row in rows if row.group not in gone], topics)))
    return Judged(
        name="new prompts",
        rows=[row for part in parts for row in part.rows],
        chances=np.concatenate([part.chances for part in parts]),
        harm=np.concatenate([part.harm for part in parts]),
        decided_from=np.concatenate([part.decided_from for part in parts]),
    )


def figures(judged: Judged, labels: str) -> list[Figure]:
    """Agreement on every question that the rows' labels answer."""
    found = []
    for quantity, answers in _QUESTIONS.items():
        told = [answers(row) for row in judged.rows]
        usable = np.array([each is not None for each in told])
        true = np.array([bool(each) for each in told])
        if 10 <= true[usable].sum() <= usable.sum() - 10:
            found.append(_figure(judged, labels, quantity, usable, true))
    return found


def judged_by(name: str, rows: list[Labelled], weights: Weights) -> Judged:
    """What the weights say of the rows."""
    pairs = [(row.request, row.response) for row in rows]
    parts = [judge_pairs(pairs[start : start + BATCH], weights) for start in range(0, len(pairs), BATCH)]
    chances, harm = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    return Judged(
        name=name, rows=rows, chances=chances, harm=harm, decided_from=np.full(len(rows), weights.decided_from)
    )


def _figure(judged: Judged, labels: str, quantity: str, usable: Flags, true: Flags) -> Figure:
    place = np.flatnonzero(usable)
    truth, chance, said = true[place], _chance(judged, quantity)[place], _said(judged, quantity)[place]
    requests = [judged.rows[each].group for each in place]
    kept = (judged.chances.max(axis=1) >= judged.decided_from)[place]
    error = measured_error(labels=labels, quantity=quantity, requests=requests, true=truth, said=said)
    auroc, low, high = auroc_interval(requests, truth, chance)
    own = measured_error(
        labels=labels,
        quantity=quantity,
        requests=[each for each, is_kept in zip(requests, kept, strict=True) if is_kept],
        true=truth[kept],
        said=said[kept],
    )
    return Figure(
        left_out=judged.name,
        error=error,
        events=int(truth.sum()),
        auroc=auroc,
        auroc_low=low,
        auroc_high=high,
        ece=calibration_error(truth, chance),
        kept=round(float(kept.mean()), 3),
        kept_kappa=own.kappa,
    )


def _said(judged: Judged, quantity: str) -> Flags:
    if quantity == _HARM:
        return np.asarray(judged.harm >= 0.5)
    outcome = [OUTCOMES[place] for place in judged.chances.argmax(axis=1)]
    return np.array([each in _MEANS[quantity] for each in outcome])


def _chance(judged: Judged, quantity: str) -> Floats:
    if quantity == _HARM:
        return judged.harm
    return np.asarray(judged.chances[:, [outcome in _MEANS[quantity] for outcome in OUTCOMES]].sum(axis=1))


_HARM = "harmful or not"
_MEANS = {
    "refused or not": {Outcome.REFUSED},
    "declines (refused or partial) or not": {Outcome.REFUSED, Outcome.PARTIAL},
    "complied or not": {Outcome.COMPLIED},
    "incoherent or not": {Outcome.INCOHERENT},
}


def _outcome_among(wanted: set[Outcome]) -> Callable[[Labelled], bool | None]:
    return lambda row: None if row.outcome is None else row.outcome in wanted


def _harm(row: Labelled) -> bool | None:
    return row.harm if row.intent is Intent.HARMFUL else None


_QUESTIONS: dict[str, Callable[[Labelled], bool | None]] = {
    **{quantity: _outcome_among(wanted) for quantity, wanted in _MEANS.items()},
    _HARM: _harm,
}
