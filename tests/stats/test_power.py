"""Sample sizes: does a study of that size find what it was planned to find? By simulation and by consequence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.stats import (
    Discordance,
    design_effect,
    discordance,
    discordance_of_rates,
    power_of_difference,
    requests_for_difference,
    requests_for_half_width,
)
from primum.stats.comparison import discordant_p
from primum.stats.rates import wilson_interval


def found_in_simulation(expected: Discordance, n: int, draws: int = 4_000) -> float:
    """Share of simulated studies in which McNemar's mid-p test finds a difference."""
    others = 1 - expected.rate
    counts = np.random.default_rng(0).multinomial(n, [expected.only_first, expected.only_second, others], size=draws)
    known: dict[tuple[int, int], bool] = {}
    for b, c, _ in counts.tolist():
        known.setdefault((b, c), discordant_p(b, c)[1] <= 0.05)
    return sum(known[b, c] for b, c, _ in counts.tolist()) / draws


@pytest.mark.parametrize(
    ("expected", "power"),
    [
        (discordance(0.1, 0.3), 0.8),
        (discordance(0.05, 0.1), 0.9),
        (discordance_of_rates(0.3, 0.2, 0.5), 0.8),
        (discordance_of_rates(0.1, 0.05, 0.3), 0.9),
    ],
)
def test_a_study_of_that_size_has_that_power_in_simulation(expected: Discordance, power: float) -> None:
    n = requests_for_difference(expected, power=power)
    assert found_in_simulation(expected, n) == pytest.approx(power, abs=0.03)


def test_size_and_power_are_inverse() -> None:
    expected = discordance(0.08, 0.25)
    n = requests_for_difference(expected, power=0.85, inflation=1.3)
    assert power_of_difference(expected, n, inflation=1.3) >= 0.85 > power_of_difference(expected, n - 1, inflation=1.3)


def test_two_models_that_agree_more_need_fewer_requests() -> None:
    sizes = [requests_for_difference(discordance_of_rates(0.3, 0.2, r)) for r in (0.0, 0.4, 0.7)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 2 * sizes[-1]


def test_independent_models_need_what_two_samples_need() -> None:
    """Fleiss's formula for 0.3 against 0.2 gives 293 for each sample; Connor's differs by its pooled variance."""
    assert requests_for_difference(discordance_of_rates(0.3, 0.2)) == pytest.approx(293, abs=6)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(-0.9, 0.9))
def test_rates_and_correlation_give_the_same_rates_back_or_are_impossible(one: float, other: float, r: float) -> None:
    both = one * other + r * (one * (1 - one) * other * (1 - other)) ** 0.5
    if not max(0.0, one + other - 1) <= both <= min(one, other):
        with pytest.raises(ValueError, match="cannot correlate"):
            discordance_of_rates(one, other, r)
        return
    found = discordance_of_rates(one, other, r)
    assert found.difference == pytest.approx(one - other, abs=1e-9)
    assert 0 <= found.rate <= 1 + 1e-9


@given(st.floats(0, 1), st.floats(0.005, 0.4))
def test_the_half_width_is_reached_and_not_sooner(rate: float, half_width: float) -> None:
    n = requests_for_half_width(rate, half_width)
    low, high = wilson_interval(rate * n, n)
    assert (high - low) / 2 <= half_width
    if n > 1:
        low, high = wilson_interval(rate * (n - 1), n - 1)
        assert (high - low) / 2 > half_width


def test_a_rate_of_a_half_needs_the_textbooks_number() -> None:
    """1.96² · 0.25 / 0.05² = 384.1; Wilson's interval needs z² fewer."""
    assert requests_for_half_width(0.5, 0.05) == 381


def test_pairs_that_go_together_need_more() -> None:
    assert design_effect(2, 0.5) == 1.5
    assert requests_for_half_width(0.5, 0.05, inflation=design_effect(2, 0.5)) == 572


def test_plans_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="no difference is expected"):
        requests_for_difference(discordance(0.0, 0.2))
    with pytest.raises(ValueError, match="difference"):
        discordance(0.3, 0.2)
    with pytest.raises(ValueError, match="power"):
        requests_for_difference(discordance(0.1, 0.2), power=1.0)
    with pytest.raises(ValueError, match="half-width"):
        requests_for_half_width(0.5, 0)
    with pytest.raises(ValueError, match="rates"):
        discordance_of_rates(1.2, 0.5)
    with pytest.raises(ValueError, match="at least 1"):
        power_of_difference(discordance(0.1, 0.2), 0)
