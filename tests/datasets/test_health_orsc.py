"""Health-ORSC-Bench: the benign question is asked, and the harmful seed that stands beside it never is."""

from primum.datasets.health_orsc import from_row
from primum.types import Intent
from tests.datasets.made_up import FILE, raw

VALUES = {"id": 1, "question": "request 1", "original_question": "seed 1", "classification": "Mental Abuse"}


def test_the_harmful_seed_is_not_read() -> None:
    row = from_row(FILE, raw(VALUES))
    assert (row.request.text, row.request.intent, row.reference) == ("request 1", Intent.BENIGN, None)
    assert from_row(FILE, raw(VALUES | {"original_question": "seed 2"})) == row


def test_a_row_needs_no_refusal_rate() -> None:
    """Upstream leaves it out of some rows."""
    assert from_row(FILE, raw(VALUES)) == from_row(FILE, raw(VALUES | {"refuse_rate": 0.9}))


def test_the_category_is_upstreams_classification() -> None:
    assert from_row(FILE, raw(VALUES)).request.category == "mental-abuse"
