"""How well verdicts agree with labels on one yes/no question, as the record that travels with a judge."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from primum.judges.card import MeasuredError

RESAMPLES = 2_000
AUROC_RESAMPLES = 400
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def measured_error(
    *, labels: str, quantity: str, requests: Sequence[str], true: Sequence[bool] | Flags, said: Sequence[bool] | Flags
) -> MeasuredError:
    """Agreement of ``said`` with ``true``, with a bootstrap that resamples requests, not rows."""
    truth, verdicts = np.asarray(true, dtype=np.bool_), np.asarray(said, dtype=np.bool_)
    names = {name: place for place, name in enumerate(dict.fromkeys(requests))}
    group = np.array([names[request] for request in requests])
    generator = np.random.default_rng(0)
    draws = []
    for _ in range(RESAMPLES):
        weight = np.bincount(generator.integers(len(names), size=len(names)), minlength=len(names))[group]
        draws.append(_kappa(truth, verdicts, weight.astype(float)))
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return MeasuredError(
        labels=labels,
        quantity=quantity,
        n=len(requests),
        sensitivity=_share(verdicts[truth]),
        specificity=_share(~verdicts[~truth]),
        kappa=round(_kappa(truth, verdicts, np.ones(len(requests))), 3),
        kappa_low=round(float(low), 3),
        kappa_high=round(float(high), 3),
    )


def _kappa(true: Flags, said: Flags, weight: Floats) -> float:
    total = weight.sum()
    agree = weight[true == said].sum() / total
    yes_true, yes_said = weight[true].sum() / total, weight[said].sum() / total
    chance = yes_true * yes_said + (1 - yes_true) * (1 - yes_said)
    return float((agree - chance) / (1 - chance)) if chance < 1 else float("nan")


def _share(flags: Flags) -> float:
    return round(float(flags.mean()), 3) if len(flags) else float("nan")


def auroc_interval(requests: Sequence[str], true: Flags, chance: Floats) -> tuple[float, float, float]:
    """Area under the ROC curve with its 95 % interval, resampling requests."""
    names = {name: place for place, name in enumerate(dict.fromkeys(requests))}
    group = np.array([names[request] for request in requests])
    generator = np.random.default_rng(0)
    order = np.argsort(chance, kind="stable")
    draws = []
    for _ in range(AUROC_RESAMPLES):
        weight = np.bincount(generator.integers(len(names), size=len(names)), minlength=len(names))[group]
        draws.append(_auroc(true[order], chance[order], weight[order].astype(float)))
    low, high = np.nanquantile(draws, [0.025, 0.975])
    whole = _auroc(true[order], chance[order], np.ones(len(true)))
    return round(whole, 3), round(float(low), 3), round(float(high), 3)


def calibration_error(true: Flags, chance: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean distance of probability and share, over ten equal steps of probability."""
    step = np.minimum((chance * bins).astype(int), bins - 1)
    distances = [
        abs(true[step == place].mean() - chance[step == place].mean()) * (step == place).mean()
        for place in range(bins)
        if (step == place).any()
    ]
    return round(float(sum(distances)), 3)


def _auroc(true: Flags, chance: Floats, weight: Floats) -> float:
    """Weighted, ties counting half; ``chance`` is in rising order."""
    yes, no = weight * true, weight * ~true
    _, start = np.unique(chance, return_index=True)
    yes_at, no_at = np.add.reduceat(yes, start), np.add.reduceat(no, start)
    below = np.cumsum(no_at) - no_at
    whole = yes.sum() * no.sum()
    return float((yes_at * (below + no_at / 2)).sum() / whole) if whole else float("nan")
