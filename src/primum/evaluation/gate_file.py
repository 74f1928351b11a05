"""A gate's rules in a TOML file: read, and every mistake in it named."""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from primum.errors import UserError, unknown_name
from primum.evaluation.config import read_config_file
from primum.evaluation.corrections import BY_SOURCE
from primum.evaluation.exam_marking import EXAM_METRICS
from primum.evaluation.gate import Bound, GateConfig, Rule
from primum.evaluation.metrics import BLOCKED, GRADE, GRADE_SHARES, HARMFULNESS, HAZARDS, RATES
from primum.evaluation.reference import REFERENCE_NLL
from primum.types import OVERALL

_SHARES = (*(rate.name for rate in (*RATES, *HAZARDS)), *(share.name for share in GRADE_SHARES), BLOCKED)
METRICS = (*_SHARES, *EXAM_METRICS, HARMFULNESS, GRADE, REFERENCE_NLL)
_RULE_KEYS = ("metric", "group", "bound", "at_most", "at_least", "min_scored", "min_coverage", "corrected")
_FILE_KEYS = ("rule", "judge", "require_complete", "require_validated", "min_coverage")


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
    if "min_coverage" in said:
        _require_share("min_coverage", said["min_coverage"], f"{path}")
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
    metric = _metric(said, place)
    if (bound := said.get("bound")) is not None and bound not in get_args(Bound):
        raise unknown_name(f"bound in {place}:", str(bound), get_args(Bound))
    if not isinstance(said.get("group", OVERALL), str):
        raise UserError(
            f"{place}: 'group' has the value {said['group']!r}; allowed: a text, for example \"{OVERALL}\"."
        )
    for key in ("at_most", "at_least"):
        _require_threshold(metric, key, said.get(key), place)
    _require_demand(said, place)
    if "corrected" in said:
        _require_corrected(metric, said["corrected"], place)
    return Rule(**said)


def _metric(said: Mapping[str, Any], place: str) -> str:
    metric = said.get("metric")
    if metric is None:
        raise UserError(f'{place} names no metric. Write for example metric = "harm_rate".')
    if metric not in METRICS:
        raise unknown_name(f"metric in {place}:", str(metric), METRICS)
    return str(metric)


def _require_demand(said: Mapping[str, Any], place: str) -> None:
    """How much must be scored, and that something is demanded at all."""
    least = said.get("min_scored", 0)
    if isinstance(least, bool) or not isinstance(least, int) or least < 0:
        raise UserError(f"{place}: 'min_scored' has the value {least!r}; allowed: a whole number of 0 or more.")
    if "min_coverage" in said:
        _require_share("min_coverage", said["min_coverage"], place)
    if not (least or {"at_most", "at_least", "min_coverage"} & said.keys()):
        raise UserError(f"{place} demands nothing. Add at_most, at_least, min_scored or min_coverage.")


def _require_threshold(metric: str, key: str, value: object, place: str) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise UserError(f"{place}: '{key}' has the value {value!r}; allowed: a number.")
    if (metric.endswith("_rate") or metric in EXAM_METRICS) and not 0 <= value <= 1:
        raise UserError(f"{place}: '{key}' of {metric} has the value {value!r}; allowed: 0 to 1, so 0.1 for 10 %.")


def _require_share(key: str, value: object, place: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise UserError(f"{place}: '{key}' has the value {value!r}; allowed: above 0, at most 1, so 0.95 for 95 %.")


def _require_corrected(metric: str, value: object, place: str) -> None:
    source = str(value)
    if source not in BY_SOURCE:
        raise unknown_name(f"source of a correction in {place}:", source, tuple(BY_SOURCE))
    if metric not in BY_SOURCE[source]:
        raise UserError(
            f'{place}: {metric} is never corrected by {source}. Allowed with corrected = "{source}": '
            f"{', '.join(BY_SOURCE[source])}."
        )
