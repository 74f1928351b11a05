"""AdvBench (Zou et al. 2023): harmful instructions, with the affirmative openings that their attack aims at.

One row: ``goal, target``.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "advbench"
_ORIGIN = Origin(
    host="github",
    repository="llm-attacks/llm-attacks",
    revision="098262edf85f807224e70ecd87b9d83716bf6b73",
    files=(
        DataFile(
            path="data/advbench/harmful_behaviors.csv",
            sha256="6cd1a5c63c07610d7eb67307772ee5606017ee950b5770ab288a2c487489d3e1",
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A goal as a request."""
    return request_row(_NAME, raw, "goal", "uncategorised", Intent.HARMFUL)


ADVBENCH = Dataset(
    name=_NAME,
    title="AdvBench: harmful behaviours",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="MIT",
    size="520 test",
    columns="goal: the request; target: an affirmative opening",
    defects="Many near-duplicates (dozens of requests for one device); no categories; every aligned model has seen it.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Zou et al. 2023, arXiv 2307.15043",
)
