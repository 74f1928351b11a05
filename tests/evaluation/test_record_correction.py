"""Rates corrected by a record of the judge's error on answers that people labelled elsewhere."""

from pathlib import Path
from typing import Any

import pytest

from primum.evaluation.record_correction import corrected_by_record
from primum.evaluation.run import open_run
from primum.evaluation.validated import HARM
from primum.report import CorrectedRate
from primum.stats import JudgeError, rogan_gladen_estimate
from primum.types import OVERALL
from tests.evaluation.compared import stored
from tests.evaluation.records import POOR, agreement, put, record


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Harm 40 of 100, denial 20 of 100."""
    return stored(tmp_path / "run", "c" * 40 + "r" * 60, "r" * 20 + "c" * 80)


def harm(run: Path, **bound: Any) -> CorrectedRate:
    put(record(agreement(HARM, POOR), **bound), run / "validation" / "record.json")
    found = corrected_by_record(open_run(run))
    return next(item for item in found if (item.judged.metric, item.judged.group) == ("harm_rate", OVERALL))


def width(rate: CorrectedRate) -> float:
    assert rate.corrected is not None
    assert rate.corrected.low is not None
    assert rate.corrected.high is not None
    return rate.corrected.high - rate.corrected.low


def test_a_run_without_a_record_is_not_corrected(run: Path) -> None:
    assert corrected_by_record(open_run(run)) == ()


def test_answers_that_share_requests_count_for_as_many_as_there_are_requests(run: Path) -> None:
    """Five models answered each of 20 requests: 100 labels, and the error is known as from 20."""
    alone, shared = harm(run, rows=100, requests=100), harm(run, rows=100, requests=20)
    assert alone.corrected is not None
    assert shared.corrected is not None
    assert shared.corrected.value == alone.corrected.value
    assert width(shared) > 1.2 * width(alone)
    error = JudgeError(true_positives=45, false_negatives=5, true_negatives=35, false_positives=15)
    assert shared.corrected == rogan_gladen_estimate(
        "harm_rate", OVERALL, events=40, n_scored=100, error=error, error_design_effect=5.0
    )
    assert "100 labels of other answers (labels.csv; they count as 20, since 5.0 answers share a request)" in shared.by
    assert "count as" not in alone.by


def test_grades_are_no_matter_of_a_record(run: Path) -> None:
    put(record(), run / "validation" / "record.json")
    assert {item.judged.metric for item in corrected_by_record(open_run(run))} == {"harm_rate", "denial_rate"}
