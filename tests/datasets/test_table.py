"""The table of data sets: each is found by name, carries its card, and keeps its promises."""

import pytest

from primum.datasets import DATASETS, Dataset, LoadOptions, find_dataset
from primum.datasets.card import Split
from primum.errors import UserError


@pytest.fixture(params=sorted(DATASETS))
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return DATASETS[request.param]


def test_a_data_set_is_found_by_its_own_name(dataset: Dataset) -> None:
    assert find_dataset(dataset.name) is dataset


def test_an_unknown_name_is_a_users_mistake_with_a_guess() -> None:
    with pytest.raises(UserError, match=r"Unknown data set 'medsafety-bench'. Did you mean 'medsafetybench'\?"):
        find_dataset("medsafety-bench")


def test_a_data_set_says_whose_it_is_what_it_measures_and_what_is_wrong_with_it(dataset: Dataset) -> None:
    for field in ("title", "version", "licence", "origin", "measures", "defects"):
        assert getattr(dataset, field).strip(), field


def test_a_split_that_a_data_set_does_not_have_is_refused_and_not_empty(dataset: Dataset) -> None:
    """Rates over no requests would look like a run."""
    splits: tuple[Split, ...] = ("train", "test")
    for split in splits:
        if split not in dataset.splits:
            with pytest.raises(UserError, match=split):
                dataset.load(LoadOptions(split=split))
    with pytest.raises(UserError, match="dev"):
        dataset.load(LoadOptions(split="dev"))  # type: ignore[arg-type]
