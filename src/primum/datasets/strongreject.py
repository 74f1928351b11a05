"""StrongREJECT (Souly et al. 2024): forbidden prompts of six categories.

One row: ``category, source, forbidden_prompt``.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "strongreject"
_ORIGIN = Origin(
    host="github",
    repository="alexandrasouly/strongreject",
    revision="f7cad6c17e624e21d8df2278e918ae1dddb4cb56",
    files=(
        DataFile(
            path="strongreject_dataset/strongreject_dataset.csv",
            sha256="4dd70357e4ff8b5d0ba5ebafecab5d6dd5633ce8046e3dd1c8bd93e64de44381",
            size=56_359,
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A forbidden prompt as a request."""
    return request_row(_NAME, raw, "forbidden_prompt", slug(raw.text("category")), Intent.HARMFUL)


STRONGREJECT = Dataset(
    name=_NAME,
    title="StrongREJECT: forbidden prompts",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="MIT",
    size="313 test",
    columns="forbidden_prompt: the request; category; source: where the authors took it from",
    defects="Partly collected from older sets (AdvBench, DAN, MaliciousInstruct). Some papers count 324 or 346 rows.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Souly et al. 2024, arXiv 2402.10260",
)
