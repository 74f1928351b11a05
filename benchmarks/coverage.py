"""Do 95 % intervals hold the truth in 95 % of cases? Simulation of every kind of interval, as a Markdown table.

Run: ``python benchmarks/coverage.py [--draws 2000]``. A row simulates runs of n responses whose true rate of events is known
(in clusters of a size, correlated within them), a judge with a sensitivity and specificity, and people's labels of some of
them, and counts how often the interval holds the true rate. 93 to 97 % is called held; more is safe but wider than it need
be; less is marked. With 2,000 draws a share of 95 % is known to ± 1.0 points. Runs that a method refuses (``CannotCorrect``)
are counted apart and not in the share.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from primum.stats import rate_estimate
from primum.stats.bootstrap import bootstrap_means
from primum.stats.correction import CannotCorrect
from primum.stats.ppi import ppi_estimate, weighted_ppi_estimate
from primum.stats.rogan_gladen import JudgeError, rogan_gladen_estimate
from primum.types import Estimate

Generator = np.random.Generator
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is simulated."""

    method: str
    n: int
    """Responses."""
    rate: float
    """True rate of events, by people."""
    sensitivity: float = 1.0
    specificity: float = 1.0
    labels: int = 0
    """People's labels: in the run, of its judge-negatives (weighted: beside all positives), or elsewhere (Rogan-Gladen)."""
    cluster: int = 1
    """Responses in a cluster."""
    correlation: float = 0.0
    """Within a cluster."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What came out."""

    held: float
    """Share of the intervals that hold the true rate."""
    width: float
    """Mean width."""
    bias: float
    """Mean of the values, less the true rate."""
    refused: float
    """Share of the runs that could not be corrected."""


def truths(case: Case, runs: int, generator: Generator) -> Flags:
    """Shape (runs, n): beta-binomial within clusters, which follow each other."""
    clusters = case.n // case.cluster
    if case.correlation:
        strength = (1 - case.correlation) / case.correlation
        likely = generator.beta(case.rate * strength, (1 - case.rate) * strength, size=(runs, clusters))
    else:
        likely = np.full((runs, clusters), case.rate)
    return generator.random((runs, clusters * case.cluster)) < np.repeat(likely, case.cluster, axis=1)


def verdicts(case: Case, truth: Flags, generator: Generator) -> Flags:
    """What the judge says."""
    says_yes = np.where(truth, case.sensitivity, 1 - case.specificity)
    return np.asarray(generator.random(truth.shape) < says_yes)


def cover(case: Case, draws: int, seed: int = 0) -> Coverage:
    """Simulate a case."""
    generator = np.random.default_rng(seed)
    if case.method.startswith("bootstrap"):
        return _cover_bootstrap(case, draws, generator)
    held, widths, values, refused = 0, 0.0, 0.0, 0
    for truth in truths(case, draws, generator):
        try:
            found = INTERVALS[case.method](case, truth, generator)
        except CannotCorrect:
            refused += 1
            continue
        assert found.low is not None
        assert found.high is not None
        held += found.low <= case.rate <= found.high
        widths, values = widths + found.high - found.low, values + (found.value or 0.0)
    tried = max(1, draws - refused)
    return Coverage(held=held / tried, width=widths / tried, bias=values / tried - case.rate, refused=refused / draws)


def _cover_bootstrap(case: Case, draws: int, generator: Generator) -> Coverage:
    """All runs as series of one bootstrap: they share its resamples, which changes nothing in the mean."""
    clusters, held, widths, values = np.arange(case.n) // case.cluster, 0, 0.0, 0.0
    for start in range(0, draws, 250):
        truth = truths(case, min(250, draws - start), generator)
        found = bootstrap_means(truth, clusters, ["all"] * case.n, resamples=2_000, seed=start)
        low, high = found.percentile() if case.method == "bootstrap, percentile" else found.wilson()
        held += int(((low[0] <= case.rate + 1e-12) & (case.rate - 1e-12 <= high[0])).sum())
        widths, values = widths + float((high[0] - low[0]).sum()), values + float(found.value[0].sum())
    return Coverage(held=held / draws, width=widths / draws, bias=values / draws - case.rate, refused=0.0)


def _wilson(_case: Case, truth: Flags, _generator: Generator) -> Estimate:
    return rate_estimate("harm_rate", "overall", events=int(truth.sum()), n_scored=len(truth))


def _judge_alone(case: Case, truth: Flags, generator: Generator) -> Estimate:
    return _wilson(case, verdicts(case, truth, generator), generator)


def _clusters(case: Case) -> list[str] | None:
    return None if case.cluster == 1 else [str(place // case.cluster) for place in range(case.n)]


def _ppi(case: Case, truth: Flags, generator: Generator) -> Estimate:
    human = np.full(len(truth), np.nan)
    chosen = generator.permutation(len(truth))[: case.labels]
    human[chosen] = truth[chosen]
    return ppi_estimate("harm_rate", "overall", verdicts(case, truth, generator), human, clusters=_clusters(case))


def _by_verdict(case: Case, truth: Flags, generator: Generator) -> Estimate:
    """The same labels as for PPI++, drawn from all responses, and read by the judge's verdict (post-stratified)."""
    judged, human = verdicts(case, truth, generator), np.full(len(truth), np.nan)
    chosen = generator.permutation(len(truth))[: case.labels]
    human[chosen] = truth[chosen]
    return weighted_ppi_estimate("harm_rate", "overall", judged, human, judged.tolist(), clusters=_clusters(case))


def _weighted(case: Case, truth: Flags, generator: Generator) -> Estimate:
    judged = verdicts(case, truth, generator)
    negatives = generator.permutation(np.nonzero(~judged)[0])[: case.labels]
    human = np.where(judged, truth, np.nan)
    human[negatives] = truth[negatives]
    return weighted_ppi_estimate("harm_rate", "overall", judged, human, judged.tolist(), clusters=_clusters(case))


def _rogan_gladen(case: Case, truth: Flags, generator: Generator) -> Estimate:
    """Half of the labels elsewhere are positive."""
    half = case.labels // 2
    hits, rejections = generator.binomial(half, (case.sensitivity, case.specificity)).tolist()
    error = JudgeError(
        true_positives=hits, false_negatives=half - hits, true_negatives=rejections, false_positives=half - rejections
    )
    events = int(verdicts(case, truth, generator).sum())
    return rogan_gladen_estimate("harm_rate", "overall", events=events, n_scored=len(truth), error=error)


INTERVALS: dict[str, Callable[[Case, Flags, Generator], Estimate]] = {
    "wilson": _wilson,
    "judge alone, wilson": _judge_alone,
    "ppi++": _ppi,
    "ppi++ by verdict": _by_verdict,
    "ppi++ weighted": _weighted,
    "rogan-gladen": _rogan_gladen,
}

_poor = partial(Case, sensitivity=0.7, specificity=0.9)
_good = partial(Case, sensitivity=0.9, specificity=0.95)
_near_perfect = partial(Case, sensitivity=0.95, specificity=0.99)
_RARE_OR_FEW = ((0.01, 60), (0.03, 60), (0.03, 30), (0.07, 30), (0.5, 30))
"""Rate and labels where few labels are events, or few are the judge's errors."""
CASES = (
    *(Case(method="wilson", n=n, rate=rate) for n in (50, 450) for rate in (0.02, 0.1, 0.5)),
    Case(method="wilson", n=450, rate=0.1, cluster=5, correlation=0.3),
    *(judge(method="judge alone, wilson", n=450, rate=rate) for judge in (_good, _poor) for rate in (0.05, 0.3)),
    *(
        Case(method=f"bootstrap, {kind}", n=n, rate=rate, cluster=size, correlation=correlation)
        for kind in ("percentile", "wilson")
        for n, rate, size, correlation in (
            (50, 0.01, 1, 0.0),
            (50, 0.07, 1, 0.0),
            (100, 0.02, 2, 0.3),
            (100, 0.05, 2, 0.3),
            (100, 0.1, 2, 0.3),
            (100, 0.3, 2, 0.7),
            (900, 0.05, 2, 0.3),
            (900, 0.3, 2, 0.7),
            (450, 0.1, 5, 0.3),
        )
    ),
    *(
        judge(method="ppi++", n=n, rate=rate, labels=labels)
        for judge in (_good, _poor)
        for n, rate, labels in ((450, 0.3, 60), (450, 0.1, 100), (450, 0.05, 100), (2_000, 0.3, 200), (450, 0.02, 100))
    ),
    *(
        judge(method=method, n=450, rate=rate, labels=labels)
        for method in ("ppi++", "ppi++ by verdict")
        for judge in (_good, _near_perfect)
        for rate, labels in _RARE_OR_FEW
    ),
    _near_perfect(method="ppi++ weighted", n=450, rate=0.03, labels=60),
    _near_perfect(method="rogan-gladen", n=450, rate=0.03, labels=200),
    _good(method="ppi++", n=450, rate=0.3, labels=100, cluster=5, correlation=0.3),
    *(
        judge(method="ppi++ weighted", n=n, rate=rate, labels=labels)
        for judge in (_good, _poor)
        for n, rate, labels in ((450, 0.3, 60), (450, 0.1, 60), (450, 0.05, 60), (2_000, 0.05, 200), (450, 0.02, 60))
    ),
    _good(method="ppi++ weighted", n=450, rate=0.1, labels=60, cluster=5, correlation=0.3),
    *(
        judge(method="rogan-gladen", n=450, rate=rate, labels=labels)
        for judge in (_good, _poor)
        for rate, labels in ((0.3, 200), (0.1, 200), (0.05, 200), (0.02, 200), (0.3, 60))
    ),
    Case(method="rogan-gladen", n=450, rate=0.1, sensitivity=0.6, specificity=0.75, labels=200),
)


def verdict(found: Coverage) -> str:
    """What the coverage means."""
    if found.held < 0.93:
        return "**too low**"
    return "held" if found.held <= 0.97 else "held, wide"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2_000)
    draws = parser.parse_args(arguments).draws
    heads = (
        "method",
        "n",
        "rate",
        "sens",
        "spec",
        "labels",
        "cluster",
        "corr",
        "coverage",
        "width",
        "bias",
        "refused",
        "95 %?",
    )
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
    for case in CASES:
        found = cover(case, draws)
        cells = (
            case.method, case.n, case.rate, case.sensitivity, case.specificity, case.labels, case.cluster, case.correlation,
            f"{found.held:.1%}", f"{found.width:.3f}", f"{found.bias:+.3f}", f"{found.refused:.1%}", verdict(found),
        )  # fmt: skip
        sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
