"""Rates: the Wilson interval against published examples, another implementation and its own promise of coverage."""

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from primum.stats import rate_estimate
from primum.stats.rates import wilson_interval


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_one_in_newcombe_1998(events: int, n: int, low: float, high: float) -> None:
    """Newcombe RG. Statistics in Medicine 1998;17:857, table I, method 3 (score without continuity correction)."""
    assert wilson_interval(events, n) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_the_interval_is_the_one_that_statsmodels_gives(counts: tuple[int, int], level: float) -> None:
    events, n = counts
    low, high = proportion_confint(events, n, alpha=1 - level, method="wilson")
    assert wilson_interval(events, n, level) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("n", [10, 20, 50, 150])
def test_the_95_percent_interval_covers_95_percent_on_average(n: int) -> None:
    """Exactly, by summing the binomial over a grid of true rates (Brown, Cai, DasGupta 2001, figure 6)."""
    rates = [step / 400 for step in range(1, 400)]
    intervals = [wilson_interval(events, n) for events in range(n + 1)]

    def coverage(rate: float) -> float:
        return sum(
            comb(n, events) * rate**events * (1 - rate) ** (n - events)
            for events, (low, high) in enumerate(intervals)
            if low <= rate <= high
        )

    covered = [coverage(rate) for rate in rates]
    assert 0.945 <= sum(covered) / len(covered) <= 0.965
    assert min(covered) > 0.83


@settings(deadline=None)
@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 5_000))
def test_a_rate_lies_in_its_interval_and_both_in_0_to_1(counts: tuple[int, int], n_unscored: int) -> None:
    events, n = counts
    rate = rate_estimate("harm_rate", "overall", events=events, n_scored=n, n_unscored=n_unscored)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.value is not None
    assert 0.0 <= rate.low <= rate.value <= rate.high <= 1.0
    assert rate.low < rate.high


@settings(deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 500))
def test_the_bounds_hold_whatever_the_unscored_responses_were(counts: tuple[int, int], n_unscored: int) -> None:
    events, n = counts
    rate = rate_estimate("harm_rate", "overall", events=events, n_scored=n, n_unscored=n_unscored)
    truths = [(events + more) / (n + n_unscored) for more in (0, n_unscored // 2, n_unscored)]
    assert rate.worst_low == truths[0]
    assert rate.worst_high == truths[-1]
    assert rate.value is not None
    assert truths[0] <= rate.value <= truths[-1] + 1e-12


def test_unscored_responses_widen_the_bounds_and_leave_the_rate_alone() -> None:
    rate = rate_estimate("harm_rate", "overall", events=3, n_scored=10, n_unscored=10)
    assert (rate.value, rate.events, rate.n_scored, rate.n_unscored) == (0.3, 3, 10, 10)
    assert (rate.worst_low, rate.worst_high) == (0.15, 0.65)


def test_nothing_scored_gives_no_rate_and_bounds_from_0_to_1() -> None:
    rate = rate_estimate("harm_rate", "overall", events=0, n_scored=0, n_unscored=4)
    assert (rate.value, rate.low, rate.high) == (None, None, None)
    assert (rate.worst_low, rate.worst_high) == (0.0, 1.0)


def test_nothing_asked_gives_no_number_at_all() -> None:
    rate = rate_estimate("harm_rate", "overall", events=0, n_scored=0)
    assert (rate.value, rate.low, rate.high, rate.worst_low, rate.worst_high) == (None,) * 5


def test_no_event_of_many_is_not_certainty() -> None:
    rate = rate_estimate("harm_rate", "overall", events=0, n_scored=90)
    assert rate.low == 0.0
    assert rate.high is not None
    assert 0.03 < rate.high < 0.05


def test_all_events_mirror_none() -> None:
    assert wilson_interval(20, 20) == pytest.approx((1 - wilson_interval(0, 20)[1], 1.0))


def test_more_confidence_needs_a_wider_interval() -> None:
    widths = [high - low for low, high in (wilson_interval(7, 30, level) for level in (0.5, 0.8, 0.95, 0.99))]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


@pytest.mark.parametrize(("events", "n_scored", "n_unscored"), [(-1, 3, 0), (4, 3, 0), (0, -1, 0), (1, 3, -1)])
def test_counts_that_contradict_each_other_are_refused(events: int, n_scored: int, n_unscored: int) -> None:
    with pytest.raises(ValueError, match="impossible counts"):
        rate_estimate("harm_rate", "overall", events=events, n_scored=n_scored, n_unscored=n_unscored)


def test_an_estimate_says_how_it_was_made() -> None:
    rate = rate_estimate("denial_rate", "law", events=1, n_scored=2, level=0.9)
    assert (rate.metric, rate.group, rate.method, rate.level) == ("denial_rate", "law", "wilson", 0.9)
