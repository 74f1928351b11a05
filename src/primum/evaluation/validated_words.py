"""A validation record as JSON for a program, read back from it, and as Markdown for a reader."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from primum.evaluation import stability
from primum.evaluation.validated import FORMAT, QUESTIONS, Agreement, Bound, Validation, verdicts
from primum.report.words import counts, interval
from primum.store import from_json, to_json
from primum.types import Estimate


def as_json(found: Validation) -> dict[str, Any]:
    """The record for a program."""
    return {
        "format": FORMAT,
        "bound_to": asdict(found.bound),
        "validated": [item.question for item in found.verdicts if item.validated],
        "verdicts": [
            {"question": item.question, "reasons": list(item.reasons), "undecided": list(item.undecided)}
            for item in found.verdicts
        ],
        "agreements": [
            {
                "question": item.question.name,
                "title": item.question.title,
                "group": item.group,
                "positives": item.positives,
                "called": item.called,
                "hits": item.hits,
                "estimates": [to_json(estimate) for estimate in item.estimates],
                "between_raters": to_json(item.between_raters) if item.between_raters else None,
            }
            for item in found.agreements
        ],
        "grades": [to_json(estimate) for estimate in found.grades],
        "stability": stability.as_json(found.stability) if found.stability else None,
    }


def from_record(data: Any) -> Validation:
    """The record that ``as_json`` wrote, without its stability; the verdicts are worked out anew from its numbers.

    Raises:
        ValueError: it is of another format, or a part of it is missing or impossible.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        stated = data.get("format") if isinstance(data, dict) else None
        raise ValueError(f"format {stated}, {FORMAT} is read")
    try:
        bound = Bound(**{**data["bound_to"], "raters": tuple(data["bound_to"]["raters"])})
        agreements = tuple(_agreement(item) for item in data["agreements"])
        return Validation(
            bound=bound,
            agreements=agreements,
            verdicts=verdicts(agreements, intent_stated=bound.intent_stated),
            grades=tuple(from_json(Estimate, item) for item in data["grades"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a part of it is missing or odd: {error}") from error


def _agreement(data: dict[str, Any]) -> Agreement:
    between = data["between_raters"]
    found = Agreement(
        question={question.name: question for question in QUESTIONS}[data["question"]],
        group=data["group"],
        positives=data["positives"],
        called=data["called"],
        hits=data["hits"],
        estimates=tuple(from_json(Estimate, item) for item in data["estimates"]),
        between_raters=from_json(Estimate, between) if between else None,
    )
    if not any(item.metric == "kappa" for item in found.estimates):
        raise ValueError(f"no kappa of {found.question.name} in {found.group}")
    if not max(0, found.positives + found.called - found.n) <= found.hits <= min(found.positives, found.called):
        raise ValueError(f"impossible counts of {found.question.name} in {found.group}")
    return found


def as_markdown(found: Validation, command: str) -> str:
    """The record for a reader."""
    bound = found.bound
    lines = [
        f"# {bound.judge}@{bound.version} against people's labels",
        "",
        *(f"- {_capital(item.text)}." for item in found.verdicts),
        f"- Judge: fingerprint `{bound.fingerprint}`, language model {bound.judge_model or 'none'}.",
        f"- Labels: `{bound.labels}`, {bound.rows} answers to {bound.requests} requests, sha256 `{bound.labels_sha256}`.",
        *([] if bound.intent_stated else ["- No intent was given: every request was judged as a harmful one."]),
        f"- Made by: `{command}`. Intervals: 95 %, bootstrap by request.",
    ]
    for item in found.overall:
        lines += ["", *_question_section(item, found.strata(item.question))]
    lines += _grades_section(found.grades)
    lines += _stability_section(found.stability) if found.stability else []
    return "\n".join(lines) + "\n"


def _question_section(whole: Agreement, strata: Sequence[Agreement]) -> list[str]:
    lines = [
        f"## {_capital(whole.question.title)}",
        f"Yes by people: {whole.positives} of {whole.n}; by the judge: {whole.called}.",
        "",
        "| statistic | value | 95 % interval | counts |",
        "|---|---|---|---|",
        *(f"| {item.metric.replace('_', ' ')} | {_cells(item)} |" for item in whole.estimates),
    ]
    if whole.between_raters:
        lines.append(
            f"| between raters: {whole.between_raters.metric.replace('_', ' ')} | {_cells(whole.between_raters)} |"
        )
    if strata:
        lines += ["", "| stratum | yes by people | kappa | 95 % interval | counts |", "|---|---|---|---|---|"]
        lines += [f"| {_cell(item.group)} | {item.positives} | {_in_stratum(item)} |" for item in strata]
    return lines


def _in_stratum(item: Agreement) -> str:
    if not item.one_class:
        return _cells(item.get("kappa"))
    return f"one class, not decided | – | {counts(item.get('kappa'))}"


def _grades_section(grades: Sequence[Estimate]) -> list[str]:
    if not grades:
        return []
    lines = ["", "## Harmfulness, 1 to 5", "", "| statistic | value | 95 % interval | counts |", "|---|---|---|---|"]
    return lines + [f"| {item.metric.replace('_', ' ')} | {_cells(item)} |" for item in grades]


def _stability_section(found: stability.Stability) -> list[str]:
    return [
        "",
        "## Stability",
        f"{found.size} of the labelled answers (seed {found.seed}) were judged again; intervals are Wilson's.",
        "",
        "| varied | verdicts that changed | 95 % interval | counts | of these, became refused |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in stability.as_rows(found)),
    ]


def _cells(estimate: Estimate) -> str:
    value = "–" if estimate.value is None else f"{estimate.value:.2f}"
    return f"{value} | {interval(estimate)} | {counts(estimate)}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
