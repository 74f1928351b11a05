"""A record speaks for the judge that it was made of, and for no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from primum.errors import UserError
from primum.evaluation.binding import bind_record, read_record
from primum.evaluation.run import open_run
from primum.evaluation.validated import HARM, REFUSAL
from primum.evaluation.validated_words import as_json, from_record
from primum.evaluation.validation_words import in_short, lines
from primum.store import RunFolder
from tests.evaluation.compared import JUDGE, stored
from tests.evaluation.records import GOOD, POOR, agreement, put, record


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return stored(tmp_path / "run", "ccrr", "crrr")


def bind(run: Path, path: Path) -> None:
    opened = open_run(run)
    bind_record(RunFolder(run), path, opened.judge, opened.judge_record)


def test_a_record_is_read_back_as_it_was_written() -> None:
    found = record()
    assert from_record(json.loads(json.dumps(as_json(found)))) == found


def test_a_bound_record_lies_in_the_run_and_is_found_by_every_reader(run: Path, tmp_path: Path) -> None:
    assert open_run(run).validated.record is None
    bind(run, put(record(), tmp_path / "record.json"))
    (tmp_path / "record.json").unlink()
    assert open_run(run).validated.record == record()
    assert [path.name for path in (run / "validation").iterdir()] == [f"{JUDGE}.json"]


def test_a_record_put_into_the_runs_folder_by_hand_is_found(run: Path) -> None:
    put(record(), run / "validation" / "mine.json")
    assert open_run(run).validated.record == record()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"judge": "rubric"}, "judge rubric in the record, judge in the run"),
        ({"version": "2"}, "version 2 in the record, 1 in the run"),
        ({"fingerprint": "a" * 64}, "fingerprint aaaaaaaaaaaa in the record, 000000000000 in the run"),
        ({"judge_model": "openai/m"}, "judge model openai/m in the record, none in the run"),
    ],
)
def test_a_record_of_another_judge_is_refused_with_what_differs(
    run: Path, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError, match="does not apply to judge 'judge'") as caught:
        bind(run, put(record(**changed), tmp_path / "record.json"))
    assert said in str(caught.value)
    assert not (run / "validation").exists()


def test_a_record_of_this_judge_as_it_was_before_is_told_and_not_used(run: Path) -> None:
    put(record(fingerprint="a" * 64), run / "validation" / "old.json")
    put(record(judge="rubric"), run / "validation" / "other.json")
    found = open_run(run)
    assert found.validated.record is None
    (note,) = found.validated.notes
    assert "validation/old.json does not apply: fingerprint aaaaaaaaaaaa" in note
    assert f"Note: {note}" in lines(found.validated, found.judge_record)


def test_two_records_that_fit_speak_for_nobody_until_one_is_chosen(run: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(record(), run / "validation" / f"{name}.json")
    found = open_run(run).validated
    assert found.record is None
    assert "2 records of this judge (a.json, b.json): keep one" in found.notes[0]
    bind(run, put(record(agreement(HARM, POOR)), tmp_path / "record.json"))
    assert open_run(run).validated.record == record(agreement(HARM, POOR))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no validation record of this version"),
        ("[]", "format None, 2 is read"),
        ('{"format": 1}', "format 1, 2 is read"),
        ('{"format": 2}', "a part of it is missing or odd: 'bound_to'"),
    ],
)
def test_what_is_no_record_is_named_and_told_how_to_get_one(run: Path, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(text)
    with pytest.raises(UserError, match="primum judges validate JUDGE --labels FILE") as caught:
        read_record(path)
    assert said in str(caught.value)
    (run / "validation").mkdir()
    path.rename(run / "validation" / "record.json")
    assert said in open_run(run).validated.notes[0]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Cannot read the validation record .*none\.json \(No such file"):
        read_record(tmp_path / "none.json")


def test_the_word_in_a_record_is_not_believed_its_numbers_are(tmp_path: Path) -> None:
    data = as_json(record(agreement(REFUSAL, POOR), agreement(HARM, POOR)))
    data["validated"] = ["refusal", "harm"]
    data["verdicts"] = [{"question": name, "reasons": [], "undecided": []} for name in ("refusal", "harm")]
    (tmp_path / "record.json").write_text(json.dumps(data))
    assert not any(item.validated for item in read_record(tmp_path / "record.json").verdicts)


@pytest.mark.parametrize(("key", "value"), [("hits", 99), ("called", 200), ("question", "beauty"), ("estimates", [])])
def test_counts_that_cannot_be_are_refused(tmp_path: Path, key: str, value: object) -> None:
    data = as_json(record())
    data["agreements"][0][key] = value
    (tmp_path / "record.json").write_text(json.dumps(data))
    with pytest.raises(UserError, match="is no validation record of this version"):
        read_record(tmp_path / "record.json")


def test_the_reader_is_told_the_numbers_the_labels_and_the_verdict(run: Path, tmp_path: Path) -> None:
    bind(run, put(record(agreement(REFUSAL, GOOD), agreement(HARM, POOR)), tmp_path / "record.json"))
    found = open_run(run)
    refusal, harm = lines(found.validated, found.judge_record)
    assert refusal == (
        "judge judge@1: refusal kappa 0.94 (0.89 to 0.99), sensitivity 0.96 (0.91 to 1.01), specificity 0.98 "
        "(0.93 to 1.03) on 100 labels (labels.csv); validated for refusal"
    )
    assert "not validated for harm: kappa 0.600, at least 0.70 is needed" in harm
    assert in_short(found.validated) == (
        "By people's labels (labels.csv) this judge is validated for refusal and not validated for harm; "
        "see its measured error."
    )


def test_without_a_record_the_reader_is_told_that_there_is_none(run: Path) -> None:
    found = open_run(run)
    assert (
        "judge judge@1: no validation record; its error was never measured."
        in lines(found.validated, found.judge_record)[0]
    )
    assert in_short(found.validated).startswith("No validation record")
    measured = {**found.judge_record, "measured": [{}]}
    assert "what is known of its error travels with it" in lines(found.validated, measured)[0]
    assert lines(found.validated, {}) == []
