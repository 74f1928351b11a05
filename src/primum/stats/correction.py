"""When a number may be corrected for its judge's errors, and what a corrected number looks like.

An interval around the judge's own rate is about the judge, not about harm: with a judge that errs it often misses the rate
that people would find (``benchmarks/coverage.py`` shows by how much). Three ways to mend that, by how people's labels came
about:

* ``ppi_estimate``: responses of *this* run, drawn at random, were labelled (PPI++);
* ``weighted_ppi_estimate``: drawn at random within strata, for example all judge-positives and some negatives, which is the
  way when harm is rare;
* ``rogan_gladen_estimate``: the judge's sensitivity and specificity were measured *elsewhere*, on other responses.

None mends labels that were picked by hand. All refuse, with ``CannotCorrect``, what they cannot do well.
"""

from enum import StrEnum

from primum.errors import PrimumError
from primum.types import Estimate

MIN_LABELS = 30
MIN_ACCURACIES = 1.2
"""Sensitivity plus specificity below which a judge says too little (1 is a coin)."""


class NoCorrection(StrEnum):
    """Why a number could not be corrected."""

    FEW_LABELS = "few_labels"
    NO_VARIANCE = "no_variance"
    """All labels are the same, so they do not show where the judge errs."""
    WEAK_JUDGE = "weak_judge"
    """Sensitivity and specificity together are too low."""
    MIXED = "mixed"
    """The labels come from samples that do not go together."""
    NOT_TOLD = "not_told"
    """The labels or the record do not tell what the number is about."""


class CannotCorrect(PrimumError):  # noqa: N818 - a refusal that is counted and printed, not a failure
    """The labels or the judge do not allow a correction; ``reason`` says which rule refused."""

    def __init__(self, reason: NoCorrection, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def require_labels(n: int) -> None:
    """Refuse a correction that rests on fewer than 30 labels.

    Raises:
        CannotCorrect: it does.
    """
    if n < MIN_LABELS:
        raise CannotCorrect(NoCorrection.FEW_LABELS, f"{n} labels, at least {MIN_LABELS} needed")


def corrected_estimate(
    metric: str,
    group: str,
    method: str,
    limits: tuple[float, float, float],
    *,
    lowest: float,
    highest: float,
    n_scored: int,
    n_unscored: int,
    level: float,
) -> Estimate:
    """An estimate from (value, low, high) between 0 and 1, put on its scale; the bounds add the unscored responses."""
    width, total = highest - lowest, n_scored + n_unscored
    value, low, high = (lowest + width * limit for limit in limits)
    return Estimate(
        metric=metric,
        group=group,
        value=value,
        low=low,
        high=high,
        level=level,
        method=method,
        n_scored=n_scored,
        n_unscored=n_unscored,
        worst_low=(value * n_scored + lowest * n_unscored) / total,
        worst_high=(value * n_scored + highest * n_unscored) / total,
    )
