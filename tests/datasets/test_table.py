"""The table of data sets: each is found by name, carries its card, and keeps its promises."""

import re
from pathlib import Path
from typing import get_args

import pytest

from primum.datasets import DATASETS, PLAIN, Dataset, LoadOptions, Origin, find_dataset
from primum.datasets.card import Measures
from primum.errors import UserError
from primum.types import Split


@pytest.fixture(params=sorted(DATASETS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return DATASETS[request.param]


def test_a_data_set_is_found_by_its_own_name(dataset: Dataset) -> None:
    assert find_dataset(dataset.name) is dataset
    assert re.fullmatch(r"[a-z][a-z0-9-]*", dataset.name)


def test_an_unknown_name_is_a_users_mistake_with_a_guess() -> None:
    with pytest.raises(UserError, match=r"Unknown data set 'medsafety-bench'. Did you mean 'medsafetybench'\?"):
        find_dataset("medsafety-bench")


def test_an_unknown_name_says_that_a_file_may_stand_in_its_place() -> None:
    with pytest.raises(UserError, match=r"'primum data list', or name a file such as requests\.csv"):
        find_dataset("mine")


def test_a_data_set_says_what_it_measures_and_what_is_wrong_with_it(dataset: Dataset) -> None:
    for field in ("title", "version", "licence", "size", "columns", "defects"):
        assert getattr(dataset, field).strip(), field
    assert dataset.measures in get_args(Measures)
    assert set(dataset.splits) <= set(get_args(Split))


def test_a_data_set_says_where_it_comes_from(dataset: Dataset) -> None:
    if dataset is PLAIN:
        assert dataset.origin is None
    elif dataset.origin is None:
        assert dataset.source.startswith("Written for Primum")
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", dataset.published)
        assert re.fullmatch(r"\d+\.\d+\.\d+", dataset.version)
    else:
        assert isinstance(dataset.origin, Origin)
        assert dataset.source


def test_a_split_that_a_data_set_does_not_have_is_refused_and_not_empty(dataset: Dataset) -> None:
    """Rates over no requests would look like a run."""
    for split in get_args(Split):
        if split not in dataset.splits:
            with pytest.raises(UserError, match=rf"Unknown split of '{dataset.name}' '{split}'"):
                dataset.load(LoadOptions(split=split))
    with pytest.raises(UserError, match="dev"):
        dataset.load(LoadOptions(split="dev"))  # type: ignore[arg-type]


def test_a_plain_data_set_needs_its_place() -> None:
    with pytest.raises(UserError, match=r"needs its place\. Name a file, or hf:OWNER/NAME"):
        PLAIN.load(LoadOptions())


def test_a_plain_data_set_is_whatever_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "requests.csv"
    file.write_text("text\nrequest 1\n", encoding="utf-8")
    assert [request.text for request in PLAIN.load(LoadOptions(folder=file)).requests] == ["request 1"]
