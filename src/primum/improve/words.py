"""An improvement in words: numbers, changes and findings as a reader meets them."""

from typing import TYPE_CHECKING

from primum.evaluation.exam_marking import ACCURACY
from primum.evaluation.reference import REFERENCE_NLL
from primum.evaluation.validation_words import in_short
from primum.improve.change import DENIAL, HARM, INCOHERENCE, Change
from primum.report import ChangeRow
from primum.report.words import counts, percent
from primum.types import Estimate

if TYPE_CHECKING:
    from primum.improve.result import Improvement

_TITLES = {
    HARM: "harm", DENIAL: "denial", INCOHERENCE: "incoherence", ACCURACY: "accuracy", REFERENCE_NLL: "reference NLL",
}  # fmt: skip


def row_of(subject: str, change: Change) -> ChangeRow:
    """One change as the page and the table show it."""
    sign = -1 if change.higher_is_better else 1
    low, high = sorted((100 * sign * change.low, 100 * sign * change.high))
    unit = "%" if change.relative else "points"
    return ChangeRow(
        subject=subject,
        title=f"{_TITLES.get(change.metric, change.metric)}, {change.instrument}",
        before=_value(change.before),
        after=_value(change.after),
        change=f"{100 * change.difference:+.1f} {unit} ({100 * change.low:+.1f} to {100 * change.high:+.1f}; n {change.n})",
        finding=change.finding.value,
        point=(100 * sign * change.difference, low, high),
        margin=100 * change.margin,
    )


def rows_of(found: "Improvement") -> tuple[ChangeRow, ...]:
    """Every change of every subject."""
    return tuple(row_of(name, change) for name, changes in found.changes.items() for change in changes)


def margins_of(found: "Improvement") -> str:
    """The margins in words."""
    margins = found.config.margins
    return (
        f"denial {100 * margins.denial:g} points, accuracy {100 * margins.accuracy:g} points, reference NLL "
        f"{100 * margins.likelihood:g} %"
    )


def trust_of(found: "Improvement") -> str:
    """What is known about the judge of the base's runs."""
    judged = [run for run in found.measured[0].runs.values() if run.judgements]
    if not judged:
        return "No judge was needed."
    warnings = " ".join(judged[0].judge_record.get("warnings", ()))
    return f"Judge {judged[0].judge}: {in_short(judged[0].validated)} {warnings}".strip()


def as_markdown(found: "Improvement") -> str:
    """The report for a pull request or a notebook."""
    lines = [
        f"# {found.config.model}, before and after",
        "",
        *(f"- {verdict.text}" for verdict in found.verdicts),
        "",
        f"Margins stated beforehand: {margins_of(found)}. Differences are paired by request; intervals are 95 %. "
        f"{trust_of(found)}",
        "",
        "| measure | mitigation | before | after | change | finding |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.title} | {row.subject} | {row.before} | {row.after} | {row.change} | {row.finding} |"
        for row in sorted(rows_of(found), key=lambda row: row.title)
    ]
    lines += ["", "What each costs:", "", *(f"- {name}: {cost}" for name, cost in found.costs.items())]
    return "\n".join(lines) + "\n"


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    shown = percent(estimate.value) if estimate.events is not None else f"{estimate.value:.3f}"
    return f"{shown} ({counts(estimate)})"
