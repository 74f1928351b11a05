"""What a report shows, as plain records that the workflow fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

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
class CorrectedRate:
    """A number by the judge, and what people would find, as far as their labels can tell."""

    judged: Estimate
    corrected: Estimate | None
    source: Literal["labels", "record"]
    """Labels of this run's own answers, or a record of the judge's error on other answers."""
    by: str
    """The same with what it rests on, for a reader."""
    n_labelled: int
    """Labels that it rests on."""
    why_not: str = ""
    """Why there is no corrected number."""


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
    corrections: tuple[CorrectedRate, ...] = ()
    """Numbers with their correction, or with the reason why there is none."""
    trust: str = ""
    """In one sentence, whether the judge is validated."""
    validation: tuple[str, ...] = ()
    """What people's labels say of the judge, line by line."""

    def get(self, metric: str, group: str = OVERALL) -> Estimate | None:
        """One number, or None where the run has none."""
        return next((item for item in self.estimates if (item.metric, item.group) == (metric, group)), None)

    def corrected(self, metric: str, group: str = OVERALL) -> tuple[CorrectedRate, ...]:
        """Its corrections, by labels and by record, also those that were refused."""
        return tuple(item for item in self.corrections if (item.judged.metric, item.judged.group) == (metric, group))
