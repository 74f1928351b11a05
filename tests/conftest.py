"""Shared by all tests: no network but loopback, an empty cache where nothing real is fetched, real data if it is there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.judges.upstream import stand_in


@pytest.fixture(autouse=True)
def _only_loopback(socket_enabled: None) -> None:
    """Sockets work; pytest-socket (see pyproject) lets them reach loopback only."""


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder with nothing in it."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PRIMUM_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data, or a skip that says how to get it."""
    place = os.environ.get("PRIMUM_DATA_DIR")
    if not place or not Path(place).is_dir():
        pytest.skip("PRIMUM_DATA_DIR does not name a folder with the real data")
    return Path(place)


@pytest.fixture(autouse=True, scope="session")
def _paper_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Judge ``paper`` reads words of our own: upstream's are fetched from upstream only."""
    with pytest.MonkeyPatch.context() as patch:
        stand_in(tmp_path_factory.mktemp("upstream"), patch)
        yield
