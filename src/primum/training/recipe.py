"""What a training is asked to do: a TOML file, checked key by key, whose hash identifies it.

A recipe has top-level keys and two tables::

    method = "sft"              # sft, dpo or kto
    learning_rate = 1e-3
    [lora]                      # rank, scale and place of the adapter
    r = 16
    [mixture]                   # which rows, and how many for each demonstration
    demonstrations = ["pairs"]
    n = 450
    twins = 1.0
    ordinary = 1.0
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from primum.errors import UserError, unknown_name

Method = Literal["sft", "dpo", "kto"]


@dataclass(frozen=True, kw_only=True)
class Lora:
    """The adapter."""

    r: int = 16
    alpha: float = 32
    dropout: float = 0.0
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    """Linear layers that get one, by the end of their names."""


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Which rows to train on."""

    demonstrations: tuple[str, ...] = ("pairs",)
    """Data sets, or files of one's own, whose harmful requests come with safe responses; their train split is used."""
    n: int = 450
    """Demonstrations in all, drawn evenly over categories; a larger number contains the smaller ones' choice."""
    twins: float = 1.0
    """Benign twins with helpful answers for each demonstration, from PrimumPairs train."""
    ordinary: float = 1.0
    """Ordinary questions with helpful answers for each demonstration, from PrimumOrdinary train (400 at most)."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For files of one's own: which column holds what, as in ``primum eval --column``."""
    rejected: Literal["twin", "own"] = "twin"
    """For dpo and kto, what is wrong: the right answer to the other request of the pair, or the base model's own."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One training, but for the model and the folder."""

    name: str = ""
    """Of the shipped recipe, or of the file; it changes nothing."""
    about: str = ""
    """One sentence for the reader; it changes nothing."""
    method: Method
    mixture: Mixture = Mixture()
    lora: Lora = Lora()
    learning_rate: float = 1e-3
    schedule: Literal["constant", "linear", "cosine"] = "cosine"
    warmup: int = 0
    """Steps in which the learning rate rises from 0; never more than a tenth of all."""
    weight_decay: float = 0.0
    clip: float = 1.0
    """Largest norm of a gradient."""
    epochs: float = 2.0
    """Passes over the rows; the number of steps is rounded to whole batches."""
    steps: int = 0
    """Optimizer steps; 0: as many as the epochs make."""
    batch: int = 32
    """Rows of one optimizer step, over all processes."""
    micro_batch: int = 8
    """Rows that one process works on at once; it changes memory and speed, not the result of sft and dpo."""
    max_length: int = 512
    """Tokens of prompt and completion; what is longer is cut at the end."""
    loss_on: Literal["completion", "all"] = "completion"
    """For sft: the completion's tokens, or the prompt's too, as in the paper."""
    beta: float = 0.1
    """For dpo and kto: how strongly to hold to the base model."""
    sft_weight: float = 0.0
    """For dpo: weight of the chosen answer's likelihood beside the preference."""
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    """auto: bfloat16 where the processor computes in it."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    seed: int = 0
    save_every: int = 50
    """Steps between checkpoints."""
    report_to: tuple[str, ...] = ()
    """Trackers: trackio, tensorboard, wandb."""

    @property
    def identity(self) -> dict[str, Any]:
        """What decides the trained weights."""
        return {key: value for key, value in asdict(self).items() if key not in _CHANGES_NOTHING}

    @property
    def sha256(self) -> str:
        """Hash of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()


_CHANGES_NOTHING = ("name", "about", "save_every", "report_to", "device")
_TRACKERS = ("trackio", "tensorboard", "wandb")
_LEAST: dict[str, float] = {
    "n": 0, "twins": 0, "ordinary": 0, "r": 1, "alpha": 0, "dropout": 0, "learning_rate": 0, "warmup": 0,
    "weight_decay": 0, "clip": 0, "epochs": 0, "steps": 0, "batch": 1, "micro_batch": 1, "max_length": 8, "beta": 0,
    "sft_weight": 0, "seed": 0, "save_every": 1,
}  # fmt: skip
_BELOW = {"dropout": 1}

RECIPES: tuple[str, ...] = ("sft", "dpo", "kto", "paper")
"""Recipes that ship, each a file ``recipes/NAME.toml``."""

D = TypeVar("D", Recipe, Lora, Mixture)


def read_recipe(name: str, **changes: Any) -> Recipe:
    """The shipped recipe of this name, or the recipe in a TOML file, with changes on top.

    ``n``, ``twins``, ``ordinary`` and ``demonstrations`` change the mixture, everything else the recipe; None means
    *not said*.

    Raises:
        UserError: no such recipe or file, an unknown key, a value of the wrong kind or out of range.
    """
    text, short = _text(name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"The recipe {name} is not TOML ({error}).") from error
    said = {key: value for key, value in changes.items() if value is not None}
    mixed = {key: said.pop(key) for key in list(said) if key in {item.name for item in fields(Mixture)}}
    table = {"name": short, **table, **said}
    if mixed:
        table["mixture"] = {**table.get("mixture", {}), **mixed}
    recipe = _record(Recipe, table, name)
    for tracker in recipe.report_to:
        if tracker not in _TRACKERS:
            raise unknown_name("tracker", tracker, _TRACKERS)
    return recipe


def with_mixture(recipe: Recipe, **changes: Any) -> Recipe:
    """The recipe with another mixture, as a dose study needs it."""
    return replace(recipe, mixture=replace(recipe.mixture, **changes))


def _text(name: str) -> tuple[str, str]:
    if name in RECIPES:
        return files("primum.training").joinpath("recipes", f"{name}.toml").read_text(encoding="utf-8"), name
    path = Path(name)
    if path.suffix != ".toml":
        raise unknown_name("recipe", name, RECIPES, "Or give the path of a .toml file.")
    try:
        return path.read_text(encoding="utf-8"), path.stem
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the recipe {name} ({error}).") from error


def _record(kind: type[D], table: Mapping[str, Any], place: str) -> D:
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            raise unknown_name(f"key of the recipe {place}:", key, hints)
        values[key] = _value(key, value, hints[key], place)
    if kind is Recipe and "method" not in values:
        raise UserError(f"The recipe {place} has no method. Allowed: {', '.join(get_args(Method))}.")
    return kind(**values)


def _value(key: str, value: Any, hint: Any, place: str) -> Any:
    if hint in (Lora, Mixture):
        return _record(hint, _require(isinstance(value, Mapping), key, value, "a table", place), f"{place} [{key}]")
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise unknown_name(f"{key} in the recipe {place}:", str(value), get_args(hint))
        return value
    if get_origin(hint) is tuple:
        right = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        return tuple(_require(right, key, value, "a list of texts", place))
    if get_origin(hint) is Mapping:
        right = isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
        return dict(_require(right, key, value, "a table of texts", place))
    if hint is str:
        return _require(isinstance(value, str), key, value, "a text", place)
    return _number(key, value, hint, place)


def _number(key: str, value: Any, hint: type, place: str) -> Any:
    kinds, word = ((int,), "a whole number") if hint is int else ((int, float), "a number")
    _require(isinstance(value, kinds) and not isinstance(value, bool) and isfinite(value), key, value, word, place)
    least, below = _LEAST[key], _BELOW.get(key)
    _require(value >= least, key, value, f"{least:g} or more", place)
    _require(below is None or value < below, key, value, f"below {below}", place)
    return hint(value)


def _require(right: bool, key: str, value: Any, allowed: str, place: str) -> Any:
    if not right:
        raise UserError(f"In the recipe {place}, '{key}' has the value {value!r}; allowed: {allowed}.")
    return value
