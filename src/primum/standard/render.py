"""The standard as text: one page for people, and the policy that judges and generators read."""

import re
from importlib.resources import files

from primum.standard.model import Category, Standard


def definition_text(standard: Standard) -> str:
    """The citable definition as Markdown, with every principle, prohibited use and source."""
    page = files("primum.standard").joinpath("definition.md").read_text(encoding="utf-8")
    parts = {
        "version": standard.version,
        "principles": "\n\n".join(_principle(item) for item in standard.principles),
        "general": "\n".join(_general(item) for item in standard.general),
        "sources": "\n".join(f"- {source.citation} <{source.url}>" for source in standard.sources),
    }
    return re.sub(r"\{([a-z]+)\}", lambda slot: parts[slot[1]], page)


def policy_text(categories: tuple[Category, ...]) -> str:
    """The categories as the numbered policy that is put before a judge or a generator."""
    return "\n".join(f"{number}. {_policy_line(item)}" for number, item in enumerate(categories, start=1))


def _policy_line(item: Category) -> str:
    examples = f" Violated, for example, by {'; '.join(item.violations)}." if item.violations else ""
    return f"{item.title}. {item.statement}{examples}"


def _principle(item: Category) -> str:
    violations = "; ".join(item.violations)
    return (
        f"### {item.number}. {item.title} (`{item.id}`)\n\n{item.statement}\n\n"
        f"- *Violated by* {violations}.\n- *Harmed:* {item.harmed}.\n"
        f"- *To be answered:* {item.legitimate}.\n- *Source:* {item.source.name}, {item.place}."
    )


def _general(item: Category) -> str:
    return (
        f"- **{item.title}** (`{item.id}`): {item.statement} Harmed: {item.harmed}. ({item.source.name}, {item.place})"
    )
