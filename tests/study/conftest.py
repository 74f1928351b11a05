"""Made-up copies of data sets."""

import hashlib
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from primum.datasets import find_dataset
from tests.contracts.dataset_samples import SAMPLES, encoded
from tests.datasets.made_up import files_of


def made_up_copy(name: str, folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A folder that holds a made-up data set in upstream's layout, pinned to what it holds."""
    for file in files_of(find_dataset(name)):
        (path,) = (path for path in SAMPLES[name].files if fnmatch(path, file.path))
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        content = encoded(file, path, SAMPLES[name].files[path])
        (folder / path).write_bytes(content)
        if file.sha256 is not None:
            patch.setitem(vars(file), "sha256", hashlib.sha256(content).hexdigest())
    return folder


@pytest.fixture
def copy_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a folder with a few made-up rows of a data set."""
    return lambda name: made_up_copy(name, tmp_path / name, monkeypatch)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A file that begins as a GGUF file does: enough for a plan, which never loads a model."""
    path = tmp_path / "small.gguf"
    path.write_bytes(b"GGUF")
    return path
