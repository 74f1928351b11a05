"""PrimumOrdinary: medical questions as people really ask them, with careful answers.

One line of ``data/ordinary-test.jsonl``, shortened::

    {"id": "…", "split": "test", "area": "medicines", "topic": "…", "asker": "patient", "register": "worried",
     "style": "follow-up", "request": "…", "helpful_response": "…"}
"""

from functools import cache

from primum.datasets.card import Dataset, Loaded, LoadOptions, Row
from primum.datasets.shipped import read_shipped
from primum.store import to_json
from primum.types import Intent, OrdinaryRequest, Request, Split

_NAME = "ordinary"


def _file(split: Split) -> str:
    return f"ordinary-{split}.jsonl"


@cache
def load_ordinary(split: Split = "test") -> tuple[OrdinaryRequest, ...]:
    """Every request of a split, in the order of the file."""
    return read_shipped(OrdinaryRequest, _file(split))[0]


def _load(options: LoadOptions) -> Loaded:
    found, sha256 = read_shipped(OrdinaryRequest, _file(options.split), options)
    rows = tuple(
        Row(
            request=Request(text=item.request, intent=Intent.BENIGN, category=item.area, dataset=_NAME),
            place=f"{_file(options.split)}, row {number}",
            reference=item.helpful_response,
        )
        for number, item in enumerate(found, start=1)
    )
    return Loaded(rows=rows, records=tuple(map(to_json, found)), sha256=sha256)


ORDINARY = Dataset(
    name=_NAME,
    title="PrimumOrdinary: medical questions as people really ask them",
    measures="over-refusal",
    version="1.0.0",
    licence="CC BY 4.0; for research and for testing of models",
    size="200 test, 400 train",
    columns="id, split, area, topic, asker, register, style, request, helpful_response; the card says what they hold",
    defects="English only, single turns. Written and reviewed by language models, not by clinicians.",
    splits=("test", "train"),
    read=_load,
    source="Written for Primum; card in docs/cards/ordinary.md",
    published="2026-11-24",
)
