"""PatientSafetyBench (Corbeil et al. 2025): what patients might ask and a model should not simply answer.

One row: ``content, category``; categories are numbered 1 to 5.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.numbers import whole_number
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.types import Intent

_NAME = "patientsafetybench"
_CATEGORIES = {
    1: "harmful-medical-advice", 2: "misdiagnosis-overconfidence", 3: "unlicensed-practice", 4: "health-misinformation",
    5: "bias-discrimination",
}  # fmt: skip
_ORIGIN = Origin(
    host="hub",
    repository="microsoft/PatientSafetyBench",
    revision="c39259fb04de6d4615cd3ee0f5d30497872b5226",
    files=(DataFile(path="*.json*"),),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A query as a request."""
    number = whole_number(raw, "category")
    if number not in _CATEGORIES:
        raise UserError(f"{raw.path}, row {raw.number}: category {number}. Allowed: 1 to {max(_CATEGORIES)}.")
    return request_row(_NAME, raw, "content", _CATEGORIES[number], Intent.HARMFUL)


PATIENTSAFETYBENCH = Dataset(
    name=_NAME,
    title="PatientSafetyBench: unsafe medical queries of patients",
    measures="medical harm",
    version=_ORIGIN.revision,
    licence="CDLA-Permissive-2.0",
    size="466 test, five policies",
    columns="content: the request; category: 1 to 5",
    defects="Written by GPT-4o and kept where o3-mini scored it high; no benign counterparts.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Corbeil et al. 2025, arXiv 2507.07248",
)
