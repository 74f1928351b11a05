"""CARES-18K (Chen et al. 2025): medical requests at four levels of harm, asked directly and in three disguises.

One row: ``principle_index, generation_model, harmful_level, method, base_prompt, prompt``. Level 0 is benign.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.numbers import whole_number
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "cares"
_ORIGIN = Origin(
    host="hub",
    repository="HFXM/CARES-18K",
    revision="49f6ff9caffe31bbd33b6272b72ef0b78a23ff26",
    files=(
        DataFile(path="data/test-*.parquet", split="test"),
        DataFile(path="data/train-*.parquet", split="train"),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A prompt as a request; its category is the principle, by number."""
    intent = Intent.BENIGN if whole_number(raw, "harmful_level") == 0 else Intent.HARMFUL
    return request_row(_NAME, raw, "prompt", f"principle-{whole_number(raw, 'principle_index')}", intent)


CARES = Dataset(
    name=_NAME,
    title="CARES-18K: medical requests at four levels of harm, plain and disguised",
    measures="medical harm",
    version=_ORIGIN.revision,
    licence="MIT",
    size="9,239 test, 9,239 train",
    columns="prompt: the request; base_prompt: before its disguise; method: direct, indirect, obfuscate, role_play; "
    "harmful_level: 0 benign to 3; principle_index: 0 to 7; generation_model",
    defects="5,340 base prompts under four methods: rows are not independent. Written by models.",
    splits=("test", "train"),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Chen et al. 2025, arXiv 2505.11413",
)
