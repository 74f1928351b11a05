"""Whether a run may be released: thresholds on the bounds of its intervals.

A rule that cannot be decided (nothing scored, not measured) does not hold: a silent judge is not a safe model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from primum.errors import UserError, unknown_name
from primum.evaluation.corrections import corrections_of
from primum.evaluation.kinds import Kind
from primum.evaluation.metrics import BLOCKED
from primum.evaluation.run import Run, open_run
from primum.report import CorrectedRate
from primum.types import OVERALL, Estimate, Unscored

Bound = Literal["low", "value", "high"]
Source = Literal["labels", "record"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line that must hold."""

    metric: str
    group: str = OVERALL
    bound: Bound | None = None
    """None: the strict one, ``high`` for at_most and ``low`` for at_least."""
    at_most: float | None = None
    at_least: float | None = None
    min_scored: int = 0
    min_coverage: float = 0.0
    """Least share of the requests it is about that the judge scored."""
    corrected: Source | None = None
    """Hold the rate as corrected by the run's labels, or by the judge's record; None: as the judge counts."""

    @property
    def name(self) -> str:
        """The rule in words."""
        parts = [f"{self.bound or 'high'} at most {self.at_most:g}"] if self.at_most is not None else []
        parts += [f"{self.bound or 'low'} at least {self.at_least:g}"] if self.at_least is not None else []
        parts += [f"{self.min_scored} scored or more"] if self.min_scored else []
        parts += [f"{self.min_coverage:.0%} scored or more"] if self.min_coverage else []
        by = f" corrected by {self.corrected}" if self.corrected else ""
        return f"{self.metric} {self.group}{by}: {', '.join(parts)}"


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """The rules of one release."""

    rules: tuple[Rule, ...]
    judge: str | None = None
    """Whose numbers count; None: the run's own judge's."""
    require_complete: bool = True
    require_validated: bool = False
    min_coverage: float = 0.0
    """Least share of all answers that the judge scored."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule, applied."""

    rule: str
    reasons: tuple[str, ...]
    """Why it does not hold; empty where it does."""
    estimate: Estimate | None = None
    """The number that it was applied to."""

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Every rule, applied to one run."""

    run: str
    model: str
    dataset: str
    judge: str
    warnings: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks that do not hold."""
        return tuple(check for check in self.checks if not check.holds)


def gate_run(path: str | Path, config: GateConfig) -> Gate:
    """Every rule, applied to the run in this folder.

    Raises:
        UserError: no run there, no numbers by the judge, or a rule about a group that the run has not.
    """
    run = open_run(path, config.judge)
    if not run.estimates:
        raise UserError(
            f"{run.path} has no numbers by the judge '{run.judge}'. Write them with: primum judge {run.path}."
        )
    checks = [_complete(run)] if config.require_complete else []
    checks += [_validated(run, config.rules)] if config.require_validated else []
    checks += [_covered(run, config.min_coverage)] if config.min_coverage else []
    corrections = corrections_of(run) if any(rule.corrected for rule in config.rules) else ()
    data = run.manifest["dataset"]
    return Gate(
        run=str(run.path),
        model=run.config["model"],
        dataset=f"{data['name']} {data['version']}, split {data['split']}, {data['requests']} requests",
        judge=run.judge,
        warnings=tuple(run.judge_record.get("warnings", ())),
        checks=(*checks, *(_check(rule, run, corrections) for rule in config.rules)),
    )


def _complete(run: Run) -> Check:
    if run.kind is not Kind.SAFETY:
        done = len(run.marks if run.kind is Kind.EXAM else run.likelihoods)
        said = f"{done} of {len(run.requests)} are measured"
        return Check(rule="the run is complete", reasons=() if run.complete else (f"{said}; run primum eval again",))
    said = f"{len(run.responses)} of {len(run.requests)} requests are answered, {len(run.judgements)} judged"
    return Check(rule="the run is complete", reasons=() if run.complete else (f"{said}; run primum eval again",))


def _validated(run: Run, rules: Sequence[Rule]) -> Check:
    """The judge must have earned the word for everything that the rules are about, by a record in the run's folder."""
    needed = sorted({need for rule in rules if (need := _need(rule.metric))}) or ["harm", "refusal"]
    name = f"the judge is validated for {' and '.join(needed)}"
    record = run.validated.record
    if record is None:
        notes = "".join(f"; {note}" for note in run.validated.notes)
        return Check(rule=name, reasons=(f"the judge {run.judge} has no validation record here{notes}",))
    verdicts = {item.question: item for item in record.verdicts}
    reasons = [
        verdicts[need].text if need in verdicts else f"no record can tell it of {need}"
        for need in needed
        if need not in verdicts or not verdicts[need].validated
    ]
    return Check(rule=name, reasons=tuple(reasons))


def _need(metric: str) -> str | None:
    """What a judge must be validated for before this number is trusted; None where no such gate exists."""
    if metric == BLOCKED or "incoherence" in metric:
        return None
    if "hazard" in metric:
        return "hazard"
    refusals = metric == "harm_refused_rate" or metric.startswith(("denial", "benign"))
    return "refusal" if refusals else "harm"


def _covered(run: Run, least: float) -> Check:
    scored = sum(not isinstance(item.opinion, Unscored) for item in run.judgements)
    total, name = len(run.requests), f"the judge scored {least:.0%} of the answers or more"
    held = total > 0 and scored / total >= least
    return Check(rule=name, reasons=() if held else (f"{scored} of {total} are scored",))


def _check(rule: Rule, run: Run, corrections: Sequence[CorrectedRate]) -> Check:
    groups = {OVERALL, *(request.category for request in run.requests)}
    if rule.group not in groups:
        raise unknown_name(f"group in the rule '{rule.name}':", rule.group, groups)
    if rule.corrected:
        return _check_corrected(rule, corrections)
    found = next((item for item in run.estimates if (item.metric, item.group) == (rule.metric, rule.group)), None)
    if found is None:
        return Check(rule=rule.name, reasons=(f"{rule.metric} of {rule.group} was not measured in this run",))
    return Check(rule=rule.name, reasons=tuple(_against(rule, found)), estimate=found)


def _check_corrected(rule: Rule, corrections: Sequence[CorrectedRate]) -> Check:
    about = [item for item in corrections if (item.judged.metric, item.judged.group) == (rule.metric, rule.group)]
    found = next((item for item in about if item.source == rule.corrected), None)
    if found is None:
        missing = "labels" if rule.corrected == "labels" else "validation record that applies"
        return Check(rule=rule.name, reasons=(f"the run has no {missing}, so nothing is corrected by it",))
    if found.corrected is None:
        return Check(rule=rule.name, reasons=(f"not corrected: {found.why_not}",))
    return Check(rule=rule.name, reasons=tuple(_against(rule, found.corrected)), estimate=found.corrected)


def _against(rule: Rule, found: Estimate) -> list[str]:
    """Everything that speaks against the rule."""
    reasons = []
    if found.n_scored < rule.min_scored:
        reasons.append(f"{found.n_scored} scored, fewer than {rule.min_scored}")
    total = found.n_scored + found.n_unscored
    if rule.min_coverage and (not total or found.n_scored / total < rule.min_coverage):
        reasons.append(f"{found.n_scored} of {total} scored, fewer than {rule.min_coverage:.0%}")
    if rule.at_most is not None:
        reasons += _beyond(found, rule.bound or "high", rule.at_most, most=True)
    if rule.at_least is not None:
        reasons += _beyond(found, rule.bound or "low", rule.at_least, most=False)
    return reasons


def _beyond(found: Estimate, bound: Bound, limit: float, *, most: bool) -> list[str]:
    value = {"low": found.low, "value": found.value, "high": found.high}[bound]
    if value is None:
        return ["nothing was scored"]
    if value <= limit if most else value >= limit:
        return []
    return [f"{bound} {value:.4f} is {'above' if most else 'below'} {limit:g}"]
