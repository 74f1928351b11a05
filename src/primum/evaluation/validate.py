"""Hold a judge against people's labels: each labelled answer is judged once, then the two are compared.

The answers are judged in a run folder like any other, so an asked judge's raw words are kept and a broken validation goes on
where it stopped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from primum.engine import check_model_name
from primum.errors import UserError
from primum.evaluation.judge_labelled import judge_labelled
from primum.evaluation.judging import Bench
from primum.evaluation.labelled import Labelled, LabelSet, read_labels
from primum.evaluation.perturb import StabilitySample, measure_stability
from primum.evaluation.plan import RUNS
from primum.evaluation.progress import Progress, Silent
from primum.evaluation.validated import (
    COMPLIANCE,
    INCOHERENCE,
    QUESTIONS,
    REFUSAL,
    Agreement,
    Bound,
    Question,
    Validation,
    verdicts,
)
from primum.judges import Construct, Judge, find_judge
from primum.stats import STATISTICS, agreement_estimate, alpha_statistic
from primum.types import OVERALL, Estimate, Intent, Outcome, Score, Unscored

_OF_LABELS = ("sensitivity", "specificity", "precision", "kappa", "matthews", "false_negative_rate")
_OF_SCORES = ("auroc", "auprc")
_OF_GRADES = ("quadratic_kappa", "spearman", "mean_absolute_error")
_IN_STRATA = ("sensitivity", "specificity", "kappa")


def validate(
    judge: str,
    labels: Path,
    *,
    judge_model: str | None = None,
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    work: Path | None = None,
    stability: StabilitySample | None = None,
    progress: Progress | None = None,
) -> Validation:
    """How far a judge agrees with people, and whether it may be called validated.

    Args:
        judge: name of the judge.
        labels: file of labelled answers.
        judge_model: the language model behind a judge that needs one.
        columns: which column of the file holds what.
        words: what the file's labels mean.
        work: folder for the judge's words; by default none for a local judge and one under ``runs/`` for an asked one.
        stability: which answers to judge again, varied in what should not matter; None: none.
        progress: where to show that work goes on.

    Raises:
        UserError: an unknown judge, a judge without its language model, or a file that is not as it must be.
        RunError: the judge's model stopped answering; call again to go on.
    """
    bench, show = _bench(judge, judge_model), progress or Silent()
    found = read_labels(labels, columns, words)
    questions = _questions(found, bench.judge)
    with _work_folder(found, bench, work) as path:
        opinions = judge_labelled(found, bench, path, show)
        varied = measure_stability(found, bench, opinions, stability, path, show) if stability else None
    rows = [_Pairing(row=row, opinion=opinion) for row, opinion in zip(found.rows, opinions, strict=True)]
    agreements = _agreements(questions, rows, bench.judge, found.raters, show)
    return Validation(
        bound=_bound(found, bench),
        agreements=agreements,
        verdicts=verdicts(agreements, intent_stated=found.intent_stated),
        grades=_grades(rows),
        stability=varied,
    )


def _bench(name: str, model: str | None) -> Bench:
    judge = find_judge(name)
    if judge.construct is not Construct.COMPLIANCE:
        raise UserError(f"Judge '{name}' says nothing about compliance, and these labels nothing else. Choose another.")
    if judge.asks_a_model != (model is not None):
        need = "needs a language model: add --judge-model PROVIDER/MODEL" if judge.asks_a_model else "uses none"
        raise UserError(f"Judge '{name}' {need}.")
    return Bench(judge=judge, model=check_model_name(model) if model else None)


def _bound(found: LabelSet, bench: Bench) -> Bound:
    return Bound(
        judge=bench.judge.name,
        version=bench.judge.version,
        fingerprint=bench.judge.fingerprint(),
        judge_model=bench.model,
        labels=found.file,
        labels_sha256=found.sha256,
        columns=dict(found.columns),
        words=dict(found.words),
        rows=len(found.rows),
        requests=found.requests,
        intents=dict(sorted(Counter(row.request.intent.value for row in found.rows).items())),
        raters=found.raters,
        intent_stated=found.intent_stated,
    )


def _questions(found: LabelSet, judge: Judge) -> list[Question]:
    """What labels and judge can both tell.

    Raises:
        UserError: nothing.
    """
    labels = {row.label for row in found.rows}
    intents = {row.request.intent for row in found.rows}
    asked = []
    for question in QUESTIONS:
        among = intents & {Intent.HARMFUL} if question.harmful_only else intents
        told = {intent for intent in among if question.outcome in judge.tells[intent]}
        if told and question.outcome not in _unknown(labels) and _worth_it(question, found, told):
            asked.append(question)
    if not asked:
        raise UserError(
            f"{found.file} has the labels {', '.join(sorted(labels))}, and judge '{judge.name}' tells none of what they "
            "tell. Choose another judge or other labels."
        )
    return asked


def _unknown(labels: set[Outcome]) -> set[Outcome]:
    """What these labels leave open: *other* is not complied, but it may be a refusal."""
    return {REFUSAL.outcome, INCOHERENCE.outcome} if Outcome.OTHER in labels else set()


def _worth_it(question: Question, found: LabelSet, told: set[Intent]) -> bool:
    """Whether the labels can say more on it than on another question."""
    if question.harmful_only:
        return found.intent_stated
    if question is COMPLIANCE:  # where all requests are harmful, this is the question of harm
        return not found.intent_stated or told != {Intent.HARMFUL}
    return question is not INCOHERENCE or any(row.label is Outcome.INCOHERENT for row in found.rows)


@contextmanager
def _work_folder(found: LabelSet, bench: Bench, work: Path | None) -> Iterator[Path]:
    """Where the judge's words go: a local judge says the same again, an asked one costs money and time."""
    if work is not None or bench.model is not None:
        yield work or RUNS / f"labels-{found.asked_sha256[:8]}"
        return
    with TemporaryDirectory(prefix="primum-validate-") as temporary:
        yield Path(temporary)


@dataclass(frozen=True, kw_only=True)
class _Pairing:
    """People's label and the judge's opinion of one answer."""

    row: Labelled
    opinion: Score | Unscored


def _agreements(
    questions: Sequence[Question],
    rows: Sequence[_Pairing],
    judge: Judge,
    raters: Sequence[str],
    progress: Progress,
) -> tuple[Agreement, ...]:
    """Each question over all answers, then in each stratum."""
    wanted = [
        (question, group, members)
        for question in questions
        for group, members in _groups(question, rows, judge).items()
    ]
    progress.start("comparing with the labels", len(wanted))
    found = []
    for question, group, members in wanted:
        found.append(_agreement(question, group, members, raters))
        progress.advance()
    return tuple(found)


def _groups(question: Question, rows: Sequence[_Pairing], judge: Judge) -> dict[str, list[_Pairing]]:
    """The answers that a question is about, all together and by intent and group; a lone stratum is all, again."""
    about = [item for item in rows if question.outcome in judge.tells[item.row.request.intent]]
    if question.harmful_only:
        about = [item for item in about if item.row.request.intent is Intent.HARMFUL]
    by_intent = _split(about, [f"intent: {item.row.request.intent.value}" for item in about])
    by_group = _split(about, [f"group: {item.row.group}" if item.row.group else None for item in about])
    return {OVERALL: about, **by_intent, **by_group}


def _split(rows: Sequence[_Pairing], names: Sequence[str | None]) -> dict[str, list[_Pairing]]:
    found: dict[str, list[_Pairing]] = {}
    for item, name in zip(rows, names, strict=True):
        if name is not None:
            found.setdefault(name, []).append(item)
    return {} if any(len(members) == len(rows) for members in found.values()) else found


def _agreement(question: Question, group: str, rows: Sequence[_Pairing], raters: Sequence[str]) -> Agreement:
    scored = [(item.row, item.opinion) for item in rows if isinstance(item.opinion, Score)]
    truth = np.array([row.label is question.outcome for row, _ in scored], dtype=bool)
    said = np.array([score.outcome is question.outcome for _, score in scored], dtype=bool)
    chances = _chances(question, [score for _, score in scored])
    columns = dict.fromkeys(_OF_LABELS if group == OVERALL else _IN_STRATA, said)
    if group == OVERALL and chances is not None:
        columns |= dict.fromkeys(_OF_SCORES, chances)
    requests = [row.request.text for row, _ in scored]
    estimates = tuple(
        agreement_estimate(STATISTICS[name], [truth, judged], requests, group=group, n_unscored=len(rows) - len(scored))
        for name, judged in columns.items()
    )
    return Agreement(
        question=question,
        group=group,
        positives=int(truth.sum()),
        called=int(said.sum()),
        hits=int((truth & said).sum()),
        estimates=estimates,
        between_raters=_between(question, group, [item.row for item in rows], raters) if group == OVERALL else None,
    )


def _grades(rows: Sequence[_Pairing]) -> tuple[Estimate, ...]:
    """Agreement on the harmfulness, of the answers that people graded; none where one of the two gives no grade."""
    graded = [item for item in rows if item.row.grade is not None and item.row.request.intent is Intent.HARMFUL]
    both = [(item.row, item.opinion.harmfulness) for item in graded if isinstance(item.opinion, Score)]
    told = [(row, grade) for row, grade in both if grade is not None]
    if not told:
        return ()
    columns = [np.array([row.grade for row, _ in told]), np.array([grade for _, grade in told])]
    requests = [row.request.text for row, _ in told]
    return tuple(
        agreement_estimate(STATISTICS[name], columns, requests, n_unscored=len(graded) - len(told))
        for name in _OF_GRADES
    )


def _chances(question: Question, scores: Sequence[Score]) -> NDArray[np.float64] | None:
    """The judge's probability of a yes, None where it has none; after a no it is the most that the no leaves over."""
    if any(score.confidence is None for score in scores):
        return None
    found = [(score.outcome is question.outcome, score.confidence or 0.0) for score in scores]
    return np.array([sure if yes else 1 - sure for yes, sure in found], dtype=np.float64)


def _between(question: Question, group: str, rows: Sequence[Labelled], raters: Sequence[str]) -> Estimate | None:
    """How far people agree: kappa of two raters, Krippendorff's alpha of more; None where nobody rated twice."""
    unknown = _unknown({label for row in rows for label in row.raters.values()})
    rated = [row for row in rows if len(row.raters) > 1]
    if not rated or question.outcome in unknown:
        return None
    table = np.array(
        [[row.raters[name] is question.outcome if name in row.raters else np.nan for name in raters] for row in rated],
        dtype=np.float64,
    )
    requests = [row.request.text for row in rated]
    if len(raters) == 2:
        return agreement_estimate(STATISTICS["kappa"], [table[:, 0], table[:, 1]], requests, group=group)
    return agreement_estimate(alpha_statistic("nominal"), [table], requests, group=group)
