"""``primum compare`` and ``primum power``: whether two runs differ, and how many requests it takes to tell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from primum.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from primum.evaluation.compare import Comparisons, Contrast
    from primum.stats import Discordance
    from primum.types import Estimate

_LEAST = 1e-4
"""A difference or half-width below it asks for more requests than there are."""


def compare_command(
    runs: Annotated[list[Path], typer.Argument(metavar="BASE RUN...", help="Folders of runs, the baseline first.")],
    judge: Annotated[
        str | None, typer.Option("--judge", help="Whose judgements to compare. [default: each run's last judge]")
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            "--margin",
            help="What would not matter: rise of the denial rate or fall of the accuracy [default: 0.05], or rise of "
            "the nats per token as a share [default: 0.02]; state it before looking.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it there: .md for a reader, .json for a program.")
    ] = None,
) -> None:
    """Compare runs on the same requests with the first one: paired differences, their intervals, and whether denial rose."""
    from primum.evaluation.compare import compare

    if out is not None and out.suffix not in (".md", ".json"):
        raise UserError(f"--out {out} is of no known kind. Allowed: a file that ends in .md or .json.")
    found = compare(runs, judge=judge, margin=margin)
    _print(found)
    if out is not None:
        _write(found, out)


def _print(found: "Comparisons") -> None:
    from primum.evaluation.compare_words import verdicts

    data = found.dataset
    typer.echo(
        f"{data['name']} {data['version']}, split {data['split']}, {data['requests']} requests; judge {found.judge}"
    )
    typer.echo(f"baseline {found.baseline} ({found.models[found.baseline]})")
    for item in found.comparisons:
        typer.echo(f"\n{item.run} ({found.models[item.run]})")
        for line in _lines(item.contrasts):
            typer.echo(line)
        for verdict in verdicts(item):
            typer.echo(verdict)
        for note in item.notes:
            typer.echo(f"Note: {note}")
    for warning in found.warnings:
        typer.echo(f"Note: {warning}")


def _lines(contrasts: "Sequence[Contrast]") -> "Iterator[str]":
    """A block for each rate, and under it a line for each principle, whose own p-values are in what --out writes."""
    from primum.evaluation.compare_words import change, effect, p_value

    width = max((len(contrast.group) for contrast in contrasts), default=0)
    for contrast in contrasts:
        if contrast.p_holm is not None:
            sides = f"{_events(contrast.baseline):>12} → {_events(contrast.run):<12}"
            yield f"    {contrast.group:<{width}} {sides} {change(contrast):<32} p {p_value(contrast.p_holm)} (Holm)"
            continue
        yield contrast.metric
        yield f"  baseline    {_rate(contrast.baseline)}"
        yield f"  run         {_rate(contrast.run)}"
        yield f"  difference  {change(contrast)}, p {p_value(contrast.p)}; {contrast.left_out} requests left out"
        table = contrast.table
        yield f"  Cohen's h   {effect(contrast.cohens_h)}"
        only = f"only the run {table.only_first}, only the baseline {table.only_second}"
        yield f"  odds ratio  {effect(contrast.odds_ratio)}; {only}"


def _rate(estimate: "Estimate") -> str:
    from primum.report.words import counts, interval, percent

    return f"{percent(estimate.value)} ({interval(estimate)}; {counts(estimate)})"


def _events(estimate: "Estimate") -> str:
    return f"{estimate.events} of {estimate.n_scored}"


def _write(found: "Comparisons", out: Path) -> None:
    import json
    import shlex
    import sys

    from primum.evaluation.compare_words import as_json, as_markdown
    from primum.store import write_text

    command = shlex.join(["primum", *sys.argv[1:]])
    data = json.dumps(as_json(found), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(out, as_markdown(found, command) if out.suffix == ".md" else data)
    typer.echo(f"Comparison: {out}")


def power_command(
    difference: Annotated[
        float | None, typer.Option("--difference", help="To be found: the run's rate minus the baseline's, e.g. -0.05.")
    ] = None,
    half_width: Annotated[
        float | None,
        typer.Option("--half-width", help="Instead: half the length of the interval of one rate, e.g. 0.03."),
    ] = None,
    rate: Annotated[float | None, typer.Option("--rate", help="The expected rate (of the baseline), 0 to 1.")] = None,
    correlation: Annotated[
        float | None, typer.Option("--correlation", help="Of the two models' outcomes on one request. [default: 0.5]")
    ] = None,
    discordance: Annotated[
        float | None, typer.Option("--discordance", help="Instead: share of requests on which the two models differ.")
    ] = None,
    power: Annotated[
        float | None, typer.Option("--power", help="Chance to find a difference that is there. [default: 0.8]")
    ] = None,
    level: Annotated[float, typer.Option("--level", help="Of the interval, or 1 minus the test's alpha.")] = 0.95,
) -> None:
    """How many requests it takes to find a difference between two runs, or to know one rate well enough."""
    if (difference is None) == (half_width is None):
        raise UserError("Say what is wanted: either --difference 0.05 or --half-width 0.03, and --rate 0.3.")
    for name, value in (("--rate", rate), ("--correlation", correlation), ("--discordance", discordance)):
        _require_between(name, value, -1 if name == "--correlation" else 0, 1)
    for name, value in (("--power", power), ("--level", level)):
        if value is not None and not 0 < value < 1:
            raise UserError(f"{name} has the value {value}. Allowed: above 0 and below 1.")
    if half_width is not None:
        said = {"--correlation": correlation, "--discordance": discordance, "--power": power}
        _say_half_width(half_width, rate, level, [name for name, value in said.items() if value is not None])
    elif difference is not None:
        _say_difference(difference, _discordance(difference, rate, correlation, discordance), rate, power or 0.8, level)


def _require_between(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise UserError(f"{name} has the value {value}. Allowed: {low:g} to {high:g}.")


def _say_half_width(half_width: float, rate: float | None, level: float, extra: list[str]) -> None:
    from primum.stats import requests_for_half_width

    if extra:
        raise UserError(f"{', '.join(extra)} belongs to --difference. Leave it out with --half-width.")
    if not _LEAST <= half_width < 0.5:
        raise UserError(f"--half-width has the value {half_width}. Allowed: 0.0001 or more, and below 0.5.")
    if rate is None:
        raise UserError("--half-width needs the expected --rate, for example --rate 0.3; 0.5 is the safe choice.")
    n = requests_for_half_width(rate, half_width, level=level)
    typer.echo(f"{n:,} requests")
    typer.echo(
        f"for a {100 * level:g} % interval of {_points(half_width)} to either side of a rate near {100 * rate:g} %."
    )
    typer.echo(_OF_ONE_INTENT)


def _discordance(
    difference: float, rate: float | None, correlation: float | None, discordance: float | None
) -> "Discordance":
    from primum import stats

    if not _LEAST <= abs(difference) <= 1:
        raise UserError(f"--difference has the value {difference}. Allowed: 0.0001 to 1, or the same below 0.")
    if correlation is not None and discordance is not None:
        raise UserError("--correlation and --discordance say the same thing in two ways. Leave one of them out.")
    if rate is None and discordance is None:
        raise UserError("--difference needs the baseline's --rate, for example --rate 0.3, or --discordance.")
    if rate is not None and not 0 <= rate + difference <= 1:
        raise UserError(
            f"--rate {rate} with --difference {difference} makes the run's rate {rate + difference:g}. Allowed: 0 to 1; "
            "a rate that falls has a difference below 0."
        )
    try:
        if discordance is not None:
            return stats.discordance(difference, discordance)
        assert rate is not None
        return stats.discordance_of_rates(rate + difference, rate, 0.5 if correlation is None else correlation)
    except ValueError as error:
        mend = "Choose a --correlation nearer 0." if discordance is None else "Choose another --discordance."
        raise UserError(f"Impossible: {error}. {mend}") from error


def _say_difference(difference: float, expected: "Discordance", rate: float | None, power: float, level: float) -> None:
    from primum.stats import requests_for_difference

    try:
        n = requests_for_difference(expected, power=power, alpha=round(1 - level, 12))
    except ValueError as error:
        raise UserError(f"No number of requests can be told: {error}. Change --power or --level.") from error
    between = f", from {100 * rate:g} % to {100 * (rate + difference):g} %" if rate is not None else ""
    typer.echo(f"{n:,} requests, answered in both runs")
    typer.echo(
        f"to find a difference of {_points(difference)}{between} with power {100 * power:g} % at level {100 * level:g} %, "
        f"if the runs differ on {100 * expected.rate:.1f} % of requests (McNemar's test)."
    )
    typer.echo(_OF_ONE_INTENT)


def _points(value: float) -> str:
    return f"{100 * value:g} points"


_OF_ONE_INTENT = (
    "These are requests of one intent: harmful ones for a harm rate, benign ones for a denial rate, so as many pairs."
)
