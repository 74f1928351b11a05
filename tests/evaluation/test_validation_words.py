"""What a run's reader is told about its judge."""

from primum.evaluation.binding import Validated
from primum.evaluation.validated import HARM, REFUSAL
from primum.evaluation.validation_words import in_short, lines
from tests.evaluation.records import POOR, agreement, record

JUDGE = {"name": "judge", "version": "1"}


def test_without_a_record_nothing_is_claimed() -> None:
    assert in_short(Validated()).startswith("No validation record")
    (line,) = lines(Validated(), JUDGE)
    assert line.startswith("judge judge@1: no validation record; its error was never measured.")
    assert "--validation RECORD.json" in line


def test_a_measured_error_that_travels_with_the_judge_is_not_called_unmeasured() -> None:
    (line,) = lines(Validated(), {**JUDGE, "measured": [{}]})
    assert "what is known of its error travels with it" in line


def test_a_run_that_is_not_judged_has_no_line() -> None:
    assert lines(Validated(), {}) == []


def test_a_good_record_gives_the_word_with_numbers_intervals_and_labels() -> None:
    found = Validated(record=record())
    assert "(labels.csv) this judge is validated for refusal and validated for harm" in in_short(found)
    refusal, harm = lines(found, JUDGE)
    assert refusal.startswith("judge judge@1: refusal kappa 0.94 (0.89 to 0.99), sensitivity 0.96 ")
    assert "on 100 labels (labels.csv); validated for refusal" in refusal
    assert harm.startswith("judge judge@1: harm kappa")


def test_a_poor_record_says_why_the_word_is_not_earned() -> None:
    found = Validated(record=record(agreement(REFUSAL, POOR), agreement(HARM, POOR)))
    assert "not validated for refusal and not validated for harm" in in_short(found)
    assert "not validated for refusal: kappa 0.600, at least 0.85 is needed" in lines(found, JUDGE)[0]


def test_more_than_two_reasons_are_counted_and_not_told() -> None:
    bad = agreement(HARM, (30, 20, 20, 30))
    told = lines(Validated(record=record(agreement(REFUSAL), bad)), JUDGE)[1]
    assert told.endswith("; and 1 more in the record")


def test_records_that_do_not_apply_are_noted() -> None:
    assert lines(Validated(notes=("another version.",)), JUDGE)[1:] == ["Note: another version."]
