"""``primum eval``, ``primum judge`` and ``primum report``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from primum.cli.columns import column_roles
from primum.cli.settings import key_values
from primum.errors import UserError

_Judge = Annotated[
    str | None, typer.Option("--judge", help="Who judges: see 'primum judges list'. [default: embedded]")
]
_JudgeModel = Annotated[
    str | None, typer.Option("--judge-model", help="Language model of a judge that needs one, PROVIDER/MODEL.")
]
_Validation = Annotated[
    Path | None,
    typer.Option("--validation", help="JSON record of 'primum judges validate', to stand beside the numbers."),
]


def eval_command(
    model: Annotated[
        str | None, typer.Argument(help="gguf/smollm2-135m, a .gguf file, or PROVIDER/MODEL as Inspect AI names it.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="A name from 'primum data list', or a file. [default: pairs]")
    ] = None,
    split: Annotated[str | None, typer.Option("--split", help="test or train. [default: test]")] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="Local copy of the data set.")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="For a file of your own: ROLE=COLUMN, for example text=prompt.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="At most this many requests; pairs stay whole. [default: all]")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of sampling and of --limit. [default: 0]")] = None,
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            help="generation, or likelihood: how likely a local model holds the letters of an exam or reference answers. "
            "[default: generation]",
        ),
    ] = None,
    judge: _Judge = None,
    judge_model: _JudgeModel = None,
    validation: _Validation = None,
    attack: Annotated[
        str | None, typer.Option("--attack", help="Reserved: only 'none' so far. [default: none]")
    ] = None,
    system_prompt: Annotated[
        str | None, typer.Option("--system-prompt", help="The text, or @FILE; @@ begins a text with @. [default: none]")
    ] = None,
    demonstrations: Annotated[
        int | None, typer.Option("--demonstrations", help="Examples shown before each request. [default: 0]")
    ] = None,
    demonstrations_mix: Annotated[
        str | None, typer.Option("--demonstrations-mix", help="balanced or refusals. [default: balanced]")
    ] = None,
    guard: Annotated[
        str | None, typer.Option("--guard", help="What may stop an exchange: see 'primum guards list'. [default: none]")
    ] = None,
    guard_model: Annotated[
        str | None, typer.Option("--guard-model", help="Language model of a guard that needs one, PROVIDER/MODEL.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", help="New tokens per answer. [default: 256, in an exam 64]")
    ] = None,
    temperature: Annotated[float | None, typer.Option("--temperature", help="0 is greedy. [default: 0]")] = None,
    max_retries: Annotated[
        int | None, typer.Option("--max-retries", help="Per request, before the run stops. [default: 5]")
    ] = None,
    max_connections: Annotated[
        int | None, typer.Option("--max-connections", help="Requests under way at once. [default: the provider's]")
    ] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", help="Address of the model's server.")] = None,
    model_arg: Annotated[
        list[str] | None, typer.Option("--model-arg", help="KEY=VALUE for the provider, for example threads=4.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="TOML file with the same keys; options win.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The run's folder. [default: one under runs/ named by the settings]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; ask nothing.")] = False,
) -> None:
    """Ask a model every request, judge the answers, and write numbers and a report.

    Killed at any moment, the same command goes on where it stopped.
    """
    from primum.cli.terminal import TerminalProgress, print_estimates
    from primum.evaluation import config_from, make_plan, read_config_file, run_plan

    from_file = read_config_file(config) if config else {}
    said = {
        "model": model, "dataset": dataset, "split": split, "data_dir": str(data_dir) if data_dir else None,
        "columns": _over(from_file.get("columns"), column_roles(column)),
        "limit": limit, "seed": seed, "method": method, "judge": judge, "judge_model": judge_model, "attack": attack,
        "validation": str(validation) if validation else None,
        "demonstrations": demonstrations, "demonstrations_mix": demonstrations_mix, "guard": guard,
        "guard_model": guard_model, "system_prompt": _text_or_file(system_prompt), "max_tokens": max_tokens,
        "temperature": temperature,
        "max_retries": max_retries, "max_connections": max_connections, "base_url": base_url,
        "model_args": _over(from_file.get("model_args"), key_values("--model-arg", model_arg, "threads=4")),
    }  # fmt: skip
    resolved = config_from(from_file, said)
    with TerminalProgress() as progress:
        plan = make_plan(resolved, out, progress)
        for line in plan.lines():
            progress.note(line)
        if dry_run:
            return
        run = run_plan(plan, progress)
    print_estimates(run)
    typer.echo(f"Report: {run.report_path}")


def judge_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    judge: _Judge = None,
    judge_model: _JudgeModel = None,
    validation: _Validation = None,
) -> None:
    """Judge a run's stored answers again; the tested model is not asked."""
    from primum.cli.terminal import TerminalProgress, print_estimates
    from primum.evaluation import judge as judge_again

    with TerminalProgress() as progress:
        judged = judge_again(
            run, judge or "embedded", judge_model=judge_model, validation=validation, progress=progress
        )
    print_estimates(judged)
    typer.echo(f"Report: {judged.report_path}")


def report_command(
    runs: Annotated[list[Path], typer.Argument(help="Folders of runs; several stand side by side.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file. [default: report.html in the run, or here for several]")
    ] = None,
    judge: Annotated[
        str | None, typer.Option("--judge", help="Whose numbers to show. [default: each run's last judge]")
    ] = None,
    validation: _Validation = None,
) -> None:
    """Write one HTML page about one run or several."""
    from primum.evaluation import write_report

    target = out or (runs[0] / "report.html" if len(runs) == 1 else Path("report.html"))
    typer.echo(f"Report: {write_report(runs, target, judge, validation)}")


def _text_or_file(value: str | None) -> str | None:
    if value is None or not value.startswith("@"):
        return value
    if value.startswith("@@"):
        return value[1:]
    path = Path(value[1:])
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the system prompt {path} ({error}). Write @FILE, or the text itself.") from error


def _over(file: Any, said: dict[str, Any]) -> Any:
    """What the file says with what the options say over it; None where the options say nothing."""
    return {**(file if isinstance(file, dict) else {}), **said} if said else None
