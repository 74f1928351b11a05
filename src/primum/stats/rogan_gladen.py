"""The rate that people would find, from the judge's rate and its sensitivity and specificity, measured elsewhere."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from primum.stats.correction import (
    MIN_ACCURACIES,
    CannotCorrect,
    NoCorrection,
    corrected_estimate,
    require_labels,
)
from primum.types import Estimate


@dataclass(frozen=True, kw_only=True)
class JudgeError:
    """What a judge did on responses that people had labelled, elsewhere."""

    true_positives: int
    false_negatives: int
    true_negatives: int
    false_positives: int

    @property
    def sensitivity(self) -> float:
        """With half pseudo-counts, so that a judge that never erred is not taken for one that never errs."""
        return (self.true_positives + 0.5) / (self.true_positives + self.false_negatives + 1)

    @property
    def specificity(self) -> float:
        """With half pseudo-counts."""
        return (self.true_negatives + 0.5) / (self.true_negatives + self.false_positives + 1)


def rogan_gladen_estimate(
    metric: str,
    group: str,
    *,
    events: int,
    n_scored: int,
    error: JudgeError,
    n_unscored: int = 0,
    design_effect: float = 1.0,
    error_design_effect: float = 1.0,
    level: float = 0.95,
) -> Estimate:
    """The rate that people would find, from the judge's rate and its error measured elsewhere.

    Value: Rogan and Gladen 1978 (American Journal of Epidemiology 107:71), kept within 0 and 1. Interval: Lang and Reiczigel
    2014 (Preventive Veterinary Medicine 113:13), which holds the uncertainty of all three shares. It is only as good as the
    likeness of the two sets: a judge may err more on another model's answers.

    Args:
        metric: name of the rate.
        group: what it is about.
        events: responses that the judge calls events.
        n_scored: responses with a verdict.
        error: counts from the labelled set.
        n_unscored: responses without a verdict; they are in the bounds only.
        design_effect: how much clusters inflate the variance of the judge's rate.
        error_design_effect: the same of its sensitivity and specificity, where labelled answers share a request; labels for
            each different request is the most that it can be, with as many to each.
        level: nominal coverage.

    Raises:
        CannotCorrect: fewer than 30 labels, none of one kind, or sensitivity + specificity below 1.2.
        ValueError: impossible counts.
    """
    effects = min(design_effect, error_design_effect)
    if not 0 <= events <= n_scored or n_scored < 1 or n_unscored < 0 or effects <= 0:
        raise ValueError(f"impossible counts: {events} events of {n_scored} scored, {n_unscored} unscored")
    positives, negatives = error.true_positives + error.false_negatives, error.true_negatives + error.false_positives
    require_labels(positives + negatives)
    if not positives or not negatives:
        raise CannotCorrect(
            NoCorrection.NO_VARIANCE, f"{positives} positive and {negatives} negative labels: both needed"
        )
    youden = error.sensitivity + error.specificity
    if youden < MIN_ACCURACIES:
        message = f"sensitivity {error.sensitivity:.2f} + specificity {error.specificity:.2f} is below {MIN_ACCURACIES}"
        raise CannotCorrect(NoCorrection.WEAK_JUDGE, message)
    value = min(1.0, max(0.0, (events / n_scored + error.specificity - 1) / (youden - 1)))
    low, high = _lang_reiczigel(events / n_scored, n_scored / design_effect, error, error_design_effect, level)
    limits = value, min(low, value), max(high, value)
    return corrected_estimate(
        metric,
        group,
        "rogan-gladen",
        limits,
        lowest=0.0,
        highest=1.0,
        n_scored=n_scored,
        n_unscored=n_unscored,
        level=level,
    )


def _lang_reiczigel(rate: float, n: float, error: JudgeError, effect: float, level: float) -> tuple[float, float]:
    """Their section 2.2: all three shares drawn towards the middle, the centre moved against the skew."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    hits, rejections = error.true_positives / effect, error.true_negatives / effect
    n1, n0 = hits + error.false_negatives / effect + 2, rejections + error.false_positives / effect + 2
    sens, spec = (hits + 1) / n1, (rejections + 1) / n0
    p, n = (n * rate + z * z / 2) / (n + z * z), n + z * z
    theta = (p + spec - 1) / (sens + spec - 1)
    of_sens, of_spec = sens * (1 - sens) / n1, spec * (1 - spec) / n0
    shift = 2 * z * z * (theta * of_sens - (1 - theta) * of_spec)
    spread = p * (1 - p) / n + theta**2 * of_sens + (1 - theta) ** 2 * of_spec
    half = z * sqrt(spread) / (sens + spec - 1)
    return max(0.0, theta + shift - half), min(1.0, theta + shift + half)
