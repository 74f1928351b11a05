"""Where fetched files are kept."""

import sys
from pathlib import Path

import pytest

from primum.fetch import cache_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, and no variable set."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PRIMUM_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path


def test_the_users_choice_comes_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    monkeypatch.setenv("PRIMUM_CACHE_DIR", "~/chosen")
    assert cache_folder() == home / "chosen"


def test_linux_has_its_caches_where_xdg_says(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert cache_folder() == home / ".cache" / "primum"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "xdg"))
    assert cache_folder() == home / "xdg" / "primum"


def test_a_mac_has_its_caches_in_the_library(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == home / "Library" / "Caches" / "primum"


def test_empty_variables_count_as_not_set(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("PRIMUM_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == home / ".cache" / "primum"


def test_asking_for_the_folder_does_not_make_it(home: Path) -> None:
    assert not cache_folder().exists()
