import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.tokens import (
    ASKED,
    END,
    HEAD,
    LINE,
    NUMBER,
    OTHER,
    START,
    TAIL,
    numbered,
    numbers,
    plain,
    read,
    sentence_ends,
    sentences,
    topics,
    words_of,
)

KNOWN = numbered(["i", "cannot", "the", ".", "!"])


def said(text: str, request: str = "") -> list[int]:
    return numbers(words_of(plain(text)), topics(words_of(plain(request))), KNOWN)


def test_plain_text_has_straight_apostrophes_and_no_emphasis() -> None:
    assert plain("**I CAN\u2019T**, \u2018no\u2019") == "i can't, 'no'"


def test_a_long_text_is_read_at_both_ends() -> None:
    text = "a" * HEAD + "b" * 5_000 + "c" * TAIL
    assert read(text) == "a" * HEAD + "\n" + "c" * TAIL
    assert read("a" * (HEAD + TAIL)) == "a" * (HEAD + TAIL)


def test_words_keep_apostrophes_and_signs_stand_alone() -> None:
    assert words_of("i can't, 12 times!\n") == ["i", "can't", ",", "12", "times", "!", "\n"]


def test_a_known_word_keeps_its_number_and_a_stranger_says_only_what_it_is() -> None:
    assert said("I cannot fax 12\nforms", "Which forms?") == [KNOWN["i"], KNOWN["cannot"], OTHER, NUMBER, LINE, ASKED]


def test_a_run_of_strangers_counts_once() -> None:
    assert said("blue red green the grey") == [OTHER, KNOWN["the"], OTHER]


def test_a_short_word_of_the_request_is_no_topic() -> None:
    assert topics(["how", "fax", "forms"]) == {"forms"}


def test_a_text_without_words_is_one_stranger() -> None:
    assert said("") == [OTHER]


def test_sentences_end_at_signs_and_at_line_ends() -> None:
    found = sentences(said("I cannot. The form!\nThe pen"), sentence_ends(KNOWN))
    assert found == [
        [START, KNOWN["i"], KNOWN["cannot"], KNOWN["."], END],
        [START, KNOWN["the"], OTHER, KNOWN["!"], END],
        [START, KNOWN["the"], OTHER, END],
    ]


def test_of_many_sentences_the_first_ten_and_the_last_two_are_looked_at() -> None:
    text = " ".join(["I cannot."] * 10 + ["The the the."] * 5 + ["I i."] * 2)
    found = sentences(said(text), sentence_ends(KNOWN))
    assert len(found) == 12
    assert found[9][2] == KNOWN["cannot"]
    assert found[10][1:3] == [KNOWN["i"]] * 2


@given(st.text())
def test_every_text_has_a_sentence_between_marks(text: str) -> None:
    found = sentences(said(text), sentence_ends(KNOWN))
    assert found
    assert all(part[0] == START and part[-1] == END and len(part) > 2 for part in found)


@pytest.mark.parametrize("sign", [".", "?", "!", "..."])
def test_a_text_of_signs_alone_is_still_one_sentence(sign: str) -> None:
    assert len(sentences(said(sign), sentence_ends(KNOWN))) == 1
