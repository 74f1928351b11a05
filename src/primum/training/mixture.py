"""The rows of a training: demonstrations, benign twins and ordinary questions, drawn by seed and counted.

No harmful answer is ever written for a preference. What is rejected is the right answer to the *other* request of a pair
(see ``primum.datasets.export``), for an ordinary question a refusal that belongs to another request, or, if the recipe asks
for it, what the base model itself says at that moment, which stays in the run's folder.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from primum.datasets import PLAIN, Loaded, LoadOptions, Row, find_dataset, is_place, sample_requests
from primum.errors import UserError
from primum.fetch import Progress
from primum.training.recipe import Mixture, Recipe
from primum.types import Intent, Split

Kind = Literal["demonstration", "twin", "ordinary"]
OwnAnswers = Callable[[Sequence[str]], Sequence[str]]
"""Prompts to what the base model says to them."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One request with the answer to learn."""

    kind: Kind
    row: Row
    answer: str
    rejected: str | None = None
    """An answer that is wrong here; None where there is none, or where the method needs none."""

    @property
    def prompt(self) -> str:
        """The request's text."""
        return self.row.request.text


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where rows came from."""

    dataset: str
    version: str
    sha256: str
    drawn: int


@dataclass(frozen=True, kw_only=True)
class Blend:
    """The rows of one training."""

    examples: tuple[Example, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    """Where fewer rows were there than asked for."""

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each kind."""
        found = Counter(example.kind for example in self.examples)
        return {kind: found[kind] for kind in ("demonstration", "twin", "ordinary")}

    @property
    def sha256(self) -> str:
        """Hash of all that is learnt, in order."""
        whole = "\x00".join(f"{item.prompt}\x01{item.answer}\x01{item.rejected}" for item in self.examples)
        return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()


def blend(recipe: Recipe, progress: Progress | None = None, data_dir: Path | None = None) -> Blend:
    """The rows that a recipe means; the same recipe gives the same rows.

    Args:
        recipe: With its mixture and seed.
        progress: Shows downloads.
        data_dir: A local copy of the data sets that do not ship with Primum.

    Raises:
        UserError: no data set of that name, or no usable row in it.
        RunError: a download failed.
    """
    mixture, seed = recipe.mixture, recipe.seed
    pools = [_load(name, mixture, progress, data_dir) for name in mixture.demonstrations]
    demonstrations = _draw([row for _, _, rows in pools for row in rows], mixture.n, seed, Intent.HARMFUL)
    pairs, ordinary = (_load(name, mixture, progress, data_dir) for name in ("pairs", "ordinary"))
    twins = _twins(demonstrations, pairs[2], round(mixture.twins * mixture.n), seed)
    questions = _draw(ordinary[2], round(mixture.ordinary * mixture.n), seed, Intent.BENIGN)
    examples = [
        *(_example("demonstration", row) for row in demonstrations),
        *(_example("twin", row) for row in twins),
        *(_example("ordinary", row) for row in questions),
    ]
    if not examples:
        raise UserError(
            f"The recipe gives no usable row ({mixture.n} demonstrations from {', '.join(mixture.demonstrations) or 'none'}"
            f", twins {mixture.twins:g}, ordinary {mixture.ordinary:g}). Needed: harmful requests with safe responses."
        )
    if recipe.method != "sft" and mixture.rejected == "twin":
        examples = _with_rejected(examples, pairs[2], seed)
    return Blend(
        examples=tuple(examples),
        sources=_sources([*pools, pairs, ordinary], examples),
        notes=tuple(_shortages(mixture, demonstrations, twins, questions)),
    )


def reject_own(found: Blend, own: OwnAnswers) -> Blend:
    """The blend with the base model's own answers as what is rejected, for demonstrations only.

    A base answers twins and ordinary questions as it should: to reject that would teach it the opposite.
    """
    asked = [example for example in found.examples if example.kind == "demonstration"]
    said = dict(zip((item.prompt for item in asked), own([item.prompt for item in asked]), strict=True))
    return replace(
        found,
        examples=tuple(
            replace(item, rejected=said[item.prompt] or None) if item.kind == "demonstration" else item
            for item in found.examples
        ),
    )


def chat(example: Example) -> list[dict[str, str]]:
    """The request as the first turn of a conversation, as an evaluation without a system prompt asks it."""
    return [{"role": "user", "content": example.prompt}]


def preference_rows(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Prompt, chosen and rejected of every example that has a rejected answer."""
    return [
        {"prompt": chat(item), "chosen": _turn(item.answer), "rejected": _turn(item.rejected)}
        for item in examples
        if item.rejected is not None
    ]


def labelled_rows(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Prompt, completion and whether it is desirable: the answer of every example, and the rejected one where there is."""
    good = [{"prompt": chat(item), "completion": _turn(item.answer), "label": True} for item in examples]
    bad = [
        {"prompt": chat(item), "completion": _turn(item.rejected), "label": False}
        for item in examples
        if item.rejected is not None
    ]
    return good + bad


def _turn(text: str | None) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text or ""}]


_Pool = tuple[str, Loaded, tuple[Row, ...]]


def load_split(
    name: str, split: Split, columns: Mapping[str, str], progress: Progress | None, data_dir: Path | None
) -> Loaded:
    """A split of a data set, or a file of one's own; ``data_dir`` is for what neither ships nor is a file.

    Raises:
        UserError: no such data set, split or file.
        RunError: a download failed.
    """
    if is_place(name):
        return PLAIN.load(LoadOptions(split=split, folder=Path(name), columns=columns, progress=progress))
    dataset = find_dataset(name)
    return dataset.load(LoadOptions(split=split, folder=data_dir if dataset.origin else None, progress=progress))


def _load(name: str, mixture: Mixture, progress: Progress | None, data_dir: Path | None) -> _Pool:
    """The train split of a data set: its rows that have an answer."""
    loaded = load_split(name, "train", mixture.columns, progress, data_dir)
    rows = tuple(row for row in loaded.rows if row.reference and row.reference.strip())
    if not rows:
        hint = " Say which column holds the response with columns.reference in the recipe." if is_place(name) else ""
        raise UserError(f"'{name}' has {len(loaded.rows)} rows in train, none with a reference response.{hint}")
    return name, loaded, rows


def _draw(rows: Sequence[Row], limit: int, seed: int, intent: Intent) -> list[Row]:
    """At most ``limit`` rows of one intent, evenly over categories; a larger limit contains the smaller ones' choice."""
    by_id = {row.request.id: row for row in rows if row.request.intent is intent}
    if not limit or not by_id:
        return []
    return [by_id[request.id] for request in sample_requests([row.request for row in by_id.values()], limit, seed)]


def _twins(demonstrations: Sequence[Row], pairs: Sequence[Row], limit: int, seed: int) -> list[Row]:
    """The twins of the demonstrations first, then those of other pairs."""
    shown = {row.request.pair for row in demonstrations}
    own = [row for row in pairs if row.request.pair in shown]
    first = _draw(own, limit, seed, Intent.BENIGN)
    others = [row for row in pairs if row.request.pair not in shown]
    return first + _draw(others, limit - len(first), seed, Intent.BENIGN)


def _example(kind: Kind, row: Row) -> Example:
    return Example(kind=kind, row=row, answer=(row.reference or "").strip())


def _with_rejected(examples: Sequence[Example], pairs: Sequence[Row], seed: int) -> list[Example]:
    answers = {(row.request.pair, row.request.intent): row.reference for row in pairs}
    other = {Intent.HARMFUL: Intent.BENIGN, Intent.BENIGN: Intent.HARMFUL}
    refusals = [row.reference for row in pairs if row.request.intent is Intent.HARMFUL]
    generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
    return [
        replace(
            item,
            rejected=generator.choice(refusals)
            if item.kind == "ordinary"
            else answers.get((item.row.request.pair, other[item.row.request.intent])),
        )
        for item in examples
    ]


def _sources(pools: Sequence[_Pool], examples: Sequence[Example]) -> tuple[Source, ...]:
    found: Mapping[str, Loaded] = {name: loaded for name, loaded, _ in pools}
    sources = []
    for name, loaded in found.items():
        ids = {row.request.id for row in loaded.rows}
        if drawn := sum(item.row.request.id in ids for item in examples):
            version = "-" if is_place(name) else find_dataset(name).version
            sources.append(Source(dataset=name, version=version, sha256=loaded.sha256, drawn=drawn))
    return tuple(sources)


def _shortages(mixture: Mixture, *drawn: Sequence[Row]) -> list[str]:
    wanted = (mixture.n, round(mixture.twins * mixture.n), round(mixture.ordinary * mixture.n))
    words = ("demonstrations", "twins", "ordinary questions")
    return [
        f"{number} {word} were asked for, {len(rows)} are there"
        for number, word, rows in zip(wanted, words, drawn, strict=True)
        if len(rows) < number
    ]
