"""A data set in the layouts that other tools read: Hugging Face ``datasets``, TRL's trainers, CSV.

Preference rows come from pairs alone, and no harmful answer is ever written for them: what is rejected is the right answer
to the *other* request of the pair. To a harmful request that is the twin's helpful answer (behaving as if the purpose were
legitimate), to a benign request it is the refusal.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from primum.datasets.card import Dataset, Loaded, Row
from primum.datasets.croissant import CONTEXT_FILE, croissant
from primum.errors import UserError, unknown_name
from primum.store import write_text
from primum.types import Intent, Split

Record = dict[str, Any]


def export(dataset: Dataset, splits: Mapping[Split, Loaded], layout: str, folder: Path) -> tuple[Path, ...]:
    """Write the data set; gives the files.

    Raises:
        UserError: an unknown layout, or one that this data set cannot fill.
        RunError: the disk cannot be written.
    """
    if layout not in LAYOUTS:
        raise unknown_name("layout", layout, LAYOUTS)
    return LAYOUTS[layout](dataset, splits, folder)


def records(loaded: Loaded) -> list[Record]:
    """Whole records: as they ship, else what every request set has."""
    if loaded.records:
        return [dict(record) for record in loaded.records]
    if loaded.questions:
        return [
            {
                "id": item.id, "question": item.text, "context": item.context, "choices": list(item.choices),
                "answer": item.answer, "subject": item.subject, "dataset": item.dataset,
            }
            for item in loaded.questions
        ]  # fmt: skip
    return [row_record(row) for row in loaded.rows]


def row_record(row: Row) -> Record:
    """What every request set has, JSON-ready; a plain file of such records is read with the columns of the same names."""
    request = row.request
    return {
        "id": request.id, "text": request.text, "intent": request.intent.value, "category": request.category,
        "dataset": request.dataset, "pair": request.pair, "reference": row.reference, "place": row.place,
    }  # fmt: skip


def sft_rows(rows: Sequence[Row]) -> Iterator[Record]:
    """Prompt and completion of every request that has a reference response."""
    for row in rows:
        if row.reference is not None:
            yield {"prompt": _user(row), "completion": _assistant(row.reference)}


def dpo_rows(rows: Sequence[Row]) -> Iterator[Record]:
    """Prompt, chosen and rejected of both requests of every pair."""
    for row, other in _with_twin(rows):
        yield {"prompt": _user(row), "chosen": _assistant(row.reference), "rejected": _assistant(other)}


def kto_rows(rows: Sequence[Row]) -> Iterator[Record]:
    """Prompt, completion and whether it is desirable: the right answer of every request, and of pairs also the wrong one."""
    for row in rows:
        if row.reference is not None:
            yield {"prompt": _user(row), "completion": _assistant(row.reference), "label": True}
    for row, other in _with_twin(rows):
        yield {"prompt": _user(row), "completion": _assistant(other), "label": False}


def _with_twin(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Each request of a pair with the right answer to the other one."""
    answers: dict[tuple[str, Intent], str] = {
        (row.request.pair, row.request.intent): row.reference
        for row in rows
        if row.request.pair is not None and row.reference is not None
    }
    other = {Intent.HARMFUL: Intent.BENIGN, Intent.BENIGN: Intent.HARMFUL}
    for row in rows:
        if row.request.pair is not None and row.reference is not None:
            twin = answers.get((row.request.pair, other[row.request.intent]))
            if twin is not None:
                yield row, twin


def _user(row: Row) -> list[Record]:
    return [{"role": "user", "content": row.request.text}]


def _assistant(text: str | None) -> list[Record]:
    return [{"role": "assistant", "content": text}]


def _trl(make: Callable[[Sequence[Row]], Iterator[Record]], needs: str) -> "Layout":
    def write(dataset: Dataset, splits: Mapping[Split, Loaded], folder: Path) -> tuple[Path, ...]:
        made = {split: list(make(loaded.rows)) for split, loaded in splits.items()}
        for split, rows in made.items():
            if not rows:
                raise UserError(f"'{dataset.name}', split '{split}', cannot be written so: it has no {needs}.")
        return tuple(_write(folder / f"{split}.jsonl", _lines(rows)) for split, rows in made.items())

    return write


def _csv(_: Dataset, splits: Mapping[Split, Loaded], folder: Path) -> tuple[Path, ...]:
    files = []
    for split, loaded in splits.items():
        rows = records(loaded)
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
        files.append(_write(folder / f"{split}.csv", text.getvalue()))
    return tuple(files)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _hf(dataset: Dataset, splits: Mapping[Split, Loaded], folder: Path) -> tuple[Path, ...]:
    """A folder that ``datasets.load_dataset(folder)`` reads, with its card and its Croissant description."""
    rows = {split: records(loaded) for split, loaded in splits.items()}
    content = {f"data/{split}.jsonl": _lines(found) for split, found in rows.items()}
    files = [_write(folder / name, text) for name, text in content.items()]
    described = croissant(
        dataset, {name: text.encode() for name, text in content.items()}, next(iter(rows.values()))[0]
    )
    files.append(_write(folder / CONTEXT_FILE, json.dumps(described, indent=2, ensure_ascii=False) + "\n"))
    files.append(_write(folder / "README.md", _card(dataset, rows)))
    return tuple(files)


_TAGS = {"CC BY 4.0": "cc-by-4.0", "MIT": "mit"}


def _card(dataset: Dataset, rows: Mapping[Split, Sequence[Record]]) -> str:
    """A card with the front matter that the hub and ``load_dataset`` read."""
    tag = next((tag for words, tag in _TAGS.items() if dataset.licence.startswith(words)), "other")
    files = "\n".join(f"  - split: {split}\n    path: data/{split}.jsonl" for split in rows)
    columns = "\n".join(_feature(key, rows) for key in next(iter(rows.values()))[0])
    source = " ".join(filter(None, (dataset.source, dataset.origin.page if dataset.origin else "")))
    counts = ", ".join(f"{len(found):,} {split}" for split, found in rows.items())
    return (
        f"---\nlicense: {tag}\nlanguage:\n- en\ndataset_info:\n  features:\n{columns}\n"
        f"configs:\n- config_name: default\n  data_files:\n{files}\n---\n"
        f"# {dataset.title}\n\nWritten by Primum from version {dataset.version}; rows here: {counts}. "
        f"Licence: {dataset.licence}.\n\nMeasures: {dataset.measures}.\n\n"
        f"Columns here: {', '.join(next(iter(rows.values()))[0])}. Upstream's: {dataset.columns}.\n\n"
        f"Known defects: {dataset.defects}\n\nSource: {source or 'your own file'}\n"
    )


def _feature(key: str, rows: Mapping[Split, Sequence[Record]]) -> str:
    """A column with its type, which a split that leaves it empty would not tell."""
    value = next((row[key] for found in rows.values() for row in found if row[key] is not None), "")
    if isinstance(value, list):
        return f"  - name: {key}\n    list: string"
    return f"  - name: {key}\n    dtype: {'int64' if isinstance(value, int) else 'string'}"


def _lines(rows: Sequence[Record]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write(path: Path, text: str) -> Path:
    write_text(path, text)
    return path


Layout = Callable[[Dataset, Mapping[Split, Loaded], Path], tuple[Path, ...]]

LAYOUTS: dict[str, Layout] = {
    "hf": _hf,
    "trl-sft": _trl(sft_rows, "reference responses"),
    "trl-dpo": _trl(dpo_rows, "pairs with reference responses"),
    "trl-kto": _trl(kto_rows, "reference responses"),
    "csv": _csv,
}
"""Every layout by its name."""
