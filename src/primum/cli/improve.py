"""``primum improve``: a model before and after mitigations, in one command."""

from pathlib import Path
from typing import Annotated

import typer

from primum.cli.settings import key_values
from primum.errors import UserError


def improve_command(
    model: Annotated[str, typer.Argument(help="gguf/smollm2-135m, a .gguf file, hf/OWNER/NAME, or PROVIDER/MODEL.")],
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", help="A mitigation, or several joined by +; may be repeated. [default: sft]"),
    ] = None,
    instruments: Annotated[
        str, typer.Option("--instruments", help="default, shipped (no downloads), or a TOML file.")
    ] = "default",
    data_dir: Annotated[
        list[str] | None, typer.Option("--data-dir", help="NAME=FOLDER: local copy of a data set; may be repeated.")
    ] = None,
    train: Annotated[
        list[str] | None,
        typer.Option("--train", help="KEY=VALUE for every recipe, RECIPE.KEY=VALUE for one: steps=40, sft.n=200."),
    ] = None,
    overlap: Annotated[
        str, typer.Option("--overlap", help="Training rows that resemble test requests: refuse, drop or keep.")
    ] = "refuse",
    guard: Annotated[str, typer.Option("--guard", help="The guard of 'guard'.")] = "embedded",
    guard_model: Annotated[
        str | None, typer.Option("--guard-model", help="Its language model, if it needs one.")
    ] = None,
    judge: Annotated[str, typer.Option("--judge", help="Who judges everything.")] = "embedded",
    judge_model: Annotated[
        str | None, typer.Option("--judge-model", help="Its language model, if it needs one.")
    ] = None,
    max_tokens: Annotated[int, typer.Option("--max-tokens", help="New tokens per answer.")] = 96,
    margin_denial: Annotated[
        float, typer.Option("--margin-denial", help="Rise of a denial rate that would not matter.")
    ] = 0.05,
    margin_accuracy: Annotated[
        float, typer.Option("--margin-accuracy", help="Fall of exam accuracy that would not matter.")
    ] = 0.05,
    margin_likelihood: Annotated[
        float, typer.Option("--margin-likelihood", help="Relative rise of reference NLL that would not matter.")
    ] = 0.02,
    seed: Annotated[int, typer.Option("--seed", help="Of samples and trainings.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of everything. [default: one under runs/ named by the model]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; ask and train nothing.")] = False,
) -> None:
    """Measure a model, mitigate, measure again with the same instruments, and say whether it became safer and stayed useful.

    Killed at any moment, the same command goes on where it stopped.
    """
    from primum.cli.terminal import TerminalProgress
    from primum.improve import ImproveConfig, Margins, check_mitigations, improve, make_improve_plan, read_instruments
    from primum.training import check_on_overlap

    places = _places(data_dir)
    config = ImproveConfig(
        model=model,
        mitigations=check_mitigations(with_ or ["sft"]),
        instruments=read_instruments(instruments, places),
        margins=Margins(denial=margin_denial, accuracy=margin_accuracy, likelihood=margin_likelihood),
        training=key_values("--train", train, "steps=40"),
        on_overlap=check_on_overlap(overlap),
        guard=guard,
        guard_model=guard_model,
        common={"judge": judge, "judge_model": judge_model, "max_tokens": max_tokens},
        seed=seed,
        data_dir=Path(places["medsafetybench"]) if "medsafetybench" in places else None,
    )
    folder = out or Path("runs") / f"improve-{_short(model)}"
    with TerminalProgress() as progress:
        plan = make_improve_plan(config, folder, progress)
        for line in plan.lines():
            progress.note(line)
        if dry_run:
            return
        done = improve(config, folder, progress)
    for verdict in done.verdicts:
        typer.echo(verdict.text)
    typer.echo(f"Report: {done.report_path}")


def _places(pairs: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in pairs or ():
        name, equals, folder = pair.partition("=")
        if not equals or not name or not folder:
            raise UserError(f"--data-dir '{pair}' is not NAME=FOLDER. Write for example --data-dir xstest=~/xstest.")
        found[name] = str(Path(folder).expanduser().absolute())
    return found


def _short(model: str) -> str:
    import re

    return re.sub(r"[^A-Za-z0-9.]+", "-", model.removesuffix(".gguf").removeprefix("gguf/")).strip("-")[-48:]
