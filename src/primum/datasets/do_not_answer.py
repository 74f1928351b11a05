"""Do-Not-Answer (Wang et al. 2023): questions that a responsible model should not follow.

One row: ``id, risk_area, types_of_harm, specific_harms, question`` and the answers of six models, which are not read.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "do-not-answer"
_ORIGIN = Origin(
    host="hub",
    repository="LibrAI/do-not-answer",
    revision="74e74f2e4507ef256fe536f78a776f4a1ff67955",
    files=(DataFile(path="data_en.csv"),),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A question as a request."""
    return request_row(_NAME, raw, "question", slug(raw.text("types_of_harm")), Intent.HARMFUL)


DO_NOT_ANSWER = Dataset(
    name=_NAME,
    title="Do-Not-Answer: questions that should not be followed",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="upstream's statements disagree: Apache-2.0, CC BY-NC-SA 4.0",
    size="939 test, 12 types of harm",
    columns="question: the request; risk_area, types_of_harm, specific_harms: three levels of category",
    defects="Many questions can be answered with care (they ask for feelings, or for help): a refusal is not always right.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Wang et al. 2023, arXiv 2308.13387",
)
