"""Made-up exam files."""

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from primum.datasets import find_dataset
from tests.contracts.dataset_samples import SAMPLES, encoded
from tests.datasets.made_up import files_of


def made_up_copy(name: str, folder: Path) -> Path:
    """A folder that holds a made-up data set in upstream's layout."""
    for file in files_of(find_dataset(name)):
        (path,) = (path for path in SAMPLES[name].files if fnmatch(path, file.path))
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(encoded(file, path, SAMPLES[name].files[path]))
    return folder


@pytest.fixture
def exam(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a folder with a few made-up rows of a data set."""
    return lambda name: made_up_copy(name, tmp_path / name)
