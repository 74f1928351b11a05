"""From an improvement to its page."""

from typing import TYPE_CHECKING

import primum
from primum.evaluation.kinds import Kind
from primum.evaluation.summary import run_view
from primum.improve.words import margins_of, rows_of, trust_of
from primum.report import ImprovementView, RunView, render_improvement
from primum.types import Intent

if TYPE_CHECKING:
    from primum.improve.result import Improvement


def page_of(found: "Improvement") -> str:
    """The page about all subjects."""
    twins = _twins(found)
    view = ImprovementView(
        model=found.config.model,
        verdicts={item.subject: item.text for item in found.verdicts},
        runs=_views(found, twins),
        twins=twins,
        rows=rows_of(found),
        costs=found.costs,
        margins=margins_of(found),
        trust=trust_of(found),
        facts={
            "model": found.config.model,
            "mitigations": ", ".join(found.config.mitigations),
            "seed": str(found.config.seed),
            "changes of recipes": ", ".join(f"{key} = {value}" for key, value in found.config.training.items())
            or "none",
            "rows like the test": found.config.on_overlap,
            "folder": str(found.folder),
        },
        folders={
            f"{item.subject.name} on {name}": str(run.path)
            for item in found.measured
            for name, run in item.runs.items()
        },
    )
    return render_improvement(view, version=primum.__version__)


def _twins(found: "Improvement") -> str:
    """The first instrument that puts harmful and benign requests to the model."""
    for name, run in found.measured[0].runs.items():
        if run.kind is Kind.SAFETY and {request.intent for request in run.requests} == set(Intent):
            return name
    return ""


def _views(found: "Improvement", twins: str) -> tuple[RunView, ...]:
    if not twins:
        return ()
    return tuple(run_view(item.runs[twins], item.subject.name) for item in found.measured)
