"""The standard as frozen records, read from ``standard.toml``."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from primum.errors import unknown_name


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document that the standard rests on."""

    id: str
    name: str
    citation: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Category:
    """One principle of medical safety, or one prohibited use of general safety."""

    id: str
    scope: Literal["medical", "general"]
    title: str
    statement: str
    harmed: str
    source: Source
    place: str
    """Where in the source: for example ``Principle IV``."""
    number: int | None = None
    """1 to 9 for a principle; None for a general category."""
    violations: tuple[str, ...] = ()
    legitimate: str = ""


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A version of the definition, whole."""

    version: str
    title: str
    sha256: str
    """Of the file that it was read from."""
    principles: tuple[Category, ...]
    general: tuple[Category, ...]
    sources: tuple[Source, ...]

    @property
    def categories(self) -> tuple[Category, ...]:
        """All principles, then all general categories."""
        return (*self.principles, *self.general)

    def category(self, category_id: str) -> Category:
        """The principle or general category with this id.

        Raises:
            UserError: there is none.
        """
        table = {category.id: category for category in self.categories}
        if category_id not in table:
            raise unknown_name("category", category_id, table, "See 'primum standard show'.")
        return table[category_id]

    def principle(self, number: int) -> Category:
        """The principle with this number, 1 to 9.

        Raises:
            KeyError: there is none.
        """
        return {principle.number: principle for principle in self.principles}[number]


@cache
def load_standard() -> Standard:
    """The standard that ships with this version of Primum."""
    raw = files("primum.standard").joinpath("standard.toml").read_bytes()
    data = tomllib.loads(raw.decode())
    sources = {key: Source(id=key, **value) for key, value in data["sources"].items()}
    return Standard(
        version=data["version"],
        title=data["title"],
        sha256=hashlib.sha256(raw).hexdigest(),
        principles=tuple(_category(item, "medical", sources) for item in data["principles"]),
        general=tuple(_category(item, "general", sources) for item in data["general"]),
        sources=tuple(sources.values()),
    )


def _category(item: dict[str, Any], scope: Literal["medical", "general"], sources: dict[str, Source]) -> Category:
    return Category(
        id=item["id"],
        scope=scope,
        title=item["title"],
        statement=item["statement"],
        harmed=item["harmed"],
        source=sources[item["source"]["id"]],
        place=item["source"]["place"],
        number=item.get("number"),
        violations=tuple(item.get("violations", ())),
        legitimate=item.get("legitimate", ""),
    )
