"""Rows of a file, whatever its format: CSV, TSV, JSON Lines, JSON, Parquet, or plain text with one request a line.

Every complaint names the file and the row. Rows count from 1, the header of a CSV file not included.
"""

import csv
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError

LONGEST_LINE = 16 * 2**20
"""Bytes. A longer line is no request; it is a broken file, and reading on would fill the memory."""


_SHOWN = 300
"""Characters of a header that a message repeats."""

Values = Generator[dict[str, Any], None, None]


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
            found = ", ".join(map(str, self.values))
            shown = f"{found[:_SHOWN]}…" if len(found) > _SHOWN else found
            raise UserError(
                f"{self.path}, row {self.number}: no column '{column}'; found: {shown}. "
                "Say which column holds what with --column, or use the pinned file."
            )
        return self.values[column]


def read_rows(path: Path, header: Sequence[str] | None = None) -> Generator[RawRow, None, None]:
    """The rows of a file, in order; ``header`` names the columns of a CSV file that does not.

    Close it where a complaint about a row may end the reading (``contextlib.closing``): it holds the file open.

    Raises:
        UserError: the file is missing, of no known format, not UTF-8, or damaged; names the row.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UserError(f"{path} is of no known format. Allowed: {', '.join(sorted(_READERS))}.")
    try:
        found = _csv(path, header=header) if header is not None else _READERS[suffix](path)
        with closing(found):
            for number, values in enumerate(found, start=1):
                yield RawRow(path=path, number=number, values=values)
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror or str(error).splitlines()[0]}).") from error


def _lines(path: Path) -> Generator[str, None, None]:
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
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise UserError(
                    f"{path}, line {number}: not UTF-8 (byte 0x{line[error.start]:02x} at position {error.start + 1}). "
                    "Save the file as UTF-8."
                ) from error
            if "\0" in text:
                raise UserError(f"{path}, line {number}: a NUL byte, which no text holds. Save the file as UTF-8.")
            yield text


def _csv(path: Path, delimiter: str = ",", header: Sequence[str] | None = None) -> Values:
    with closing(_lines(path)) as lines:
        yield from _fields(path, lines, delimiter, header)


def _fields(path: Path, lines: Iterator[str], delimiter: str, header: Sequence[str] | None) -> Values:
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
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


def _tsv(path: Path) -> Values:
    return _csv(path, delimiter="\t")


def _jsonl(path: Path) -> Values:
    with closing(_lines(path)) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _object(_loads(line, f"{path}, line {number}"), f"{path}, line {number}")


def _json(path: Path) -> Values:
    """A list of objects, or an object of objects (each gets its key as ``key``); lines of objects by another name, too."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    if _is_lines(text):
        yield from _jsonl(path)
        return
    content = _loads(text, str(path))
    if isinstance(content, dict):
        content = [{"key": key, **_object(item, f"{path}, key '{key}'")} for key, item in content.items()]
    if not isinstance(content, list):
        raise UserError(f"{path}: neither a list of objects nor an object of objects.")
    for number, item in enumerate(content, start=1):
        yield _object(item, f"{path}, row {number}")


def _is_lines(text: str) -> bool:
    """Whether a second value follows the first: JSON Lines, which many tools call .json."""
    try:
        _, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return False
    return bool(text.lstrip()[end:].strip())


def _loads(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UserError(f"{place}: not JSON ({error.msg}, {where}). Mend it.") from error
    except ValueError as error:
        raise UserError(f"{place}: not JSON (a number of thousands of digits). Mend it.") from error
    except RecursionError as error:
        raise UserError(f"{place}: JSON nested too deeply to be a request.") from error


def _object(item: Any, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise UserError(f"{place}: a JSON object was expected, found {type(item).__name__}.")
    return item


def _parquet(path: Path) -> Values:
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ModuleNotFoundError as error:
        raise UserError(f"{path} is a Parquet file. Install the reader: pip install 'primum[data]'.") from error
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if twice := [name for name in names if names.count(name) > 1]:
                raise UserError(f"{path}: column '{twice[0]}' is there twice. Rename one of them.")
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except pyarrow.ArrowInvalid as error:
        raise UserError(f"{path}: not a Parquet file ({str(error).splitlines()[0]}).") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: a column of text is not UTF-8. Write the file anew.") from error


def _txt(path: Path) -> Values:
    with closing(_lines(path)) as lines:
        for line in lines:
            yield {"text": line.rstrip("\r\n")}


_READERS: dict[str, Callable[[Path], Values]] = {
    ".csv": _csv, ".tsv": _tsv, ".jsonl": _jsonl, ".json": _json, ".parquet": _parquet, ".txt": _txt,
}  # fmt: skip
