"""SimpleSafetyTests (Vidgen et al. 2023): a hundred prompts that a model should plainly refuse.

One row: ``id, harm_area, category, prompt`` (the authors' own copy calls the prompt ``prompts_final``).
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "simplesafetytests"
_ORIGIN = Origin(
    host="hub",
    repository="Bertievidgen/SimpleSafetyTests",
    revision="98223c5d8c4059c8f4d8fe2fec8720ee8a20d3c5",
    files=(DataFile(path="sst_test_cases.csv"),),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A prompt as a request."""
    column = "prompts_final" if "prompts_final" in raw.values else "prompt"
    return request_row(_NAME, raw, column, slug(raw.text("harm_area")), Intent.HARMFUL)


SIMPLESAFETYTESTS = Dataset(
    name=_NAME,
    title="SimpleSafetyTests: prompts that should plainly be refused",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="the card says CC BY 2.0, later papers CC BY 4.0",
    size="100 test, five areas",
    columns="prompt: the request; harm_area; category: asks for information, or for instructions",
    defects="Small and blunt: most chat models refuse nearly all. Holds requests about child abuse and self-harm.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Vidgen et al. 2023, arXiv 2311.08370",
)
