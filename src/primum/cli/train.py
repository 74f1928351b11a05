"""``primum train``: sft, dpo and kto."""

from pathlib import Path
from typing import Annotated, Any

import typer

from primum.errors import UserError, unknown_name

app = typer.Typer(help="Make a model safer by training an adapter.", no_args_is_help=True, rich_markup_mode=None)

_Model = Annotated[
    str,
    typer.Argument(help="gguf/smollm2-135m, a .gguf file, a model's folder, an earlier --out, or hf/OWNER/NAME."),
]
_RecipeName = Annotated[
    str | None,
    typer.Option("--recipe", help="A shipped recipe (sft, dpo, kto, paper) or a TOML file. [default: METHOD]"),
]
_Out = Annotated[Path, typer.Option("--out", help="Folder of the result.")]
_N = Annotated[int | None, typer.Option("--n", help="Demonstrations. [default: the recipe's]")]
_Twins = Annotated[float | None, typer.Option("--twins", help="Benign twins for each demonstration.")]
_Ordinary = Annotated[float | None, typer.Option("--ordinary", help="Ordinary questions for each demonstration.")]
_Data = Annotated[list[str] | None, typer.Option("--data", help="Data set or file of demonstrations, may be repeated.")]
_DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Local copy of a data set that does not ship with Primum.")
]
_Column = Annotated[
    list[str] | None,
    typer.Option("--column", help="For a file of your own: ROLE=COLUMN, for example reference=answer."),
]
_Seed = Annotated[int | None, typer.Option("--seed", help="Of drawing, order and adapter. [default: the recipe's]")]
_Steps = Annotated[int | None, typer.Option("--steps", help="Optimizer steps. [default: by the recipe's epochs]")]
_Overlap = Annotated[str, typer.Option("--overlap", help="Rows that resemble test requests: refuse, drop or keep.")]
_Save = Annotated[
    str | None, typer.Option("--save", help="What to write: adapter, merged, gguf. [default: all that the base allows]")
]
_Precision = Annotated[str, typer.Option("--gguf", help="Changed weights in the GGUF file: q8_0 or f16.")]
_ReportTo = Annotated[
    list[str] | None, typer.Option("--report-to", help="trackio, tensorboard or wandb; may be repeated.")
]
_Resume = Annotated[
    bool, typer.Option("--resume/--no-resume", help="Go on from checkpoints that an earlier call left.")
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan; train nothing.")]


def _command(method: str, what: str) -> None:
    def command(
        model: _Model,
        out: _Out,
        recipe: _RecipeName = None,
        n: _N = None,
        twins: _Twins = None,
        ordinary: _Ordinary = None,
        data: _Data = None,
        data_dir: _DataDir = None,
        column: _Column = None,
        seed: _Seed = None,
        steps: _Steps = None,
        overlap: _Overlap = "refuse",
        save: _Save = None,
        gguf: _Precision = "q8_0",
        report_to: _ReportTo = None,
        resume: _Resume = True,
        dry_run: _DryRun = False,
    ) -> None:
        changes = {
            "n": n, "twins": twins, "ordinary": ordinary, "demonstrations": data, "columns": _columns(column),
            "seed": seed, "steps": steps, "report_to": report_to,
        }  # fmt: skip
        options = {"on_overlap": overlap, "saved": save, "precision": gguf, "data_dir": data_dir}
        _train(method, model, recipe or method, out, changes, options, resume=resume, dry_run=dry_run)

    command.__doc__ = f"{what}\n\nKilled at any moment, the same command goes on where it stopped."
    app.command(method)(command)


def _train(
    method: str,
    model: str,
    recipe: str,
    out: Path,
    changes: dict[str, Any],
    options: dict[str, Any],
    *,
    resume: bool,
    dry_run: bool,
) -> None:
    from primum.cli.terminal import TerminalProgress
    from primum.training import check_on_overlap, is_first_process, make_training_plan, read_recipe, train

    read = read_recipe(recipe, **changes)
    options["on_overlap"] = check_on_overlap(options["on_overlap"])
    _one_of("--gguf", options["precision"], ("q8_0", "f16"))
    if read.method != method:
        raise UserError(f"The recipe {recipe} is for '{read.method}'. Say: primum train {read.method}.")
    with TerminalProgress() as progress:
        options["saved"] = _kinds(options["saved"], model)
        plan = make_training_plan(model, read, out, progress=progress.download, **options)
        for line in plan.lines() if is_first_process() else ():
            progress.note(line)
        if dry_run:
            return
        trained = train(plan, progress, resume=resume)
    if not is_first_process():
        return
    typer.echo(
        f"Loss {trained.losses[0].loss:.3f} at step 1, {trained.losses[-1].loss:.3f} at step {trained.losses[-1].step}"
    )
    typer.echo(f"Model: {trained.gguf or trained.merged or trained.adapter}")
    typer.echo(f"Card:  {trained.folder / 'README.md'}")


def _kinds(said: str | None, model: str) -> list[str]:
    """What to save: as said, else everything that this base allows."""
    from primum.training.base import find_base
    from primum.training.save import SAVED

    if said is None:
        return [kind for kind in SAVED if kind != "gguf" or find_base(model).gguf is not None]
    return [word.strip() for word in said.split(",") if word.strip()]


def _one_of(option: str, word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        raise unknown_name(f"value of {option}:", word, allowed)


def _columns(pairs: list[str] | None) -> dict[str, str] | None:
    from primum.cli.columns import column_roles

    return column_roles(pairs) or None


_command("sft", "Supervised fine-tuning on demonstrations, benign twins and ordinary questions.")
_command("dpo", "Direct preference optimisation: the right answer over a wrong one.")
_command("kto", "KTO: answers that are good or bad, each by itself.")
