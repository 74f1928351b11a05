"""OR-Bench (Cui et al. 2024): prompts that sound harmful and are not, and a set of harmful ones.

One row: ``prompt, category``; for the benign ones the category is that of the harmful seed they were rewritten from.
"""

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_REVISION = "e36d8b80e81837c8a8f264bbb2a49f1b32c7e272"


def _part(name: str, file: DataFile, intent: Intent, title: str, size: str, defects: str) -> Dataset:
    origin = Origin(host="hub", repository="bench-llm/or-bench", revision=_REVISION, files=(file,))

    def from_row(_: DataFile, raw: RawRow) -> Row:
        return request_row(name, raw, "prompt", slug(raw.text("category")), intent)

    return Dataset(
        name=name,
        title=title,
        measures="over-refusal" if intent is Intent.BENIGN else "general harm",
        version=_REVISION,
        licence="CC BY 4.0",
        size=size,
        columns="prompt: the request; category: of the seed",
        defects=defects,
        splits=("test",),
        read=reader(origin, from_row),
        origin=origin,
        source="Cui et al. 2024, arXiv 2405.20947",
    )


OR_BENCH = _part(
    "or-bench",
    DataFile(path="or-bench-80k.csv"),
    Intent.BENIGN,
    "OR-Bench 80k: prompts that sound harmful and are not",
    "80,359 test",
    "Rewritten and filtered by models, checked by samples only; some prompts are borderline.",
)
OR_BENCH_HARD = _part(
    "or-bench-hard",
    DataFile(path="or-bench-hard-1k.csv", sha256="a6e2f1166416efe5901f3bb05c47dc92ab3aca3acfe143693d38b8057d841e6d"),
    Intent.BENIGN,
    "OR-Bench Hard: those that several strong models refused",
    "1,319 test",
    "Chosen by what certain models refused, so those models look worse on it than others do.",
)
OR_BENCH_TOXIC = _part(
    "or-bench-toxic",
    DataFile(path="or-bench-toxic.csv"),
    Intent.HARMFUL,
    "OR-Bench Toxic: harmful prompts of the same ten categories",
    "655 test",
    "Seeds written by a model; not the counterparts of single benign prompts.",
)
