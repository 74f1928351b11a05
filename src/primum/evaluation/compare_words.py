"""A comparison as a page for a reader and as JSON for a program; it never repeats a request or an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isinf, isnan
from typing import Any

from primum.evaluation.compare import Comparison, Comparisons, Contrast
from primum.report.words import counts, interval, percent
from primum.stats import Effect, NonInferiority, RelativeChange
from primum.types import OVERALL

_HOW = (
    "Only requests that the judge scored in both runs count. A difference is the run's rate minus the baseline's, with a "
    "95 % interval from 10,000 resamples of whole pairs, which is too short where the runs differ on few requests: there "
    "the p-value is the better guide. p: McNemar's mid-p; where both twins of a pair count "
    "(incoherence), from flipped signs of whole pairs, because the twins are not independent. The intervals of the two "
    "rates, of Cohen's h (0.2 small, 0.5 medium, 0.8 large) and of the discordant odds ratio take requests as independent, "
    "and are too short where both twins count. Holm's adjustment is over the principles of one rate. The judge's errors "
    "are in none of the intervals."
)


def points(value: float) -> str:
    """``-0.1`` as ``-10.0``: percentage points with their sign."""
    return f"{100 * value:+.1f}"


def change(contrast: Contrast) -> str:
    """``-10.0 points (-13.2 to -6.9)``."""
    found = contrast.difference
    return f"{points(found.value)} points ({points(found.low)} to {points(found.high)})"


def p_value(value: float) -> str:
    """Three digits after the point, or ``< 0.001``."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def not_worse(found: NonInferiority) -> str:
    """The answer to *is denial worse by less than the margin?* in one sentence."""
    margin, bound = (
        f"{100 * found.margin:g} points",
        f"at most {points(found.bound)} points ({100 * found.level:g} % limit)",
    )
    if found.holds:
        return f"Denial is not worse by {margin} or more: the rise is {bound}."
    return f"Not shown that denial is worse by less than {margin}: the rise is {bound}."


def not_less(found: NonInferiority) -> str:
    """The answer to *is the accuracy lower by less than the margin?* in one sentence."""
    margin, bound = f"{100 * found.margin:g} points", f"{points(found.bound)} points ({100 * found.level:g} % limit)"
    if found.holds:
        return f"Accuracy is not lower by {margin} or more: the change is at least {bound}."
    return f"Not shown that accuracy is lower by less than {margin}: the change may be {bound}."


def nats(found: RelativeChange) -> str:
    """The change of the nats per token, and whether it is smaller than the margin, in one sentence."""
    change_, margin = f"{100 * found.value:+.2f} %", f"{100 * found.margin:g} %"
    told = f"Nats per token of the reference answers: {change_} ({100 * found.low:+.2f} to {100 * found.high:+.2f} %; "
    counted = f"n = {found.n_items}" + (f", {found.n_unscored} left out" if found.n_unscored else "") + ")"
    verdict = "not worse by" if found.holds else "not shown to be worse by less than"
    return f"{told}{counted}: {verdict} {margin}{' or more' if found.holds else ''}."


def verdicts(item: Comparison) -> list[str]:
    """Every claim that the run is no worse, each in one sentence."""
    found = [(item.denial, not_worse), (item.accuracy, not_less)]
    told = [sentence(claim) for claim, sentence in found if claim is not None]
    return told + ([nats(item.reference)] if item.reference is not None else [])


def as_markdown(found: Comparisons, command: str = "") -> str:
    """A page with one section for each run."""
    data = found.dataset
    lines = [
        "# Comparison of runs",
        "",
        *((f"```sh\n{command}\n```", "") if command else ()),
        f"Baseline: `{found.baseline}` ({_cell(found.models[found.baseline])}) · data set {_cell(data['name'])} "
        f"{data['version']}, split {data['split']}, {data['requests']:,} requests · judge {_cell(found.judge)}",
        "",
        *(line for item in found.comparisons for line in _section(found, item)),
        "## How it was compared",
        "",
        _HOW,
        *(f"\nNote: {warning}" for warning in found.warnings),
    ]
    return "\n".join(lines) + "\n"


def _section(found: Comparisons, item: Comparison) -> Iterator[str]:
    yield from (f"## `{item.run}` ({_cell(found.models[item.run])})", "")
    changed = [f"{name}: {_cell(one)} → {_cell(other)}" for name, (one, other) in item.changed.items()]
    yield from (f"Changed: {'; '.join(changed) or 'nothing that the manifests tell'}", "")
    if item.contrasts:
        yield from _table(item.contrasts)
    for verdict in verdicts(item):
        yield from (verdict, "")
    for note in item.notes:
        yield from (f"Note: {note}", "")


def _table(contrasts: Sequence[Contrast]) -> Iterator[str]:
    yield "| rate | group | baseline | run | difference | p | p (Holm) | Cohen's h | discordant odds ratio | left out |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    yield from (_row(contrast) for contrast in contrasts)
    yield ""


def _row(contrast: Contrast) -> str:
    sides = [f"{percent(side.value)} ({interval(side)}; {counts(side)})" for side in (contrast.baseline, contrast.run)]
    holm = "–" if contrast.p_holm is None else p_value(contrast.p_holm)
    differ = f"{contrast.table.only_first} : {contrast.table.only_second}"
    cells = [
        contrast.metric, f"**{OVERALL}**" if contrast.group == OVERALL else _cell(contrast.group), *sides, change(contrast),
        p_value(contrast.p), holm, effect(contrast.cohens_h), f"{effect(contrast.odds_ratio)}; {differ}",
        str(contrast.left_out),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def effect(found: Effect) -> str:
    """``0.25 (0.11 to 0.39)``, a dash where the table does not define it."""
    value = "–" if isnan(found.value) else _number(found.value)
    return f"{value} ({_number(found.low)} to {_number(found.high)})"


def _number(value: float) -> str:
    return "∞" if isinf(value) else f"{value:.2f}"


def _cell(value: Any) -> str:
    """Any text in one table cell, its markup defused."""
    text = "none" if value is None else " ".join(str(value).split())
    text = text if len(text) <= 60 else f"{text[:57]}…"
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def as_json(found: Comparisons) -> dict[str, Any]:
    """Everything, JSON-ready; what is infinite is the text ``infinity``, what is not defined is null."""
    data = _plain(asdict(found))
    for item, comparison in zip(data["comparisons"], found.comparisons, strict=True):
        for record, contrast in zip(item["contrasts"], comparison.contrasts, strict=True):
            record.update(p=contrast.p, independent=contrast.independent, left_out=contrast.left_out)
    assert isinstance(data, dict)
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and isnan(value):
        return None
    return "infinity" if isinstance(value, float) and isinf(value) else value
