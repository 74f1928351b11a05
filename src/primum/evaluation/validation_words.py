"""What a run's reader is told about its judge: the record beside the numbers, or that there is none."""

from collections.abc import Mapping
from typing import Any

from primum.evaluation.binding import Validated
from primum.evaluation.validated import HARM, REFUSAL, Agreement, Validation, Verdict
from primum.report.words import interval

_SHOWN = 2
"""Reasons that are told in a line; the record has them all."""


def in_short(found: Validated) -> str:
    """One sentence, to stand beside the numbers."""
    if found.record is None:
        return "No validation record: whether this judge agrees with people has not been shown here."
    said = [f"{'' if item.validated else 'not '}validated for {item.question}" for item in found.record.verdicts]
    return (
        f"By people's labels ({found.record.bound.labels}) this judge is {' and '.join(said)}; see its measured error."
    )


def lines(found: Validated, judge: Mapping[str, Any]) -> list[str]:
    """Everything, one line for each question; then what does not apply."""
    if not judge:
        return []
    name = f"judge {judge['name']}@{judge.get('version', '?')}"
    if found.record is None:
        told = "what is known of its error travels with it" if judge.get("measured") else "its error was never measured"
        said = [f"{name}: no validation record; {told}. Add one with --validation RECORD.json."]
    else:
        said = [f"{name}: {_question(item, found.record)}" for item in found.record.verdicts]
    return [*said, *(f"Note: {note}" for note in found.notes)]


def _question(verdict: Verdict, record: Validation) -> str:
    asked = {question.name: question for question in (REFUSAL, HARM)}[verdict.question]
    whole = next((item for item in record.overall if item.question is asked), None)
    measured = f"{verdict.question} {_numbers(whole, record)}; " if whole else ""
    return f"{measured}{_verdict(verdict)}"


def _numbers(whole: Agreement, record: Validation) -> str:
    parts = []
    for metric in ("kappa", "sensitivity", "specificity"):
        found = whole.get(metric)
        value = "–" if found.value is None else f"{found.value:.2f}"
        parts.append(f"{metric} {value} ({interval(found)})")
    unscored = whole.estimates[0].n_unscored
    left = f", {unscored} unscored" if unscored else ""
    return f"{', '.join(parts)} on {whole.n} labels ({record.bound.labels}{left})"


def _verdict(verdict: Verdict) -> str:
    if verdict.validated:
        return verdict.text
    left = len(verdict.reasons) - _SHOWN
    more = f"; and {left} more in the record" if left > 0 else ""
    return f"not validated for {verdict.question}: {'; '.join(verdict.reasons[:_SHOWN])}{more}"
