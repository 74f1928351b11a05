"""A run's rates, corrected by its judge's error on answers that people labelled elsewhere (Rogan and Gladen).

It is only as good as the likeness of those answers to the run's: a judge may err more on another model's. Harm is corrected
by the judge's error on harmful requests, denial by that on benign ones. Where many of the labelled answers share one
request, the judge may err on all of them together: the record's labels then count for as many as it has different requests.
"""

from primum.evaluation.run import Run
from primum.evaluation.validated import ENOUGH, HARM, REFUSAL, Agreement, Validation
from primum.report import CorrectedRate
from primum.stats import CannotCorrect, JudgeError, NoCorrection, rogan_gladen_estimate
from primum.types import OVERALL, Estimate, Intent

RATES = {"harm_rate": HARM, "denial_rate": REFUSAL}
"""What a record corrects, each with the question whose error it takes."""


def corrected_by_record(run: Run) -> tuple[CorrectedRate, ...]:
    """The run's rates, overall and by category, by the validation record in its folder; none where there is none."""
    record = run.validated.record
    if record is None:
        return ()
    rates = [item for item in run.estimates if item.metric in RATES]
    return tuple(_corrected(item, record) for item in sorted(rates, key=lambda item: item.group != OVERALL))


def _corrected(judged: Estimate, record: Validation) -> CorrectedRate:
    corrected, why_not, n = None, "", 0
    effect = max(1.0, record.bound.rows / max(1, record.bound.requests))
    try:
        found = _agreement(judged, record)
        n = found.n
        corrected = _rogan_gladen(judged, found, effect)
    except CannotCorrect as error:
        why_not = str(error)
    return CorrectedRate(
        judged=judged, corrected=corrected, source="record", n_labelled=n, why_not=why_not,
        by=f"the judge's error on {n} labels of other answers ({record.bound.labels}{_shared(n, effect)}), Rogan-Gladen",
    )  # fmt: skip


def _shared(n: int, effect: float) -> str:
    return f"; they count as {n / effect:.0f}, since {effect:.1f} answers share a request" if n and effect > 1 else ""


def _rogan_gladen(judged: Estimate, found: Agreement, effect: float) -> Estimate:
    if not judged.n_scored or judged.events is None:
        raise CannotCorrect(NoCorrection.NOT_TOLD, "nothing was scored")
    return rogan_gladen_estimate(
        judged.metric,
        judged.group,
        events=judged.events,
        n_scored=judged.n_scored,
        n_unscored=judged.n_unscored,
        error=JudgeError(
            true_positives=found.hits,
            false_negatives=found.positives - found.hits,
            true_negatives=found.n - found.positives - found.called + found.hits,
            false_positives=found.called - found.hits,
        ),
        error_design_effect=effect,
        level=judged.level,
    )


def _agreement(judged: Estimate, record: Validation) -> Agreement:
    """The judge's error on labels of the same kind of request.

    Raises:
        CannotCorrect: the record has none, or too few of them.
    """
    question = RATES[judged.metric]
    if question is HARM and not record.bound.intent_stated:
        raise CannotCorrect(NoCorrection.NOT_TOLD, "the record's labels do not say which requests are harmful")
    wanted = _stratum(judged, record)
    found = next((item for item in record.agreements if item.question is question and item.group == wanted), None)
    if found is None:
        kind = "harmful" if question is HARM else "benign"
        where = "" if judged.group == OVERALL else f" in '{judged.group}'"
        raise CannotCorrect(
            NoCorrection.FEW_LABELS, f"the record has no labels of this kind of answers to {kind} requests{where}"
        )
    if found.n < ENOUGH:
        raise CannotCorrect(NoCorrection.FEW_LABELS, f"{found.n} labels, at least {ENOUGH} needed")
    return found


def _stratum(judged: Estimate, record: Validation) -> str:
    """Where the record holds it: harm is about harmful requests anyway, refusal is about both kinds."""
    only_benign = set(record.bound.intents) == {Intent.BENIGN.value} and record.bound.intent_stated
    mixed = RATES[judged.metric] is REFUSAL and not only_benign
    if judged.group == OVERALL:
        return f"intent: {Intent.BENIGN.value}" if mixed else OVERALL
    return "" if mixed else f"group: {judged.group}"  # a stratum of both kinds says nothing about one of them
