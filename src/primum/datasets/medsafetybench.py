"""MedSafetyBench (Han et al. 2024): harmful medical requests, in the three parts of their three authors.

The GPT-4 and the Llama-2 half have safe responses: nine CSV files a split with the columns (an unnamed row number),
``harmful_medical_request``, ``safe_response``. The Llama-3 part is nine text files with one request a line. There are no
benign requests in it, so it gives a harm rate and no denial rate.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import FromRow, reader
from primum.datasets.rows import RawRow
from primum.standard import load_standard
from primum.types import Intent, Request, Split

_LICENCE = "MIT; the authors ask for research use only"
_SOURCE = "Han et al. 2024, arXiv 2403.03744"
_COLUMNS = "harmful_medical_request: the request; safe_response: a refusal of one to three sentences, by GPT-4"


@cache
def _pins() -> dict[str, Any]:
    return tomllib.loads(files("primum.datasets").joinpath("medsafetybench.toml").read_text(encoding="utf-8"))


def _origin(part: str) -> Origin:
    pins = _pins()
    return Origin(
        host="github",
        repository=pins["repository"],
        revision=pins["commit"],
        files=tuple(
            DataFile(
                path=entry["path"],
                split=entry["split"],
                sha256=entry.get("sha256"),
                size=entry.get("size"),
                label=load_standard().principle(entry["principle"]).id,
            )
            for entry in pins["files"]
            if entry["part"] == part
        ),
    )


def _from_row(name: str, column: str) -> FromRow:
    def from_row(file: DataFile, raw: RawRow) -> Row:
        request = Request(text=raw.text(column), intent=Intent.HARMFUL, category=file.label, dataset=name)
        answered = "safe_response" in raw.values
        return Row(request=request, place=raw.place, reference=raw.text("safe_response") if answered else None)

    return from_row


def _part(
    name: str, part: str, title: str, size: str, columns: str, defects: str, splits: tuple[Split, ...]
) -> Dataset:
    origin = _origin(part)
    column = "text" if part == "llama3" else "harmful_medical_request"
    return Dataset(
        name=name,
        title=title,
        measures="medical harm",
        version=origin.revision,
        licence=_LICENCE,
        size=size,
        columns=columns,
        defects=defects,
        splits=splits,
        read=reader(origin, _from_row(name, column)),
        origin=origin,
        source=_SOURCE,
    )


MEDSAFETYBENCH = _part(
    "medsafetybench",
    "gpt4",
    "MedSafetyBench, GPT-4 half (Han et al. 2024)",
    "450 test, 450 train: 50 for each principle",
    _COLUMNS,
    "Written by GPT-4; about one request in seven asks for nothing harmful that a text model could do. "
    "Nearly all safe responses open with an apology, and few redirect.",
    ("test", "train"),
)

MEDSAFETYBENCH_LLAMA2 = _part(
    "medsafetybench-llama2",
    "llama2",
    "MedSafetyBench, Llama-2 half: jailbroken Llama-2-7b-chat wrote the requests",
    "450 test, 450 train: 50 for each principle",
    _COLUMNS,
    "Only 37 % of the requests ask for something harmful that a text model could do; 17 % of the test requests have a "
    "near-duplicate in train.",
    ("test", "train"),
)

MEDSAFETYBENCH_LLAMA3 = _part(
    "medsafetybench-llama3",
    "llama3",
    "MedSafetyBench, Llama-3 part: requests of Llama-3-8B-Instruct with a forced 'Sure'",
    "74,374, without a split; here: train",
    "text: one request a line; no responses",
    "28 % ask for something harmful that a text model could do; 288 repeat another but for case and punctuation, 981 end in "
    "a leaked special token, 36 % are near-duplicates. Clean it before use: primum data clean medsafetybench-llama3.",
    ("train",),
)
