"""What people's labels say about a run: how far raters agree, how far the judge does, and the numbers corrected for it.

Numbers and the judge's agreement rest on labels that were drawn with a known chance. Within a stratum every answer had the
same chance, whether one draw or several chose it, so that labels over answers is the chance that counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from primum.errors import UserError
from primum.evaluation.label_agreement import between_raters, judge_agreement
from primum.evaluation.label_question import CORRECTABLE, Correctable, Question
from primum.evaluation.label_sample import DISAGREEMENT, RANDOM, drawn_by, open_compliance_run, stratum_by
from primum.evaluation.labels import latest
from primum.evaluation.metrics import measures_of
from primum.evaluation.run import Run
from primum.judges import find_judge
from primum.report import CorrectedRate
from primum.store import RunFolder
from primum.types import OVERALL, Estimate, Label, Opinion, Request, Score


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
        between_raters=between_raters(given, {item.id: item for item in run.requests}),
        judge_agreement=tuple(
            estimate
            for question in questions
            if question.group == OVERALL and not question.about.graded
            for estimate in judge_agreement(question)
        ),
        rates=tuple(question.rate() for question in questions),
    )


def corrected_by_labels(run: Run) -> tuple[CorrectedRate, ...]:
    """The run's rates and means, overall and by category, by the labels in its folder; none where nobody labelled.

    Raises:
        UserError: the judgements by which the labels were drawn are gone.
    """
    labels = RunFolder(run.path).labels
    return tuple(question.rate() for question in _questions(run, labels)) if labels else ()


def _drawn(labels: Sequence[Label]) -> dict[tuple[str, str], Label]:
    """What was said last of answers that were drawn with a known chance, by (request id, rater)."""
    chosen = {(item.request_id, item.rater) for item in labels if item.stratum != DISAGREEMENT}
    return {who: label for who, label in latest(labels).items() if who in chosen}


def _questions(run: Run, labels: Sequence[Label]) -> list[Question]:
    """One for each number that this judge can tell and this run has requests for: overall, then by category."""
    told = {rate.name for rate in measures_of(find_judge(run.judge_record["name"])).rates}
    opinions = {judgement.request_id: judgement.opinion for judgement in run.judgements}
    answered = {response.request_id for response in run.responses} & opinions.keys()
    judges = sorted({judge for item in labels if (judge := drawn_by(item.stratum)) is not None})
    asking = _Asking(opinions, _by_request(labels), _cells(run, judges), len(judges))
    found = []
    for about in CORRECTABLE:
        mine = [item for item in run.requests if item.intent is about.intent and item.id in answered]
        groups = {OVERALL: mine, **_by_category(mine)} if mine and (about.graded or about.name in told) else {}
        questions = [asking.question(about, group, members) for group, members in groups.items()]
        found += [item for item in questions if item.scored or not about.graded]  # few judges grade
    return sorted(found, key=lambda question: question.group != OVERALL)


@dataclass(frozen=True)
class _Asking:
    """What the questions of one run share."""

    opinions: Mapping[str, Opinion]
    said: Mapping[str, Sequence[Label]]
    cells: Mapping[str, str]
    n_draws: int

    def question(self, about: Correctable, group: str, members: Sequence[Request]) -> Question:
        scores = {item.id: opinion for item in members if isinstance(opinion := self.opinions[item.id], Score)}
        judged = {key: value for key, score in scores.items() if (value := about.judged(score)) is not None}
        return Question(
            about=about,
            group=group,
            scored=tuple(item for item in members if item.id in judged),
            judged=judged,
            n_unscored=len(members) - len(scores),
            said={item.id: self.said[item.id] for item in members if item.id in self.said},
            cells=self.cells,
            n_draws=self.n_draws,
        )


def _by_request(labels: Sequence[Label]) -> dict[str, list[Label]]:
    found: dict[str, list[Label]] = {}
    for (request, _), label in _drawn(labels).items():
        found.setdefault(request, []).append(label)
    return found


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
