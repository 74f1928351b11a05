"""Rows of a file of every format, and complaints that name the file and the row."""

import csv
import io
import json
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow
import pyarrow.parquet as parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from primum.datasets import rows
from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError

TEXTS = ["request 1", 'request "2",\nsecond line ä', "request 3 \u2028 \t ;"]
LINES = ["request 1", "request 2 ä", "  request 3, with a comma\u2028"]
Put = Callable[[str, bytes | str], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file; gives its path."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(autouse=True)
def _csv_limit() -> Iterator[None]:
    """The limit of the csv module is one for the whole process."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[IO[Any]]:
    """Every file that is opened for reading, in order."""
    files: list[IO[Any]] = []
    really = Path.open

    def watched(path: Path, mode: str = "r", *args: Any, **named: Any) -> IO[Any]:
        file = really(path, mode, *args, **named)
        if "r" in mode:
            files.append(file)
        return file

    monkeypatch.setattr(Path, "open", watched)
    return files


def values(path: Path, header: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    return [dict(row.values) for row in read_rows(path, header)]


def complaint(path: Path, header: tuple[str, ...] | None = None) -> str:
    """What the reader says of a damaged file: one line that names it."""
    with pytest.raises(UserError) as caught:
        values(path, header)
    said = str(caught.value)
    assert said.startswith((str(path), "Cannot read " + str(path)))
    assert len(said.splitlines()) == 1
    assert len(said) < 1_000
    return said


def table(delimiter: str, columns: list[str], lines: list[list[str]]) -> str:
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter).writerows([columns, *lines])
    return sink.getvalue()


def as_parquet(path: Path, columns: dict[str, Any]) -> Path:
    parquet.write_table(pyarrow.table(columns), path)
    return path


@pytest.mark.parametrize(("name", "delimiter"), [("rows.csv", ","), ("rows.tsv", "\t"), ("ROWS.CSV", ",")])
def test_a_table_gives_its_rows_by_column(put: Put, name: str, delimiter: str) -> None:
    path = put(name, table(delimiter, ["", "text"], [[str(n), text] for n, text in enumerate(TEXTS)]))
    assert values(path) == [{"": str(n), "text": text} for n, text in enumerate(TEXTS)]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_file_holds_a_list_of_objects(put: Put, indent: int | None) -> None:
    items = [{"text": text, "more": [1, None, {"a": 0.5}]} for text in TEXTS]
    assert values(put("rows.json", json.dumps(items, indent=indent))) == items


def test_a_json_file_may_hold_an_object_of_objects_and_each_gets_its_key(put: Put) -> None:
    path = put("rows.json", json.dumps({"first": {"text": "request 1"}, "second": {"text": "request 2"}}))
    assert values(path) == [{"key": "first", "text": "request 1"}, {"key": "second", "text": "request 2"}]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n \n"])
def test_json_lines_hold_an_object_each_and_blank_lines_do_not_count(put: Put, ascii_only: bool, end: str) -> None:
    items = [{"text": text, "label": None} for text in TEXTS]
    path = put("rows.jsonl", end.join(json.dumps(item, ensure_ascii=ascii_only) for item in items))
    assert values(path) == items
    assert [row.number for row in read_rows(path)] == [1, 2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["with a last line end", "without"])
def test_a_text_file_holds_a_request_a_line_spaces_and_all(put: Put, end: str, last: bool) -> None:
    path = put("rows.txt", end.join(LINES) + (end if last else ""))
    assert values(path) == [{"text": line} for line in LINES]


def test_a_parquet_file_gives_its_values_as_they_are(tmp_path: Path) -> None:
    path = as_parquet(
        tmp_path / "rows.parquet",
        {"text": TEXTS, "number": [1, None, 3], "list": [["a"], [], None], "flag": [True, False, None]},
    )
    assert values(path) == [
        {"text": TEXTS[0], "number": 1, "list": ["a"], "flag": True},
        {"text": TEXTS[1], "number": None, "list": [], "flag": False},
        {"text": TEXTS[2], "number": 3, "list": None, "flag": None},
    ]


def test_the_rows_of_a_large_parquet_file_come_in_order_from_all_its_groups(tmp_path: Path) -> None:
    texts = [f"request {number}" for number in range(5_000)]
    parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "rows.parquet", row_group_size=700)
    found = list(read_rows(tmp_path / "rows.parquet"))
    assert [row.values["text"] for row in found] == texts
    assert [row.number for row in found] == list(range(1, 5_001))


def test_a_parquet_file_without_its_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_parquet(tmp_path / "rows.parquet", {"text": TEXTS})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert r"pip install 'primum[data]'" in complaint(path)


_CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=0, max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(_CELLS, _CELLS), max_size=8), kind=st.sampled_from(["csv", "tsv", "jsonl", "json"]))
def test_whatever_is_written_is_read_back(tmp_path: Path, lines: list[tuple[str, str]], kind: str) -> None:
    path, items = tmp_path / f"rows.{kind}", [dict(zip(("a", "b"), line, strict=True)) for line in lines]
    if kind in ("csv", "tsv"):
        content = table("," if kind == "csv" else "\t", ["a", "b"], [list(line) for line in lines])
    elif kind == "json":
        content = json.dumps(items, ensure_ascii=False)
    else:
        content = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    path.write_bytes(content.encode())
    assert values(path) == items


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=120), kind=st.sampled_from(["csv", "tsv", "jsonl", "json", "txt", "parquet"]))
def test_any_bytes_are_rows_or_a_users_mistake_and_never_a_crash(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / f"rows.{kind}"
    path.write_bytes(content)
    faults = []
    try:
        values(path)
    except UserError as error:
        faults.append(str(error))
    assert all(str(path) in fault for fault in faults)


def test_a_header_from_outside_names_the_columns_and_the_first_row_is_kept(put: Put) -> None:
    path = put("rows.csv", "request 1,a\nrequest 2,b\n")
    assert values(path, ("text", "kind")) == [{"text": "request 1", "kind": "a"}, {"text": "request 2", "kind": "b"}]
    assert "row 1: 2 fields, the header has 1" in complaint(path, ("text",))


def test_a_header_from_outside_makes_an_empty_file_a_table_without_rows(put: Put) -> None:
    assert values(put("rows.csv", ""), ("text",)) == []


def test_rows_count_from_one_and_say_where_they_stand(put: Put) -> None:
    found = list(read_rows(put("rows.csv", "text\nrequest 1\n\nrequest 2\n")))
    assert [(row.number, row.place) for row in found] == [(1, "rows.csv, row 1"), (2, "rows.csv, row 2")]


def test_rows_are_read_as_they_are_asked_for(put: Put) -> None:
    """So that a damaged end does not cost the beginning, and a large file is never whole in memory."""
    found = read_rows(put("rows.jsonl", '{"text": "request 1"}\n{"text": \n'))
    assert next(found).values == {"text": "request 1"}
    with pytest.raises(UserError, match="line 2"):
        next(found)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", "text\nrequest 1\n"),
        ("rows.tsv", "text\nrequest 1\n"),
        ("rows.jsonl", '{"text": "request 1"}\n'),
        ("rows.json", '[{"text": "request 1"}]'),
        ("rows.txt", "request 1\n"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_first_column(put: Put, name: str, content: str) -> None:
    """Spreadsheets write one."""
    assert values(put(name, b"\xef\xbb\xbf" + content.encode())) == [{"text": "request 1"}]


def test_a_byte_order_mark_before_a_quoted_header_is_none_of_it_either(put: Put) -> None:
    assert values(put("rows.csv", '\ufeff"text","kind"\nrequest 1,a\n')) == [{"text": "request 1", "kind": "a"}]


@pytest.mark.parametrize(
    ("name", "content", "line", "position"),
    [
        ("rows.csv", "text\nrequest ä\n".encode() + "request ä\n".encode("latin-1"), 3, 9),
        ("rows.tsv", "text\nrequest ä\n".encode() + "request ä\n".encode("latin-1"), 3, 9),
        ("rows.jsonl", '{"text": "ä"}\n'.encode() + '{"text": "ä"}\n'.encode("cp1252"), 2, 11),
        ("rows.txt", "request ä\n".encode() + "ä\n".encode("cp1252"), 2, 1),
    ],
)
def test_a_byte_of_another_encoding_is_named_with_its_line(
    put: Put, name: str, content: bytes, line: int, position: int
) -> None:
    """Rows of several origins, put together into one file."""
    assert f"line {line}: not UTF-8 (byte 0xe4 at position {position}). Save the file as UTF-8." in complaint(
        put(name, content)
    )


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv", "rows.jsonl", "rows.json", "rows.txt"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "gb18030", "shift_jis"])
def test_a_file_in_another_encoding_is_not_utf_8(put: Put, name: str, encoding: str) -> None:
    assert "not UTF-8" in complaint(put(name, "テキスト\n質問\n".encode(encoding)))


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("rows.csv", b"text\nrequest 1\nreq\x00uest 2\n", 3),
        ("rows.tsv", b"text\nrequest 1\nreq\x00uest 2\n", 3),
        ("rows.jsonl", b'{"text": "request 1"}\n{"text": "req\x00uest 2"}\n', 2),
        ("rows.txt", b"request 1\nreq\x00uest 2\n", 2),
        ("rows.csv", "text\nrequest 1\n".encode("utf-16-le"), 1),
        ("rows.txt", "request 1\nrequest 2\n".encode("utf-16-le"), 1),
    ],
    ids=["csv", "tsv", "jsonl", "txt", "csv in UTF-16 without a mark", "txt in UTF-16 without a mark"],
)
def test_a_nul_byte_is_no_text_and_is_named_with_its_line(put: Put, name: str, content: bytes, line: int) -> None:
    """Zeros are a broken disk or UTF-16; no person asks one, and C libraries end a text at it."""
    assert f"line {line}" in complaint(put(name, content))


def test_a_nul_byte_in_a_json_file_is_told(put: Put) -> None:
    assert "not JSON" in complaint(put("rows.json", b'[{"text": "req\x00uest 1"}]'))


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv", "rows.jsonl", "rows.txt"])
def test_a_line_of_the_longest_allowed_length_is_read_and_a_longer_one_refused(
    put: Put, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 60)
    ahead, around = ("", '{"text": ""}\n') if name.endswith("jsonl") else ("text\n", "\n")

    def content(length: int) -> str:
        filler = "x" * (length - len(around))
        return ahead + (f'{{"text": "{filler}"}}\n' if name.endswith("jsonl") else f"{filler}\n")

    assert values(put(name, content(60)))[-1] == {"text": "x" * (60 - len(around))}
    assert re.search(r", line [12]: longer than \d+ MiB", complaint(put(name, content(61))))


def test_a_quote_that_is_never_closed_does_not_swallow_more_than_the_longest_line(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 100)
    path = put("rows.csv", 'text\nrequest 1\n"request 2\n' + "request\n" * 1_000)
    assert "row 2: not CSV (field larger than field limit (100))" in complaint(path)


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv", "rows.jsonl", "rows.txt", "rows.parquet"])
def test_a_gigabyte_without_a_line_end_is_refused_at_once_and_in_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(2**30)
    tracemalloc.start()
    try:
        said = complaint(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "longer than 16 MiB" in said or "not a Parquet file" in said
    assert peak < 3 * rows.LONGEST_LINE


@pytest.mark.parametrize(
    ("line", "fields"), [("request 2", 1), ("request 2,b,c,d", 4), (",", 2), ('"request 2,b"', 1)], ids=str
)
def test_a_ragged_row_is_named_with_its_fields(put: Put, line: str, fields: int) -> None:
    path = put("rows.csv", f"text,kind,more\nrequest 1,a,b\n{line}\n")
    assert f"row 2: {fields} fields, the header has 3. Mend the row." in complaint(path)


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('text\n"request 1\nrequest 2\n', 1),
        ('text\nrequest 1\n"request" 2\n', 2),
        ("text\nrequest 1\rrequest 2\r", 1),
    ],
    ids=["open quote", "text after a quote", "old mac line ends"],
)
def test_what_is_no_csv_is_named_with_its_row(put: Put, content: str, row: int) -> None:
    assert f"row {row}: not CSV" in complaint(put("rows.csv", content))


@pytest.mark.parametrize("header", ["text,kind,text", ",text,", '"text",text'])
def test_a_column_that_is_there_twice_is_named(put: Put, header: str) -> None:
    path = put("rows.csv", f"{header}\n{','.join('abc'[: header.count(',') + 1])}\n")
    name = "text" if header.count("text") > 1 else ""
    assert f"column '{name}' is there twice" in complaint(path)


def test_a_column_that_is_there_twice_in_a_parquet_file_is_named_too(tmp_path: Path) -> None:
    twice = pyarrow.Table.from_arrays([pyarrow.array(["a"]), pyarrow.array(["b"])], names=["text", "text"])
    parquet.write_table(twice, tmp_path / "rows.parquet")
    assert "'text' is there twice" in complaint(tmp_path / "rows.parquet")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "request 2"', "not JSON"),
        ("{'text': 'request 2'}", "not JSON"),
        ('{"text": "request 2"} {"text": "request 3"}', "not JSON"),
        ('{"text": "a\tb"}', "not JSON"),
        ("request 2", "not JSON"),
        ("[]", "a JSON object was expected, found list"),
        ("null", "a JSON object was expected, found NoneType"),
        ('"request 2"', "a JSON object was expected, found str"),
        ("5", "a JSON object was expected, found int"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"text": ' + "1" * 5_000 + "}", "not JSON"),
    ],
    ids=["cut", "single quotes", "two objects", "raw tab", "text", "list", "null", "str", "int", "deep", "huge number"],
)
def test_a_bad_line_of_json_is_named(put: Put, line: str, said: str) -> None:
    """The huge number is one that Python refuses to read (CVE-2020-10735)."""
    heard = complaint(put("rows.jsonl", f'{{"text": "request 1"}}\n{line}\n{{"text": "request 4"}}\n'))
    assert "rows.jsonl, line 2: " in heard
    assert said in heard


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", "text,kind\nrequest 1\n"),
        ("rows.csv", "text,text\n"),
        ("rows.csv", 'text\n"request" 1\n'),
        ("rows.jsonl", '{"text": "request 1"}\n[]\n'),
        ("rows.jsonl", "{\n"),
        ("rows.txt", b"\xff\n"),
    ],
    ids=["ragged", "twice", "no csv", "no object", "no json", "no text"],
)
def test_a_damaged_file_is_closed_when_it_is_told(
    put: Put, opened: list[IO[Any]], name: str, content: bytes | str
) -> None:
    """And not when the garbage collector comes by: the traceback holds the frames that hold the file."""
    with pytest.raises(UserError) as caught:
        values(put(name, content))
    assert caught.traceback
    assert [file.closed for file in opened] == [True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("null", "neither a list of objects nor an object of objects"),
        ('"request 1"', "neither a list of objects nor an object of objects"),
        ("5", "neither a list of objects nor an object of objects"),
        ('[{"text": "request 1"}, "request 2"]', "row 2: a JSON object was expected, found str"),
        ('{"first": {"text": "request 1"}, "second": 2}', "key 'second': a JSON object was expected, found int"),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "1" * 5_000 + "]", "not JSON"),
        ('[{"text": "request 1"}', "not JSON"),
    ],
    ids=["null", "str", "int", "str in it", "number in it", "deep", "huge number", "cut"],
)
def test_a_json_file_of_another_shape_is_told(put: Put, content: str, said: str) -> None:
    assert said in complaint(put("rows.json", content))


def test_a_mistake_in_a_json_file_is_named_with_its_line(put: Put) -> None:
    """A column alone finds nothing in a file of a thousand lines."""
    assert "line 3" in complaint(put("rows.json", '[\n{"text": "request 1"},\n{"text": }\n]\n'))


@pytest.mark.parametrize("content", [b"", b"text\nrequest 1\n", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_is_told(put: Put, content: bytes) -> None:
    assert "rows.parquet" in complaint(put("rows.parquet", content))


@pytest.mark.parametrize("part", [slice(None, -50), slice(50, None), slice(None, 100)], ids=["end", "start", "most"])
def test_a_parquet_file_that_lost_a_part_is_told(tmp_path: Path, put: Put, part: slice) -> None:
    whole = as_parquet(tmp_path / "whole.parquet", {"text": [f"request {number}" for number in range(1_000)]})
    assert "rows.parquet" in complaint(put("rows.parquet", whole.read_bytes()[part]))


def test_a_text_in_a_parquet_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """Parquet does not check it when it is written."""
    buffers = [None, pyarrow.py_buffer(bytes([0, 0, 0, 0, 2, 0, 0, 0])), pyarrow.py_buffer(b"\xff\xfe")]
    as_parquet(tmp_path / "rows.parquet", {"text": pyarrow.Array.from_buffers(pyarrow.string(), 1, buffers)})
    assert "not UTF-8" in complaint(tmp_path / "rows.parquet")


@pytest.mark.parametrize("name", ["rows.csv", "rows.tsv"])
def test_an_empty_table_has_not_even_a_header(put: Put, name: str) -> None:
    assert "is empty: not even a header" in complaint(put(name, ""))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "text\n"), ("a.csv", "text"), ("a.jsonl", ""), ("a.jsonl", "\n\n"), ("a.txt", ""), ("a.json", "[]"),
     ("a.json", "{}")],
)  # fmt: skip
def test_a_file_without_rows_gives_none(put: Put, name: str, content: str) -> None:
    assert values(put(name, content)) == []


def test_an_empty_json_file_is_no_json(put: Put) -> None:
    assert "not JSON" in complaint(put("rows.json", ""))


def test_a_parquet_file_without_rows_gives_none(tmp_path: Path) -> None:
    assert values(as_parquet(tmp_path / "rows.parquet", {"text": pyarrow.array([], pyarrow.string())})) == []


@pytest.mark.parametrize("name", ["rows", "rows.xlsx", "rows.csv.gz", ".csv"])
def test_a_format_that_is_not_known_is_told_with_what_is_allowed(put: Put, name: str) -> None:
    said = complaint(put(name, "text\nrequest 1\n"))
    assert "no known format. Allowed: .csv, .json, .jsonl, .parquet, .tsv, .txt." in said


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "json", "txt", "parquet"])
def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rows.{kind}"
    assert "No such file" in complaint(path)
    path.mkdir()
    assert re.search("Is a directory|Cannot open|is a directory|no regular file|neither", complaint(path))


def row(**found: object) -> RawRow:
    return RawRow(path=Path("folder/rows.csv"), number=7, values=found)


def test_the_text_of_a_column_has_no_spaces_at_its_ends() -> None:
    assert row(text=" \n request 1\u00a0").text("text") == "request 1"
    assert row(text=5).text("text") == "5"
    assert row(text=0).text("text") == "0"


@pytest.mark.parametrize("value", ["", " \t\n", None, "\u00a0"])
def test_an_empty_column_is_named_with_its_file_and_row(value: object) -> None:
    with pytest.raises(UserError, match=r"folder/rows\.csv, row 7: column 'text' is empty"):
        row(text=value).text("text")


def test_a_missing_column_is_named_with_its_file_and_row_and_those_that_are_there() -> None:
    with pytest.raises(
        UserError, match=r"folder/rows\.csv, row 7: no column 'text'; found: prompt, label\. .*--column"
    ):
        row(prompt="request 1", label=1).text("text")
    with pytest.raises(UserError, match="row 7: no column 'Prompt'"):
        row(prompt="request 1").value("Prompt")


def test_a_column_with_an_endless_name_is_still_told_briefly(put: Put) -> None:
    """A file whose first line is no header: what is printed has to stay readable."""
    found = next(read_rows(put("rows.csv", "x" * 200_000 + "\nrequest 1\n")))
    with pytest.raises(UserError) as caught:
        found.text("text")
    assert len(str(caught.value)) < 2_000


def test_a_value_is_given_as_it_is() -> None:
    assert row(list=[1, 2]).value("list") == [1, 2]
    assert row(nothing=None).value("nothing") is None
