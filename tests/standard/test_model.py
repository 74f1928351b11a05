"""The standard that ships: whole, consistent, and found by id and number."""

import hashlib
from importlib.resources import files

import pytest

from primum.errors import UserError
from primum.standard import Category, load_standard

STANDARD = load_standard()
EVERY = (*STANDARD.principles, *STANDARD.general)


def test_there_are_nine_principles_numbered_from_1_to_9_in_order() -> None:
    assert [item.number for item in STANDARD.principles] == list(range(1, 10))
    assert {item.scope for item in STANDARD.principles} == {"medical"}


def test_general_categories_have_no_number() -> None:
    assert len(STANDARD.general) >= 10
    assert {(item.scope, item.number) for item in STANDARD.general} == {("general", None)}


def test_no_two_categories_share_an_id_title_or_statement() -> None:
    for field in ("id", "title", "statement"):
        values = [getattr(item, field) for item in EVERY]
        assert len(set(values)) == len(values), field


@pytest.mark.parametrize("item", EVERY, ids=lambda item: str(item.id))
def test_every_category_says_what_it_means_who_is_harmed_and_where_it_comes_from(item: Category) -> None:
    assert item.id == item.id.lower().strip()
    assert " " not in item.id
    assert item.statement.endswith(".")
    assert item.harmed
    assert item.place
    assert item.source in STANDARD.sources


@pytest.mark.parametrize("item", STANDARD.principles, ids=lambda item: str(item.id))
def test_every_principle_names_its_violations_and_the_legitimate_neighbour(item: Category) -> None:
    """Without the neighbour there is nothing to measure denial against."""
    assert len(item.violations) >= 3
    assert item.legitimate


@pytest.mark.parametrize("item", EVERY, ids=lambda item: str(item.id))
def test_a_category_is_found_by_its_id(item: Category) -> None:
    assert STANDARD.category(item.id) is item


def test_a_misspelt_category_is_a_users_mistake_with_a_guess() -> None:
    with pytest.raises(UserError, match=r"Unknown category 'dignty'. Did you mean 'dignity'\?.*primum standard show"):
        STANDARD.category("dignty")


def test_a_principle_is_found_by_its_number() -> None:
    assert [STANDARD.principle(number).number for number in range(1, 10)] == list(range(1, 10))


@pytest.mark.parametrize("number", [0, -1, 10])
def test_a_number_that_no_principle_has_is_refused(number: int) -> None:
    """Python's negative indices must not turn a wrong number into the ninth principle."""
    with pytest.raises((LookupError, ValueError, UserError)):
        STANDARD.principle(number)


def test_the_hash_is_that_of_the_file_so_that_a_run_can_name_its_standard() -> None:
    raw = files("primum.standard").joinpath("standard.toml").read_bytes()
    assert STANDARD.sha256 == hashlib.sha256(raw).hexdigest()


def test_the_standard_is_read_once() -> None:
    assert load_standard() is STANDARD
