"""HarmBench (Mazeika et al. 2024): requests for text behaviours, with their semantic category.

One row: ``Behavior, FunctionalCategory, SemanticCategory, Tags, ContextString, BehaviorID``. A contextual behaviour is
asked after its context. Copyright behaviours are left out: whether a text reproduces a book is not a matter of refusing.
"""

from dataclasses import replace

from primum.datasets.card import Dataset, Row
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.requests import request_row, slug
from primum.datasets.rows import RawRow
from primum.types import Intent

_NAME = "harmbench"
_ORIGIN = Origin(
    host="github",
    repository="centerforaisafety/HarmBench",
    revision="c0423b952435fcc8467108d8f25962dbae5b7de2",
    files=(
        DataFile(
            path="data/behavior_datasets/harmbench_behaviors_text_all.csv",
            sha256="8d81accedd38eaaf8b760618622bb888417d1fd0c86eba65c427a16f1cbb4afc",
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> Row | None:
    """A behaviour as a request; none for copyright."""
    if raw.text("FunctionalCategory") == "copyright":
        return None
    row = request_row(_NAME, raw, "Behavior", slug(raw.text("SemanticCategory")), Intent.HARMFUL)
    context = str(raw.value("ContextString") or "").strip()
    if not context:
        return row
    return replace(row, request=replace(row.request, text=f"{context}\n\n---\n\n{row.request.text}"))


HARMBENCH = Dataset(
    name=_NAME,
    title="HarmBench: text behaviours, standard and contextual",
    measures="general harm",
    version=_ORIGIN.revision,
    licence="MIT",
    size="300 test (200 standard, 100 contextual); 100 copyright rows are left out",
    columns="Behavior: the request; ContextString: read before it; SemanticCategory; FunctionalCategory; BehaviorID",
    defects="Holds chemical, biological and cyber requests. Shares requests with AdvBench and JailbreakBench.",
    splits=("test",),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Mazeika et al. 2024, arXiv 2402.04249",
)
