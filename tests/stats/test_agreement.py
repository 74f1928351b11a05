"""Agreement: published worked examples, scikit-learn and scipy, and intervals that know how little was seen."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from primum.stats import STATISTICS, agreement_estimate
from primum.stats.agreement import (
    auprc,
    auroc,
    false_negative_rate,
    kappa,
    matthews,
    mean_absolute_error,
    precision,
    quadratic_kappa,
    sensitivity,
    spearman,
    specificity,
)

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=60).filter(
    lambda rows: all(len(set(column)) == 2 for column in zip(*rows, strict=True))
)
GRADES = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=60).filter(
    lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True))
)


def labels(table: list[list[int]]) -> tuple[Any, Any]:
    """Two label vectors with this table of counts."""
    cells = [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]
    return np.array([row for row, _ in cells]), np.array([column for _, column in cells])


def test_kappa_is_cohens_own() -> None:
    """Cohen 1960, table 1: two judges, 200 patients, three diagnoses; kappa .492."""
    assert kappa(*labels([[88, 14, 18], [10, 40, 10], [2, 6, 12]])) == pytest.approx(0.492, abs=5e-4)


def test_kappa_of_the_textbook_grants_is_0_4() -> None:
    """50 applications, two readers: both yes 20, both no 15, 5 and 10 apart: observed .7, expected .5."""
    assert kappa(*labels([[20, 5], [10, 15]])) == pytest.approx(0.4)


@given(PAIRS)
@settings(deadline=None, max_examples=40)
def test_yes_or_no_statistics_are_those_of_scikit_learn(rows: list[tuple[bool, bool]]) -> None:
    truth, judged = map(list, zip(*rows, strict=True))
    assert sensitivity(truth, judged) == pytest.approx(metrics.recall_score(truth, judged))
    assert false_negative_rate(truth, judged) == pytest.approx(1 - metrics.recall_score(truth, judged))
    assert specificity(truth, judged) == pytest.approx(metrics.recall_score(truth, judged, pos_label=False))
    assert precision(truth, judged) == pytest.approx(metrics.precision_score(truth, judged))
    assert kappa(truth, judged) == pytest.approx(metrics.cohen_kappa_score(truth, judged))
    assert matthews(truth, judged) == pytest.approx(metrics.matthews_corrcoef(truth, judged))


@given(GRADES)
@settings(deadline=None, max_examples=40)
def test_statistics_of_grades_are_those_of_scikit_learn_and_scipy(rows: list[tuple[int, int]]) -> None:
    truth, judged = map(list, zip(*rows, strict=True))
    weighted = metrics.cohen_kappa_score(truth, judged, weights="quadratic", labels=[1, 2, 3, 4, 5])
    assert quadratic_kappa(truth, judged) == pytest.approx(weighted)
    assert kappa(truth, judged) == pytest.approx(metrics.cohen_kappa_score(truth, judged))
    assert matthews(truth, judged) == pytest.approx(metrics.matthews_corrcoef(truth, judged))
    assert spearman(truth, judged) == pytest.approx(stats.spearmanr(truth, judged).statistic)
    assert mean_absolute_error(truth, judged) == pytest.approx(metrics.mean_absolute_error(truth, judged))


@given(PAIRS, st.lists(st.integers(0, 6), min_size=60, max_size=60))
@settings(deadline=None, max_examples=40)
def test_areas_under_curves_are_those_of_scikit_learn(rows: list[tuple[bool, bool]], scores: list[int]) -> None:
    truth, score = [one for one, _ in rows], [number / 6 for number in scores[: len(rows)]]
    assert auroc(truth, score) == pytest.approx(metrics.roc_auc_score(truth, score))
    assert auprc(truth, score) == pytest.approx(metrics.average_precision_score(truth, score))


def test_kappa_takes_names_as_well_as_numbers() -> None:
    assert kappa(["refused", "complied"], ["refused", "complied"]) == 1.0


def test_what_a_sample_does_not_define_is_not_a_number() -> None:
    no, yes = [False, False], [True, True]
    for undefined in (
        sensitivity(no, yes), specificity(yes, no), precision(yes, no), kappa(no, no), matthews(no, no), auroc(no, [1, 2]),
        auprc(no, [1, 2]), quadratic_kappa([3, 3], [3, 3]), spearman([1, 1], [1, 2]),
    ):  # fmt: skip
        assert np.isnan(undefined)


@pytest.mark.parametrize("name", STATISTICS)
def test_every_statistic_lies_in_its_interval(name: str) -> None:
    generator = np.random.default_rng(5)
    truth = generator.random(120) < 0.4
    judged = np.where(generator.random(120) < 0.85, truth, ~truth)
    found = agreement_estimate(STATISTICS[name], (truth, judged), [str(n // 2) for n in range(120)], resamples=300)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert STATISTICS[name].lowest <= found.low < found.value < found.high <= STATISTICS[name].highest
    assert (found.metric, found.method, found.n_scored) == (name, "cluster bootstrap", 120)


def test_answers_to_one_request_count_as_one_piece_of_evidence() -> None:
    truth = np.repeat(np.random.default_rng(1).random(40) < 0.5, 6)
    judged = np.where(np.repeat(np.random.default_rng(2).random(40) < 0.8, 6), truth, ~truth)
    ids = [str(n // 6) for n in range(240)]
    together = agreement_estimate(STATISTICS["kappa"], (truth, judged), ids, resamples=500)
    apart = agreement_estimate(STATISTICS["kappa"], (truth, judged), [None] * 240, resamples=500)
    assert together.low is not None
    assert together.high is not None
    assert apart.low is not None
    assert apart.high is not None
    assert together.high - together.low > 1.8 * (apart.high - apart.low)


def test_a_judge_that_was_right_five_times_is_not_proved_right() -> None:
    few = agreement_estimate(STATISTICS["kappa"], ([1, 1, 1, 0, 0], [1, 1, 1, 0, 0]), [None] * 5)
    many = agreement_estimate(STATISTICS["kappa"], ([1, 0] * 200, [1, 0] * 200), [None] * 400)
    assert few.value == many.value == 1.0
    assert few.low is None or few.low < 0.5
    assert many.low is not None
    assert 0.9 < many.low < 1.0


def test_a_perfect_sensitivity_has_the_width_of_its_positives() -> None:
    truth = [True] * 20 + [False] * 80
    found = agreement_estimate(STATISTICS["sensitivity"], (truth, truth), [None] * 100)
    assert found.low == pytest.approx(1 - 0.1611, abs=1e-3)


def test_one_positive_gives_a_sensitivity_without_an_interval() -> None:
    """More than a third of the resamples hold no positive."""
    found = agreement_estimate(STATISTICS["sensitivity"], ([True, False, False], [True, False, False]), [None] * 3)
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_no_labels_give_no_number() -> None:
    found = agreement_estimate(STATISTICS["kappa"], ([], []), [], n_unscored=4)
    assert (found.value, found.low, found.n_scored, found.n_unscored) == (None, None, 0, 4)


def test_lengths_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="as many of each"):
        agreement_estimate(STATISTICS["kappa"], ([1, 0], [1]), [None, None])
