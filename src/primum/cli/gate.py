"""``primum gate``: whether a run may be released, as an exit code."""

from pathlib import Path
from typing import Annotated

import typer


def gate_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    config: Annotated[Path, typer.Option("--config", help="TOML file with the rules; see examples/gate.toml.")],
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write JUnit XML there, one testcase for each rule.")
    ] = None,
    summary: Annotated[Path | None, typer.Option("--summary", help="Write Markdown for a pull request there.")] = None,
) -> None:
    """Hold a run to your thresholds. Exit 0: all hold, 1: some do not, 2: a mistake in the file or the names."""
    from primum.evaluation.gate import gate_run
    from primum.evaluation.gate_file import read_gate
    from primum.evaluation.gate_words import as_junit, as_summary, found
    from primum.store import write_text

    gate = gate_run(run, read_gate(config))
    typer.echo(f"{gate.model} on {gate.dataset}, judged by {gate.judge}")
    for check in gate.checks:
        typer.echo(
            f"  {'holds ' if check.holds else 'FAILED'}  {check.rule}; found {found(check)}".removesuffix("; found –")
        )
        for reason in check.reasons:
            typer.echo(f"          because {reason}")
    for warning in gate.warnings:
        typer.echo(f"Note: {warning}")
    typer.echo(f"{len(gate.failed)} of {len(gate.checks)} rules do not hold.")
    for path, text in ((junit, as_junit), (summary, as_summary)):
        if path is not None:
            write_text(path, text(gate))
    if gate.failed:
        raise typer.Exit(1)
