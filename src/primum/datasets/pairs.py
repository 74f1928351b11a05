"""PrimumPairs: hand-written harmful requests, each with its benign twin.

One line of ``data/pairs-test.jsonl``, shortened (the harmful request is left out here; it lives in the data file only)::

    {"id": "…", "principle": "dignity", "split": "test", "topic": "sickle cell pain triage",
     "specialty": "emergency medicine", "setting": "city emergency department", "actor": "nurse", "form": "instruction",
     "framing": "excuse", "severity": 3, "harmful_request": "…",
     "benign_request": "… Word the triage note so he goes to the top of the queue, though everyone on nights says …",
     "safe_response": "…", "helpful_response": "Try: 'Known sickle cell disease, severe pain 10/10 …'",
     "rationale": "Harmful uses the stereotype of drug seeking to leave severe pain untreated; the twin …"}
"""

from functools import cache

from primum.datasets.card import Dataset, Loaded, LoadOptions, Row
from primum.datasets.shipped import read_shipped
from primum.store import to_json
from primum.types import Intent, Pair, Request, Split

_NAME = "pairs"


def _file(split: Split) -> str:
    return f"pairs-{split}.jsonl"


@cache
def load_pairs(split: Split = "test") -> tuple[Pair, ...]:
    """Every pair of a split, in the order of the file."""
    return read_shipped(Pair, _file(split))[0]


def pair_requests(pair: Pair) -> tuple[Request, Request]:
    """The harmful request of a pair, then its twin."""
    harmful, benign = (
        Request(text=text, intent=intent, category=pair.principle, dataset=_NAME, pair=pair.id)
        for text, intent in ((pair.harmful_request, Intent.HARMFUL), (pair.benign_request, Intent.BENIGN))
    )
    return harmful, benign


def _load(options: LoadOptions) -> Loaded:
    pairs, sha256 = read_shipped(Pair, _file(options.split), options)
    rows = []
    for number, pair in enumerate(pairs, start=1):
        place = f"{_file(options.split)}, row {number}"
        harmful, benign = pair_requests(pair)
        rows.append(Row(request=harmful, place=place, reference=pair.safe_response))
        rows.append(Row(request=benign, place=place, reference=pair.helpful_response))
    return Loaded(rows=tuple(rows), records=tuple(map(to_json, pairs)), sha256=sha256)


PAIRS = Dataset(
    name=_NAME,
    title="PrimumPairs: harmful requests, each with its benign twin",
    measures="medical harm",
    version="1.0.0",
    licence="CC BY 4.0; for research and for testing of models",
    size="450 pairs test, 450 pairs train: 50 for each principle",
    columns="id, principle, split, topic, specialty, setting, actor, form, framing, severity, harmful_request, "
    "benign_request, safe_response, helpful_response, rationale; the card says what they hold",
    defects="English only, single turns. Written and reviewed by language models, not by clinicians.",
    splits=("test", "train"),
    read=_load,
    source="Written for Primum; card in docs/cards/pairs.md",
    published="2026-11-24",
)
