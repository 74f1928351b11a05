"""How an adapter becomes a data set: its files in order, each row through the adapter's own function."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from primum.datasets import DataFile, Loaded, LoadOptions, Origin, Row
from primum.datasets.exams import exam_question
from primum.datasets.reader import reader
from primum.datasets.requests import request_row
from primum.datasets.rows import RawRow
from primum.errors import RunError, UserError
from primum.fetch import cache_folder
from primum.types import ExamQuestion, Intent, Split
from tests.fetch.filehost import FileHost
from tests.fetch.hubhost import COMMIT, serve_github, serve_hub

REPOSITORY = "made-up/some-name"
FILES = {
    "data/test/b.csv": 'text,answer\nrequest 1,answer 1\n"request ""2"",\nsecond line ä",answer 2\n'.encode(),
    "data/test/a.csv": b"text,answer\n  request 3 ,answer 3\n",
    "data/train/b.csv": b"text,answer\nrequest 4,answer 4\n",
}
FIRST = "data/test/b.csv"


def data_file(path: str, content: bytes) -> DataFile:
    split: Split = "test" if "/test/" in path else "train"
    digest = hashlib.sha256(content).hexdigest()
    return DataFile(path=path, split=split, sha256=digest, size=len(content), label=f"label-{path[-5]}")


ORIGIN = Origin(
    host="github",
    repository=REPOSITORY,
    revision=COMMIT,
    files=tuple(data_file(path, content) for path, content in FILES.items()),
)


def from_row(file: DataFile, raw: RawRow) -> Row:
    return request_row("made-up", raw, "text", file.label, Intent.HARMFUL, reference=raw.text("answer"))


READ = reader(ORIGIN, from_row)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A local copy in upstream's layout."""
    return lay(tmp_path / "copy", FILES)


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def texts(folder: Path | None, split: Split = "test") -> list[str]:
    return [row.request.text for row in READ(LoadOptions(split=split, folder=folder)).rows]


def test_every_row_of_every_file_comes_in_order_with_what_the_file_says_of_it(checkout: Path) -> None:
    loaded = READ(LoadOptions(folder=checkout))
    assert [row.request.text for row in loaded.rows] == ["request 1", 'request "2",\nsecond line ä', "request 3"]
    assert [row.request.category for row in loaded.rows] == ["label-b", "label-b", "label-a"]
    assert [row.reference for row in loaded.rows] == ["answer 1", "answer 2", "answer 3"]
    assert [row.place for row in loaded.rows] == ["b.csv, row 1", "b.csv, row 2", "a.csv, row 1"]
    assert loaded.questions == ()


def test_the_hash_is_that_of_the_splits_files_in_order(checkout: Path) -> None:
    content = b"".join(content for path, content in FILES.items() if "/test/" in path)
    assert READ(LoadOptions(folder=checkout)).sha256 == hashlib.sha256(content).hexdigest()


def test_the_other_split_has_other_rows(checkout: Path) -> None:
    assert texts(checkout, "train") == ["request 4"]


def made_up(header: tuple[str, ...] | None = None) -> Origin:
    return Origin(
        host="github", repository=REPOSITORY, revision=COMMIT, files=(DataFile(path="rows.csv", header=header),)
    )


def test_rows_that_the_adapter_leaves_out_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, {"rows.csv": b"text,answer\nrequest 1,a\nrequest 2,b\nrequest 3,a\n"})

    def only_a(file: DataFile, raw: RawRow) -> Row | None:
        return from_row(file, raw) if raw.text("answer") == "a" else None

    loaded = reader(made_up(), only_a)(LoadOptions(folder=tmp_path))
    assert [row.place for row in loaded.rows] == ["rows.csv, row 1", "rows.csv, row 3"]


def test_a_split_of_which_no_row_is_left_is_told_with_its_files(tmp_path: Path) -> None:
    lay(tmp_path, {"rows.csv": b"text,answer\nrequest 1,a\n"})
    with pytest.raises(UserError, match=r"No row of split 'test' in .*rows\.csv\. Check the files"):
        reader(made_up(), lambda *_: None)(LoadOptions(folder=tmp_path))


def test_an_empty_file_among_others_is_no_fault(tmp_path: Path) -> None:
    origin = Origin(
        host="github",
        repository=REPOSITORY,
        revision=COMMIT,
        files=(DataFile(path="a.csv"), DataFile(path="b.csv")),
    )
    lay(tmp_path, {"a.csv": b"text,answer\n", "b.csv": b"text,answer\nrequest 1,a\n"})
    assert len(reader(origin, from_row)(LoadOptions(folder=tmp_path)).rows) == 1


def test_exam_questions_are_kept_apart_from_requests(tmp_path: Path) -> None:
    lay(tmp_path, {"rows.csv": b"question,answer\nquestion 1,0\nquestion 2,1\n"})

    def question(_: DataFile, raw: RawRow) -> ExamQuestion:
        return exam_question("made-up", raw, ("yes", "no"), int(raw.text("answer")), "anatomy")

    loaded = reader(made_up(), question)(LoadOptions(folder=tmp_path))
    assert loaded.rows == ()
    assert [(item.text, item.answer) for item in loaded.questions] == [("question 1", 0), ("question 2", 1)]


def test_a_files_own_header_names_its_columns_and_keeps_its_first_row(tmp_path: Path) -> None:
    lay(tmp_path, {"rows.csv": b"request 1,a\nrequest 2,b\n"})
    origin = made_up(header=("text", "answer"))
    loaded = reader(origin, from_row)(LoadOptions(folder=tmp_path))
    assert [row.request.text for row in loaded.rows] == ["request 1", "request 2"]


def test_one_file_is_no_local_copy_of_a_split_of_several(checkout: Path) -> None:
    with pytest.raises(UserError, match=r"Split 'test' is 2 files, but --data-dir names the file .*b\.csv.*folder"):
        texts(checkout / FIRST)
    assert texts(checkout / "data/train/b.csv", "train") == ["request 4"]


def test_a_column_that_is_missing_is_told_with_file_row_and_columns(tmp_path: Path) -> None:
    lay(tmp_path, {"rows.csv": b"prompt,answer\nrequest 1,a\n"})
    with pytest.raises(UserError, match=r"rows\.csv, row 1: no column 'text'; found: prompt, answer"):
        reader(made_up(), from_row)(LoadOptions(folder=tmp_path))


@pytest.mark.parametrize("text", ["", "   "])
def test_a_row_without_a_request_is_told(tmp_path: Path, text: str) -> None:
    lay(tmp_path, {"rows.csv": f"text,answer\nrequest 1,a\n{text},b\n".encode()})
    with pytest.raises(UserError, match=r"rows\.csv, row 2: column 'text' is empty"):
        reader(made_up(), from_row)(LoadOptions(folder=tmp_path))


def test_a_file_is_closed_when_one_of_its_rows_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"rows.csv": b"text,answer\nrequest 1,a\n,b\nrequest 3,c\n"})
    opened: list[IO[Any]] = []
    really = Path.open

    def watched(path: Path, *args: Any, **named: Any) -> IO[Any]:
        opened.append(really(path, *args, **named))
        return opened[-1]

    monkeypatch.setattr(Path, "open", watched)
    with pytest.raises(UserError, match="row 2") as caught:
        reader(made_up(), from_row)(LoadOptions(folder=tmp_path))
    assert caught.traceback
    assert {file.closed for file in opened} == {True}


def test_a_file_that_is_not_the_pinned_one_is_refused_before_it_is_read(checkout: Path) -> None:
    (checkout / FIRST).write_bytes(b"\xff\xff")
    with pytest.raises(UserError, match="is not the pinned file"):
        texts(checkout)


def test_a_missing_file_is_told_before_any_row_is_read(checkout: Path) -> None:
    (checkout / "data/test/a.csv").unlink()
    with pytest.raises(UserError, match=r"No file a\.csv of split 'test'"):
        texts(checkout)


@pytest.fixture
def github(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """A host of raw files with the made-up repository at its pinned commit."""
    with FileHost() as host:
        monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.address("/"))
        serve_github(host, REPOSITORY, COMMIT, FILES)
        yield host


def page(path: str) -> str:
    return f"/{REPOSITORY}/{COMMIT}/{path}"


def test_without_a_local_copy_the_files_of_the_split_are_downloaded_once(github: FileHost, checkout: Path) -> None:
    assert texts(None) == texts(checkout)
    assert texts(None) == texts(checkout)
    assert github.paths() == [page(path) for path in FILES if "/test/" in path]


def test_a_download_equals_a_local_copy(github: FileHost, checkout: Path) -> None:
    loaded: Loaded = READ(LoadOptions())
    assert loaded == READ(LoadOptions(folder=checkout))


def test_a_download_reports_its_progress(github: FileHost) -> None:
    calls: list[tuple[str, int, int]] = []
    READ(LoadOptions(progress=lambda *call: calls.append(call)))
    assert [name for name, done, size in calls if done == size] == ["b.csv", "a.csv"]


def test_a_changed_file_upstream_is_refused_and_not_kept(github: FileHost) -> None:
    github.put(page(FIRST), FILES[FIRST].replace(b"1", b"7"))
    with pytest.raises(RunError, match=r"b\.csv has sha256"):
        texts(None)
    assert list(cache_folder().rglob("*.csv*")) == []


def test_a_download_that_fails_keeps_what_came_before(github: FileHost) -> None:
    gone = github.pages.pop(page("data/test/a.csv"))
    with pytest.raises(RunError, match=r"Could not fetch a\.csv.*404"):
        texts(None)
    github.pages[page("data/test/a.csv")] = gone
    assert len(texts(None)) == 3
    assert Counter(github.paths())[page(FIRST)] == 1


@pytest.mark.parametrize("name", ["questions.json", "questions.jsonl"])
def test_a_file_whose_name_is_not_known_beforehand_keeps_its_format(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The pattern ``*.json*`` says little; the listing of the hub decides."""
    rows = [{"text": f"request {number}", "answer": "answer"} for number in (1, 2)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    content = (json.dumps(rows) if name.endswith("json") else lines).encode()
    origin = Origin(host="hub", repository=REPOSITORY, revision=COMMIT, files=(DataFile(path="*.json*"),))
    with FileHost() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address("/"))
        serve_hub(hub, REPOSITORY, {name: content})
        loaded = reader(origin, from_row)(LoadOptions())
    assert [row.request.text for row in loaded.rows] == ["request 1", "request 2"]
