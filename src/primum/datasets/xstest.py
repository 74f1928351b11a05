"""XSTest (Röttger et al. 2024): safe prompts that sound unsafe, and unsafe prompts that contrast with them.

One row: ``id, prompt, type, label, focus, note``; ``type`` is the linguistic trick (``contrast_…`` for the unsafe ones).
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import intent_of, request_row
from primum.datasets.rows import RawRow

_NAME = "xstest"
_ORIGIN = Origin(
    host="github",
    repository="paul-rottger/xstest",
    revision="d7bb5bd738c1fcbc36edd83d5e7d1b71a3e2d84d",
    files=(
        DataFile(
            path="xstest_prompts.csv",
            sha256="11783fb294ed017473ee53c207d71f2161c7672c8d0b037501e78387f801cb5a",
            size=38_719,
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> Row:
    """A prompt as a request; its category is the trick."""
    return request_row(_NAME, raw, "prompt", raw.text("type").removeprefix("contrast_"), intent_of(raw, "label"))


XSTEST = Dataset(
    name=_NAME,
    title="XSTest: safe prompts that sound unsafe, with unsafe contrasts",
    measures="over-refusal",
    version=_ORIGIN.revision,
    licence="CC BY 4.0",
    size="450 test: 250 safe, 200 unsafe",
    columns="prompt; type: the trick; label: safe or unsafe; focus, note",
    defects="General, not medical; short prompts with a play on one word, which newer models have mostly learned.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Röttger et al. 2024, arXiv 2308.01263",
)
