"""A tiny model and a recipe that it learns in a second."""

from pathlib import Path

import pytest

LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets", "gguf")


@pytest.fixture(scope="session")
def libraries() -> None:
    """The training libraries, or a skip."""
    for name in LIBRARIES:
        pytest.importorskip(name)


@pytest.fixture(scope="session")
def home(libraries: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``tiny.gguf``."""
    from tests.training.tiny import write_tiny_gguf

    folder = tmp_path_factory.mktemp("training")
    write_tiny_gguf(folder / "tiny.gguf")
    return folder


@pytest.fixture
def tiny(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The tiny model's name; what is unpacked of it goes into a cache of its own."""
    monkeypatch.setenv("PRIMUM_CACHE_DIR", str(home / "cache"))
    return str(home / "tiny.gguf")
