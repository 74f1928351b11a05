"""Comparisons: worked examples of McNemar's test, statsmodels, and what pairing and clusters change."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from primum.stats import McNemar, holm, mcnemar, non_inferior, paired_difference
from primum.stats.comparison import discordant_p


def table(both: int, only_first: int, only_second: int, neither: int) -> McNemar:
    counts = [both, only_first, only_second, neither]
    return mcnemar(np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts))


@pytest.mark.parametrize(
    ("counts", "exact", "mid"), [((1, 1, 7, 12), 0.0703, 0.0391), ((59, 6, 16, 80), 0.0525, 0.0347)]
)
def test_p_values_are_those_of_fagerland_2013(counts: tuple[int, int, int, int], exact: float, mid: float) -> None:
    """Airway hyper-responsiveness (Bentur 2009) and response to consolidation therapy (Cavo 2012)."""
    found = table(*counts)
    assert (found.both, found.only_first, found.only_second, found.neither) == counts
    assert (found.exact_p, found.mid_p) == pytest.approx((exact, mid), abs=5e-5)


@given(st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None)
def test_the_exact_p_is_that_of_statsmodels_and_the_mid_p_is_smaller(b: int, c: int) -> None:
    exact, mid = discordant_p(b, c)
    if b + c:
        assert exact == pytest.approx(statsmodels_mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    assert 0 < mid <= exact * (1 + 1e-12)
    assert exact <= 1
    assert discordant_p(c, b) == (exact, mid)


def test_models_that_never_differ_are_not_told_apart() -> None:
    assert (table(5, 0, 0, 5).exact_p, table(5, 0, 0, 5).mid_p) == (1.0, 1.0)


def test_a_large_count_of_discordant_requests_is_no_trouble() -> None:
    exact, mid = discordant_p(20_000, 20_400)
    assert exact == pytest.approx(0.0469, abs=2e-3)
    assert mid < exact


def test_holm_is_that_of_statsmodels() -> None:
    p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.03]
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@given(st.lists(st.floats(0, 1), max_size=12))
@settings(deadline=None)
def test_holm_keeps_the_order_and_never_lowers_a_p(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(p <= new <= 1 for p, new in zip(p_values, adjusted, strict=True))
    order = np.argsort(p_values)
    assert (np.diff(np.array(adjusted)[order]) >= 0).all()


def test_holm_refuses_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match=r"1\.5"):
        holm([0.5, 1.5])


def outcomes(n: int, first: float, second: float, seed: int = 0) -> tuple[Sequence[float], Sequence[float], list[str]]:
    """Two models on n pairs of two requests, alike within pairs."""
    generator = np.random.default_rng(seed)
    ease = np.repeat(generator.random(n), 2)
    one, other = (0.0 + (0.7 * ease + 0.3 * generator.random(2 * n) < rate) for rate in (first, second))
    return one.tolist(), other.tolist(), [str(place // 2) for place in range(2 * n)]


def test_a_paired_difference_is_surer_than_two_rates() -> None:
    one, other, pairs = outcomes(200, 0.4, 0.3)
    found = paired_difference(one, other, pairs)
    assert found.value == pytest.approx(np.mean(one) - np.mean(other))
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.7 * 2 * 1.96 * np.sqrt(2 * 0.23 / 400)
    assert found.p < 0.01
    assert (found.n_items, found.n_clusters, found.n_unscored) == (400, 200, 0)


def test_turned_around_it_is_the_same_difference() -> None:
    one, other, pairs = outcomes(60, 0.4, 0.3)
    there, back = paired_difference(one, other, pairs), paired_difference(other, one, pairs)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert there.p == back.p


def test_without_pairs_the_p_is_mcnemars() -> None:
    one, other = np.repeat([1, 1, 0, 0], [59, 6, 16, 80]), np.repeat([1, 0, 1, 0], [59, 6, 16, 80])
    found = paired_difference(one, other, [None] * 161, resamples=20_000)
    assert found.p == pytest.approx(0.0525, abs=0.006)


def test_requests_without_a_score_are_left_out_and_counted() -> None:
    found = paired_difference([1, np.nan, 0, 1], [0, 1, np.nan, 1], [None] * 4)
    assert (found.value, found.n_items, found.n_unscored) == (0.5, 2, 2)
    with pytest.raises(ValueError, match="no item"):
        paired_difference([np.nan], [1], [None])
    with pytest.raises(ValueError, match="one for each"):
        paired_difference([1, 0], [1, 0], [None])


def test_models_that_agree_on_thirty_pairs_may_still_differ() -> None:
    found = paired_difference([1.0, 0.0] * 30, [1.0, 0.0] * 30, [str(place // 2) for place in range(60)])
    assert (found.value, found.p) == (0.0, 1.0)
    assert -0.15 < found.low < -0.1 < 0.1 < found.high < 0.15


def test_one_pair_proves_nothing() -> None:
    assert paired_difference([1.0, 1.0], [0.0, 0.0], ["a", "a"]).p == 1.0


def test_grades_differ_on_their_own_scale() -> None:
    found = paired_difference([5, 4, 3] * 20, [3, 4, 3] * 20, [None] * 60, span=4)
    assert found.value == pytest.approx(2 / 3)
    assert 0.3 < found.low < found.high < 1.0


def test_no_worse_needs_the_limit_inside_the_margin() -> None:
    one, other, pairs = outcomes(400, 0.5, 0.5)
    wide = non_inferior(one, other, pairs, margin=0.10, higher_is_better=True)
    narrow = non_inferior(one, other, pairs, margin=0.005, higher_is_better=True)
    assert wide.holds
    assert not narrow.holds
    assert wide.bound == wide.difference.low
    assert wide.level == 0.975
    assert wide.difference.level == pytest.approx(0.95)


def test_for_harm_the_worse_side_is_up() -> None:
    one, other, pairs = outcomes(300, 0.5, 0.2)
    assert not non_inferior(one, other, pairs, margin=0.1, higher_is_better=False).holds
    assert non_inferior(one, other, pairs, margin=0.1, higher_is_better=True).holds
    with pytest.raises(ValueError, match="margin 0"):
        non_inferior(one, other, pairs, margin=0, higher_is_better=True)


def test_five_percent_of_equal_models_are_called_different() -> None:
    """Simulation under no difference with 80 items in 40 pairs; 1,000 runs, so 5 % is known to ± 1.4 points."""
    generator, pairs, called = np.random.default_rng(0), [str(place // 2) for place in range(80)], 0
    for seed in range(1_000):
        one, other = (np.repeat(generator.random(40), 2) + generator.random(80) for _ in range(2))
        called += paired_difference(one, other, pairs, span=2, resamples=400, seed=seed).p <= 0.05
    assert 0.035 <= called / 1_000 <= 0.065
