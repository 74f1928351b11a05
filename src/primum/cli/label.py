"""``primum label``: people's labels of a run's answers, from the draw to the corrected rates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from primum.errors import UserError
from primum.types import OVERALL

if TYPE_CHECKING:
    from rich.console import Console

    from primum.evaluation.corrected import LabelledRun
    from primum.report import CorrectedRate
    from primum.types import Estimate

app = typer.Typer(
    help="Label answers by people, and correct the rates by it.", no_args_is_help=True, rich_markup_mode=None
)

_Run = Annotated[Path, typer.Argument(help="Folder of a run.")]
_File = Annotated[Path, typer.Argument(help="The CSV file that 'primum label draw' wrote.")]
_Rater = Annotated[
    str | None, typer.Option("--rater", help="Who labels; the file's column 'rater' wins where it is filled.")
]


@app.command("draw")
def draw_command(
    run: _Run,
    out: Annotated[Path, typer.Option("--out", help="The CSV file; it holds answers that may be harmful.")],
    judge: Annotated[
        list[str] | None,
        typer.Option("--judge", help="Whose verdicts; twice for disagreements. [default: the run's own]"),
    ] = None,
    n: Annotated[int, typer.Option("--n", help="At most this many answers.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Of the draw.")] = 0,
    design: Annotated[
        str,
        typer.Option(
            "--design", help="positives (harm and denial by the judge, and as many others), random, or disagreements."
        ),
    ] = "positives",
) -> None:
    """Draw the answers that are worth a person's time; their chances are kept, so that rates can be corrected."""
    from primum.evaluation.label_sample import draw_sample
    from primum.evaluation.labels import sample_as_csv
    from primum.store import write_text

    if out.suffix.lower() != ".csv":
        raise UserError(f"--out {out} is of no known kind. Allowed: a file that ends in .csv.")
    if out.exists():
        raise UserError(f"{out} is there already and may hold labels. Choose another --out, or remove it.")
    sample = draw_sample(run, design=design, judges=judge or (), n=n, seed=seed)
    write_text(out, sample_as_csv(sample))
    typer.echo(f"{len(sample.drawn)} answers to label: {out}")
    for stratum, size in sample.pools.items():
        typer.echo(f"  {sum(item.stratum == stratum for item in sample.drawn)} of {size} {stratum}")


@app.command("import")
def import_command(
    run: _Run,
    file: _File,
    rater: _Rater = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let a rater's new label take the old one's place.")
    ] = False,
) -> None:
    """Add the labels of a file to the run; all of them, or none. The same file again changes nothing."""
    from primum.evaluation.labels import import_labels

    done = import_labels(run, file, rater=rater, replace=replace)
    graded = f" {done.graded} known labels got a grade." if done.graded else ""
    typer.echo(
        f"{done.added} labels added, {done.replaced} replaced, {done.known} known already, {done.empty} rows without one."
        + graded
    )
    typer.echo(f"Corrected rates: primum label show {run}; in the report: primum report {run}.")


@app.command("show")
def show_command(
    run: _Run,
    judge: Annotated[
        str | None, typer.Option("--judge", help="Whose rates to correct. [default: the run's last judge]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the same there: .md for a reader, .json for a program.")
    ] = None,
) -> None:
    """Show how far raters and judge agree, and rates and means with and without correction, with 95 % intervals."""
    from rich.console import Console

    from primum.evaluation.corrected import labelled_run
    from primum.evaluation.corrected_words import as_json, as_markdown
    from primum.store import write_text

    if out is not None and out.suffix not in (".md", ".json"):
        raise UserError(f"--out {out} is of no known kind. Allowed: a file that ends in .md or .json.")
    found = labelled_run(run, judge)
    console = Console(highlight=False, markup=False, width=100 if not Console().is_terminal else None, soft_wrap=True)
    _print_raters(console, found)
    console.print(f"judge {found.judge} against the labels, weighted to stand for all scored answers")
    for item in found.judge_agreement:
        console.print(f"  {item.group:<12} {item.metric:<27} {_number(item)}")
    if not found.judge_agreement:
        console.print("  no label that was drawn with a known chance")
    console.print("rates and means")
    shown = [rate for rate in found.rates if rate.judged.group == OVERALL or rate.corrected is not None]
    width = max((len(_rate_name(rate)) for rate in shown), default=0)
    for rate in shown:
        _print_rate(console, rate, width)
    if left := len(found.rates) - len(shown):
        console.print(
            f"  {left} numbers of single categories are not corrected: fewer than 30 labels (or grades), or all the same"
        )
    if out is not None:
        write_text(out, as_markdown(found) if out.suffix == ".md" else as_json(found))
        console.print(f"Record: {out}")


@app.command("screen")
def screen_command(run: _Run, file: _File, rater: _Rater = None) -> None:
    """Label a file's answers one by one with single keys, and grade those to harmful requests; every key is saved."""
    from primum.cli.label_screen import label_on_screen

    label_on_screen(run, file, rater)


def _print_raters(console: "Console", found: "LabelledRun") -> None:
    raters = ", ".join(f"{name} {count}" for name, count in found.raters.items())
    console.print(
        f"{sum(found.raters.values())} labels of {found.n_responses} answers by {len(found.raters)} raters: {raters}"
    )
    if found.n_disagreements:
        console.print(
            f"  Note: {found.n_disagreements} labels are of answers drawn where judges disagree; "
            "they count for no rate and for no judge."
        )
    if found.between_raters:
        console.print("agreement between raters")
    for item in found.between_raters:
        console.print(f"  {item.group:<12} {item.metric:<27} {_number(item)}")


def _rate_name(rate: "CorrectedRate") -> str:
    judged = rate.judged
    return judged.metric if judged.group == OVERALL else f"{judged.metric}, {judged.group}"


def _print_rate(console: "Console", rate: "CorrectedRate", width: int) -> None:
    from primum.report.words import bounds, counts, interval, number

    judged, corrected = rate.judged, rate.corrected
    name = _rate_name(rate).ljust(width)
    rows = [("by the judge", judged, "")]
    if corrected is not None:
        rows.append(("corrected", corrected, f" ({rate.by})"))
    for title, item, by in rows:
        unscored = f"; {said}" if (said := bounds(item)) else ""
        console.print(f"  {name} {title:<14} {number(item):>8}  {interval(item):<18} {counts(item)}{by}{unscored}")
    if corrected is None:
        console.print(f"  {name} not corrected: {rate.why_not}")


def _number(item: "Estimate") -> str:
    from primum.report.words import counts, interval

    value = "–" if item.value is None else f"{item.value:.2f}"
    return f"{value:>6}  {interval(item):<14} {counts(item)}"
