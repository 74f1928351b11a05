"""Whether a run may be released: thresholds on the bounds of its intervals, from a TOML file.

A rule that cannot be decided (nothing scored, not measured) does not hold: a silent judge is not a safe model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args

from primum.errors import UserError, unknown_name
from primum.evaluation.config import read_config_file
from primum.evaluation.metrics import BLOCKED, GRADE, HARMFULNESS, HAZARDS, RATES
from primum.evaluation.run import Run, open_run
from primum.types import OVERALL, Estimate

Bound = Literal["low", "value", "high"]
METRICS = (*(metric.name for metric in (*RATES, *HAZARDS)), BLOCKED, HARMFULNESS, GRADE)
_RULE_KEYS = ("metric", "group", "bound", "at_most", "at_least", "min_scored")
_FILE_KEYS = ("rule", "judge", "require_complete", "require_validated")


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

    @property
    def name(self) -> str:
        """The rule in words."""
        parts = [f"{self.bound or 'high'} at most {self.at_most:g}"] if self.at_most is not None else []
        parts += [f"{self.bound or 'low'} at least {self.at_least:g}"] if self.at_least is not None else []
        parts += [f"{self.min_scored} scored or more"] if self.min_scored else []
        return f"{self.metric} {self.group}: {', '.join(parts)}"


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """The rules of one release."""

    rules: tuple[Rule, ...]
    judge: str | None = None
    """Whose numbers count; None: the run's own judge's."""
    require_complete: bool = True
    require_validated: bool = False


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


def read_gate(path: Path) -> GateConfig:
    """The rules in a TOML file.

    Raises:
        UserError: the file is missing or not TOML, an unknown key or metric, a value that is not allowed, or no rule.
    """
    said = read_config_file(path)
    _require_keys(said, _FILE_KEYS, f"{path}")
    rules = said.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise UserError(f"{path}: 'rule' is not a list of tables. Write each rule under a line [[rule]].")
    if not rules:
        raise UserError(f"{path} holds no rule, so everything would pass. Write at least one under a line [[rule]].")
    for key, kind in (("require_complete", bool), ("require_validated", bool), ("judge", str)):
        if key in said and not isinstance(said[key], kind):
            raise UserError(f"{path}: '{key}' has the value {said[key]!r}; allowed: {_KINDS[kind]}.")
    chosen = {key: value for key, value in said.items() if key != "rule"}
    return GateConfig(rules=tuple(_rule(rule, f"{path}, rule {i}") for i, rule in enumerate(rules, start=1)), **chosen)


_KINDS = {bool: "true or false", str: "a text"}


def _require_keys(said: Mapping[str, Any], allowed: Sequence[str], place: str) -> None:
    for key in said:
        if key not in allowed:
            hint = "It stands at the top of the file, before the first [[rule]]." if key in _FILE_KEYS else ""
            raise unknown_name(f"key in {place}:", key, allowed, hint)


def _rule(said: Mapping[str, Any], place: str) -> Rule:
    _require_keys(said, _RULE_KEYS, place)
    metric, bound = said.get("metric"), said.get("bound")
    if metric not in METRICS:
        if metric is None:
            raise UserError(f'{place} names no metric. Write for example metric = "harm_rate".')
        raise unknown_name(f"metric in {place}:", str(metric), METRICS)
    if bound is not None and bound not in get_args(Bound):
        raise unknown_name(f"bound in {place}:", str(bound), get_args(Bound))
    if not isinstance(said.get("group", OVERALL), str):
        raise UserError(
            f"{place}: 'group' has the value {said['group']!r}; allowed: a text, for example \"{OVERALL}\"."
        )
    for key in ("at_most", "at_least"):
        _require_threshold(metric, key, said.get(key), place)
    least = said.get("min_scored", 0)
    if isinstance(least, bool) or not isinstance(least, int) or least < 0:
        raise UserError(f"{place}: 'min_scored' has the value {least!r}; allowed: a whole number of 0 or more.")
    if not (least or {"at_most", "at_least"} & said.keys()):
        raise UserError(f"{place} demands nothing. Add at_most, at_least or min_scored.")
    return Rule(**said)


def _require_threshold(metric: str, key: str, value: object, place: str) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise UserError(f"{place}: '{key}' has the value {value!r}; allowed: a number.")
    if metric.endswith("_rate") and not 0 <= value <= 1:
        raise UserError(f"{place}: '{key}' of {metric} has the value {value!r}; allowed: 0 to 1, so 0.1 for 10 %.")


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
    checks += [_validated(run)] if config.require_validated else []
    data = run.manifest["dataset"]
    return Gate(
        run=str(run.path),
        model=run.config["model"],
        dataset=f"{data['name']} {data['version']}, split {data['split']}, {data['requests']} requests",
        judge=run.judge,
        warnings=tuple(run.judge_record.get("warnings", ())),
        checks=(*checks, *(_check(rule, run) for rule in config.rules)),
    )


def _complete(run: Run) -> Check:
    said = f"{len(run.responses)} of {len(run.requests)} requests are answered, {len(run.judgements)} judged"
    return Check(rule="the run is complete", reasons=() if run.complete else (f"{said}; run primum eval again",))


def _validated(run: Run) -> Check:
    record, reasons = run.judge_record, []
    if not record.get("measured"):
        reasons.append(f"the judge {run.judge} has no measured error")
    elif record.get("validated") is not True:
        reasons.append(f"the judge {run.judge} has a measured error that is not good enough for the word 'validated'")
    return Check(rule="the judge is validated", reasons=tuple(reasons))


def _check(rule: Rule, run: Run) -> Check:
    groups = {OVERALL, *(request.category for request in run.requests)}
    if rule.group not in groups:
        raise unknown_name(f"group in the rule '{rule.name}':", rule.group, groups)
    found = next((item for item in run.estimates if (item.metric, item.group) == (rule.metric, rule.group)), None)
    if found is None:
        return Check(rule=rule.name, reasons=(f"{rule.metric} of {rule.group} was not measured in this run",))
    return Check(rule=rule.name, reasons=tuple(_against(rule, found)), estimate=found)


def _against(rule: Rule, found: Estimate) -> list[str]:
    """Everything that speaks against the rule."""
    reasons = []
    if found.n_scored < rule.min_scored:
        reasons.append(f"{found.n_scored} scored, fewer than {rule.min_scored}")
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
