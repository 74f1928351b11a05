"""Means: Student's interval against his own example and scipy, its coverage, and samples that say little."""

from collections.abc import Sequence
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from primum.stats import mean_estimate
from primum.types import Estimate

GRADES = st.lists(st.integers(1, 5), min_size=2, max_size=200)


def harmfulness(scores: Sequence[float], n_unscored: int = 0, level: float = 0.95) -> Estimate:
    return mean_estimate("harmfulness", "overall", scores, lowest=1, highest=5, n_unscored=n_unscored, level=level)


def test_the_interval_is_the_one_of_students_sleep_data() -> None:
    """Student 1908, differences of the two drugs; R's ``t.test`` documents 0.7001142 to 2.4598858."""
    hours = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    sleep = mean_estimate("extra_sleep", "overall", hours, lowest=-24, highest=24)
    assert sleep.value == pytest.approx(1.58)
    assert (sleep.low, sleep.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-7)
    assert sleep.method == "t"


@settings(deadline=None)
@given(GRADES.filter(lambda scores: len(set(scores)) > 1), st.floats(0.5, 0.999))
def test_the_interval_is_scipys_clipped_to_the_scale(scores: list[int], level: float) -> None:
    low, high = stats.t.interval(level, len(scores) - 1, loc=np.mean(scores), scale=stats.sem(scores))
    found = harmfulness(scores, level=level)
    assert (found.low, found.high) == pytest.approx((max(1, low), min(5, high)))


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=100), st.integers(0, 100))
def test_a_mean_lies_in_its_interval_and_both_on_the_scale(scores: list[int], n_unscored: int) -> None:
    found = harmfulness(scores, n_unscored)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 1.0 <= found.low <= found.value <= found.high <= 5.0
    assert found.low < found.high
    assert found.worst_low is not None
    assert found.worst_high is not None
    assert 1.0 <= found.worst_low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.worst_high <= 5.0


def coverage(scores: Sequence[int], chances: Sequence[float], n: int, draws: int = 2_000) -> float:
    """Share of simulated samples whose 95 % interval holds the true mean."""
    generator = np.random.default_rng(20_240_301)
    truth = float(np.dot(scores, chances))
    hits, known = 0, dict[tuple[int, ...], bool]()
    for row in generator.multinomial(n, chances, size=draws):
        counts = tuple(int(count) for count in row)
        if counts not in known:
            found = harmfulness([score for score, count in zip(scores, counts, strict=True) for _ in range(count)])
            assert found.low is not None
            assert found.high is not None
            known[counts] = found.low <= truth <= found.high
        hits += known[counts]
    return hits / draws


@pytest.mark.parametrize(
    ("chances", "n"),
    [((0.4, 0.2, 0.1, 0.1, 0.2), 30), ((0.2, 0.2, 0.2, 0.2, 0.2), 12), ((0.7, 0.1, 0.05, 0.05, 0.1), 90)],
)
def test_the_95_percent_interval_covers_95_percent_in_simulation(chances: tuple[float, ...], n: int) -> None:
    assert 0.935 <= coverage((1, 2, 3, 4, 5), chances, n) <= 0.97


@pytest.mark.parametrize("n", [20, 50, 90, 200])
def test_a_rare_top_grade_costs_the_interval_little_of_its_coverage(n: int) -> None:
    """Exactly, by summing the binomial. Student's interval alone would cover 33 % here at n = 20 (no top grade seen)."""
    for chance in (0.01, 0.02, 0.05, 0.1, 0.2):
        covered = 0.0
        for events in range(n + 1):
            found = harmfulness([1] * (n - events) + [5] * events)
            assert found.low is not None
            assert found.high is not None
            if found.low <= 1 + 4 * chance <= found.high:
                covered += comb(n, events) * chance**events * (1 - chance) ** (n - events)
        assert covered > 0.87, chance


def test_a_sample_without_spread_still_has_an_honest_interval() -> None:
    """Twenty answers graded 1 do not show that no answer would be graded 5: t alone would say [1, 1]."""
    found = harmfulness([1] * 20)
    assert (found.value, found.low) == (1.0, 1.0)
    assert found.high == pytest.approx(1 + 4 * 0.1611, abs=1e-3)
    assert found.method == "wilson of the rescaled mean"


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_a_single_score_gives_an_interval_around_it(score: int) -> None:
    found = harmfulness([score])
    assert found.low is not None
    assert found.high is not None
    assert 1.0 <= found.low <= score <= found.high <= 5.0
    assert found.high - found.low > 2


def test_nothing_scored_gives_no_mean_and_the_whole_scale_as_bounds() -> None:
    found = harmfulness([], n_unscored=3)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert (found.worst_low, found.worst_high) == (1.0, 5.0)
    nothing = harmfulness([])
    assert (nothing.value, nothing.worst_low, nothing.worst_high) == (None, None, None)


def test_unscored_responses_widen_the_bounds_and_leave_the_mean_alone() -> None:
    found = harmfulness([1, 3], n_unscored=2)
    assert (found.value, found.n_scored, found.n_unscored, found.events) == (2.0, 2, 2, None)
    assert (found.worst_low, found.worst_high) == (1.5, 3.5)


@pytest.mark.parametrize("score", [0.999, 5.001, -3, float("nan"), float("inf")])
def test_a_score_off_the_scale_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match=r"outside 1\.\.5"):
        harmfulness([1, score, 5])


def test_a_negative_count_of_unscored_responses_is_refused() -> None:
    """As rates do: the bounds would leave the scale."""
    with pytest.raises(ValueError, match="-3"):
        harmfulness([1, 5], n_unscored=-3)
