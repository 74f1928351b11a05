"""SimpleSafetyTests: two copies call the prompt by two names."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions
from primum.datasets.simplesafetytests import SIMPLESAFETYTESTS, from_row
from primum.errors import UserError
from primum.types import Intent
from tests.datasets.made_up import FILE, raw


@pytest.mark.parametrize("column", ["prompt", "prompts_final"])
def test_the_prompt_is_read_under_either_name(column: str) -> None:
    row = from_row(
        FILE, raw({"id": "a_1", "harm_area": "Scams and Fraud", "category": "Information", column: "request 1"})
    )
    assert (row.request.text, row.request.category) == ("request 1", "scams-and-fraud")


def test_a_row_with_neither_name_is_named() -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 1: no column 'prompt'"):
        from_row(FILE, raw({"harm_area": "Scams and Fraud", "text": "request 1"}))


@pytest.mark.real_data
def test_a_real_local_copy_is_read_under_the_authors_column_name(data_dir: Path) -> None:
    """Eighty of the hundred: the copy leaves one of the five areas out."""
    loaded = SIMPLESAFETYTESTS.load(LoadOptions(folder=data_dir / "general_harm" / "simple_safety_tests.csv"))
    assert Counter(request.intent for request in loaded.requests) == {Intent.HARMFUL: 80}
    assert Counter(Counter(request.category for request in loaded.requests).values()) == {20: 4}
