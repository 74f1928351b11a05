"""How well verdicts agree with labels on one yes/no question, as the record that travels with a judge."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from primum.judges.card import MeasuredError

RESAMPLES = 2_000
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def measured_error(
    *, labels: str, quantity: str, requests: Sequence[str], true: Sequence[bool], said: Sequence[bool]
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
