"""MedMCQA: the right choice is counted from 0, and a lettered copy says the same."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import LoadOptions
from primum.datasets.medmcqa import MEDMCQA, from_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from tests.datasets.made_up import FILE, files_of, raw


def question(cop: Any, **other: Any) -> RawRow:
    row = {
        "question": "question 1", "opa": "one", "opb": "two", "opc": "three", "opd": "four", "cop": cop,
        "choice_type": "single", "exp": None, "subject_name": "Anatomy", "topic_name": None,
    }  # fmt: skip
    return raw(row | other, 8)


@pytest.mark.parametrize(("cop", "right"), [(0, "one"), (1, "two"), (2, "three"), (3, "four"), ("3", "four")])
def test_the_right_choice_is_counted_from_zero(cop: Any, right: str) -> None:
    found = from_row(FILE, question(cop))
    assert found.choices[found.answer] == right
    assert found.subject == "Anatomy"


@pytest.mark.parametrize("cop", [-1, 4])
def test_a_number_past_the_choices_is_a_users_error(cop: int) -> None:
    """4 is the last choice of an archive that counts from 1; -1 stands for an answer that is kept secret."""
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 8: answer {cop} is none of the 4 choices"):
        from_row(FILE, question(cop))


def test_an_empty_choice_is_a_users_error_that_names_file_and_row() -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 8: column 'opd' is empty"):
        from_row(FILE, question(0, opd=" "))


def test_the_lettered_layout_is_read_too() -> None:
    options = {"A": "one", "B": "two", "C": "three", "D": "four"}
    found = from_row(FILE, raw({"question": "question 1", "options": options, "answer_idx": "D", "answer": "four"}))
    assert (found.text, found.choices, found.answer) == ("question 1", ("one", "two", "three", "four"), 3)


def test_the_test_split_is_upstreams_validation_whose_answers_are_public() -> None:
    assert {file.split: file.name.split("-")[0] for file in files_of(MEDMCQA)} == {
        "test": "validation",
        "train": "train",
    }


@pytest.mark.real_data
def test_the_real_single_answer_questions_are_read_from_their_lettered_copy(data_dir: Path) -> None:
    loaded = MEDMCQA.load(LoadOptions(folder=data_dir / "capability" / "medmcqa_dev_single.jsonl"))
    assert len(loaded.questions) == 2_816
    assert {len(question.choices) for question in loaded.questions} == {4}
    assert min(Counter(question.answer for question in loaded.questions).values()) > 400
