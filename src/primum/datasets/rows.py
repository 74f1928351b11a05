"""Rows of a file, whatever its format: CSV, TSV, JSON Lines, JSON, Parquet, or plain text with one request a line.

Every complaint names the file and the row. Rows count from 1, the header of a CSV file not included.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError

LONGEST_LINE = 16 * 2**20
"""Bytes. A longer line is no request; it is a broken file, and reading on would fill the memory."""


@dataclass(frozen=True, kw_only=True)
class RawRow:
    """One row as it stands in its file."""

    path: Path
    number: int
    values: Mapping[str, Any]

    @property
    def place(self) -> str:
        """File name and row, for a reader."""
        return f"{self.path.name}, row {self.number}"

    def text(self, column: str) -> str:
        """The text in a column, without spaces at its ends.

        Raises:
            UserError: the column is missing, or holds no text.
        """
        value = self.value(column)
        if value is None or not str(value).strip():
            raise UserError(f"{self.path}, row {self.number}: column '{column}' is empty. Fill it or take the row out.")
        return str(value).strip()

    def value(self, column: str) -> Any:
        """What a column holds.

        Raises:
            UserError: the column is missing.
        """
        if column not in self.values:
            raise UserError(
                f"{self.path}, row {self.number}: no column '{column}'; found: {', '.join(map(str, self.values))}. "
                "Say which column holds what with --column, or use the pinned file."
            )
        return self.values[column]


def read_rows(path: Path, header: Sequence[str] | None = None) -> Iterator[RawRow]:
    """The rows of a file, in order; ``header`` names the columns of a CSV file that does not.

    Raises:
        UserError: the file is missing, of no known format, not UTF-8, or damaged; names the row.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UserError(f"{path} is of no known format. Allowed: {', '.join(sorted(_READERS))}.")
    try:
        found = _csv(path, header=header) if header is not None else _READERS[suffix](path)
        for number, values in enumerate(found, start=1):
            yield RawRow(path=path, number=number, values=values)
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror or error}).") from error


def _lines(path: Path) -> Iterator[str]:
    """Lines with their ends, decoded one by one, so that a wrong byte has a row and a huge line is never held whole."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise UserError(
                    f"{path}, line {number}: longer than {LONGEST_LINE // 2**20} MiB. That is no request: check the file."
                )
            try:
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise UserError(
                    f"{path}, line {number}: not UTF-8 (byte 0x{line[error.start]:02x} at position {error.start + 1}). "
                    "Save the file as UTF-8."
                ) from error


def _csv(path: Path, delimiter: str = ",", header: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(_lines(path), delimiter=delimiter, strict=True)
    row = 0
    try:
        header = list(header) if header is not None else next(reader, None)
        if header is None:
            raise UserError(f"{path} is empty: not even a header.")
        if twice := [name for name in header if header.count(name) > 1]:
            raise UserError(f"{path}: column '{twice[0]}' is there twice. Rename one of them.")
        for row, fields in enumerate((fields for fields in reader if fields), start=1):
            if len(fields) != len(header):
                raise UserError(f"{path}, row {row}: {len(fields)} fields, the header has {len(header)}. Mend the row.")
            yield dict(zip(header, fields, strict=True))
    except csv.Error as error:
        raise UserError(f"{path}, row {row + 1}: not CSV ({error}). Mend the row.") from error


def _tsv(path: Path) -> Iterator[dict[str, Any]]:
    return _csv(path, delimiter="\t")


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            yield _object(_loads(line, f"{path}, line {number}"), f"{path}, line {number}")


def _json(path: Path) -> Iterator[dict[str, Any]]:
    """A list of objects, or an object of objects (each gets its key as ``key``)."""
    try:
        content = _loads(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    if isinstance(content, dict):
        content = [{"key": key, **_object(item, f"{path}, key '{key}'")} for key, item in content.items()]
    if not isinstance(content, list):
        raise UserError(f"{path}: neither a list of objects nor an object of objects.")
    for number, item in enumerate(content, start=1):
        yield _object(item, f"{path}, row {number}")


def _loads(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{place}: not JSON ({error.msg}, column {error.colno}). Mend it.") from error
    except RecursionError as error:
        raise UserError(f"{place}: JSON nested too deeply to be a request.") from error


def _object(item: Any, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise UserError(f"{place}: a JSON object was expected, found {type(item).__name__}.")
    return item


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ModuleNotFoundError as error:
        raise UserError(f"{path} is a Parquet file. Install the reader: pip install 'primum[data]'.") from error
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except pyarrow.ArrowInvalid as error:
        raise UserError(f"{path}: not a Parquet file ({str(error).splitlines()[0]}).") from error


def _txt(path: Path) -> Iterator[dict[str, Any]]:
    for line in _lines(path):
        yield {"text": line.rstrip("\r\n")}


_READERS: dict[str, Callable[[Path], Iterator[dict[str, Any]]]] = {
    ".csv": _csv, ".tsv": _tsv, ".jsonl": _jsonl, ".json": _json, ".parquet": _parquet, ".txt": _txt,
}  # fmt: skip
