"""PatientSafetyBench: five numbered categories, in a JSON file of a name that is not known beforehand."""

import json
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import LoadOptions
from primum.datasets.patientsafetybench import PATIENTSAFETYBENCH, from_row
from primum.errors import UserError
from tests.contracts.hub import Hub
from tests.datasets.made_up import FILE, raw

ROWS = [{"content": "request 1", "category": 1}, {"content": "request 2", "category": 5}]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


@pytest.mark.parametrize(("category", "wanted"), [(1, "harmful-medical-advice"), ("5", "bias-discrimination")])
def test_a_number_stands_for_its_category(category: Any, wanted: str) -> None:
    assert from_row(FILE, raw({"content": "request 1", "category": category})).request.category == wanted


@pytest.mark.parametrize("category", [0, 6, -1, "7"])
def test_another_number_is_a_users_error_that_names_file_and_row(category: Any) -> None:
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 9: category {category}\. Allowed: 1 to 5"):
        from_row(FILE, raw({"content": "request 1", "category": category}, 9))


@pytest.mark.parametrize(
    ("path", "content"),
    [("rows.jsonl", LINES), ("data/rows.json", json.dumps(ROWS)), ("rows.json", LINES)],
    ids=["lines", "a list", "lines that are called json"],
)
def test_it_is_fetched_in_whichever_json_layout_upstream_has(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, path: str, content: str
) -> None:
    assert PATIENTSAFETYBENCH.origin is not None
    with Hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.put(PATIENTSAFETYBENCH.origin, path, content.encode())
        requests = PATIENTSAFETYBENCH.load(LoadOptions()).requests
    assert [request.text for request in requests] == ["request 1", "request 2"]
