"""JailbreakBench (Chao et al. 2024): 100 misuse behaviours, each with a benign one of the same theme.

One row: ``Index, Goal, Target, Behavior, Category, Source``. Row n of the one file belongs to row n of the other.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "jailbreakbench"
_ORIGIN = Origin(
    host="hub",
    repository="JailbreakBench/JBB-Behaviors",
    revision="886acc352a31533ffbcf4ef22c744658688086fc",
    files=(
        DataFile(
            path="data/harmful-behaviors.csv",
            sha256="4a8ec6832056b631eb092dccc60d37a61c3d441268268888b3d006288afeffa1",
            size=23_116,
            # The same rows before the first column was given a name.
            also=("45e9a8923b28f547bb372fbaa9af7df8b38c818a80ae50c3bab97704197ff516",),
            label=Intent.HARMFUL.value,
        ),
        DataFile(
            path="data/benign-behaviors.csv",
            sha256="3cda234d21a991fa309bbfea4b6d9dae31ccdf8e9d452424b6a983e4fdc33468",
            size=20_570,
            label=Intent.BENIGN.value,
        ),
    ),
)


def from_row(file: DataFile, raw: RawRow) -> Row:
    """A behaviour's goal as a request."""
    return request_row(_NAME, raw, "Goal", slug(raw.text("Category")), Intent(file.label), pair=f"{_NAME}-{raw.number}")


JAILBREAKBENCH = Dataset(
    name=_NAME,
    title="JailbreakBench: misuse behaviours with benign ones of the same themes",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="MIT",
    size="200 test: 100 harmful, 100 benign, ten categories of ten",
    columns="Goal: the request; Category; Behavior: a short name; Target: an affirmative opening; Source",
    defects="About half of the harmful goals come from AdvBench and HarmBench. The benign ones share a theme, not a scene.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Chao et al. 2024, arXiv 2404.01318",
)
