"""``primum``: the commands, and what happens when one of them fails."""

import logging
import sys
from typing import Annotated, NoReturn

import typer

from primum import __version__
from primum.cli import compare, data, evaluation, gate, improve, label, listing, standard, study, train, validate
from primum.errors import PrimumError

app = typer.Typer(
    name="primum",
    no_args_is_help=True,
    rich_markup_mode=None,  # square brackets in help are text: "[default: test]", "hf:NAME[/FILE]"
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("eval")(evaluation.eval_command)
app.command("judge")(evaluation.judge_command)
app.command("report")(evaluation.report_command)
app.command("compare")(compare.compare_command)
app.command("power")(compare.power_command)
app.command("gate")(gate.gate_command)
app.command("improve")(improve.improve_command)
app.command("study")(study.study_command)
app.add_typer(standard.app, name="standard")
app.add_typer(listing.models, name="models")
app.add_typer(data.app, name="data")
app.add_typer(listing.judges, name="judges")
app.add_typer(listing.guards, name="guards")
app.add_typer(label.app, name="label")
app.add_typer(train.app, name="train")
listing.judges.command("validate")(validate.validate_command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"primum {__version__}")
        raise typer.Exit


@app.callback()
def primum(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Measure whether a language model is safe for medicine, and whether it still helps."""


_CTRL_C = 130


def _interrupted() -> NoReturn:
    sys.stderr.write("\nInterrupted. What was done is kept; run the same command to go on.\n")
    sys.exit(1)


def _say_no_more(unraisable: "sys.UnraisableHookArgs") -> None:
    """What libraries fail to tidy up after a failed run was caused by the failure that was told."""


def main() -> None:
    """Run the command line: a known failure becomes one line on stderr and its exit code."""
    logging.raiseExceptions = False  # a logger that cannot write (a full disk) must not bury the one line that counts
    try:
        app()
    except PrimumError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.unraisablehook = _say_no_more
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as stopped:
        if stopped.code == _CTRL_C:  # typer's own answer to Ctrl-C, which says nothing
            _interrupted()
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
