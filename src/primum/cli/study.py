"""``primum study``: models times data sets, and one table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from primum.errors import UserError


def study_command(
    file: Annotated[Path, typer.Argument(help="TOML file of a study, for example configs/paper/harm.toml.")],
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="NAME=PROVIDER/MODEL: another model in the place of NAME; may be repeated."),
    ] = None,
    stand_in: Annotated[
        str | None, typer.Option("--stand-in", help="One model in the place of all, for example gguf/smollm2-135m.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Name of a model or data set to keep, * for any text; may be repeated."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="At most this many requests of each data set. [default: the file's]")
    ] = None,
    judge: Annotated[str | None, typer.Option("--judge", help="Another judge. [default: the file's]")] = None,
    judge_model: Annotated[
        str | None, typer.Option("--judge-model", help="Language model of a judge that needs one, PROVIDER/MODEL.")
    ] = None,
    data_dir: Annotated[
        list[str] | None,
        typer.Option("--data-dir", help="DATASET=FOLDER: a local copy of a data set; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The study's folder. [default: runs/studies/NAME of the file]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; ask and train nothing.")] = False,
) -> None:
    """Evaluate several models on several data sets, and put the numbers side by side.

    Killed at any moment, the same command goes on where it stopped.
    """
    from primum.cli.terminal import TerminalProgress
    from primum.study import Changes, make_study_plan, read_study, run_study
    from primum.study.words import lines

    changes = Changes(
        models=_pairs("--model", model, "llama-2-7b-chat=vllm/FOLDER"),
        stand_in=stand_in,
        only=tuple(only or ()),
        limit=limit,
        judge=judge,
        judge_model=judge_model,
        data_dirs=_pairs("--data-dir", data_dir, "hex-phi=./HEx-PHI"),
    )
    with TerminalProgress() as progress:
        plan = make_study_plan(read_study(file), out, changes, progress)
        for line in lines(plan):
            progress.note(line)
        if dry_run:
            return
        result = run_study(plan, progress)
    typer.echo(result.table.read_text(encoding="utf-8"))
    typer.echo(f"Table: {result.table}")
    if result.dose is not None:
        typer.echo(f"Doses: {result.dose}")


def _pairs(option: str, said: Sequence[str] | None, example: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in said or ():
        name, equals, value = item.partition("=")
        if not equals or not name or not value:
            raise UserError(f"{option} '{item}' is not NAME=VALUE. Write for example {option} {example}.")
        if name in found:
            raise UserError(f"{option} {name}=… was given twice ({found[name]}, {value}). Keep one of them.")
        found[name] = value
    return found
