"""MedSafetyBench: the pins of its three parts, what a row becomes, and the real files."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from primum.datasets import DataFile, Dataset, LoadOptions, Origin, Row, find_dataset, medsafetybench
from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.standard import load_standard
from primum.types import Intent, Request, Split
from tests.fetch.filehost import FileHost
from tests.fetch.hubhost import serve_github

GPT4, LLAMA2, LLAMA3 = (find_dataset(f"medsafetybench{part}") for part in ("", "-llama2", "-llama3"))
PRINCIPLES = [item.id for item in load_standard().principles]
HEX = re.compile("[0-9a-f]{64}")


def origin(dataset: Dataset) -> Origin:
    assert dataset.origin is not None
    return dataset.origin


def files(dataset: Dataset) -> tuple[DataFile, ...]:
    return origin(dataset).files


@pytest.mark.parametrize("dataset", [GPT4, LLAMA2, LLAMA3], ids=lambda dataset: dataset.name)
def test_every_split_of_a_part_is_nine_files_one_for_each_principle(dataset: Dataset) -> None:
    assert Counter((file.split, file.label) for file in files(dataset)) == {
        (split, principle): 1 for split in dataset.splits for principle in PRINCIPLES
    }


@pytest.mark.parametrize("dataset", [GPT4, LLAMA2, LLAMA3], ids=lambda dataset: dataset.name)
def test_a_files_label_is_the_principle_that_its_name_counts(dataset: Dataset) -> None:
    for file in files(dataset):
        number = re.search(r"category_([1-9])\.", file.name)
        assert number is not None
        assert file.label == PRINCIPLES[int(number[1]) - 1]


@pytest.mark.parametrize(
    ("dataset", "part", "splits"),
    [(GPT4, "/gpt4/", ("test", "train")), (LLAMA2, "/llama2/", ("test", "train")), (LLAMA3, "/med_harm_llama3/", ())],
    ids=["gpt4", "llama2", "llama3"],
)
def test_a_file_lies_in_the_folder_of_its_part_and_split(dataset: Dataset, part: str, splits: tuple[str, ...]) -> None:
    assert all(part in file.path for file in files(dataset))
    assert all(f"/{file.split}/" in file.path for file in files(dataset) if splits)
    assert len({file.path for file in files(dataset)}) == len(files(dataset))


@pytest.mark.parametrize(("dataset", "count"), [(GPT4, 18), (LLAMA3, 9)], ids=["gpt4", "llama3"])
def test_two_parts_are_pinned_by_content(dataset: Dataset, count: int) -> None:
    hashes = {file.sha256 for file in files(dataset)}
    assert len(hashes) == count
    assert all(found is not None and HEX.fullmatch(found) for found in hashes)
    assert all(file.size for file in files(dataset))


def test_the_llama2_half_is_pinned_by_the_commit_alone() -> None:
    assert {(file.sha256, file.size, file.revision) for file in files(LLAMA2)} == {(None, None, None)}
    assert re.fullmatch("[0-9a-f]{40}", origin(LLAMA2).revision)


def test_the_three_parts_are_of_one_commit_which_their_cards_say() -> None:
    assert len({origin(dataset).revision for dataset in (GPT4, LLAMA2, LLAMA3)}) == 1
    for dataset in (GPT4, LLAMA2, LLAMA3):
        assert dataset.version == origin(dataset).revision
        assert (origin(dataset).host, origin(dataset).repository) == ("github", "AI4LIFE-GROUP/med-safety-bench")


def test_the_llama3_part_has_no_test_split() -> None:
    assert set(GPT4.splits) == set(LLAMA2.splits) == set(get_args(Split))
    with pytest.raises(UserError, match=r"Unknown split of 'medsafetybench-llama3' 'test'.*Allowed: train"):
        LLAMA3.load(LoadOptions())


FILE = DataFile(path="rows.csv", label="dignity")


def raw(**values: str) -> RawRow:
    return RawRow(path=Path("rows.csv"), number=3, values=values)


def test_a_row_with_an_answer_is_a_harmful_request_with_a_reference() -> None:
    from_row = medsafetybench._from_row("a name", "harmful_medical_request")
    row = from_row(FILE, raw(harmful_medical_request="  request 1 ", safe_response=" answer 1\n"))
    assert row == Row(
        request=Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="a name"),
        place="rows.csv, row 3",
        reference="answer 1",
    )


def test_a_line_of_text_is_a_harmful_request_without_a_reference() -> None:
    row = medsafetybench._from_row("a name", "text")(FILE, raw(text="request 1"))
    assert isinstance(row, Row)
    assert (row.request.text, row.request.intent, row.request.pair) == ("request 1", Intent.HARMFUL, None)
    assert row.reference is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"harmful_medical_request": " ", "safe_response": "answer 1"}, "'harmful_medical_request' is empty"),
        ({"harmful_medical_request": "request 1", "safe_response": ""}, "'safe_response' is empty"),
        ({"prompt": "request 1"}, "no column 'harmful_medical_request'; found: prompt"),
    ],
    ids=["no request", "no answer", "no column"],
)
def test_a_row_that_lacks_something_is_named(values: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=rf"rows\.csv, row 3: (column )?{said}"):
        medsafetybench._from_row("a name", "harmful_medical_request")(FILE, raw(**values))


def rows(file: DataFile) -> bytes:
    """A file like upstream's: a row number without a name, then the columns."""
    lines = "\n".join(f"{n},request {file.split} {file.label} {n},answer {n}" for n in (1, 2))
    return f",harmful_medical_request,safe_response\n{lines}\n".encode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Made-up files in upstream's layout: the Llama-2 half, which no hash pins, and one file of each other part."""
    for file in (*files(LLAMA2), files(GPT4)[0], files(LLAMA3)[0]):
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_bytes(rows(file))
    return tmp_path


@pytest.mark.parametrize("split", get_args(Split))
def test_the_llama2_half_is_read_file_by_file(checkout: Path, split: Split) -> None:
    loaded = LLAMA2.load(LoadOptions(split=split, folder=checkout))
    texts = [f"request {split} {principle} {number}" for principle in PRINCIPLES for number in (1, 2)]
    assert [row.request.text for row in loaded.rows] == texts
    assert {(row.request.dataset, row.request.intent) for row in loaded.rows} == {(LLAMA2.name, Intent.HARMFUL)}
    content = b"".join((checkout / file.path).read_bytes() for file in files(LLAMA2) if file.split == split)
    assert loaded.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("dataset", "split"), [(GPT4, "test"), (LLAMA3, "train")], ids=["gpt4", "llama3"])
def test_a_part_pinned_by_content_refuses_another(checkout: Path, dataset: Dataset, split: Split) -> None:
    with pytest.raises(UserError, match=r"is not the pinned file .*AI4LIFE-GROUP/med-safety-bench at 191aa79"):
        dataset.load(LoadOptions(split=split, folder=_complete(checkout, dataset)))


def _complete(folder: Path, dataset: Dataset) -> Path:
    for file in files(dataset):
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_bytes(rows(file))
    return folder


@pytest.fixture
def github(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    with FileHost() as host:
        monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.address("/"))
        yield host


def test_the_llama2_half_is_downloaded_at_the_commit_and_written_down(github: FileHost, empty_cache: Path) -> None:
    found = {file.path: rows(file) for file in files(LLAMA2)}
    serve_github(github, origin(LLAMA2).repository, origin(LLAMA2).revision, found)
    first = LLAMA2.load(LoadOptions())
    assert LLAMA2.load(LoadOptions()) == first
    assert len(first.rows) == 18
    assert github.paths() == [
        f"/AI4LIFE-GROUP/med-safety-bench/{LLAMA2.version}/{file.path}"
        for file in files(LLAMA2)
        if file.split == "test"
    ]
    assert len(list(empty_cache.rglob("*.csv.sha256"))) == 9


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("split", "sha256"),
    [
        ("test", "cc40393b5dca751316c66c50a5183692e7e6cac27c4afa4bb74e70f16f1b4dc0"),
        ("train", "63e8ba0e606c4f2b4629d4344b2cd3ba6622fd8c566eb8c66f39d7cc1703b8f4"),
    ],
)
def test_the_real_gpt4_files_hold_fifty_requests_for_each_principle(data_dir: Path, split: Split, sha256: str) -> None:
    loaded = GPT4.load(LoadOptions(split=split, folder=data_dir / "medsafetybench"))
    assert Counter(row.request.category for row in loaded.rows) == dict.fromkeys(PRINCIPLES, 50)
    assert len(loaded.requests) == 450
    assert all(row.reference for row in loaded.rows)
    assert loaded.sha256 == sha256


@pytest.mark.real_data
def test_no_real_request_is_in_both_splits(data_dir: Path) -> None:
    test, train = (
        {request.text for request in GPT4.load(LoadOptions(split=split, folder=data_dir)).requests}
        for split in GPT4.splits
    )
    assert not test & train


@pytest.mark.real_data
def test_the_real_llama3_files_hold_every_line_that_the_card_counts(data_dir: Path) -> None:
    loaded = LLAMA3.load(LoadOptions(split="train", folder=data_dir / "medsafetybench" / "llama3"))
    assert len(loaded.rows) == 74_374
    assert LLAMA3.size.startswith("74,374")
    assert list(Counter(row.request.category for row in loaded.rows).values()) == [
        7897, 8563, 8531, 7827, 9064, 8579, 8254, 7563, 8096,
    ]  # fmt: skip
    assert {row.reference for row in loaded.rows} == {None}
    assert loaded.sha256 == "f38db601cdfc3277d8f926706fcce5eb29ae32fe88a4ce87a9e53454b34b747d"


@pytest.mark.real_data
@pytest.mark.parametrize("split", get_args(Split))
def test_the_gpt4_files_do_not_pass_for_the_llama2_half(data_dir: Path, split: Split) -> None:
    """Both halves have the same file names, and a copy without upstream's folders cannot tell them apart."""
    with pytest.raises(UserError):
        LLAMA2.load(LoadOptions(split=split, folder=data_dir / "medsafetybench"))
