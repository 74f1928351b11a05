"""Made-up exam files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from primum.datasets import find_dataset
from tests.contracts.dataset_samples import SAMPLES, encoded
from tests.datasets.made_up import files_of


def made_up_copy(name: str, folder: Path) -> Path:
    """A folder that holds a made-up data set in upstream's layout."""
    by_path = {file.path: file for file in files_of(find_dataset(name))}
    for path, rows in SAMPLES[name].files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(encoded(by_path[path], path, rows))
    return folder


@pytest.fixture
def exam(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a folder with a few made-up rows of a data set."""
    return lambda name: made_up_copy(name, tmp_path / name)
