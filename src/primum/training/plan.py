"""What a training would do, without doing it: no training library is loaded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from primum.datasets import find_dataset, is_place
from primum.errors import UserError, unknown_name
from primum.fetch import Progress
from primum.models.engine import usable_processors
from primum.training.base import Base, find_base
from primum.training.gguf_file import Precision
from primum.training.mixture import Blend, blend, labelled_rows, load_split, preference_rows
from primum.training.order import steps_of
from primum.training.overlap import Overlap, find_overlap
from primum.training.recipe import Recipe
from primum.training.save import check_saved
from primum.types import Request

OnOverlap = Literal["refuse", "drop", "keep"]
_ON_OVERLAP: tuple[OnOverlap, ...] = get_args(OnOverlap)
_SIGNS = 4.5
"""Characters of English to a token."""
_SPEED = 2.3e10
"""Parameters times tokens that one processor trains in a second: 170 tokens of SmolLM2-135M in bfloat16."""
_PASSES = {"sft": 1.0, "dpo": 2.7, "kto": 2.3}
"""Work for one row, over that of sft: dpo reads two answers, kto its neighbour's too, both ask the base model as well."""


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """A recipe with the base, the rows and the folder that it means."""

    recipe: Recipe
    base: Base
    blend: Blend
    overlap: tuple[Overlap, ...]
    left_out: bool
    """Whether the rows that overlap were left out; else they are trained on."""
    folder: Path
    saved: tuple[str, ...]
    precision: Precision = "q8_0"

    @property
    def rows(self) -> int:
        """Rows as the method counts them."""
        if self.recipe.mixture.rejected == "own" and self.recipe.method != "sft":
            demonstrations = self.blend.counts["demonstration"]
            return demonstrations if self.recipe.method == "dpo" else len(self.blend.examples) + demonstrations
        make = {"sft": lambda found: found, "dpo": preference_rows, "kto": labelled_rows}[self.recipe.method]
        return len(list(make(self.blend.examples)))

    @property
    def steps(self) -> int:
        """Optimizer steps."""
        return steps_of(self.rows, self.recipe.batch, self.recipe.epochs, self.recipe.steps)

    @property
    def tokens(self) -> int:
        """About how many tokens will be read in all."""
        signs = sum(len(item.prompt) + len(item.answer) for item in self.blend.examples)
        one = min(signs / len(self.blend.examples) / _SIGNS + 40, self.recipe.max_length)
        return round(one * self.steps * self.recipe.batch)

    def seconds(self) -> float | None:
        """About how long the training takes on this machine's processors; None where the model's size is not known."""
        size = _parameters(self.base)
        if size is None:
            return None
        return self.tokens * _PASSES[self.recipe.method] * size / (_SPEED * usable_processors())

    def lines(self) -> list[str]:
        """The plan for a reader."""
        recipe, lora = self.recipe, self.recipe.lora
        counts = ", ".join(f"{number} {kind}" for kind, number in self.blend.counts.items())
        sources = ", ".join(f"{item.drawn} from {item.dataset}" for item in self.blend.sources)
        passes = self.steps * recipe.batch / self.rows
        seconds = self.seconds()
        time = f"about {_told(seconds)} on {usable_processors()} free processors" if seconds else "not known beforehand"
        return [
            f"base       {self.base.name}",
            f"recipe     {recipe.name}: {recipe.method}, LoRA r {lora.r} on {len(lora.targets)} kinds of layers, learning "
            f"rate {recipe.learning_rate:g}, loss on {recipe.loss_on}",
            f"rows       {self.rows} ({counts}; {sources})",
            *(f"           {note}" for note in self.blend.notes),
            f"overlap    {self._overlap_words()}",
            f"steps      {self.steps} of {recipe.batch} rows, {passes:.1f} passes, about {self.tokens:,} tokens, seed "
            f"{recipe.seed}",
            f"time       {time}; longer on a busy machine",
            f"folder     {self.folder} ({', '.join(self.saved)})",
        ]

    def _overlap_words(self) -> str:
        if not self.overlap:
            return "no row resembles a request of the test sets"
        what = "left out" if self.left_out else "KEPT: test numbers will flatter the model"
        return f"{len(self.overlap)} rows resemble requests of the test sets: {what}"


def check_on_overlap(word: str) -> OnOverlap:
    """The word, if it says what happens to rows that resemble the test.

    Raises:
        UserError: it is none.
    """
    for allowed in _ON_OVERLAP:
        if word == allowed:
            return allowed
    raise unknown_name("value of --overlap:", word, _ON_OVERLAP)


def make_training_plan(
    model: str,
    recipe: Recipe,
    folder: Path,
    *,
    tests: Sequence[Request] | None = None,
    on_overlap: OnOverlap = "refuse",
    saved: Collection[str] = ("adapter", "merged", "gguf"),
    precision: Precision = "q8_0",
    data_dir: Path | None = None,
    progress: Progress | None = None,
) -> TrainingPlan:
    """Find the base, draw the rows and compare them with the test.

    Args:
        model: See ``find_base``.
        recipe: What to do.
        folder: Where the result goes.
        tests: Requests that will measure the result; by default the test splits of PrimumPairs, of PrimumOrdinary and of
            every data set that the recipe names.
        on_overlap: What happens to rows that resemble one of these.
        saved: What is written beside the adapter; ``gguf`` only for a base that has such a file.
        precision: Of changed weights in the GGUF file.
        data_dir: A local copy of the data sets that do not ship with Primum.
        progress: Shows downloads.

    Raises:
        UserError: a name or file is wrong, there is no usable row, or rows overlap with the test and ``refuse`` was said.
        RunError: a download failed.
    """
    base = find_base(model, progress)
    check_saved(saved, base)
    found = blend(recipe, progress, data_dir)
    held_out = held_out_requests(recipe, progress, data_dir) if tests is None else tests
    overlap = find_overlap([item.row.request for item in found.examples], held_out)
    if overlap and on_overlap == "refuse":
        raise UserError(
            f"{len(overlap)} of {len(found.examples)} rows to train on are requests of the test, or nearly (the most alike: "
            f"{max(item.likeness for item in overlap):.2f}). Say --overlap drop to leave them out, or --overlap keep to "
            "train on them; the report will say so."
        )
    if overlap and on_overlap == "drop":
        ids = {item.train for item in overlap}
        found = replace(found, examples=tuple(item for item in found.examples if item.row.request.id not in ids))
        if not found.examples:
            raise UserError("All rows to train on are requests of the test: none is left. Name another data set.")
    return TrainingPlan(
        recipe=recipe, base=base, blend=found, overlap=overlap, left_out=on_overlap == "drop", folder=folder,
        saved=tuple(sorted({"adapter", *saved})), precision=precision,
    )  # fmt: skip


def held_out_requests(
    recipe: Recipe, progress: Progress | None = None, data_dir: Path | None = None
) -> tuple[Request, ...]:
    """The test splits that measure a model trained by this recipe."""
    named = [name for name in recipe.mixture.demonstrations if not is_place(name)]
    names = [name for name in dict.fromkeys(["pairs", "ordinary", *named]) if "test" in find_dataset(name).splits]
    loaded = [load_split(name, "test", {}, progress, data_dir) for name in names]
    return tuple(request for found in loaded for request in found.requests)


def _parameters(base: Base) -> int | None:
    """About how many weights a model has, by the size of its files."""
    path = Path(base.place)
    if path.suffix == ".gguf":
        return round(path.stat().st_size / _GGUF_BYTES)
    if path.is_dir():
        return round(sum(file.stat().st_size for file in path.glob("*.safetensors")) / 3)
    return None


_GGUF_BYTES = 0.73
"""Of one weight of the embedded model's file."""


def _told(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
