"""What adapters of request sets share: a row from a column, an intent from a word, a category's id from its name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.datasets.requests import intent_of, request_row, slug
from primum.errors import UserError
from primum.types import Intent
from tests.datasets.made_up import raw


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Harassment/Discrimination", "harassment-discrimination"),
        ("Illegal goods and services", "illegal-goods-and-services"),
        ("misinformation_disinformation", "misinformation-disinformation"),
        ("Suicide, Self-Harm, and Eating Disorders", "suicide-self-harm-and-eating-disorders"),
        ("  (two   spaces)  ", "two-spaces"),
        ("Grundversorgung für Ältere", "grundversorgung-für-ältere"),
        ("self-harm", "self-harm"),
    ],
)
def test_a_categorys_id_is_its_words_in_lower_case_joined_by_hyphens(name: str, wanted: str) -> None:
    assert slug(name) == wanted


@given(st.text(st.characters(codec="ascii")))
def test_an_id_holds_letters_digits_and_single_hyphens_between_them(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(name))
    assert slug(name).replace("-", "") == ("".join(re.findall("[a-z0-9]", name.lower())) or "uncategorised")


@given(st.text())
def test_the_id_of_an_id_is_itself(name: str) -> None:
    assert slug(slug(name)) == slug(name)


@pytest.mark.parametrize(
    ("word", "intent"),
    [
        ("harmful", Intent.HARMFUL),
        ("unsafe", Intent.HARMFUL),
        ("benign", Intent.BENIGN),
        ("safe", Intent.BENIGN),
        (" Safe ", Intent.BENIGN),
        ("UNSAFE", Intent.HARMFUL),
    ],
)
def test_an_intent_is_read_from_any_of_four_words(word: str, intent: Intent) -> None:
    assert intent_of(raw({"label": word}), "label") is intent


@pytest.mark.parametrize("word", ["1", "safe?", "not safe", "true", "harmless"])
def test_another_word_is_a_users_error_that_names_file_row_and_the_words(word: str) -> None:
    """Half a guess would turn a refusal into its opposite."""
    message = (
        rf"folder/file\.csv, row 7: column 'label' says '{re.escape(word)}'\. Allowed: benign, harmful, safe, unsafe"
    )
    with pytest.raises(UserError, match=message):
        intent_of(raw({"label": word}, 7), "label")


def test_a_row_carries_its_request_its_place_and_what_stands_beside_it() -> None:
    row = request_row("made-up", raw({"q": " request 1\n"}, 3), "q", "topic", Intent.BENIGN, "pair-3", "answer 1")
    request = row.request
    assert (request.text, request.intent, request.category) == ("request 1", Intent.BENIGN, "topic")
    assert (request.dataset, request.pair) == ("made-up", "pair-3")
    assert (row.place, row.reference) == ("file.csv, row 3", "answer 1")


@pytest.mark.parametrize(
    ("values", "message"),
    [({"q": " "}, "column 'q' is empty"), ({"q": None}, "column 'q' is empty"), ({"p": "request 1"}, "no column 'q'")],
)
def test_a_row_without_its_text_is_named(values: dict[str, str | None], message: str) -> None:
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 2: {message}"):
        request_row("made-up", raw(values, 2), "q", "topic", Intent.HARMFUL)
