"""MedQA: choices by letter; the subject is the step of the examination."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions
from primum.datasets.medqa import MEDQA, from_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from tests.datasets.made_up import FILE, raw


def question(letter: str, step: str = "step1") -> RawRow:
    options = {"A": "one", "B": "two", "C": "three", "D": "four"}
    return raw({"question": "question 1?", "options": options, "answer_idx": letter, "meta_info": step}, 8)


@pytest.mark.parametrize(("letter", "right"), [("A", "one"), ("D", "four")])
def test_the_letter_points_to_the_right_choice(letter: str, right: str) -> None:
    found = from_row(FILE, question(letter))
    assert found.choices[found.answer] == right


def test_the_subject_is_the_step() -> None:
    assert from_row(FILE, question("A", "step2&3")).subject == "step2&3"


def test_a_letter_that_no_choice_has_is_a_users_error() -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 8: column 'answer_idx' says 'E'\. Allowed: A, B, C, D"):
        from_row(FILE, question("E"))


@pytest.mark.real_data
def test_the_real_test_questions_are_1273_with_four_choices(data_dir: Path) -> None:
    loaded = MEDQA.load(LoadOptions(folder=data_dir / "capability" / "medqa_test_4options.jsonl"))
    assert len({question.id for question in loaded.questions}) == len(loaded.questions) == 1_273
    assert {len(question.choices) for question in loaded.questions} == {4}
    assert set(Counter(question.subject for question in loaded.questions)) == {"step1", "step2&3"}
