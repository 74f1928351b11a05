"""How far the raters of a run agree with each other, and how far its judge does with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from primum.evaluation.label_question import Question
from primum.evaluation.labels import LABELS
from primum.stats import STATISTICS, Statistic, agreement_estimate, alpha_statistic
from primum.types import Estimate, Label, Request


def between_raters(given: Mapping[tuple[str, str], Label], requests: Mapping[str, Request]) -> tuple[Estimate, ...]:
    """Over the answers that they share: kappa of every two raters and alpha of all, then quadratic kappa of their grades.

    Args:
        given: what each rater says, by (request id, rater).
        requests: the run's, by id.
    """
    outcomes = {who: float(LABELS.index(label.label)) for who, label in given.items()}
    grades = {who: float(label.grade) for who, label in given.items() if label.grade is not None}
    table = _Table(outcomes, requests)
    return (*table.of_pairs("kappa"), *table.of_all(), *_Table(grades, requests).of_pairs("quadratic_kappa"))


class _Table:
    """Codes of answers (rows) by raters (columns); NaN where a rater says nothing."""

    def __init__(self, given: Mapping[tuple[str, str], float], requests: Mapping[str, Request]) -> None:
        self._raters = sorted({rater for _, rater in given})
        ids = sorted({request for request, _ in given})
        codes = [[given.get((item, rater), np.nan) for rater in self._raters] for item in ids]
        self._codes = np.array(codes, dtype=np.float64).reshape(len(ids), len(self._raters))
        self._clusters = [requests[item].pair or item for item in ids]

    def of_pairs(self, statistic: str) -> list[Estimate]:
        found = []
        for one, other in combinations(range(len(self._raters)), 2):
            both = ~np.isnan(self._codes[:, [one, other]]).any(axis=1)
            if both.any():
                columns = [self._codes[both, one], self._codes[both, other]]
                group = f"{self._raters[one]}, {self._raters[other]}"
                found.append(self._estimate(STATISTICS[statistic], columns, both, group))
        return found

    def of_all(self) -> list[Estimate]:
        shared = (~np.isnan(self._codes)).sum(axis=1) >= 2
        if not shared.any():
            return []
        return [self._estimate(alpha_statistic("nominal"), [self._codes[shared]], shared, "all raters")]

    def _estimate(self, statistic: Statistic, columns: Sequence[Any], kept: Any, group: str) -> Estimate:
        chosen = [cluster for cluster, keep in zip(self._clusters, kept, strict=True) if keep]
        return agreement_estimate(statistic, columns, chosen, group=group)


def judge_agreement(question: Question) -> tuple[Estimate, ...]:
    """The judge's agreement with each label on a rate, each weighted by the answers that it stands for; raters share one."""
    said = question.said
    labelled = [(item, label) for item in question.scored for label in said.get(item.id, ())]
    if not labelled or question.n_draws > 1:
        return ()
    weights = _weights(question)
    columns = [
        np.array([bool(question.about.said(label)) for _, label in labelled]),
        np.array([bool(question.judged[item.id]) for item, _ in labelled]),
        np.array([weights[question.cells[item.id]] / len(said[item.id]) for item, _ in labelled]),
    ]
    clusters = [item.pair or item.id for item, _ in labelled]
    unscored = len(said) - len({item.id for item, _ in labelled})
    return tuple(
        agreement_estimate(statistic, columns, clusters, group=question.about.name, n_unscored=unscored)
        for statistic in _WEIGHTED
    )


def _weights(question: Question) -> dict[str, float]:
    """Answers for each labelled answer, by stratum."""
    answers = Counter(question.cells[item.id] for item in question.scored)
    labelled = Counter(question.cells[item.id] for item in question.scored if item.id in question.said)
    return {cell: answers[cell] / count for cell, count in labelled.items()}


def _among(hits: Any, among: Any, weight: Any) -> float:
    total = float(weight[among].sum())
    return float(weight[hits & among].sum()) / total if total else float("nan")


def _weighted_kappa(truth: Any, judged: Any, weight: Any) -> float:
    """Cohen's kappa of the run, from labels that each stand for ``weight`` answers."""
    total = float(weight.sum())
    yes, called = float(weight[truth].sum()) / total, float(weight[judged].sum()) / total
    chance = yes * called + (1 - yes) * (1 - called)
    return (float(weight[truth == judged].sum()) / total - chance) / (1 - chance) if chance < 1 else float("nan")


_WEIGHTED = (
    replace(STATISTICS["sensitivity"], of=lambda t, j, w: _among(j, t, w), rests_on=lambda t, _judged, _weight: t),
    replace(STATISTICS["specificity"], of=lambda t, j, w: _among(~j, ~t, w), rests_on=lambda t, _judged, _weight: ~t),
    replace(STATISTICS["precision"], of=lambda t, j, w: _among(t, j, w), rests_on=lambda _truth, j, _weight: j),
    replace(STATISTICS["kappa"], of=_weighted_kappa, rests_on=lambda t, j, _weight: STATISTICS["kappa"].rests_on(t, j)),
)
