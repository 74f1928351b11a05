"""What a report shows, as plain records that the workflow fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from primum.types import OVERALL, Estimate


@dataclass(frozen=True, kw_only=True)
class Metric:
    """How a metric is called in the page."""

    name: str
    title: str
    explanation: str


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One request with what the model made of it."""

    id: str
    category: str
    intent: str
    pair: str
    request: str
    response: str
    finish: str
    verdict: str
    """Outcome, or ``unscored``."""
    detail: str
    """Harmfulness, confidence or reason."""
    raw: str
    """The judge's own words."""


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One run under one judge."""

    label: str
    model: str
    dataset: str
    path: str
    created: str
    complete: bool
    judge: Mapping[str, Any]
    settings: Mapping[str, str]
    """Facts for the reader who wants to repeat it, in order."""
    command: str
    """The command that gives this run again."""
    groups: Mapping[str, str]
    """Id and title of each category, in the standard's order."""
    estimates: tuple[Estimate, ...]
    samples: tuple[Sample, ...]

    def get(self, metric: str, group: str = OVERALL) -> Estimate | None:
        """One number, or None where the run has none."""
        return next((item for item in self.estimates if (item.metric, item.group) == (metric, group)), None)
