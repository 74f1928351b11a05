"""Whole files: a reader sees the old content or the new, never a half."""

import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.errors import RunError
from primum.store import write_text
from primum.store.write import disk_errors


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@settings(deadline=None)
@given(text=st.text())
def test_any_text_is_written_as_it_is(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("write") / "file.txt"
    write_text(path, text)
    assert path.read_bytes() == text.encode()


def test_folders_are_made_and_old_content_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "file.txt"
    write_text(path, "a long old text")
    write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert names(path.parent) == ["file.txt"]


def test_a_full_disk_keeps_the_old_content_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")
    (tmp_path / ".file.txt.part").symlink_to("/dev/full")
    with pytest.raises(RunError, match=r"The disk is full: .*file\.txt could not be written"):
        write_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["file.txt"]


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"Cannot write .*inner\.txt \(.+\)"):
        write_text(tmp_path / "file" / "inner.txt", "text")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_no_space_and_no_quota_are_both_a_full_disk(tmp_path: Path, code: int) -> None:
    with pytest.raises(RunError, match="The disk is full"), disk_errors(tmp_path):
        raise OSError(code, "message of the system")


def test_any_other_trouble_is_told_in_the_systems_words(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"Cannot write .*message of the system"), disk_errors(tmp_path):
        raise OSError(errno.EIO, "message of the system")


def test_what_has_nothing_to_do_with_the_disk_passes_through(tmp_path: Path) -> None:
    with pytest.raises(KeyError), disk_errors(tmp_path):
        raise KeyError("a bug")
