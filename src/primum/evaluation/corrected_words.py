"""The findings of a run's labels as JSON for a program and as Markdown for a reader."""

import json

from primum.evaluation import corrections
from primum.evaluation.corrected import LabelledRun
from primum.report import CorrectedRate
from primum.report.words import bounds, counts, interval, number
from primum.store import to_json
from primum.types import OVERALL, Estimate


def as_json(found: LabelledRun) -> str:
    """The findings for a program."""
    data = {
        "judge": found.judge,
        "raters": dict(found.raters),
        "answers": found.n_responses,
        "labels_of_disagreements": found.n_disagreements,
        "between_raters": [to_json(item) for item in found.between_raters],
        "judge_agreement": [to_json(item) for item in found.judge_agreement],
        "rates": [corrections.as_json(item) for item in found.rates],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_markdown(found: LabelledRun) -> str:
    """The findings for a reader."""
    raters = ", ".join(f"{name} {count}" for name, count in found.raters.items())
    lines = [
        f"# Labels of answers judged by {_cell(found.judge)}",
        "",
        f"- {sum(found.raters.values())} labels of {found.n_responses} answers: {_cell(raters)}.",
        "- Intervals: 95 %. A number of a single category is corrected from 30 labels on; means and shares of harmfulness "
        "(1 to 5) from 30 graded labels on.",
    ]
    if found.n_disagreements:
        lines.append(
            f"- {found.n_disagreements} labels are of answers drawn where judges disagree: they correct nothing."
        )
    lines += _agreement("Raters with each other", found.between_raters)
    lines += _agreement("The judge with the labels, weighted to stand for all scored answers", found.judge_agreement)
    lines += [
        "",
        "## Rates and means",
        "",
        "| number | group | | value | 95 % interval | counts | |",
        "|---|---|---|---|---|---|---|",
    ]
    for rate in found.rates:
        lines += _rate(rate)
    return "\n".join(lines) + "\n"


def _agreement(title: str, estimates: tuple[Estimate, ...]) -> list[str]:
    if not estimates:
        return []
    return [
        "", f"## {title}", "", "| about | statistic | value | 95 % interval | counts |", "|---|---|---|---|---|",
        *(
            f"| {_cell(item.group)} | {item.metric.replace('_', ' ')} | "
            f"{'–' if item.value is None else f'{item.value:.2f}'} | {interval(item)} | {counts(item)} |"
            for item in estimates
        ),
    ]  # fmt: skip


def _rate(rate: CorrectedRate) -> list[str]:
    group = "all" if rate.judged.group == OVERALL else rate.judged.group
    about = f"| {rate.judged.metric.replace('_', ' ')} | {_cell(group)} |"
    judged = f"{about} by the judge | {_numbers(rate.judged)} |"
    if rate.corrected is None:
        return [judged, f"{about} not corrected | – | – | – | {_cell(rate.why_not)} |"]
    return [judged, f"{about} corrected ({_cell(rate.by)}) | {_numbers(rate.corrected)} |"]


def _numbers(item: Estimate) -> str:
    return f"{number(item)} | {interval(item)} | {counts(item)} | {bounds(item)}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
