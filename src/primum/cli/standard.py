"""``primum standard``."""

import json
from typing import Annotated

import typer

app = typer.Typer(help="The definition of medical safety.", no_args_is_help=True, rich_markup_mode=None)


@app.command("show")
def show(
    category: Annotated[
        str | None, typer.Argument(help="Id of a principle or general category. [default: all]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False,
) -> None:
    """Show the standard, or one of its categories."""
    from dataclasses import asdict

    from primum.standard import definition_text, load_standard, policy_text

    standard = load_standard()
    chosen = standard.category(category) if category else None
    if as_json:
        typer.echo(json.dumps(asdict(chosen or standard), indent=2, ensure_ascii=False))
    else:
        typer.echo(policy_text((chosen,)) if chosen else definition_text(standard))
