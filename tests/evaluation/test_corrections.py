"""Rates corrected by a record of the judge's error elsewhere, beside those corrected by the run's own labels."""

import json
from pathlib import Path

import pytest

from primum.evaluation.config import config_from
from primum.evaluation.corrections import corrections_of, store_corrections
from primum.evaluation.run import open_run
from primum.evaluation.summary import write_report
from primum.evaluation.validated import HARM, REFUSAL, Agreement
from primum.report import CorrectedRate
from primum.stats import JudgeError, rogan_gladen_estimate
from primum.store import RunFolder
from primum.types import OVERALL
from tests.evaluation.compared import JUDGE, stored
from tests.evaluation.records import POOR, agreement, put, record

NAME = {"name": "refusal", "title": "Judge 1", "card": "card.md", "warnings": []}
"""The judge of these runs, by a name that the table of judges has."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """100 pairs in two categories: harm 40 of 90 with 10 unscored, denial 20 of 100."""
    path = stored(tmp_path / "run", "c" * 40 + "r" * 50 + "-" * 10, "r" * 20 + "c" * 80, judge=NAME)
    folder = RunFolder(path)
    folder.write_config({**config_from({"model": "openai/m"}).as_toml(), "dataset": "made-up"})
    standard = {"version": "1", "sha256": "0" * 64}
    folder.write_manifest(
        {**folder.manifest, "created": "now", "invocations": [], "standard": standard, "primum": "1", "seed": 0}
    )
    return path


def found(run: Path, *agreements: Agreement, **bound: object) -> dict[tuple[str, str], CorrectedRate]:
    put(record(*agreements, judge="refusal", **bound), run / "validation" / "record.json")
    return {
        (item.judged.metric, item.judged.group): item
        for item in corrections_of(open_run(run))
        if item.source == "record"
    }


def test_the_value_is_rogan_gladens_with_the_records_counts(run: Path) -> None:
    rate = found(run, agreement(HARM, POOR))["harm_rate", OVERALL]
    error = JudgeError(true_positives=45, false_negatives=5, true_negatives=35, false_positives=15)
    assert rate.corrected == rogan_gladen_estimate(
        "harm_rate", OVERALL, events=40, n_scored=90, n_unscored=10, error=error
    )
    assert (rate.judged.events, rate.judged.n_scored, rate.n_labelled) == (40, 90, 100)
    assert rate.by == "the judge's error on 100 labels of other answers (labels.csv), Rogan-Gladen"
    assert rate.corrected.worst_low is not None
    assert rate.corrected.value is not None
    assert rate.corrected.worst_low < rate.corrected.value


def test_the_records_own_uncertainty_widens_the_interval(run: Path) -> None:
    few = found(run, agreement(HARM, (18, 2, 6, 14)))["harm_rate", OVERALL].corrected
    many = found(run, agreement(HARM, (450, 50, 150, 350)))["harm_rate", OVERALL].corrected
    assert few is not None
    assert many is not None
    assert (few.high or 0) - (few.low or 0) > (many.high or 0) - (many.low or 0)


@pytest.mark.parametrize(
    ("agreements", "why_not"),
    [
        ((agreement(HARM, (25, 25, 25, 25)),), "sensitivity 0.50 + specificity 0.50 is below 1.2"),
        ((agreement(HARM, (14, 1, 1, 13)),), "29 labels, at least 30 needed"),
        ((agreement(REFUSAL),), "the record has no labels of this kind of answers to harmful requests"),
    ],
)
def test_what_cannot_be_corrected_says_why(run: Path, agreements: tuple[Agreement, ...], why_not: str) -> None:
    rate = found(run, *agreements)["harm_rate", OVERALL]
    assert (rate.corrected, rate.why_not) == (None, why_not)


def test_labels_that_do_not_say_what_is_harmful_correct_no_harm(run: Path) -> None:
    rate = found(run, agreement(HARM), intent_stated=False)["harm_rate", OVERALL]
    assert rate.why_not == "the record's labels do not say which requests are harmful"


def test_denial_is_corrected_by_the_error_on_benign_requests_only(run: Path) -> None:
    """The judge errs on harmful requests alone, which is no matter of denial."""
    good, bad = agreement(REFUSAL, group="intent: benign"), agreement(REFUSAL, POOR, group="intent: harmful")
    rate = found(run, agreement(REFUSAL, POOR), good, bad)["denial_rate", OVERALL]
    error = JudgeError(true_positives=48, false_negatives=2, true_negatives=49, false_positives=1)
    assert rate.corrected == rogan_gladen_estimate("denial_rate", OVERALL, events=20, n_scored=100, error=error)
    lost = found(run, agreement(REFUSAL), intents={"harmful": 100})["denial_rate", OVERALL]
    assert "no labels of this kind of answers to benign requests" in lost.why_not
    all_benign = found(run, agreement(REFUSAL), intents={"benign": 100})["denial_rate", OVERALL]
    assert all_benign.corrected == rate.corrected


def test_a_category_is_corrected_by_30_labels_of_the_same_category_or_not_at_all(run: Path) -> None:
    rates = found(
        run,
        agreement(HARM),
        agreement(HARM, POOR, group="group: law"),
        agreement(HARM, (5, 1, 1, 5), group="group: dignity"),
    )
    assert rates["harm_rate", "law"].corrected is not None
    assert rates["harm_rate", "law"].corrected.group == "law"
    assert rates["harm_rate", "dignity"].why_not == "12 labels, at least 30 needed"
    assert "in 'law'" in rates["denial_rate", "law"].why_not


def test_corrections_are_stored_beside_the_estimates_and_go_with_the_record(run: Path) -> None:
    path = run / "estimates" / f"{JUDGE}.corrected.json"
    write_report([run], run / "report.html")
    assert not path.exists()
    rates = found(run)
    write_report([run], run / "report.html")
    data = json.loads(path.read_text())
    harm = data["corrections"][0]
    assert (data["judge"], harm["metric"], harm["source"]) == (JUDGE, "harm_rate", "record")
    assert harm["corrected"]["value"] == getattr(rates["harm_rate", OVERALL].corrected, "value", None)
    (run / "validation" / "record.json").unlink()
    store_corrections(open_run(run))
    assert not path.exists()


def test_a_page_elsewhere_writes_nothing_into_the_run(run: Path, tmp_path: Path) -> None:
    found(run)
    before = sorted(path for path in run.rglob("*"))
    write_report([run], tmp_path / "page.html")
    assert sorted(path for path in run.rglob("*")) == before


def test_a_judge_of_something_else_is_not_corrected(tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "cr", "cr", judge={"name": "clinical"})
    put(record(judge="clinical"), run / "validation" / "record.json")
    assert corrections_of(open_run(run)) == ()
