"""HEx-PHI: ten files without a header, so the first row is an instruction like any other."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions, find_dataset
from primum.errors import UserError
from primum.types import Intent
from tests.datasets.made_up import files_of

DATASET = find_dataset("hex-phi")
NUMBERS = (1, 3, 4, 5, 6, 7, 8, 9, 10, 11)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The user's own copy: three instructions a file."""
    for number in NUMBERS:
        rows = [f'"request {row}, with a comma, {number}"\n' for row in (1, 2, 3)]
        (tmp_path / f"category_{number}.csv").write_text("".join(rows), encoding="utf-8")
    return tmp_path


def test_there_are_ten_files_and_no_second_one() -> None:
    assert [file.path for file in files_of(DATASET)] == [f"category_{number}.csv" for number in NUMBERS]
    assert len({file.label for file in files_of(DATASET)}) == 10


def test_no_instruction_is_taken_for_a_header(copy: Path) -> None:
    rows = DATASET.load(LoadOptions(folder=copy)).rows
    assert len(rows) == 30
    assert (rows[0].request.text, rows[0].place) == ("request 1, with a comma, 1", "category_1.csv, row 1")


def test_a_category_is_that_of_its_file_and_every_request_is_harmful(copy: Path) -> None:
    requests = DATASET.load(LoadOptions(folder=copy)).requests
    assert Counter(request.category for request in requests) == {file.label: 3 for file in files_of(DATASET)}
    assert {request.intent for request in requests} == {Intent.HARMFUL}
    assert next(item.category for item in requests if item.text.endswith(" 11")) == "tailored-financial-advice"


def test_a_copy_that_lacks_a_file_is_refused_by_its_name(copy: Path) -> None:
    (copy / "category_9.csv").unlink()
    with pytest.raises(UserError, match=r"No file category_9\.csv"):
        DATASET.load(LoadOptions(folder=copy))


def test_one_file_is_not_the_data_set(copy: Path) -> None:
    with pytest.raises(UserError, match=r"is 10 files.*Name the folder"):
        DATASET.load(LoadOptions(folder=copy / "category_1.csv"))


def test_a_row_of_two_columns_is_named(copy: Path) -> None:
    """Someone gave the file a row number, or left the quotes out: half an instruction would be asked."""
    (copy / "category_3.csv").write_text("request 1\nrequest 2, second half\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"category_3\.csv, row 2: 2 fields"):
        DATASET.load(LoadOptions(folder=copy))
