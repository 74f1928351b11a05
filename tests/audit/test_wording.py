"""What counts as the same wording, and how varied the wording of a set is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.audit.wording import DRAWN_PAIRS, distinct_pairs, normalised, word_pairs, words

PLAIN = st.text("abcdefghij XYZ 0123456789", max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Request One", "request one"),
        ("request one", "  request \t\n one "),
        ("request one", "Request one?!"),
        ("\u201crequest\u201d one\u2019s", '"request" one\'s'),
        ("an x-ray", "an xray"),
        ("request\u00a0one", "request one"),
        ("запрос один", "Запрос, один!"),
    ],
    ids=ascii,
)
def test_case_space_and_punctuation_do_not_hide_a_repeat(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a na\u00efve caf\u00e9", "a naive cafe"), ("a caf\u00e9", "a cafe\u0301"), ("\u00c9lan", "elan")],
    ids=ascii,
)
def test_an_accent_does_not_hide_a_repeat_however_it_is_written(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("request one", "request two"),
        ("request 10", "request 100"),
        ("запрос один", "запрос два"),
        ("запрос 1", "запрос 2"),
        ("第一个 请求", "第二个 请求"),
        ("запрос aspirin один", "запрос aspirin два"),
    ],
)
def test_another_wording_stays_another_in_any_script(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize("text", ["", "  ", "?!", "____", "\u2026\u2014"], ids=ascii)
def test_what_holds_no_word_is_nothing(text: str) -> None:
    assert normalised(text) == ""


@given(PLAIN)
def test_signs_around_a_text_and_its_case_never_matter(text: str) -> None:
    assert normalised(f' "{text.upper()}"?! ') == normalised(text)


@given(PLAIN)
def test_plain_words_come_out_in_lower_case_with_single_spaces(text: str) -> None:
    assert normalised(text) == " ".join(text.lower().split())


@given(st.text(max_size=40))
def test_the_same_text_twice_is_always_a_repeat(text: str) -> None:
    assert normalised(text) == normalised(f" {text}\n")


def test_words_are_in_lower_case_and_in_order() -> None:
    assert words("Request 1, caf\u00e9; don't") == ["request", "1", "caf\u00e9", "don", "t"]
    assert list(word_pairs("One two three")) == [("one", "two"), ("two", "three")]
    assert list(word_pairs("One")) == []


@pytest.mark.parametrize(
    ("texts", "share", "count"),
    [
        (["one two one two three"], 3 / 4, 4),  # one-two, two-one, one-two again, two-three
        (["one two", "two one"], 1.0, 2),  # no pair goes over the end of a text
        (["one two three", "One, two! THREE"], 2 / 4, 4),
        (["one two"] * 4, 1 / 4, 4),
        (["one"], 0.0, 0),
        ([], 0.0, 0),
        (["", "?!"], 0.0, 0),
    ],
)
def test_distinct_2_is_the_share_of_different_neighbours(texts: list[str], share: float, count: int) -> None:
    found, size = distinct_pairs(texts)
    assert found == pytest.approx(share)
    assert size == count


def repeating(times: int) -> list[str]:
    """Texts that repeat one another in part: three pairs each, one of them new."""
    return [f"one two three new{number}" for number in range(times)]


def test_a_large_set_is_measured_at_the_same_size_as_a_small_one() -> None:
    """Else the larger of two equally varied sets would look poorer."""
    fits, larger = DRAWN_PAIRS // 3, DRAWN_PAIRS
    small, large = distinct_pairs(repeating(fits)), distinct_pairs(repeating(larger))
    assert (small[1], large[1]) == (3 * fits, DRAWN_PAIRS)
    assert small[0] == pytest.approx((fits + 2) / (3 * fits))
    assert large[0] == pytest.approx(small[0], abs=0.002)


def test_the_same_seed_draws_the_same_and_another_one_something_else() -> None:
    texts = ["one two one two"] * 2_000 + [f"new{number} old{number}" for number in range(4_000)]
    first = distinct_pairs(texts, seed=1)
    assert distinct_pairs(list(texts), seed=1) == first
    assert distinct_pairs(texts, seed=2) != first


def test_measuring_does_not_reorder_the_texts() -> None:
    texts = repeating(50)
    distinct_pairs(texts)
    assert texts == repeating(50)
