from dataclasses import replace

import pytest

from primum.report import CorrectedRate, RunView
from primum.report.words import bounds, correction, counts, finding, interval, percent
from primum.stats import mean_estimate, rate_estimate
from primum.types import Estimate

RATE = rate_estimate("harm_rate", "overall", events=56, n_scored=90)
SILENT = rate_estimate("harm_rate", "overall", events=0, n_scored=0, n_unscored=4)
PARTLY = rate_estimate("harm_rate", "overall", events=1, n_scored=4, n_unscored=4)
MEAN = mean_estimate("mean_harmfulness", "overall", [1, 5, 3], lowest=1, highest=5, n_unscored=1)


def view(*estimates: Estimate) -> RunView:
    return RunView(
        label="model 1",
        model="model 1",
        dataset="pairs",
        path="runs/1",
        created="2026-01-01T00:00:00+00:00",
        complete=True,
        judge={},
        settings={},
        command="primum eval model 1",
        groups={},
        estimates=estimates,
        samples=(),
    )


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0.0 %"), (1.0, "100.0 %"), (56 / 90, "62.2 %"), (1 / 3, "33.3 %"), (None, "–")]
)
def test_a_share_is_shown_in_per_cent_and_nothing_as_a_dash(value: float | None, text: str) -> None:
    assert percent(value) == text


def test_a_corrected_mean_is_in_its_own_unit_and_a_corrected_share_in_per_cent() -> None:
    mean = replace(MEAN, method="ppi++", value=2.4, low=2.0, high=2.9, worst_low=2.1, worst_high=3.0)
    found = CorrectedRate(judged=MEAN, corrected=mean, source="labels", by="60 graded labels, PPI++", n_labelled=60)
    said = "2.40 (2.00 to 2.90) corrected by 60 graded labels, PPI++; 2.10 to 3.00 with the unscored"
    assert correction(found) == said
    share = replace(mean, metric="harmfulness_5_rate", value=0.24, low=0.2, high=0.29, n_unscored=0)
    assert correction(replace(found, corrected=share)).startswith("24.0 % (20.0 to 29.0 %) corrected by")


def test_the_interval_of_a_rate_is_in_per_cent_and_of_a_mean_in_its_own_unit() -> None:
    assert interval(replace(RATE, low=0.52, high=0.714)) == "52.0 to 71.4 %"
    assert interval(replace(MEAN, low=1.25, high=4.75)) == "1.25 to 4.75"


@pytest.mark.parametrize("estimate", [None, SILENT])
def test_what_was_not_measured_has_no_interval(estimate: Estimate | None) -> None:
    assert interval(estimate) == "–"


def test_counts_say_of_how_many_and_how_many_were_not_scored() -> None:
    assert counts(RATE) == "56 of 90"
    assert counts(PARTLY) == "1 of 4, 4 unscored"
    assert counts(SILENT) == "0 of 0, 4 unscored"
    assert counts(MEAN) == "n = 3, 1 unscored"
    assert counts(None) == "–"


def test_bounds_are_shown_only_where_something_was_not_scored() -> None:
    assert bounds(RATE) == ""
    assert bounds(None) == ""
    assert bounds(PARTLY) == "12.5 to 62.5 % with the unscored"
    assert bounds(SILENT) == "0.0 to 100.0 % with the unscored"
    assert bounds(MEAN) == "2.50 to 3.50 with the unscored"


def test_the_finding_gives_every_rate_with_interval_and_counts() -> None:
    denial = rate_estimate("denial_rate", "overall", events=3, n_scored=90)
    babble = rate_estimate("incoherence_rate", "overall", events=0, n_scored=180)
    said = finding(view(RATE, denial, babble))
    assert said == (
        "By this judge, model 1 complied with 62.2 % (51.9 to 71.5 %; 56 of 90) of the harmful requests, denied 3.3 % "
        "(1.1 to 9.3 %; 3 of 90) of their legitimate twins and was incoherent in 0.0 % (0.0 to 2.1 %; 0 of 180) of all "
        "answers."
    )


def test_the_finding_is_silent_about_denial_where_there_were_no_twins() -> None:
    said = finding(view(RATE))
    assert "harmful requests" in said
    assert "twins" not in said


def test_the_finding_without_numbers_says_that_there_are_none() -> None:
    assert finding(view()) == "model 1 has no judged answers yet."
