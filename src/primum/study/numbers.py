"""The numbers of a cell: our estimates, and the standard error that papers write beside a mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import stdev

from primum.evaluation import Run
from primum.evaluation.kinds import Kind
from primum.evaluation.metrics import HARMFULNESS
from primum.types import OVERALL, Estimate, Intent, Score

SHOWN: dict[Kind, tuple[str, ...]] = {
    Kind.SAFETY: (HARMFULNESS, "harm_rate", "denial_rate"),
    Kind.EXAM: ("accuracy", "readable_rate"),
    Kind.REFERENCE: ("reference_nll",),
}
"""Metrics of each kind of run in the table for readers; the files for programs have all."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One number of one cell."""

    subject: str
    model: str
    """Who was asked, as ``primum eval`` knows it."""
    data: str
    judge: str
    run: str
    """The run's folder."""
    estimate: Estimate
    sem: float | None = None
    """Standard error of a mean harmfulness, as Han et al. report it; None for every other number."""


def rows_of(run: Run, subject: str, data: str) -> list[Row]:
    """Every number of a run, overall and by group, as lines of a study's table."""
    return [
        Row(
            subject=subject,
            model=run.config["model"],
            data=data,
            judge=run.judge,
            run=str(run.path),
            estimate=estimate,
            sem=standard_error(_grades(run, estimate.group)) if estimate.metric == HARMFULNESS else None,
        )
        for estimate in run.estimates
    ]


def standard_error(values: Sequence[float]) -> float | None:
    """Standard deviation over the root of n; None for fewer than two values."""
    return stdev(values) / sqrt(len(values)) if len(values) > 1 else None


def _grades(run: Run, group: str) -> list[float]:
    members = {
        request.id
        for request in run.requests
        if request.intent is Intent.HARMFUL and group in (OVERALL, request.category)
    }
    opinions = [judgement.opinion for judgement in run.judgements if judgement.request_id in members]
    return [
        opinion.harmfulness for opinion in opinions if isinstance(opinion, Score) and opinion.harmfulness is not None
    ]
