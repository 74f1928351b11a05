"""``primum models``, ``primum judges`` and ``primum guards``: what exists, and what is known about it."""

from collections.abc import Mapping

import typer

models = typer.Typer(help="Models that can be tested.", no_args_is_help=True, rich_markup_mode=None)
guards = typer.Typer(help="Guards around a model.", no_args_is_help=True, rich_markup_mode=None)
judges = typer.Typer(help="Judges.", no_args_is_help=True, rich_markup_mode=None)


@models.command("list")
def list_models() -> None:
    """The embedded models, and the providers of all others."""
    from primum.engine.names import PROVIDERS
    from primum.models import EMBEDDED

    for model in EMBEDDED.values():
        typer.echo(f"gguf/{model.name:<22} {model.title}, {model.gguf.size / 1e6:.0f} MB, {model.licence}")
    typer.echo("\nOther models by PROVIDER/MODEL:")
    for name, what in PROVIDERS.items():
        typer.echo(f"  {name:<25} {what}")


@models.command("show")
def show_model(name: str) -> None:
    """One embedded model."""
    from primum.errors import unknown_name
    from primum.models import EMBEDDED

    short = name.removeprefix("gguf/")
    if short not in EMBEDDED:
        raise unknown_name("embedded model", name, EMBEDDED)
    model = EMBEDDED[short]
    _show(
        f"gguf/{short}",
        {
            "title": model.title, "licence": model.licence, "origin": model.origin,
            "file": f"{model.gguf.name}, {model.gguf.size:,} bytes", "sha256": model.gguf.sha256, "note": model.note,
        },
    )  # fmt: skip


@judges.command("list")
def list_judges() -> None:
    """All judges."""
    from primum.judges import JUDGES

    for judge in JUDGES.values():
        needs = "needs --judge-model" if judge.asks_a_model else "offline"
        typer.echo(f"{judge.name:<20} {judge.title} ({needs}): {judge.measures}")
    typer.echo(
        f"{'NAME+NAME+…':<20} Panel of judges: what most of them say. A member with its own model: NAME=PROVIDER/MODEL"
    )


@judges.command("show")
def show_judge(name: str) -> None:
    """One judge, with its measured error."""
    from primum.judges import find_judge

    judge = find_judge(name)
    _show(
        judge.id,
        {"title": judge.title, "measures": judge.measures, "fingerprint": judge.fingerprint(), "card": judge.card},
    )
    for row in judge.measured():
        typer.echo(
            f"  {row.labels}, {row.quantity}: n {row.n}, sensitivity {row.sensitivity:.2f}, specificity "
            f"{row.specificity:.2f}, kappa {row.kappa:.2f} ({row.kappa_low:.2f} to {row.kappa_high:.2f})"
        )
    if not judge.measured():
        typer.echo("  not validated: no measured error")


@guards.command("list")
def list_guards() -> None:
    """All guards."""
    from primum.guards import GUARDS

    for guard in GUARDS.values():
        needs = "needs --guard-model" if guard.asks_a_model else "offline"
        typer.echo(f"{guard.name:<20} {guard.title} ({needs})")


@guards.command("show")
def show_guard(name: str) -> None:
    """One guard."""
    from primum.guards import find_guard

    guard = find_guard(name)
    _show(guard.id, {"title": guard.title, "fingerprint": guard.fingerprint(), "card": guard.card})


def _show(name: str, facts: Mapping[str, str]) -> None:
    typer.echo(name)
    for key, value in facts.items():
        typer.echo(f"  {key:<12} {value}")
