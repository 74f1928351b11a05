"""XSTest: the label decides the intent, and a trick has safe prompts and unsafe contrasts."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions, find_dataset, xstest
from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.types import Intent
from tests.datasets.made_up import FILE, raw


def prompt(kind: str, label: str) -> RawRow:
    return raw({"prompt": "request 1", "type": kind, "label": label}, 2)


@pytest.mark.parametrize(("label", "intent"), [("safe", Intent.BENIGN), ("unsafe", Intent.HARMFUL)])
def test_the_label_decides_the_intent_whatever_the_type_says(label: str, intent: Intent) -> None:
    for kind in ("homonyms", "contrast_homonyms"):
        assert xstest.from_row(FILE, prompt(kind, label)).request.intent is intent


def test_a_trick_and_its_contrast_are_one_category() -> None:
    found = [xstest.from_row(FILE, prompt(kind, "safe")).request for kind in ("homonyms", "contrast_homonyms")]
    assert {request.category for request in found} == {"homonyms"}


def test_another_label_is_a_users_error_that_names_file_and_row() -> None:
    with pytest.raises(UserError, match=r"folder/file\.csv, row 2: column 'label' says 'full_compliance'"):
        xstest.from_row(FILE, prompt("homonyms", "full_compliance"))


@pytest.mark.real_data
def test_the_real_prompts_are_250_safe_and_200_unsafe_ones(data_dir: Path) -> None:
    loaded = find_dataset("xstest").load(LoadOptions(folder=data_dir / "xstest" / "prompts.csv"))
    assert Counter(request.intent for request in loaded.requests) == {Intent.BENIGN: 250, Intent.HARMFUL: 200}
    assert len(loaded.rows) == 450
