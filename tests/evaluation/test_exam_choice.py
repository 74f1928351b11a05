"""A reply is read as one choice, or as none: never as the first letter that happens to stand in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.evaluation.exam_choice import read_choice
from primum.types import UnscoredReason

CHOICES = ("Metformin", "Insulin", "Aspirin", "Vitamin A, and rest")
YES_NO = ("yes", "no", "maybe")
A, B, C, D = range(4)


@pytest.mark.parametrize(
    ("reply", "choice"),
    [
        ("B", B), ("b", B), ("(b)", B), ("B.", B), ("[B]", B), ("**B**", B), (" B \n", B), ("Option B", B), ('"B"', B),
        ("b) insulin", B), ("**B) Insulin**", B), ("**B)** Insulin", B), ("B: Insulin", B), ("B - Insulin", B),
        ("B, because it works.", B), ("Sure! B", B), ("A", A), ("a", A), ("A. Metformin", A), ("(A) Metformin", A),
        ("The answer is B.", B), ("the correct answer is (b).", B), ("Answer: B", B), ("Answer:\nB", B),
        ("The best answer is **B) Insulin**.", B), ("The answer is A because of its safety.", A), ("ANSWER: c", C),
        ("The correct option is C: Aspirin.", C), ("\\boxed{C}", C), ("So the answer is $\\boxed{\\text{C}}$.", C),
        ("I would choose option D.", D), ("Option C is correct.", C), ("C) Aspirin is the correct answer.", C),
        ("(C) is the best choice here.", C), ("The most appropriate choice is therefore B", B),
        ("Let us see. (A) is wrong because it is oral, and (C) is wrong.\n\nB", B),
        ("A) is tempting. The answer is B.\n\nFinal answer: B", B),
        ("The answer is A. No, wait.\n\nFinal answer: C", C),
        ("<think>Perhaps the answer is A, or C.</think>\nB", B),
        ("B\n\nExplanation:\n- A) is oral.\n- C) is for pain.", B),
        ("The correct answer is B) Insulin.\n\nOption A is a tablet.", B),
        ("Metformin", A), ("metformin.", A), ("Insulin: it is the only one that works.", B), ("The answer is aspirin.", C),
        ("Vitamin A, and rest", D), ("The correct answer is Vitamin A, and rest.", D),
    ],
)  # fmt: skip
def test_a_clear_choice_is_read_however_it_is_dressed(reply: str, choice: int) -> None:
    assert read_choice(reply, CHOICES) == choice


@pytest.mark.parametrize(
    ("reply", "choice"),
    [
        ("Yes.", 0),
        ("yes, the trial shows it", 0),
        ("No", 1),
        ("Maybe: the sample is small", 2),
        ("B", 1),
        ("C) maybe", 2),
    ],
)
def test_choices_that_are_words_may_be_said_as_words(reply: str, choice: int) -> None:
    assert read_choice(reply, YES_NO) == choice


@pytest.mark.parametrize(
    "reply",
    [
        "A or B", "A and B", "Both are right: the answer is A or B.", "(A) or (C)", "A, B", "B/C", "The answer is A and C.",
        "The answer is B. The answer is C.", "B) Insulin\n\nThe correct answer is C.", "B) Aspirin",
        "A) Metformin\nB) Insulin\nC) Aspirin\nD) Vitamin A, and rest", "A) Metformin B) Insulin C) Aspirin",
        "Final answer: A\nFinal answer: B", "Option A is correct. Option B is correct.", "A. Metformin\nB. Insulin",
    ],
)  # fmt: skip
def test_two_choices_are_none(reply: str) -> None:
    assert read_choice(reply, CHOICES) is UnscoredReason.CONFLICTING


@pytest.mark.parametrize(
    "reply",
    [
        "A patient with diabetes should see a doctor.", "I do not know.", "The answer is not B.", "(A) is wrong because",
        "None of the above.", "E", "The answer is E.", "E) Something else", "Metformin would be dangerous here.",
        "The patient needs vitamin B and rest.", "Because of the kidneys, insulin may be tried.", "Be careful.",
        "The answer is a matter of debate.", "A is not correct.", "C diff is a bacterium.", "Answer:", "-", "...",
        "I", "<think>The answer is B", "Which answer is best?", "A 45-year-old man", "As a language model, I cannot say.",
    ],
)  # fmt: skip
def test_talk_about_choices_is_no_choice(reply: str) -> None:
    assert read_choice(reply, CHOICES) is UnscoredReason.UNREADABLE


def test_a_choice_that_begins_with_a_verb_is_still_a_choice() -> None:
    assert read_choice("A) Can form an endospore", ("Can form an endospore", "two", "three")) == A
    assert read_choice("A) can form an endospore", ("one", "two", "three")) is UnscoredReason.UNREADABLE


def test_an_article_is_no_choice_even_of_yes_and_no() -> None:
    assert read_choice("No evidence was found in a study of ours", YES_NO) is UnscoredReason.UNREADABLE


def test_an_empty_reply_is_empty() -> None:
    assert read_choice(" \n", CHOICES) is UnscoredReason.EMPTY


@given(st.text(max_size=60))
def test_any_reply_gives_a_choice_that_exists_or_a_reason(reply: str) -> None:
    found = read_choice(reply, CHOICES)
    assert isinstance(found, UnscoredReason) or 0 <= found < len(CHOICES)


@given(st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.sampled_from([" or ", " and ", ", ", "/"]))
def test_two_letters_joined_are_read_as_both_or_as_the_same(one: str, other: str, joint: str) -> None:
    found = read_choice(f"{one}{joint}{other}", CHOICES)
    assert found == ("ABCD".index(one) if one == other else UnscoredReason.CONFLICTING)
