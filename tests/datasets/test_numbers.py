"""Columns that hold whole numbers, whatever kind of value the format makes of them."""

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.datasets.numbers import whole_number
from primum.errors import UserError
from tests.datasets.made_up import raw


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_read_from_a_number_and_from_its_digits(number: int) -> None:
    assert whole_number(raw({"n": number}), "n") == number
    assert whole_number(raw({"n": f" {number} "}), "n") == number


def test_a_whole_number_may_stand_as_a_float() -> None:
    """A table with gaps holds its whole numbers so."""
    assert whole_number(raw({"n": 3.0}), "n") == 3


@pytest.mark.parametrize("value", ["", "one", "1.5", None, [], {}, 1.5, -0.5, math.nan, math.inf, -math.inf])
def test_anything_else_is_a_users_error_that_names_file_row_column_and_value(value: Any) -> None:
    """A number cut to fit would be another answer, or another level of harm."""
    message = rf"folder/file\.csv, row 4: column 'n' says {re.escape(repr(value))}"
    with pytest.raises(UserError, match=message):
        whole_number(raw({"n": value}, 4), "n")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UserError, match=r"row 4: no column 'n'"):
        whole_number(raw({"m": 1}, 4), "n")
