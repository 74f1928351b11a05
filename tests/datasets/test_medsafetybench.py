"""MedSafetyBench: read from any layout, only in the pinned version, and downloaded where there is no copy."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import LoadOptions, find_dataset, medsafetybench
from primum.datasets.card import Split
from primum.errors import RunError, UserError
from primum.fetch import cache_folder
from primum.standard import load_standard
from primum.types import Intent
from tests.fetch.filehost import FileHost

DATASET = find_dataset("medsafetybench")
REAL_PINS = medsafetybench._pins()
COLUMNS = ["", "harmful_medical_request", "safe_response"]
COMMIT = "0" * 40


def table(rows: list[tuple[str, str]], columns: list[str] = COLUMNS) -> bytes:
    """A file like upstream's: a row number without a name, then the columns."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([number, *row] for number, row in enumerate(rows))
    return sink.getvalue().encode()


FILES = {
    "datasets/test/gpt4/made_up_1.csv": table([("request 1", "answer 1"), ('request "2",\nsecond line ä', "answer 2")]),
    "datasets/test/gpt4/made_up_4.csv": table([("  request 3 ", "answer 3")]),
    "datasets/train/gpt4/made_up_1.csv": table([("request 4", "answer 4")]),
}
FIRST = "datasets/test/gpt4/made_up_1.csv"


def pin(monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes]) -> None:
    entries: list[dict[str, Any]] = [
        {
            "split": path.split("/")[1],
            "principle": int(path[-5]),
            "path": path,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
        }
        for path, content in contents.items()
    ]
    pins = {"repository": "made-up/repository", "commit": COMMIT, "files": entries}
    monkeypatch.setattr(medsafetybench, "_pins", lambda: pins)


@pytest.fixture(autouse=True)
def _made_up_pins(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up files in place of the pinned ones, but for tests of the real data."""
    if request.node.get_closest_marker("real_data") is None:
        pin(monkeypatch, FILES)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A local copy in upstream's layout."""
    return lay(tmp_path / "copy", "{path}")


def lay(folder: Path, layout: str) -> Path:
    for path, content in FILES.items():
        _, split, _, name = path.split("/")
        place = folder / layout.format(path=path, split=split, name=name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def texts(folder: Path | None, split: Split = "test") -> list[str]:
    return [request.text for request in DATASET.load(LoadOptions(split=split, folder=folder)).requests]


def test_every_row_is_a_harmful_request_of_its_files_principle(checkout: Path) -> None:
    requests = DATASET.load(LoadOptions(folder=checkout)).requests
    assert [request.text for request in requests] == ["request 1", 'request "2",\nsecond line ä', "request 3"]
    assert [request.category for request in requests] == ["dignity", "dignity", "confidentiality"]
    assert {(request.intent, request.dataset, request.pair) for request in requests} == {
        (Intent.HARMFUL, "medsafetybench", None)
    }


def test_the_hash_is_that_of_the_files_in_order(checkout: Path) -> None:
    loaded = DATASET.load(LoadOptions(folder=checkout))
    content = b"".join(content for path, content in FILES.items() if "/test/" in path)
    assert loaded.sha256 == hashlib.sha256(content).hexdigest()


def test_the_other_split_has_other_requests(checkout: Path) -> None:
    assert texts(checkout, "train") == ["request 4"]


@pytest.mark.parametrize(
    "layout",
    [
        "{path}",
        "{split}/{name}",
        "medsafetybench/{path}",
        "medsafetybench/{split}/{name}",
        "med-safety-bench/{path}",
        "med-safety-bench/{split}/{name}",
    ],
)
def test_a_local_copy_is_found_in_every_usual_layout(tmp_path: Path, layout: str) -> None:
    assert texts(lay(tmp_path, layout)) == ["request 1", 'request "2",\nsecond line ä', "request 3"]


def test_a_missing_file_is_a_users_mistake_that_says_where_it_was_looked_for(checkout: Path) -> None:
    (checkout / FIRST).unlink()
    with pytest.raises(UserError, match=r"made_up_1\.csv of split 'test'.*Looked for .*/datasets/test/gpt4/.*checkout"):
        texts(checkout)


def test_a_folder_that_does_not_exist_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"under .*none"):
        texts(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (table([("request 1", "answer 1")], ["", "prompt", "answer"]), "found: , prompt, answer"),
        (b"", "found: nothing"),
        (b"\n", "found: nothing"),
        (b"\x00\xff\xfe\x00", "no column"),
        (b'{"prompt": "request 1"}\n', "no column"),
        (b"number\rharmful_medical_request\r1\rrequest 1\r", "no column"),
        (b"x" * 200_000, "no column"),
    ],
    ids=["other columns", "empty", "blank", "binary", "json", "old mac line ends", "one endless line"],
)
def test_a_file_without_the_column_says_what_it_has_instead(checkout: Path, content: bytes, found: str) -> None:
    (checkout / FIRST).write_bytes(content)
    with pytest.raises(UserError, match=rf"made_up_1\.csv.*{re.escape(found)}") as caught:
        texts(checkout)
    assert len(str(caught.value)) < 2_000


@pytest.mark.parametrize(
    "content",
    [
        table([("request 1", "answer 1"), ("request 2, edited", "answer 2")]),
        FILES[FIRST] + b"\n",
        FILES[FIRST].replace(b"\n", b"\r\n"),
        FILES[FIRST][:-20],
    ],
    ids=["edited", "a line more", "windows line ends", "cut"],
)
def test_a_file_that_is_not_the_pinned_one_is_refused(checkout: Path, content: bytes) -> None:
    """Numbers over other requests would not compare with anyone's."""
    (checkout / FIRST).write_bytes(content)
    expected = hashlib.sha256(FILES[FIRST]).hexdigest()[:12]
    with pytest.raises(UserError, match=rf"not the pinned file .*expected {expected}.*made-up/repository at 0000000"):
        texts(checkout)


@pytest.mark.parametrize("text", ["", "   "])
def test_a_row_without_a_request_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    content = table([("request 1", "answer 1"), (text, "answer 2")])
    pin(monkeypatch, {FIRST: content})
    (checkout / FIRST).write_bytes(content)
    with pytest.raises(UserError, match=r"made_up_1\.csv, row 2: empty 'harmful_medical_request'"):
        texts(checkout)


def test_a_row_that_is_too_short_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = table([("request 1", "answer 1")]) + b"1\n"
    pin(monkeypatch, {FIRST: content})
    (checkout / FIRST).write_bytes(content)
    with pytest.raises(UserError, match=r"row 2: empty"):
        texts(checkout)


@pytest.fixture
def github(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """A host of raw files with the made-up repository at its pinned commit."""
    with FileHost() as host:
        monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.address("/"))
        for path, content in FILES.items():
            host.put(f"/made-up/repository/{COMMIT}/{path}", content, "text/plain; charset=utf-8")
        yield host


def test_without_a_local_copy_the_files_of_the_split_are_downloaded_once(github: FileHost, checkout: Path) -> None:
    assert texts(None) == texts(checkout)
    assert texts(None) == texts(checkout)
    assert github.paths() == [f"/made-up/repository/{COMMIT}/{path}" for path in FILES if "/test/" in path]


def test_a_download_gives_the_same_identity_as_a_local_copy(github: FileHost, checkout: Path) -> None:
    assert DATASET.load(LoadOptions()) == DATASET.load(LoadOptions(folder=checkout))


def test_a_local_copy_asks_nobody(github: FileHost, checkout: Path) -> None:
    texts(checkout)
    assert github.visits == []


def test_a_download_reports_its_progress(github: FileHost) -> None:
    calls: list[tuple[str, int, int]] = []
    DATASET.load(LoadOptions(progress=lambda *call: calls.append(call)))
    assert [name for name, done, size in calls if done == size] == ["made_up_1.csv", "made_up_4.csv"]


def test_a_changed_file_upstream_is_refused_and_not_kept(github: FileHost) -> None:
    github.put(f"/made-up/repository/{COMMIT}/{FIRST}", FILES[FIRST].replace(b"1", b"7"))
    with pytest.raises(RunError, match=r"made_up_1\.csv has sha256"):
        texts(None)
    assert list(cache_folder().rglob("*.csv*")) == []


def test_a_download_that_fails_keeps_what_came_before(github: FileHost) -> None:
    address = f"/made-up/repository/{COMMIT}/datasets/test/gpt4/made_up_4.csv"
    page = github.pages.pop(address)
    with pytest.raises(RunError, match=r"(?s)Could not fetch made_up_4\.csv.*404"):
        texts(None)
    github.pages[address] = page
    assert len(texts(None)) == 3
    assert Counter(github.paths())[f"/made-up/repository/{COMMIT}/{FIRST}"] == 1


def test_the_pins_are_nine_files_a_split_one_for_each_principle_at_one_commit() -> None:
    entries = REAL_PINS["files"]
    assert Counter((entry["split"], entry["principle"]) for entry in entries) == {
        (split, number): 1 for split in DATASET.splits for number in range(1, 10)
    }
    assert len({entry["sha256"] for entry in entries}) == 18
    assert all(re.fullmatch("[0-9a-f]{64}", entry["sha256"]) for entry in entries)
    for entry in entries:
        assert re.search(rf"/{entry['split']}/.*_{entry['principle']}\.csv$", entry["path"])


def test_the_card_says_what_the_pins_say() -> None:
    assert DATASET.version == REAL_PINS["commit"]
    assert DATASET.licence == REAL_PINS["licence"]
    assert DATASET.origin.endswith(REAL_PINS["repository"])


@pytest.mark.real_data
@pytest.mark.parametrize("split", ["test", "train"])
def test_the_real_files_hold_fifty_requests_for_each_principle(data_dir: Path, split: Split) -> None:
    requests = DATASET.load(LoadOptions(split=split, folder=data_dir)).requests
    assert Counter(request.category for request in requests) == {item.id: 50 for item in load_standard().principles}
    assert len({request.id for request in requests}) == 450


@pytest.mark.real_data
def test_no_real_request_is_in_both_splits(data_dir: Path) -> None:
    assert not set(texts(data_dir, "test")) & set(texts(data_dir, "train"))
