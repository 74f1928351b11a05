"""A study's numbers side by side: Markdown for a reader, CSV and JSON for a program."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import primum
from primum.evaluation.metrics import HARMFULNESS
from primum.report.words import counts, interval, is_rate, percent
from primum.store import write_text
from primum.study.numbers import SHOWN, Row
from primum.study.plan import StudyPlan
from primum.study.subject import Subject
from primum.types import OVERALL

TITLES = {
    HARMFULNESS: "harmfulness 1 to 5",
    "harm_rate": "harm rate",
    "denial_rate": "denial rate",
    "accuracy": "accuracy",
    "readable_rate": "readable answers",
    "incoherence_rate": "incoherence",
    "reference_nll": "NLL of reference answers",
}
"""Metrics in a reader's words."""
_COLUMNS = (
    "subject", "model", "data", "group", "metric", "value", "low", "high", "level", "method", "sem", "n_scored",
    "n_unscored", "events", "worst_low", "worst_high", "judge", "run",
)  # fmt: skip


def write_table(plan: StudyPlan, rows: Sequence[Row], done: int) -> Path:
    """Write ``table.md``, ``table.csv`` and ``study.json`` into the study's folder; gives the first one's path.

    Args:
        plan: The study.
        rows: Numbers of the cells that are done.
        done: How many these are.

    Raises:
        RunError: a file cannot be written.
    """
    target = plan.folder / "table.md"
    write_text(target, markdown(plan, rows, done))
    write_text(plan.folder / "table.csv", _csv(rows))
    write_text(plan.folder / "study.json", json.dumps(_record(plan, rows, done), indent=2, ensure_ascii=False) + "\n")
    return target


def markdown(plan: StudyPlan, rows: Sequence[Row], done: int) -> str:
    """The table for a reader: a section for each data set, a line for each model (and group, if the study says so)."""
    study = plan.study
    parts = [f"# {study.title}", *([study.about] if study.about else []), _state(plan, done)]
    for data in plan.data:
        mine = [row for row in rows if row.data == data.name]
        if mine:
            parts.append(_section(plan, data.name, mine))
    return "\n\n".join([*parts, _notes(plan, rows)]) + "\n"


def _section(plan: StudyPlan, name: str, rows: Sequence[Row]) -> str:
    metrics = [
        metric for shown in SHOWN.values() for metric in shown if any(row.estimate.metric == metric for row in rows)
    ]
    groups = list(dict.fromkeys(row.estimate.group for row in rows)) if plan.study.groups else [OVERALL]
    head = ["model", *(["group"] if plan.study.groups else []), *(TITLES[metric] for metric in metrics)]
    found = {(row.subject, row.estimate.group, row.estimate.metric): row for row in rows}
    labels = {item.name: _label(item) for item in plan.subjects}
    lines = [_line(head), _line(["---"] * len(head))]
    for subject in dict.fromkeys(row.subject for row in rows):
        for group in groups:
            cells = [_cell(found.get((subject, group, metric))) for metric in metrics]
            lines.append(_line([labels[subject], *([group] if plan.study.groups else []), *cells]))
    judges = ", ".join(dict.fromkeys(row.judge for row in rows))
    return f"## {name}\n\nRead by {judges}.\n\n" + "\n".join(lines)


def _label(subject: Subject) -> str:
    """A name that nobody can quote as the study's own model where another one answered."""
    if not subject.stands_in:
        return subject.name
    return f"{subject.name} (here {'a training of ' if subject.teaching else ''}{subject.model})"


def _cell(row: Row | None) -> str:
    if row is None:
        return "–"
    estimate = row.estimate
    if estimate.value is None:
        return f"– ({counts(estimate)})"
    value = percent(estimate.value) if is_rate(estimate) else f"{estimate.value:.2f}"
    sem = f" ± {row.sem:.2f}" if row.sem is not None else ""
    return f"{value}{sem} ({interval(estimate)}; {counts(estimate)})"


def _state(plan: StudyPlan, done: int) -> str:
    whole = plan.planned
    state = f"{done} of {whole} cells." if done < whole else f"All {whole} cells."
    return f"{state} Study file `{plan.study.path.name}`, sha256 {plan.study.sha256[:16]}; primum {primum.__version__}."


def _notes(plan: StudyPlan, rows: Sequence[Row]) -> str:
    notes = ["In brackets: the 95 % interval, and the counts that a number rests on."]
    if any(row.sem is not None for row in rows):
        notes.append("± is the standard error of the mean, as Han et al. (arXiv 2403.03744) report it.")
    stood_in = [item for item in plan.subjects if item.stands_in]
    if stood_in:
        models = ", ".join(dict.fromkeys(item.model for item in stood_in))
        notes.append(f"{len(stood_in)} of {len(plan.subjects)} models are not the study's own: {models} stands there.")
    for cell in plan.cells:
        if cell.training is not None and cell.training.overlap:
            what = "left out" if cell.training.left_out else "trained on"
            notes.append(
                f"{cell.subject.name}: {len(cell.training.overlap)} rows resemble test requests and were {what}."
            )
    return "\n".join(f"- {note}" for note in dict.fromkeys(notes))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _csv(rows: Sequence[Row]) -> str:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, fieldnames=_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_flat(row) for row in rows)
    return sink.getvalue()


def _flat(row: Row) -> dict[str, Any]:
    return {**{key: value for key, value in asdict(row).items() if key != "estimate"}, **asdict(row.estimate)}


def _record(plan: StudyPlan, rows: Sequence[Row], done: int) -> dict[str, Any]:
    return {
        "study": {"name": plan.study.name, "title": plan.study.title, "sha256": plan.study.sha256},
        "primum": primum.__version__,
        "cells": {"done": done, "planned": plan.planned},
        "rows": [_flat(row) for row in rows],
    }
