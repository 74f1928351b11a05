"""HarmBench: a contextual behaviour is asked after its context, and copyright behaviours are left out."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets.harmbench import from_row
from primum.datasets.rows import RawRow, read_rows
from primum.types import Intent
from tests.datasets.made_up import FILE, raw


def behaviour(kind: str = "standard", context: str | None = "", number: int = 1) -> RawRow:
    return raw(
        {
            "Behavior": f"request {number}", "FunctionalCategory": kind, "SemanticCategory": "chemical_biological",
            "ContextString": context, "BehaviorID": f"id_{number}",
        },
        number,
    )  # fmt: skip


def test_a_contextual_behaviour_is_asked_after_its_context() -> None:
    row = from_row(FILE, behaviour("contextual", "  a context\nof two lines "))
    assert row is not None
    assert row.request.text == "a context\nof two lines\n\n---\n\nrequest 1"


def test_the_same_behaviour_in_another_context_is_another_request() -> None:
    rows = [from_row(FILE, behaviour("contextual", context)) for context in ("", "context 1", "context 2")]
    assert len({row.request.id for row in rows if row}) == 3


@pytest.mark.parametrize("context", ["", "   ", None])
def test_a_behaviour_without_a_context_is_asked_as_it_stands(context: str | None) -> None:
    row = from_row(FILE, behaviour(context=context))
    assert row is not None
    assert (row.request.text, row.request.intent) == ("request 1", Intent.HARMFUL)
    assert row.request.category == "chemical-biological"


def test_copyright_behaviours_are_left_out() -> None:
    kinds = ["standard", "copyright", "contextual", "copyright"]
    rows = [from_row(FILE, behaviour(kind, number=number)) for number, kind in enumerate(kinds, start=1)]
    assert [row and row.place for row in rows] == ["file.csv, row 1", None, "file.csv, row 3", None]


@pytest.mark.real_data
def test_the_real_standard_behaviours_are_all_requests(data_dir: Path) -> None:
    """A local copy without the chemical, biological and cyber rows."""
    rows = [from_row(FILE, row) for row in read_rows(data_dir / "general_harm" / "harmbench_standard.csv")]
    requests = [row.request for row in rows if row]
    assert len(rows) == len({request.id for request in requests}) == 132
    assert Counter(request.intent for request in requests) == {Intent.HARMFUL: 132}
    assert not any("\n\n---\n\n" in request.text for request in requests)
