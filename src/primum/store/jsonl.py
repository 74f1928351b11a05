"""JSON Lines: append-only logs of records that survive a process being killed in the middle of a line."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from primum.errors import RunError, UserError
from primum.store.records import R, Record, from_json, to_json
from primum.store.write import disk_errors


def read_lines(path: Path, *, torn_tail: bool = False) -> Iterator[tuple[int, Any]]:
    """(line number, value) of each line that is not blank; ``torn_tail`` passes over a last line without its end.

    Raises:
        UserError: a line is not JSON, or the file is not UTF-8 text.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip() and not (torn_tail and not line.endswith("\n")):
                    yield number, json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}, line {number}: not JSON ({error.msg}). Mend the line or take it out.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start}).") from error
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}).") from error


def read_records(kind: type[R], path: Path, *, torn_tail: bool = False) -> tuple[R, ...]:
    """All records of a file, in order; empty where there is no file.

    ``torn_tail`` is for files that a killed (or a living) process was writing: a last line without its end is no record.

    Raises:
        UserError: a line is not such a record; names file and line.
    """
    if not path.exists():
        return ()
    records = []
    for number, data in read_lines(path, torn_tail=torn_tail):
        try:
            records.append(from_json(kind, data))
        except ValueError as error:
            raise UserError(f"{path}, line {number}: not a {kind.__name__.lower()}: {error}.") from error
    return tuple(records)


class AppendLog:
    """A JSONL file that grows by whole records.

    Each record is one ``write`` of one line, flushed to the system, so a killed process leaves at most one torn line at
    the end. Opening cuts that line off: its record was never reported as done.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            cut_torn_line(path)
            self._file = path.open("ab", buffering=0)

    def append(self, record: Record) -> None:
        """Write one record.

        Raises:
            RunError: the disk is full or cannot be written; what was written of the line is taken back.
        """
        # An emoji cut in half by a token limit is no valid UTF-8; as \\udxxx it is still the same JSON string.
        line = (json.dumps(to_json(record), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        with disk_errors(self.path):
            written = self._file.write(line)
        if written != len(line):
            self.close()
            cut_torn_line(self.path)
            raise RunError(f"The disk is full: {self.path} could not be written. Free some space and run again.")

    def close(self) -> None:
        """Force the records to the disk and close the file."""
        if not self._file.closed:
            with disk_errors(self.path), self._file:
                os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:  # a failing flush must not hide what went wrong first
            self._file.close()


def cut_torn_line(path: Path) -> None:
    """Take away what follows the last line end, which only a killed process leaves."""
    if not path.is_file():
        return
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - 65_536)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                file.truncate(start + newline + 1)
                return
            end = start
        file.truncate(0)
