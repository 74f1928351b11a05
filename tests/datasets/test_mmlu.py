"""MMLU: the six medical subjects of a file that holds them all."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import LoadOptions
from primum.datasets.mmlu import MMLU, SUBJECTS, from_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from tests.datasets.made_up import FILE, files_of, raw


def question(subject: str, answer: Any = 1) -> RawRow:
    return raw({"question": "question 1?", "subject": subject, "choices": ["one", "two", "three"], "answer": answer}, 8)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_medical_subject_is_kept(subject: str) -> None:
    found = from_row(FILE, question(subject))
    assert found is not None
    assert (found.subject, found.choices[found.answer]) == (subject, "two")


@pytest.mark.parametrize("subject", ["virology", "high_school_biology", "nutrition", "Anatomy"])
def test_another_subject_is_left_out(subject: str) -> None:
    assert from_row(FILE, question(subject)) is None


def test_a_row_of_another_subject_is_left_out_whatever_is_wrong_with_it() -> None:
    assert from_row(FILE, question("virology", "none")) is None


@pytest.mark.parametrize("answer", [-1, 3])
def test_an_answer_past_the_choices_is_a_users_error(answer: int) -> None:
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 8: answer {answer} is none of the 3 choices"):
        from_row(FILE, question("anatomy", answer))


@pytest.mark.parametrize("choices", [None, 3])
def test_choices_that_are_no_list_are_a_users_error(choices: Any) -> None:
    row = raw({"question": "question 1?", "subject": "anatomy", "choices": choices, "answer": 0}, 8)
    with pytest.raises(UserError, match=r"folder/file\.csv, row 8"):
        from_row(FILE, row)


def test_the_lettered_layout_is_read_too() -> None:
    options = {"A": "one", "B": "two", "C": "three", "D": "four"}
    values = {"question": "question 1?", "subject": "anatomy", "options": options, "answer_idx": "B", "answer": "two"}
    found = from_row(FILE, raw(values))
    assert found is not None
    assert (found.choices, found.answer) == (("one", "two", "three", "four"), 1)


def test_train_is_upstreams_dev_split() -> None:
    assert {file.split: file.name.split("-")[0] for file in files_of(MMLU)} == {"test": "test", "train": "dev"}


@pytest.mark.real_data
def test_the_real_questions_are_1089_in_six_subjects(data_dir: Path) -> None:
    """Upstream's own counts of its test split."""
    loaded = MMLU.load(LoadOptions(folder=data_dir / "capability" / "mmlu_medical_test.jsonl"))
    assert Counter(question.subject for question in loaded.questions) == {
        "anatomy": 135, "clinical_knowledge": 265, "college_biology": 144, "college_medicine": 173,
        "medical_genetics": 100, "professional_medicine": 272,
    }  # fmt: skip
