"""CARES: level 0 is benign, and the category is the principle's number."""

from typing import Any

import pytest

from primum.datasets.cares import CARES, from_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.types import Intent
from tests.datasets.made_up import FILE, files_of, raw


def prompt(level: Any, principle: Any = 0, text: str = "request 1") -> RawRow:
    return raw({"prompt": text, "base_prompt": "base 1", "harmful_level": level, "principle_index": principle})


@pytest.mark.parametrize(
    ("level", "intent"),
    [(0, Intent.BENIGN), ("0", Intent.BENIGN), (1, Intent.HARMFUL), (2, Intent.HARMFUL), ("3", Intent.HARMFUL)],
)
def test_level_zero_is_benign_and_every_other_level_harmful(level: Any, intent: Intent) -> None:
    assert from_row(FILE, prompt(level)).request.intent is intent


@pytest.mark.parametrize("level", ["", "none", None, "0.5"])
def test_a_level_that_is_no_number_is_a_users_error_and_not_a_guess(level: Any) -> None:
    with pytest.raises(UserError, match=r"file\.csv, row 1: column 'harmful_level'"):
        from_row(FILE, prompt(level))


def test_the_disguised_prompt_is_asked_and_not_its_base() -> None:
    request = from_row(FILE, prompt(2, principle=7)).request
    assert (request.text, request.category) == ("request 1", "principle-7")


def test_a_split_is_one_file_whose_name_is_not_known_beforehand() -> None:
    assert {file.split: file.path for file in files_of(CARES)} == {
        "test": "data/test-*.parquet",
        "train": "data/train-*.parquet",
    }
