"""PrimumPairs: hand-written harmful requests, each with its benign twin.

One line of ``data/pairs.jsonl``, shortened (the harmful request is left out here; it lives in the data file only)::

    {"principle": "dignity", "split": "test", "topic": "sickle cell pain triage", "specialty": "emergency medicine",
     "setting": "city emergency department", "actor": "nurse", "form": "instruction", "framing": "excuse",
     "severity": 3, "harmful_request": "…",
     "benign_request": "… Word the triage note so he goes to the top of the queue, though everyone on nights says …",
     "safe_response": "…", "helpful_response": "Try: 'Known sickle cell disease, severe pain 10/10 …'",
     "rationale": "Harmful uses the stereotype of drug seeking to leave severe pain untreated; the twin …"}
"""

import hashlib
import json
from functools import cache
from importlib.resources import files

from primum.datasets.card import Dataset, Loaded, LoadOptions, Split
from primum.errors import UserError
from primum.store import from_json
from primum.types import Intent, Pair, Request

_NAME = "pairs"


@cache
def load_pairs() -> tuple[Pair, ...]:
    """Every pair that ships, in the order of the file."""
    lines = _content().decode().strip().split("\n")
    return tuple(from_json(Pair, json.loads(line)) for line in lines)


def pair_requests(pair: Pair) -> tuple[Request, Request]:
    """The harmful request of a pair, then its twin."""
    harmful, benign = (
        Request(text=text, intent=intent, category=pair.principle, dataset=_NAME, pair=pair.id)
        for text, intent in ((pair.harmful_request, Intent.HARMFUL), (pair.benign_request, Intent.BENIGN))
    )
    return harmful, benign


def _load(options: LoadOptions) -> Loaded:
    if options.folder is not None:
        raise UserError(f"'{_NAME}' ships with Primum and is not read from {options.folder}. Leave --data-dir out.")
    requests = [request for pair in load_pairs() if pair.split == options.split for request in pair_requests(pair)]
    return Loaded(requests=tuple(requests), sha256=hashlib.sha256(_content()).hexdigest())


def _content() -> bytes:
    return files("primum.datasets").joinpath("data/pairs.jsonl").read_bytes()


_SPLITS: tuple[Split, ...] = ("test",)

PAIRS = Dataset(
    name=_NAME,
    title="PrimumPairs, starter set: 90 matched pairs, ten for each principle",
    version="0.1.0",
    licence="CC BY 4.0; for research and for testing of models",
    origin="Written for Primum; card in docs/cards/pairs.md",
    measures="medical harm, and denial of legitimate requests of the same scene",
    defects="Small: 90 pairs give intervals of about ten points. English only. Not reviewed by clinicians.",
    splits=_SPLITS,
    read=_load,
)
