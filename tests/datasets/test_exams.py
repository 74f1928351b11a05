"""Exam questions: the answer is one of the choices, or the row is refused."""

from typing import Any

import pytest

from primum.datasets.exams import exam_question, lettered
from primum.errors import UserError
from tests.datasets.made_up import raw

ROW = raw({"question": " question 1? ", "options": {"A": "one", "B": "two", "C": "three"}, "answer_idx": "C"}, 5)


def with_options(options: Any, letter: Any = "A") -> Any:
    return raw({"options": options, "answer_idx": letter}, 5)


def test_a_question_holds_its_text_its_choices_and_the_index_of_the_right_one() -> None:
    question = exam_question("made-up", ROW, [" one", "two "], 1, "anatomy")
    assert (question.text, question.choices, question.answer) == ("question 1?", ("one", "two"), 1)
    assert (question.subject, question.dataset, question.context) == ("anatomy", "made-up", None)


@pytest.mark.parametrize("answer", [-1, 2, 3])
def test_an_answer_that_is_none_of_the_choices_is_a_users_error(answer: int) -> None:
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 5: answer {answer} is none of the 2 choices"):
        exam_question("made-up", ROW, ["one", "two"], answer, "anatomy")


@pytest.mark.parametrize("choices", [[], ["one"], ["one", ""], ["one", "  "], ["one", None]])
def test_a_single_choice_or_an_empty_one_is_a_users_error(choices: Any) -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 5: .*choices, or an empty one"):
        exam_question("made-up", ROW, choices, 0, "anatomy")


def test_a_question_without_text_is_a_users_error() -> None:
    with pytest.raises(UserError, match=r"row 5: column 'question' is empty"):
        exam_question("made-up", raw({"question": ""}, 5), ["one", "two"], 0, "anatomy")


def test_lettered_choices_stand_in_the_order_of_their_letters() -> None:
    assert lettered(ROW) == (["one", "two", "three"], 2)
    assert lettered(with_options({"B": "two", "C": "three", "A": "one"}, "B")) == (["one", "two", "three"], 1)


@pytest.mark.parametrize("letter", ["D", "a", "1", "A.", "AB"])
def test_another_letter_is_a_users_error_that_names_the_letters(letter: str) -> None:
    with pytest.raises(UserError, match=rf"row 5: column 'answer_idx' says '{letter}'\. Allowed: A, B"):
        lettered(with_options({"A": "one", "B": "two"}, letter))


@pytest.mark.parametrize("options", [["one", "two"], "A: one", None, 3])
def test_choices_that_have_no_letters_are_a_users_error(options: Any) -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 5: column 'options' is no object"):
        lettered(with_options(options))


def test_a_letter_without_a_choice_leaves_no_question() -> None:
    """JSON's null is no choice called "None"."""
    row = raw({"question": "question 1?", "options": {"A": "one", "B": None}, "answer_idx": "A"}, 5)
    with pytest.raises(UserError, match="row 5"):
        exam_question("made-up", row, *lettered(row), "anatomy")
