"""Writing files so that a reader sees the old content or the new, never a half."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from primum.errors import RunError


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the system's complaints about a file into one line that says what to do.

    Raises:
        RunError: the disk is full, or the file cannot be written for another reason.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RunError(
                f"The disk is full: {path} could not be written. Everything before is kept; free some space and run "
                "the same command again."
            ) from error
        raise RunError(f"Cannot write {path} ({error.strerror or error}). Check the folder, then run again.") from error


def write_text(path: Path, text: str) -> None:
    """Replace the file's content in one step.

    Raises:
        RunError: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
