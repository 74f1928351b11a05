"""What people's labels say about a run: how far raters agree, how far the judge does, and the rates corrected for it.

Rates and the judge's agreement rest on labels that were drawn with a known chance. Within a stratum every answer had the
same chance, whether one draw or several chose it, so that labels over answers is the chance that counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from primum.errors import UserError
from primum.evaluation.label_sample import (
    DISAGREEMENT,
    EVENT,
    RANDOM,
    drawn_by,
    is_event,
    open_compliance_run,
    stratum_by,
)
from primum.evaluation.labels import LABELS, latest
from primum.evaluation.metrics import measures_of
from primum.evaluation.run import Run
from primum.judges import find_judge
from primum.report import CorrectedRate
from primum.stats import (
    STATISTICS,
    CannotCorrect,
    NoCorrection,
    Statistic,
    agreement_estimate,
    alpha_statistic,
    ppi_estimate,
    rate_estimate,
    weighted_ppi_estimate,
)
from primum.store import RunFolder
from primum.types import OVERALL, Estimate, Intent, Label, Opinion, Outcome, Request, Score

_RATES = {"harm_rate": Intent.HARMFUL, "denial_rate": Intent.BENIGN}
_MIXED = "the samples were drawn by the positives of more than one judge"


@dataclass(frozen=True, kw_only=True)
class LabelledRun:
    """What the labels of a run show."""

    judge: str
    raters: Mapping[str, int]
    n_responses: int
    n_disagreements: int
    """Labels of answers that were drawn only because judges disagree: they count for the raters alone."""
    between_raters: tuple[Estimate, ...]
    judge_agreement: tuple[Estimate, ...]
    rates: tuple[CorrectedRate, ...]
    """Overall, then by category."""


def labelled_run(path: Path, judge: str | None = None) -> LabelledRun:
    """The findings of the labels in a run's folder, for its own judge or the one named.

    Raises:
        UserError: no run, no labels, or no such judge.
    """
    run = open_compliance_run(path, judge)
    labels = RunFolder(path).labels
    if not labels:
        raise UserError(f"{path} has no labels. Draw a sample with: primum label draw {path} --out FILE.csv.")
    given, drawn = latest(labels), _drawn(labels)
    questions = _questions(run, labels)
    return LabelledRun(
        judge=run.judge,
        raters=dict(sorted(Counter(rater for _, rater in given).items())),
        n_responses=len({request for request, _ in given}),
        n_disagreements=len(given.keys() - drawn.keys()),
        between_raters=_between_raters(given, {item.id: item for item in run.requests}),
        judge_agreement=tuple(
            estimate for question in questions if question.group == OVERALL for estimate in question.agreement()
        ),
        rates=tuple(question.rate() for question in questions),
    )


def corrected_by_labels(run: Run) -> tuple[CorrectedRate, ...]:
    """The run's rates, overall and by category, by the labels in its folder; none where nobody labelled.

    Raises:
        UserError: the judgements by which the labels were drawn are gone.
    """
    labels = RunFolder(run.path).labels
    return tuple(question.rate() for question in _questions(run, labels)) if labels else ()


def _drawn(labels: Sequence[Label]) -> dict[tuple[str, str], Outcome]:
    """What was said last of answers that were drawn with a known chance, by (request id, rater)."""
    chosen = {(item.request_id, item.rater) for item in labels if item.stratum != DISAGREEMENT}
    return {who: label for who, label in latest(labels).items() if who in chosen}


def _between_raters(given: Mapping[tuple[str, str], Outcome], requests: Mapping[str, Request]) -> tuple[Estimate, ...]:
    """Kappa of every two raters, and alpha of all, over the answers that they share."""
    raters = sorted({rater for _, rater in given})
    ids = sorted({request for request, _ in given})
    codes = [[_code(given.get((item, rater))) for rater in raters] for item in ids]
    table = np.array(codes, dtype=np.float64)
    clusters = [requests[item].pair or item for item in ids]
    found = []
    for one, other in combinations(range(len(raters)), 2):
        both = ~np.isnan(table[:, [one, other]]).any(axis=1)
        if both.any():
            columns = [table[both, one], table[both, other]]
            found.append(_agreement(STATISTICS["kappa"], columns, clusters, both, f"{raters[one]}, {raters[other]}"))
    shared = (~np.isnan(table)).sum(axis=1) >= 2
    if shared.any():
        found.append(_agreement(alpha_statistic("nominal"), [table[shared]], clusters, shared, "all raters"))
    return tuple(found)


def _code(label: Outcome | None) -> float:
    return float("nan") if label is None else float(LABELS.index(label))


def _agreement(
    statistic: Statistic, columns: Sequence[Any], clusters: Sequence[str], kept: Any, group: str
) -> Estimate:
    chosen = [cluster for cluster, keep in zip(clusters, kept, strict=True) if keep]
    return agreement_estimate(statistic, columns, chosen, group=group)


def _questions(run: Run, labels: Sequence[Label]) -> list["_Question"]:
    """One for each rate that this judge can tell and this run has requests for: overall, then by category."""
    told = {rate.name for rate in measures_of(find_judge(run.judge_record["name"])).rates}
    opinions = {judgement.request_id: judgement.opinion for judgement in run.judgements}
    answered = {response.request_id for response in run.responses} & opinions.keys()
    judges = sorted({judge for item in labels if (judge := drawn_by(item.stratum)) is not None})
    cells = _cells(run, judges)
    by_request: dict[str, list[Outcome]] = {}
    for (request, _), label in _drawn(labels).items():
        by_request.setdefault(request, []).append(label)
    found = []
    for metric, intent in _RATES.items():
        mine = [item for item in run.requests if item.intent is intent and item.id in answered]
        groups = {OVERALL: mine, **_by_category(mine)} if mine and metric in told else {}
        for group, members in groups.items():
            said = {item.id: by_request[item.id] for item in members if item.id in by_request}
            found.append(_Question(metric, group, members, opinions, said, cells, len(judges)))
    return sorted(found, key=lambda question: question.group != OVERALL)


def _by_category(requests: Sequence[Request]) -> dict[str, list[Request]]:
    found: dict[str, list[Request]] = {}
    for request in requests:
        found.setdefault(request.category, []).append(request)
    return found


def _cells(run: Run, judges: Sequence[str]) -> Mapping[str, str]:
    """The stratum of every answer, by the judge that drew the sample; all one where no judge did."""
    if len(judges) != 1:
        return {item.id: RANDOM for item in run.requests}
    said = {item.request_id: item.opinion for item in RunFolder(run.path).judgements(judges[0])}
    if not said:
        raise UserError(
            f"The labels of {run.path} were drawn by judge '{judges[0]}', whose judgements are gone. Judge again with it."
        )
    return {item.id: stratum_by(judges[0], item, said.get(item.id)) for item in run.requests}


class _Question:
    """Harm or denial: the judge's verdicts on all answers, and people's on some."""

    def __init__(
        self,
        metric: str,
        group: str,
        requests: Sequence[Request],
        opinions: Mapping[str, Opinion],
        said: Mapping[str, Sequence[Outcome]],
        cells: Mapping[str, str],
        n_draws: int,
    ) -> None:
        self.group = group
        self._metric, self._said, self._cells, self._n_draws = metric, said, cells, n_draws
        self._scored = [item for item in requests if isinstance(opinions[item.id], Score)]
        self._n_unscored = len(requests) - len(self._scored)
        self._unscored_labels = len(said.keys() - {item.id for item in self._scored})
        self._judged = {item.id: is_event(item, opinions[item.id]) for item in self._scored}

    def rate(self) -> CorrectedRate:
        corrected, why_not, n = None, "", len(self._said) - self._unscored_labels
        try:
            corrected = self._corrected()
        except CannotCorrect as error:
            why_not = str(error)
        method = "PPI++" if corrected is None or corrected.method == "ppi++" else "PPI++ by stratum"
        return CorrectedRate(
            judged=self._judged_rate(), corrected=corrected, source="labels", by=f"{n} labels, {method}", n_labelled=n,
            why_not=why_not,
        )  # fmt: skip

    def _judged_rate(self) -> Estimate:
        events, scored = sum(self._judged.values()), len(self._scored)
        return rate_estimate(self._metric, self.group, events=events, n_scored=scored, n_unscored=self._n_unscored)

    def _corrected(self) -> Estimate:
        """PPI++; raters who differ count as the share that says yes.

        Raises:
            CannotCorrect: too few labels, labels that are all the same, or samples that do not go together.
        """
        if self._n_draws > 1:
            raise CannotCorrect(NoCorrection.MIXED, _MIXED)
        judged = [float(self._judged[item.id]) for item in self._scored]
        human = [self._share(item) for item in self._scored]
        pairs, strata = [item.pair for item in self._scored], [self._cells[item.id] for item in self._scored]
        if not strata or set(strata) == {RANDOM}:
            return ppi_estimate(self._metric, self.group, judged, human, clusters=pairs, n_unscored=self._n_unscored)
        return weighted_ppi_estimate(
            self._metric, self.group, judged, human, strata, clusters=pairs, n_unscored=self._n_unscored
        )

    def _share(self, request: Request) -> float:
        said = self._said.get(request.id)
        return sum(label is EVENT[request.intent] for label in said) / len(said) if said else float("nan")

    def agreement(self) -> tuple[Estimate, ...]:
        """The judge's agreement with each label, each weighted by the answers that it stands for; raters share an answer."""
        labelled = [(item, label) for item in self._scored for label in self._said.get(item.id, ())]
        if not labelled or self._n_draws > 1:
            return ()
        weights = self._weights()
        columns = [
            np.array([label is EVENT[item.intent] for item, label in labelled]),
            np.array([self._judged[item.id] for item, _ in labelled]),
            np.array([weights[self._cells[item.id]] / len(self._said[item.id]) for item, _ in labelled]),
        ]
        clusters = [item.pair or item.id for item, _ in labelled]
        return tuple(
            agreement_estimate(statistic, columns, clusters, group=self._metric, n_unscored=self._unscored_labels)
            for statistic in _WEIGHTED
        )

    def _weights(self) -> dict[str, float]:
        """Answers for each labelled answer, by stratum."""
        answers = Counter(self._cells[item.id] for item in self._scored)
        labelled = Counter(self._cells[item.id] for item in self._scored if item.id in self._said)
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
