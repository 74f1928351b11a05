"""What demonstrations do to a model: every measure by arm and number of demonstrations, over seeds.

An *arm* is a choice of demonstrations with its mixture. At one arm and number there is a model for each seed. A request's
value is its mean over these models, the number is the mean of the requests' values, and its interval is about other
requests: whole requests are resampled (the two of a pair together). It is not about other seeds, of which there are too few
for an interval; their own values stand beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from primum.evaluation import Run
from primum.evaluation.compared import COMPARED, Compared
from primum.evaluation.kinds import Kind
from primum.evaluation.reference import REFERENCE_NLL
from primum.stats import bootstrap_means, cluster_numbers, paired_difference, ratio_estimate, relative_change
from primum.types import OVERALL, Request

Floats = NDArray[np.float64]
_ENDS = tuple[float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class Change:
    """The paired difference against the model as it is, over requests that both are scored on."""

    value: float
    """Difference of a rate; for a likelihood the change as a share of the base's."""
    low: float
    high: float
    n_requests: int


@dataclass(frozen=True, kw_only=True)
class DosePoint:
    """One measure at one arm and number of demonstrations; at the base the arm is empty and the number 0."""

    arm: str
    n: int
    value: float | None
    """Mean over requests of a request's mean over seeds; None where nothing was scored."""
    low: float | None
    high: float | None
    n_requests: int
    """Requests with a score under a seed or more."""
    n_scored: int
    """Answers with a score: a request counts once for each seed."""
    n_unscored: int
    events: int | None
    """Scored answers behind a rate; None for a likelihood."""
    seeds: Mapping[str, float | None]
    """Each seed's own value; the base has one, under no name."""
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One measure of one model, at every arm and number."""

    model: str
    data: str
    """Name of the data set in the study."""
    metric: str
    base: DosePoint | None
    """None where the model itself was left out."""
    points: tuple[DosePoint, ...]

    @property
    def relative(self) -> bool:
        """Whether changes are shares of the base's value and not points."""
        return self.metric == REFERENCE_NLL


Seeds = Mapping[str, Run]
"""The run of each seed, on one data set."""


def curves_of(model: str, data: str, base: Run | None, doses: Mapping[tuple[str, int], Seeds]) -> tuple[Curve, ...]:
    """Every measure of a data set.

    Args:
        model: Name of the model that was trained.
        data: Name of the data set.
        base: The run of the model as it is.
        doses: Runs of the trained ones, by arm and number.
    """
    first = next(run for runs in doses.values() for run in runs.values())
    found = []
    for metric, measure in _measures(first):
        old = None if base is None else _Series.of({"": base}, measure)
        points = []
        for (arm, n), runs in doses.items():
            new = _Series.of(runs, measure)
            points.append(new.point(arm, n, _seeds(runs, metric), None if old is None else _change(new, old)))
        start = None if old is None or base is None else old.point("", 0, _seeds({"": base}, metric), None)
        found.append(Curve(model=model, data=data, metric=metric, base=start, points=tuple(points)))
    return tuple(found)


def _measures(run: Run) -> list[tuple[str, Compared | None]]:
    """The measures of a run, each with what its rate counts; None for the likelihood of reference answers."""
    if run.kind is Kind.REFERENCE:
        return [(REFERENCE_NLL, None)]
    told = {item.metric for item in run.estimates if item.group == OVERALL}
    return [(item.name, item) for item in COMPARED[run.kind] if item.name in told]


def _seeds(runs: Seeds, metric: str) -> dict[str, float | None]:
    return {seed: run.estimate(metric).value for seed, run in runs.items()}


@dataclass(frozen=True, kw_only=True)
class _Series:
    """A request's values under every seed: shape (seeds, requests), NaN where there is no score."""

    requests: tuple[Request, ...]
    values: Floats
    """Zeros and ones of a rate, or the nats of an answer."""
    tokens: Floats | None
    """Tokens of each answer, in the same shape; None for a rate."""

    @classmethod
    def of(cls, runs: Seeds, measure: Compared | None) -> "_Series":
        first = next(iter(runs.values()))
        if measure is None:
            nats = [
                {item.request_id: -item.logprobs[0] for item in run.likelihoods if item.logprobs}
                for run in runs.values()
            ]
            tokens = [
                {item.request_id: item.tokens[0] for item in run.likelihoods if item.logprobs} for run in runs.values()
            ]
            return cls(
                requests=first.requests, values=_table(nats, first.requests), tokens=_table(tokens, first.requests)
            )
        asked = tuple(request for request in first.requests if request.intent in measure.intents)
        return cls(requests=asked, values=_table([measure.events(run) for run in runs.values()], asked), tokens=None)

    @property
    def means(self) -> Floats:
        """Mean of every request over the seeds that scored it; NaN where none did."""
        return _mean(self.values)

    def point(self, arm: str, n: int, seeds: Mapping[str, float | None], change: Change | None) -> DosePoint:
        """The number with its interval and counts."""
        scored = ~np.isnan(self.values)
        value, (low, high) = self._number()
        return DosePoint(
            arm=arm,
            n=n,
            value=value,
            low=low,
            high=high,
            n_requests=int(scored.any(axis=0).sum()),
            n_scored=int(scored.sum()),
            n_unscored=int((~scored).sum()),
            events=None if self.tokens is not None else int(np.nansum(self.values)),
            seeds=seeds,
            change=change,
        )

    def _number(self) -> tuple[float | None, _ENDS]:
        means = self.means
        kept = ~np.isnan(means)
        if not kept.any():
            return None, (None, None)
        if self.tokens is not None:
            found = ratio_estimate(REFERENCE_NLL, OVERALL, means[kept], _mean(self.tokens)[kept])
            return found.value, (found.low, found.high)
        pairs = [request.pair for request in self.requests]
        draws = bootstrap_means(means, cluster_numbers(pairs), [OVERALL] * len(pairs))
        low, high = draws.wilson()
        return float(draws.value[0, 0]), (_or_none(low[0, 0]), _or_none(high[0, 0]))


def _change(new: _Series, old: _Series) -> Change | None:
    """The paired difference; None where nothing is scored in both, or their models cut answers into other tokens."""
    both = ~np.isnan(new.means) & ~np.isnan(old.means)
    if not both.any():
        return None
    if new.tokens is not None and old.tokens is not None:
        if not np.array_equal(_mean(new.tokens)[both], _mean(old.tokens)[both]):
            return None
        share = relative_change(new.means[both], old.means[both], margin=0.0)
        return Change(value=share.value, low=share.low, high=share.high, n_requests=share.n_items)
    found = paired_difference(new.means, old.means, [request.pair for request in new.requests])
    return Change(value=found.value, low=found.low, high=found.high, n_requests=found.n_items)


def _table(found: Sequence[Mapping[str, float]], requests: Sequence[Request]) -> Floats:
    return np.array([[values.get(request.id, np.nan) for request in requests] for values in found], dtype=np.float64)


def _mean(table: Floats) -> Floats:
    """Means of the columns over what is scored; NaN where nothing is."""
    scored = (~np.isnan(table)).sum(axis=0)
    means: Floats = np.where(scored, np.nansum(table, axis=0) / np.maximum(scored, 1), np.nan)
    return means


def _or_none(value: float) -> float | None:
    return None if isnan(value) else float(value)
