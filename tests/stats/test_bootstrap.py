"""The cluster bootstrap: against scipy and theory, what it keeps together, and samples without spread."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from primum.stats import bootstrap_means, bootstrap_statistic, cluster_numbers
from primum.stats.bootstrap import flat_interval, quantiles, resample_clusters
from primum.stats.rates import wilson_interval


def test_percentiles_are_scipys_for_items_alone() -> None:
    values = np.random.default_rng(3).normal(3, 1, 80).clip(1, 5)
    found = bootstrap_means(values, np.arange(80), ["x"] * 80, lowest=1, highest=5)
    low, high = found.percentile(0.9)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=10_000, method="percentile", confidence_level=0.9, rng=1)
    assert (low[0, 0], high[0, 0]) == pytest.approx(tuple(theirs.confidence_interval), abs=0.015)


def test_the_variance_is_that_of_a_mean_of_clusters() -> None:
    """Ten items in five clusters of two equal ones say as much as five items."""
    values = np.repeat([0.0, 1.0, 1.0, 0.0, 1.0], 2)
    together = bootstrap_means(values, np.repeat(np.arange(5), 2), ["x"] * 10, resamples=40_000)
    apart = bootstrap_means(values, np.arange(10), ["x"] * 10, resamples=40_000)
    assert together.draws[0, 0].var() == pytest.approx(0.24 / 5, rel=0.05)
    assert apart.draws[0, 0].var() == pytest.approx(0.24 / 10, rel=0.05)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 1.0, float("nan")]), st.integers(0, 6), st.sampled_from("abc")),
        min_size=1,
        max_size=40,
    )
)
def test_every_draw_is_the_mean_of_its_resample(items: list[tuple[float, int, str]]) -> None:
    """The product of matrices gives what a slow loop over drawn clusters gives, whatever lies in which group."""
    values = np.array([value for value, _, _ in items])
    clusters, groups = cluster_numbers([str(pair) for _, pair, _ in items]), [group for _, _, group in items]
    found = bootstrap_means(values, clusters, groups, resamples=20, seed=7)
    for place, name in enumerate(found.groups):
        inside = np.array([name in ("overall", group) for group in groups]) & ~np.isnan(values)
        expected = values[inside].mean() if inside.any() else np.nan
        assert found.value[place, 0] == pytest.approx(expected, nan_ok=True)
        assert found.n_clusters[place, 0] == len(set(clusters[inside]))
    low, high = found.percentile()
    known = ~np.isnan(found.value)
    assert (low[known] < high[known]).all()
    assert ((low[known] >= 0) & (high[known] <= 1)).all()
    assert np.isnan(low[~known]).all()
    near, far = found.wilson()
    assert ((near <= found.value + 1e-9) & (found.value <= far + 1e-9))[known].all()


def test_draws_of_a_group_are_means_of_whole_clusters_in_it() -> None:
    generator = np.random.default_rng(0)
    values, clusters = generator.random(30), generator.integers(0, 8, 30)
    clusters = cluster_numbers([str(number) for number in clusters])
    groups = ["ab"[number % 2] for number in clusters]  # no cluster in two groups, and not in their order
    found = bootstrap_means(values, clusters, groups, resamples=5)
    in_a = np.array([group == "a" for group in groups])
    members = sorted(set(clusters[in_a].tolist()))
    sums = np.array([[values[clusters == one].sum(), (clusters == one).sum()] for one in members])
    counts = np.stack(np.meshgrid(*[range(6)] * len(members))).reshape(len(members), -1).T
    totals = counts @ sums
    possible = totals[totals[:, 1] > 0]
    for draw in found.draws[1, 0]:
        assert np.isnan(draw) or np.abs(possible[:, 0] / possible[:, 1] - draw).min() < 1e-9


def test_models_share_their_resamples_so_that_differences_are_paired() -> None:
    values = np.array([[0.0, 1, 1, 0, 1, 0], [0.0, 1, 1, 0, 1, 0], [1.0, 0, 0, 1, 0, 1]])
    found = bootstrap_means(values, np.arange(6), ["x"] * 6, resamples=500)
    assert (found.draws[:, 0] == found.draws[:, 1]).all()
    assert found.draws[:, 0] + found.draws[:, 2] == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    values = np.random.default_rng(0).random(50)
    one, same, other = (bootstrap_means(values, np.arange(50), ["x"] * 50, seed=seed).draws for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


@pytest.mark.parametrize(("value", "events"), [(0.0, 0), (1.0, 30)])
def test_no_event_of_thirty_clusters_gives_wilsons_interval_and_not_certainty(value: float, events: int) -> None:
    found = bootstrap_means([value] * 60, np.repeat(np.arange(30), 2), ["x"] * 60)
    for low, high in (found.percentile(), found.wilson()):
        assert (low[0, 0], high[0, 0]) == pytest.approx(wilson_interval(events, 30))


def test_without_clusters_wilsons_interval_of_the_bootstrap_is_wilsons() -> None:
    values = [1.0] * 9 + [0.0] * 81
    low, high = bootstrap_means(values, np.arange(90), ["x"] * 90).wilson()
    assert (low[0, 0], high[0, 0]) == pytest.approx(wilson_interval(9, 90), abs=0.003)


def test_a_flat_sample_leaves_room_on_both_sides() -> None:
    low, high = flat_interval(3.0, 20, 1, 5)
    assert 1 < low < 3 < high < 5


@given(st.integers(1, 70_000).filter(lambda n: n < 50 or n > 65_000), st.integers(1, 3))
@settings(deadline=None, max_examples=20)
def test_a_resample_draws_as_many_clusters_as_there_are(n: int, resamples: int) -> None:
    drawn = resample_clusters(n, resamples, np.random.default_rng(n))
    assert drawn.shape == (resamples, n)
    assert (drawn.sum(axis=1) == n).all()


def test_items_of_a_pair_share_a_cluster_and_others_are_alone() -> None:
    assert cluster_numbers(["p", None, "q", "p", None]).tolist() == [0, 1, 2, 0, 3]


def test_any_statistic_can_be_resampled_whole_clusters_at_a_time() -> None:
    ids = np.repeat(np.arange(6), 3)
    draws = bootstrap_statistic(
        lambda chosen: np.unique(chosen, return_counts=True)[1].min(), [ids], ids, resamples=200
    )
    assert set(np.unique(draws % 3)) == {0.0}


def test_quantiles_leave_out_what_is_undefined() -> None:
    draws = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan], [1.0, 2.0, 3.0]])
    (middle,) = quantiles(draws, [0.5])
    assert middle == pytest.approx([2.0, np.nan, 2.0], nan_ok=True)


def test_lengths_that_disagree_and_empty_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="as many of each"):
        bootstrap_means([1.0, 0.0], [0], ["x", "x"])
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_means([], [], [])
    with pytest.raises(ValueError, match="as many of each"):
        bootstrap_statistic(np.mean, [np.ones(2)], [0])
