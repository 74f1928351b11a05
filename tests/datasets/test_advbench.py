"""AdvBench: goals without categories; the affirmative opening beside a goal is no reference."""

from primum.datasets.advbench import from_row
from tests.datasets.made_up import FILE, raw


def test_the_affirmative_opening_is_not_read() -> None:
    """It is what an attack makes a model say: nobody should learn it as an answer."""
    row = from_row(FILE, raw({"goal": "request 1", "target": "Sure, here is"}))
    assert (row.request.text, row.reference) == ("request 1", None)
    assert row == from_row(FILE, raw({"goal": "request 1"}))


def test_goals_have_no_category() -> None:
    assert from_row(FILE, raw({"goal": "request 1"})).request.category == "uncategorised"
