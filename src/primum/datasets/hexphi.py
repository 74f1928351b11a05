"""HEx-PHI (Qi et al. 2023): harmful instructions, after the use policies of two model providers. Gated.

Ten files without a header, one instruction a row; there is no second one. It is never shipped: every user accepts the terms.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "hex-phi"
_CATEGORIES = {
    1: "illegal-activity", 3: "hate-harass-violence", 4: "malware", 5: "physical-harm", 6: "economic-harm",
    7: "fraud-deception", 8: "adult-content", 9: "political-campaigning", 10: "privacy-violation",
    11: "tailored-financial-advice",
}  # fmt: skip
_ORIGIN = Origin(
    host="hub",
    repository="LLM-Tuning-Safety/HEx-PHI",
    revision="main",
    files=tuple(
        DataFile(path=f"category_{number}.csv", label=name, header=("text",)) for number, name in _CATEGORIES.items()
    ),
    gated=True,
)


def from_row(file: DataFile, raw: RawRow) -> Row:
    """An instruction as a request."""
    return request_row(_NAME, raw, "text", file.label, Intent.HARMFUL)


HEXPHI = Dataset(
    name=_NAME,
    title="HEx-PHI: harmful instructions after two use policies (gated)",
    measures="general harm",
    version="main: no commit is known to us, because the repository is gated; your first download is written down",
    licence="its own, accepted on the hub",
    size="300 test: 30 for each of ten categories (the paper counts 330 in 11; one file is not published)",
    columns="one instruction a row, no header",
    defects="A reader that takes the first row for a header loses one instruction in thirty.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Qi et al. 2023, arXiv 2310.03693",
)
