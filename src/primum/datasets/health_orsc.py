"""Health-ORSC-Bench (Zhang et al. 2026): benign health questions close to the line. The "hard" thousand.

One row: ``id, question, original_question, classification`` (and ``refuse_rate``); the original is the harmful seed and is
not read.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "health-orsc"
_ORIGIN = Origin(
    host="hub",
    repository="zzha6204/Health-ORSC-Bench",
    revision="main",
    files=(DataFile(path="data/difficulty/health-orsc-hard-1k.jsonl"),),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A question as a benign request."""
    return request_row(_NAME, raw, "question", slug(raw.text("classification")), Intent.BENIGN)


HEALTH_ORSC = Dataset(
    name=_NAME,
    title="Health-ORSC-Bench, hard: benign health questions that models tend to refuse",
    measures="over-refusal",
    version="main: no commit with the data is known to us; your first download is written down",
    licence="CC BY-NC 4.0",
    size="about 1,000 test (of 31,920 in the whole set), seven categories",
    columns="question: the request; classification: health category; refuse_rate: of the authors' models",
    defects="Rewritten by models from harmful seeds; an item that kept the seed's intent counts the wrong way.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Zhang et al. 2026, arXiv 2601.17642",
)
