"""Ratios of sums over questions have intervals that cover what they should."""

import numpy as np
import pytest

from primum.stats import ratio_estimate, relative_change


def test_a_ratio_weighs_tokens_alike_and_not_questions() -> None:
    found = ratio_estimate("m", "g", [10.0, 2.0], [10, 1])
    assert found.value == pytest.approx(12 / 11)
    assert found.low is not None
    assert found.high is not None
    assert found.low == pytest.approx(1.0)
    assert found.high == pytest.approx(2.0)
    assert (found.n_scored, found.events) == (2, None)


def test_one_question_has_a_value_and_no_interval_and_none_has_neither() -> None:
    one, none = ratio_estimate("m", "g", [3.0], [2]), ratio_estimate("m", "g", [], [], n_unscored=4)
    assert (one.value, one.low, one.high) == (1.5, None, None)
    assert (none.value, none.low, none.n_scored, none.n_unscored) == (None, None, 0, 4)


def test_the_interval_of_a_ratio_covers_the_truth_nearly_as_often_as_it_says() -> None:
    generator, hits, tries = np.random.default_rng(1), 0, 300
    for trial in range(tries):
        tokens = generator.integers(20, 200, size=80)
        nats = tokens * generator.normal(2.5, 0.4, size=80).clip(0.1)
        found = ratio_estimate("m", "g", nats, tokens, resamples=1_000, seed=trial)
        hits += (found.low or 0) <= 2.5 <= (found.high or 0)
    assert 0.90 <= hits / tries <= 0.98


def test_a_model_that_is_one_per_cent_worse_everywhere_is_known_exactly() -> None:
    old = np.random.default_rng(0).uniform(50, 500, size=60)
    found = relative_change(1.01 * old, old, margin=0.02)
    assert (found.value, found.low, found.high) == pytest.approx((0.01, 0.01, 0.01))
    assert found.holds
    assert not relative_change(1.03 * old, old, margin=0.02).holds


def test_a_change_that_is_unsure_is_not_shown_to_be_small() -> None:
    generator = np.random.default_rng(0)
    old = generator.uniform(50, 500, size=20)
    assert not relative_change(old * generator.normal(1.0, 0.2, size=20), old, margin=0.02).holds


@pytest.mark.parametrize(("tops", "bottoms"), [([1.0], [1, 2]), ([1.0], [0])])
def test_what_makes_no_ratio_is_refused(tops: list[float], bottoms: list[int]) -> None:
    with pytest.raises(ValueError, match="bottom"):
        ratio_estimate("m", "g", tops, bottoms)


def test_no_question_in_common_is_no_change() -> None:
    with pytest.raises(ValueError, match="no question"):
        relative_change([], [], margin=0.02)
