"""Krippendorff's alpha against his own worked examples and its simplest consequences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.stats import agreement_estimate, alpha_statistic, krippendorff_alpha
from primum.stats.krippendorff import Metric

NONE = np.nan
FOUR_RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
).T
"""Krippendorff 2011, section C: four observers, twelve units, seven ratings missing."""


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_four_raters_with_gaps_is_krippendorffs(metric: Metric, alpha: float) -> None:
    assert krippendorff_alpha(FOUR_RATERS, metric) == pytest.approx(alpha, abs=5e-4)


def test_alpha_of_two_raters_and_two_values_is_krippendorffs() -> None:
    """Section A: .095."""
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(np.array([first, second]).T, "nominal") == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_two_raters_and_five_names_is_krippendorffs() -> None:
    """Section B: .692."""
    first, second = [0, 0, 1, 1, 3, 2, 2, 2, 4, 3, 3, 0], [1, 0, 1, 1, 1, 2, 2, 2, 4, 3, 3, 3]
    assert krippendorff_alpha(np.array([first, second]).T, "nominal") == pytest.approx(0.692, abs=5e-4)


@given(st.permutations(range(4)), st.sampled_from(["nominal", "ordinal", "interval"]))
def test_it_does_not_matter_who_the_raters_are(order: list[int], metric: Metric) -> None:
    assert krippendorff_alpha(FOUR_RATERS[:, order], metric) == pytest.approx(krippendorff_alpha(FOUR_RATERS, metric))


def test_full_agreement_is_1_and_no_variation_is_undefined() -> None:
    assert krippendorff_alpha([[1, 1], [2, 2], [5, 5]], "ordinal") == 1.0
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]], "nominal"))
    assert np.isnan(krippendorff_alpha([[1, NONE], [NONE, 2]], "nominal"))


def test_alpha_has_an_interval_from_resampled_units() -> None:
    table = np.tile(FOUR_RATERS, (8, 1))
    found = agreement_estimate(alpha_statistic("ordinal"), [table], [None] * 96, resamples=300)
    assert found.metric == "krippendorff_alpha_ordinal"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.815 < found.high
    assert found.high - found.low < 0.25
