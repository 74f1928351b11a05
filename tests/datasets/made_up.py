"""Raw rows without a file behind them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from primum.datasets import DataFile, Dataset
from primum.datasets.rows import RawRow

FILE = DataFile(path="data/file.csv")


def raw(values: Mapping[str, Any], number: int = 1) -> RawRow:
    """A row of ``folder/file.csv``."""
    return RawRow(path=Path("folder/file.csv"), number=number, values=values)


def files_of(dataset: Dataset) -> tuple[DataFile, ...]:
    """The files of a data set that is fetched."""
    assert dataset.origin is not None
    return dataset.origin.files
