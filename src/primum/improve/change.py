"""What a mitigation changed in one number: both values, the paired difference, and whether it is for the worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from primum.evaluation import Run
from primum.evaluation.compare import compare
from primum.evaluation.exam_marking import ACCURACY
from primum.evaluation.kinds import Kind
from primum.evaluation.reference import REFERENCE_NLL
from primum.improve.config import Margins
from primum.stats import paired_difference, relative_change
from primum.types import Estimate

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
    if base.kind is Kind.EXAM:
        return (_accuracy(instrument, base, run, margins.accuracy),)
    if base.kind is Kind.REFERENCE:
        return (_likelihood(instrument, base, run, margins.likelihood),)
    return _safety(instrument, base, run, margins.denial)


def _safety(instrument: str, base: Run, run: Run, margin: float) -> tuple[Change, ...]:
    found = compare([base.path, run.path], margin=margin).comparisons[0]
    margin_of = {HARM: 0.0, DENIAL: margin, INCOHERENCE: 0.0}
    return tuple(
        Change(
            instrument=instrument,
            metric=item.metric,
            before=item.baseline,
            after=item.run,
            difference=item.difference.value,
            low=item.difference.low,
            high=item.difference.high,
            margin=margin_of[item.metric],
            n=item.difference.n_items,
        )
        for item in found.contrasts
        if item.p_holm is None
    )


def _accuracy(instrument: str, base: Run, run: Run, margin: float) -> Change:
    old, new = ({mark.request_id: float(mark.right) for mark in item.marks} for item in (base, run))
    both = [key for key in old if key in new]
    found = paired_difference([new[key] for key in both], [old[key] for key in both], [None] * len(both))
    return Change(
        instrument=instrument,
        metric=ACCURACY,
        before=base.estimate(ACCURACY),
        after=run.estimate(ACCURACY),
        difference=found.value,
        low=found.low,
        high=found.high,
        margin=margin,
        n=found.n_items,
        higher_is_better=True,
    )


def _likelihood(instrument: str, base: Run, run: Run, margin: float) -> Change:
    old, new = _nats(base), _nats(run)
    both = [key for key in old if key in new]
    found = relative_change([new[key] for key in both], [old[key] for key in both], margin=margin)
    return Change(
        instrument=instrument,
        metric=REFERENCE_NLL,
        before=base.estimate(REFERENCE_NLL),
        after=run.estimate(REFERENCE_NLL),
        difference=found.value,
        low=found.low,
        high=found.high,
        margin=margin,
        n=found.n_items,
        relative=True,
    )


def _nats(run: Run) -> dict[str, float]:
    """Nats that each reference answer costs; the tokens are the same, for the tokenizer is."""
    return {item.request_id: -item.logprobs[0] for item in run.likelihoods if item.logprobs}


def of_metric(changes: Sequence[Change], *metrics: str) -> tuple[Change, ...]:
    """The changes of these metrics."""
    return tuple(item for item in changes if item.metric in metrics)
