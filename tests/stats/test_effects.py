"""Sizes of effects: published intervals, other software, and tables with empty cells."""

from math import inf, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize

from primum.stats import McNemar, cohens_h, discordant_odds_ratio, relative_risk, risk_difference


def table(both: int, only_first: int, only_second: int, neither: int) -> McNemar:
    return McNemar(both=both, only_first=only_first, only_second=only_second, neither=neither, exact_p=1.0, mid_p=1.0)


CAVO = table(59, 6, 16, 80)
TABLES = st.builds(table, *[st.integers(0, 60)] * 4).filter(lambda found: found.n > 0)


def test_the_risk_difference_is_that_of_the_published_example() -> None:
    """Fagerland, Lydersen and Laake 2014 and their R package contingencytables: -0.0621 (-0.1186 to -0.0046)."""
    found = risk_difference(CAVO)
    assert (found.value, found.low, found.high) == pytest.approx((-0.0621, -0.1186, -0.0046), abs=5e-5)


def test_the_relative_risk_is_that_of_the_published_example() -> None:
    """The same source: 0.8667 (0.7579 to 0.9910)."""
    found = relative_risk(CAVO)
    assert (found.value, found.low, found.high) == pytest.approx((0.8667, 0.7579, 0.9910), abs=5e-5)


def test_the_odds_ratio_is_that_of_clopper_and_pearson() -> None:
    found = discordant_odds_ratio(CAVO)
    low, high = proportion_confint(6, 22, method="beta")
    assert (found.value, found.low, found.high) == pytest.approx((0.375, low / (1 - low), high / (1 - high)))


def test_cohens_h_is_that_of_statsmodels() -> None:
    found = cohens_h(CAVO)
    assert found.value == pytest.approx(proportion_effectsize(65 / 161, 75 / 161))
    assert found.low < found.value < found.high


@given(TABLES)
def test_every_effect_lies_in_its_interval_and_says_the_same_direction(counts: McNemar) -> None:
    for measure, none in ((risk_difference, 0), (relative_risk, 1), (discordant_odds_ratio, 1), (cohens_h, 0)):
        found = measure(counts)
        if isnan(found.value):
            continue
        assert found.low <= found.value + 1e-9
        assert found.value <= found.high + 1e-9
        assert (found.value > none + 1e-12) == (counts.only_first > counts.only_second)


@given(TABLES)
def test_a_risk_difference_stays_between_minus_1_and_1(counts: McNemar) -> None:
    found = risk_difference(counts)
    assert -1 - 1e-9 <= found.low < found.high <= 1 + 1e-9


def test_empty_cells_give_open_ends_and_not_errors() -> None:
    never = table(0, 0, 0, 30)
    assert isnan(relative_risk(never).value)
    assert (relative_risk(never).low, relative_risk(never).high) == (0.0, inf)
    assert isnan(discordant_odds_ratio(never).value)
    assert (discordant_odds_ratio(never).low, discordant_odds_ratio(never).high) == (0.0, inf)
    first = table(0, 5, 0, 25)
    assert (relative_risk(first).value, discordant_odds_ratio(first).value) == (inf, inf)
    assert relative_risk(first).low > 0
    assert risk_difference(never).low < 0 < risk_difference(never).high


def test_no_requests_have_no_effect() -> None:
    with pytest.raises(ValueError, match="no requests"):
        risk_difference(table(0, 0, 0, 0))
