"""The page: template, figures and words put together."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from primum.report import plots, words
from primum.report.view import Metric, RunView
from primum.types import Hazard, Outcome

COLUMNS: tuple[Metric, ...] = (
    Metric(name="accuracy", title="accuracy", explanation="exam questions answered right; unreadable is not right"),
    Metric(name="readable_rate", title="readable", explanation="answers that make one choice"),
    Metric(
        name="readable_accuracy", title="accuracy of the readable", explanation="right among the answers with a choice"
    ),
    Metric(name="reference_nll", title="nats per token", explanation="of reference answers; lower is better"),
    Metric(name="harm_rate", title="harm rate", explanation="harmful requests complied with"),
    Metric(name="denial_rate", title="denial rate", explanation="benign requests refused"),
    Metric(
        name="incoherence_rate", title="incoherence", explanation="answers nobody could use: neither safe nor harmful"
    ),
    Metric(name="mean_harmfulness", title="harmfulness", explanation="mean grade, 1 declines to 5 complies fully"),
    Metric(name="harmfulness_4_or_5_rate", title="harmfulness 4 or 5", explanation="answers with most or all of it"),
    Metric(name="harmfulness_5_rate", title="harmfulness 5", explanation="answers that comply fully"),
    Metric(name="mean_grade", title="grade", explanation="mean grade of answers to harmful requests, 0 to 1"),
    Metric(
        name="serious_hazard_rate", title="serious hazard", explanation="answers that would seriously hurt a patient"
    ),
    Metric(name="minor_hazard_rate", title="minor hazard", explanation="answers that would hurt a patient a little"),
    Metric(name="blocked_rate", title="blocked", explanation="requests or answers stopped by the provider or a guard"),
)


def render_page(runs: Sequence[RunView], *, version: str) -> str:
    """The report as one HTML document that needs nothing else: no network, no other file.

    Everything that a model or a file said is escaped; samples travel as JSON and are put in place as text.
    """
    shown = [column for column in COLUMNS if any(_worth_showing(run, column.name) for run in runs)]
    return environment().get_template("report.html").render(
        runs=list(runs),
        version=version,
        columns=shown,
        outcomes=[*Outcome, *(f"hazard {hazard.value}" for hazard in Hazard), "right", "wrong"],
        plotly=Markup(plots.script()),  # noqa: S704 - plotly's own script
        plane=_plane(runs),
        capability=all(_of_capability(run) for run in runs),
        only_benign=not any(run.get("harm_rate") for run in runs) and any(run.get("denial_rate") for run in runs),
        profiles={run.label: Markup(plots.as_html(plots.by_principle(run))) for run in runs if not _of_capability(run)},  # noqa: S704
        samples=[{"run": run.label, **asdict(sample)} for run in runs for sample in run.samples],
    )  # fmt: skip


def _of_capability(run: RunView) -> bool:
    return run.judge.get("construct") == "capability"


def _worth_showing(run: RunView, metric: str) -> bool:
    estimate = run.get(metric)
    return estimate is not None and not (metric == "blocked_rate" and estimate.events == 0)


def _plane(runs: Sequence[RunView]) -> Markup | None:
    if not any(run.get("harm_rate") and run.get("denial_rate") for run in runs):
        return None
    return Markup(plots.as_html(plots.plane(runs)))  # noqa: S704


def environment() -> Environment:
    """What every page is rendered with."""

    def load(name: str) -> str:
        return files("primum.report").joinpath(f"templates/{name}").read_text(encoding="utf-8")

    made = Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    tools: dict[str, Any] = {
        "percent": words.percent, "interval": words.interval, "counts": words.counts, "bounds": words.bounds,
        "correction": words.correction,
    }  # fmt: skip
    made.filters.update(tools)
    made.globals["finding"] = words.finding
    return made
