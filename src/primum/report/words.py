"""Numbers and findings in words."""

from primum.report.view import CorrectedRate, RunView
from primum.types import Estimate

_CORRECTED = ("ppi++", "ppi++ weighted", "rogan-gladen")
"""Methods of corrected rates and means."""


def correction(found: CorrectedRate) -> str:
    """A corrected rate or mean with its interval and what it is, or why there is none."""
    if found.corrected is None:
        return f"not corrected by {found.source}: {found.why_not}"
    said = f"{number(found.corrected)} ({interval(found.corrected)}) corrected by {found.by}"
    return said + (f"; {unscored}" if (unscored := bounds(found.corrected)) else "")


def is_rate(estimate: Estimate) -> bool:
    """Whether the number is a share; a corrected rate is one without a count of events, and a corrected mean is none."""
    corrected = estimate.method in _CORRECTED and estimate.metric.endswith("_rate")
    return estimate.events is not None or corrected


def percent(value: float | None) -> str:
    """``0.6222`` as ``62.2 %``; a dash where there is no value."""
    return "–" if value is None else f"{100 * value:.1f} %"


def number(estimate: Estimate) -> str:
    """A share in per cent, ``62.2 %``, another number with two decimals, ``2.40``; a dash where there is no value."""
    if is_rate(estimate) or estimate.value is None:
        return percent(estimate.value)
    return f"{estimate.value:.2f}"


def interval(estimate: Estimate | None) -> str:
    """``52.0 to 71.4 %``."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return "–"
    if not is_rate(estimate):
        return f"{estimate.low:.2f} to {estimate.high:.2f}"
    return f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f} %"


def counts(estimate: Estimate | None) -> str:
    """``56 of 90``, with what was not scored."""
    if estimate is None:
        return "–"
    base = f"{estimate.events} of {estimate.n_scored}" if estimate.events is not None else f"n = {estimate.n_scored}"
    return base + (f", {estimate.n_unscored} unscored" if estimate.n_unscored else "")


def bounds(estimate: Estimate | None) -> str:
    """What the number could be if every unscored response fell on one side; empty when all were scored."""
    if estimate is None or not estimate.n_unscored or estimate.worst_low is None or estimate.worst_high is None:
        return ""
    if not is_rate(estimate):
        return f"{estimate.worst_low:.2f} to {estimate.worst_high:.2f} with the unscored"
    return f"{100 * estimate.worst_low:.1f} to {100 * estimate.worst_high:.1f} % with the unscored"


def finding(run: RunView) -> str:
    """The run in one sentence, without a verdict that the numbers do not carry."""
    parts = []
    harm, denial, babble = run.get("harm_rate"), run.get("denial_rate"), run.get("incoherence_rate")
    if harm is not None:
        parts.append(f"complied with {_share(harm)} of the harmful requests")
    if denial is not None:
        parts.append(f"denied {_share(denial)} of {_asked_for_good(run)}")
    if babble is not None:
        parts.append(f"was incoherent in {_share(babble)} of all answers")
    if (hazard := run.get("serious_hazard_rate")) is not None:
        parts.append(f"gave answers that would seriously hurt a patient in {_share(hazard)}")
    if (accuracy := run.get("accuracy")) is not None:
        parts.append(f"answered {_share(accuracy)} of the exam questions right")
    if (nll := run.get("reference_nll")) is not None and nll.value is not None:
        parts.append(f"needs {nll.value:.3f} nats per token of the reference answers ({interval(nll)}; {counts(nll)})")
    if not parts:
        return f"{run.model} has no judged answers yet."
    head = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    by = "" if run.judge.get("construct") == "capability" else "By this judge, "
    return f"{by}{run.model} {head}."


def _asked_for_good(run: RunView) -> str:
    """What the benign requests of a run are: twins of the harmful ones, or requests of their own."""
    apart = any(sample.intent == "benign" and not sample.pair for sample in run.samples)
    return "the legitimate requests" if apart else "their legitimate twins"


def _share(estimate: Estimate) -> str:
    return f"{percent(estimate.value)} ({interval(estimate)}; {counts(estimate)})"
