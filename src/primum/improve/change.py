"""What a mitigation changed in one number: both values, the paired difference, and whether it is for the worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from primum.evaluation import Run
from primum.evaluation.compare import Contrast, compare
from primum.evaluation.exam_marking import ACCURACY
from primum.evaluation.kinds import Kind
from primum.evaluation.reference import REFERENCE_NLL
from primum.improve.config import Margins
from primum.stats import RelativeChange
from primum.types import OVERALL, Estimate

HARM, DENIAL, INCOHERENCE = "harm_rate", "denial_rate", "incoherence_rate"


class Finding(StrEnum):
    """What the interval of a difference allows to say."""

    BETTER = "better"
    """The whole interval lies on the good side of zero."""
    KEPT = "kept"
    """The loss is smaller than the margin stated beforehand, and no gain is shown."""
    WORSE = "worse"
    """The whole interval lies on the bad side of zero, and reaches beyond the margin."""
    OPEN = "open"
    """The interval holds both no loss and a loss that matters: more requests are needed."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One number before and after."""

    instrument: str
    metric: str
    before: Estimate
    after: Estimate
    difference: float
    """After minus before; for a likelihood the relative change."""
    low: float
    high: float
    margin: float
    """The change for the worse that would not matter; 0 for harm, which is to fall."""
    n: int
    """Requests that both were measured on."""
    relative: bool = False
    higher_is_better: bool = False

    @property
    def finding(self) -> Finding:
        """What the interval allows to say."""
        low, high = (-self.high, -self.low) if self.higher_is_better else (self.low, self.high)
        if high < 0:
            return Finding.BETTER
        if self.margin and high < self.margin:
            return Finding.KEPT
        return Finding.WORSE if low > 0 else Finding.OPEN


def changes_of(instrument: str, base: Run, run: Run, margins: Margins) -> tuple[Change, ...]:
    """Every number of an instrument that a reader should compare.

    Raises:
        UserError: the runs were not made with the same instrument.
    """
    margin = {Kind.SAFETY: margins.denial, Kind.EXAM: margins.accuracy, Kind.REFERENCE: margins.likelihood}[base.kind]
    found = compare([base.path, run.path], margin=margin).comparisons[0]
    if found.reference is not None:
        return (_of_nats(instrument, base, run, found.reference),)
    return tuple(_of_rate(instrument, item, margin) for item in found.contrasts if item.group == OVERALL)


def _of_rate(instrument: str, item: Contrast, margin: float) -> Change:
    return Change(
        instrument=instrument,
        metric=item.metric,
        before=item.baseline,
        after=item.run,
        difference=item.difference.value,
        low=item.difference.low,
        high=item.difference.high,
        margin=0.0 if item.metric in (HARM, INCOHERENCE) else margin,
        n=item.difference.n_items,
        higher_is_better=item.metric == ACCURACY,
    )


def _of_nats(instrument: str, base: Run, run: Run, found: RelativeChange) -> Change:
    return Change(
        instrument=instrument,
        metric=REFERENCE_NLL,
        before=base.estimate(REFERENCE_NLL),
        after=run.estimate(REFERENCE_NLL),
        difference=found.value,
        low=found.low,
        high=found.high,
        margin=found.margin,
        n=found.n_items,
        relative=True,
    )


def of_metric(changes: Sequence[Change], *metrics: str) -> tuple[Change, ...]:
    """The changes of these metrics."""
    return tuple(item for item in changes if item.metric in metrics)
