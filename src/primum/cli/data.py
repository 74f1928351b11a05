"""``primum data``: every data set of the field behind one door."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from primum.cli.columns import column_roles
from primum.errors import UserError, unknown_name

if TYPE_CHECKING:
    from primum.audit import Audit, Cleaned
    from primum.datasets import Dataset, Loaded
    from primum.fetch import Progress
    from primum.types import Split

_MANY = 20_000
"""Rows from which a user is told to wait."""

app = typer.Typer(
    help="Data sets: what there is, fetching, auditing, cleaning, exporting.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Name = Annotated[
    str, typer.Argument(help="A name from 'primum data list', a file, or hf:OWNER/NAME (then @REVISION, /FILE).")
]
_Split = Annotated[str | None, typer.Option("--split", help="test or train. [default: all that there are]")]
_DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Local copy of the data set.")]
_Column = Annotated[
    list[str] | None,
    typer.Option("--column", help="For a file of your own: ROLE=COLUMN, for example text=prompt or intent=label."),
]
_Against = Annotated[
    list[str] | None, typer.Option("--against", help="Another data set that it must not share requests with.")
]
_AgainstDir = Annotated[Path | None, typer.Option("--against-dir", help="Local copy of the other data set.")]


@app.command("list")
def list_command() -> None:
    """All data sets, by what they measure."""
    from primum.datasets import DATASETS

    for measures in dict.fromkeys(dataset.measures for dataset in DATASETS.values()):
        typer.echo(measures)
        for dataset in DATASETS.values():
            if dataset.measures == measures:
                typer.echo(f"  {dataset.name:<22} {dataset.title} ({', '.join(dataset.splits)}; {_where(dataset)})")


@app.command("show")
def show_command(name: _Name) -> None:
    """One data set's card: origin, pins, licence, columns, what it measures, what is wrong with it."""
    found, _ = _find(name, None)
    facts = {
        "title": found.title, "measures": found.measures, "size": found.size, "splits": ", ".join(found.splits),
        "licence": found.licence, "version": found.version, "origin": found.origin.page if found.origin else "",
        "source": found.source, "columns": found.columns, "defects": found.defects,
    }  # fmt: skip
    typer.echo(found.name)
    for key, value in facts.items():
        if value:
            typer.echo(f"  {key:<10} {value}")
    for file in found.origin.files if found.origin else ():
        size = f", {file.size:,} bytes" if file.size else ""
        digest = file.sha256 or "not known to us: the first download is written down"
        typer.echo(f"  {file.split:<10} {file.path}{size}, sha256 {digest}")


@app.command("pull")
def pull_command(name: _Name, split: _Split = None, column: _Column = None) -> None:
    """Download a data set into the cache, checked against its pins."""
    dataset, place = _find(name, None)
    if dataset.origin is None and place is None and dataset.name != "plain":
        typer.echo(f"'{dataset.name}' ships with Primum: nothing to download.")
        return
    for wanted, loaded in _load_all(name, None, split, column).items():
        rows = len(loaded.rows) or len(loaded.questions)
        typer.echo(f"{dataset.name}, {wanted}: {rows:,} rows, sha256 {loaded.sha256}")


@app.command("check")
def check_command(
    name: _Name,
    split: _Split = None,
    data_dir: _DataDir = None,
    column: _Column = None,
    against: _Against = None,
    against_dir: _AgainstDir = None,
    limits: Annotated[str, typer.Option("--limits", help="default, strict, or a TOML file.")] = "default",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the audit there: .md for a reader, .json for a program.")
    ] = None,
) -> None:
    """Audit a request set: repeats, leaks, damage, balance, separability of twins. Exit 1 if a limit is not kept."""
    from primum.audit import audit, load_limits

    if out is not None and out.suffix not in (".md", ".json"):
        raise UserError(f"--out {out} is of no known kind. Allowed: a file that ends in .md or .json.")
    held_to = load_limits(limits)
    splits = _load_all(name, data_dir, split, column)
    _tell_if_long(splits)
    dataset, _ = _find(name, data_dir)
    version = dataset.version + "".join({f" ({loaded.note})" for loaded in splits.values() if loaded.note})
    found = audit(name, version, splits, _others(against, against_dir), held_to)
    _print_audit(found)
    if out is not None:
        _write_audit(found, out)
    if found.failed:
        raise typer.Exit(1)


@app.command("clean")
def clean_command(
    name: _Name,
    out: Annotated[Path, typer.Option("--out", help="Folder for the cleaned splits and the log of what was dropped.")],
    split: _Split = None,
    data_dir: _DataDir = None,
    column: _Column = None,
    against: _Against = None,
    against_dir: _AgainstDir = None,
    near: Annotated[
        float, typer.Option("--near", help="Cosine or Jaccard above which requests are near-duplicates.")
    ] = 0.8,
) -> None:
    """Write a version without repeats, faults and leaks; train rows near to test rows go. Read it as a plain file."""
    from primum.audit import clean

    if not 0 < near < 1:
        raise UserError(f"--near has the value {near}. Allowed: above 0 and below 1.")
    splits = _load_all(name, data_dir, split, column)
    _tell_if_long(splits)
    others = [row for loaded in _others(against, against_dir).values() for row in loaded.rows]
    for wanted, loaded in splits.items():
        if not loaded.rows:
            raise UserError(f"'{name}' holds exam questions, no requests. Allowed: data sets of requests.")
        tested = splits["test"].rows if wanted == "train" and "test" in splits else ()
        _write_cleaned(clean(loaded.rows, [*tested, *others], near), wanted, out)


@app.command("export")
def export_command(
    name: _Name,
    to: Annotated[str, typer.Option("--to", help="hf, trl-sft, trl-dpo, trl-kto or csv.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write.")],
    split: _Split = None,
    data_dir: _DataDir = None,
    column: _Column = None,
) -> None:
    """Write a data set in the layout of another tool."""
    from primum.datasets import export

    dataset, _ = _find(name, data_dir)
    for path in export(dataset, _load_all(name, data_dir, split, column), to, out):
        typer.echo(str(path))
    typer.echo(f"Licence: {dataset.licence}")


def _where(dataset: "Dataset") -> str:
    if dataset.origin is None:
        return "yours" if dataset.measures == "your own" else "ships"
    gated = "gated, " if dataset.origin.gated else ""
    cached = all(dataset.origin.is_cached(file) for file in dataset.origin.files)
    return gated + ("in the cache" if cached else "downloaded at first use")


def _tell_if_long(splits: "Mapping[Split, Loaded]") -> None:
    rows = sum(len(loaded.rows) for loaded in splits.values())
    if rows > _MANY:
        typer.echo(f"Comparing {rows:,} rows: a minute or so on two cores.", err=True)


def _find(name: str, data_dir: Path | None) -> "tuple[Dataset, Path | None]":
    """The data set that a name or a place means, and where to read it."""
    from primum.datasets import DATASETS, PLAIN, find_dataset, is_place

    if not is_place(name):
        if name not in DATASETS and Path(name).exists():
            kind = "a folder: name one file" if Path(name).is_dir() else "of no known format"
            raise UserError(
                f"{name} is {kind}. Allowed: .csv, .tsv, .json, .jsonl, .parquet or .txt; or a data set's name."
            )
        return find_dataset(name), data_dir
    if data_dir is not None:
        raise UserError(f"'{name}' is a place by itself. Leave --data-dir out.")
    return PLAIN, Path(name)


def _load_all(
    name: str, data_dir: Path | None, split: str | None, column: Sequence[str] | None
) -> "dict[Split, Loaded]":
    """Every split that was asked for."""
    from primum.cli.terminal import TerminalProgress

    dataset, place = _find(name, data_dir)
    if column and dataset.name != "plain":
        raise UserError(f"'{dataset.name}' has known columns. Leave --column out, or name a file of your own.")
    with TerminalProgress() as progress:
        return _load(dataset, place, split, column_roles(column), progress.download)


def _load(
    dataset: "Dataset", place: Path | None, split: str | None, columns: Mapping[str, str], progress: "Progress"
) -> "dict[Split, Loaded]":
    from primum.datasets import LoadOptions

    if dataset.name != "plain" and split is None and len(dataset.splits) > 1 and place is not None and place.is_file():
        raise UserError(
            f"--data-dir names the file {place}. Say which split it is: --split {' or '.join(dataset.splits)}."
        )
    # A file of one's own has no splits: what is in it is the split that was asked for.
    every = ("test",) if dataset.name == "plain" and split is None else dataset.splits
    wanted = [part for part in every if split in (None, part)]
    if not wanted:
        raise unknown_name(f"split of '{dataset.name}'", str(split), dataset.splits)
    return {
        part: dataset.load(LoadOptions(split=part, folder=place, columns=columns, progress=progress)) for part in wanted
    }


def _others(names: Sequence[str] | None, folder: Path | None) -> "dict[str, Loaded]":
    found = {
        f"{name}/{part}": loaded
        for name in names or ()
        for part, loaded in _load_all(name, None if _is_shipped(name) else folder, None, None).items()
    }
    for name, loaded in found.items():
        if not loaded.rows:
            raise UserError(f"'{name}' holds exam questions, no requests. Allowed: data sets of requests.")
    return found


def _is_shipped(name: str) -> bool:
    dataset, _ = _find(name, None)
    return dataset.origin is None


def _print_audit(found: "Audit") -> None:
    from rich.console import Console
    from rich.table import Table

    from primum.audit import limit, mark, shown

    table = Table("finding", "value", "of", "limit", "", box=None, pad_edge=False)
    for finding in found.findings:
        table.add_row(finding.name, shown(finding), f"{finding.of:,}", limit(finding), mark(finding).strip("*"))
    Console(soft_wrap=True).print(table, markup=False)
    typer.echo(f"{len(found.failed)} of {sum(item.passed is not None for item in found.findings)} limits are not kept.")


def _write_audit(found: "Audit", out: Path) -> None:
    import json
    import shlex
    import sys

    from primum.audit import as_json, as_markdown
    from primum.store import write_text

    command = shlex.join(["primum", *sys.argv[1:]])
    write_text(out, as_markdown(found, command) if out.suffix == ".md" else json.dumps(as_json(found), indent=2) + "\n")
    typer.echo(f"Audit: {out}")


def _write_cleaned(cleaned: "Cleaned", split: str, out: Path) -> None:
    import json
    from collections import Counter
    from dataclasses import asdict

    from primum.datasets import row_record
    from primum.store import write_text

    for name, records in (
        (f"{split}.jsonl", [row_record(row) for row in cleaned.rows]),
        (f"{split}-dropped.jsonl", [asdict(item) for item in cleaned.dropped]),
    ):
        write_text(out / name, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in Counter(x.reason for x in cleaned.dropped).items())
    typer.echo(
        f"{split}: {len(cleaned.rows):,} rows stay, {len(cleaned.dropped):,} dropped ({reasons or 'none'}), "
        f"{len(cleaned.mended):,} mended. {out / f'{split}.jsonl'}; the log: {out / f'{split}-dropped.jsonl'}"
    )
