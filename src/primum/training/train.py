"""One training, from a plan to a folder with an adapter, a model and its card. Killed at any moment, it resumes.

A folder holds::

    training.json   what was asked: base, recipe, rows, overlap; when done also losses, files and versions
    checkpoints/    while it runs
    adapter/        the LoRA adapter, as PEFT reads it
    merged/         base and adapter in one, as transformers reads it
    model-q8_0.gguf the same for the embedded engine
    README.md       the model card
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

import primum
from primum.errors import RunError, UserError
from primum.store import write_text
from primum.store.write import disk_errors
from primum.training.base import MANIFEST, LoadedBase, load_base
from primum.training.card import write_card
from primum.training.encode import encode
from primum.training.fit import Make, Setting, StepLoss, fit
from primum.training.libraries import library_versions, require_libraries
from primum.training.machine import give_memory_back, pick_device, pick_dtype, require_memory
from primum.training.mixture import Example, reject_own
from primum.training.own import own_answers
from primum.training.plan import TrainingPlan
from primum.training.preference import dpo_trainer, kto_trainer
from primum.training.save import ADAPTER, MERGED, gguf_name, save
from primum.training.sft import sft_trainer
from primum.training.watch import Silent, Watch, is_first_process

_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A finished training."""

    folder: Path
    losses: tuple[StepLoss, ...]

    @property
    def adapter(self) -> Path:
        """The adapter's folder."""
        return self.folder / ADAPTER

    @property
    def merged(self) -> Path | None:
        """The merged model's folder, if it was saved."""
        return self.folder / MERGED if (self.folder / MERGED).is_dir() else None

    @property
    def gguf(self) -> Path | None:
        """The file for the embedded engine, if it was saved."""
        return next(iter(sorted(self.folder.glob(gguf_name("q8_0").replace("q8_0", "*")))), None)


def train(plan: TrainingPlan, watch: Watch | None = None, *, resume: bool = True) -> Trained:
    """Carry a plan out, or go on with it, or give its result if it is done.

    With ``torchrun`` or ``accelerate launch`` every process calls this; the first one writes and tells.

    Args:
        plan: From ``make_training_plan``.
        watch: Where to show that work goes on.
        resume: Whether to go on from checkpoints that an earlier call left; else they are thrown away.

    Raises:
        UserError: no training libraries, too little memory, or the folder holds another training.
        RunError: disk or network failed, or another process trains there; call again to go on.
    """
    require_libraries()
    first = is_first_process()
    show = (watch or Silent()) if first else Silent()
    with ExitStack() as stack:
        if first:
            stack.enter_context(_alone(plan.folder))
        wanted = _manifest(plan)
        stored = _stored(plan.folder, wanted)
        if stored and stored.get("done"):
            show.note(f"{plan.folder} already holds this training, done.")
            return _result(plan.folder, stored)
        if first and not stored:
            write_text(plan.folder / MANIFEST, _json(wanted))
        if first and not resume:
            shutil.rmtree(plan.folder / "checkpoints", ignore_errors=True)
        try:
            return _carry_out(plan, wanted, show, resume=resume)
        finally:
            _part_from_the_others()
            give_memory_back()


def _carry_out(plan: TrainingPlan, manifest: dict[str, Any], show: Watch, *, resume: bool) -> Trained:
    began = time.monotonic()
    setting = _setting(plan, resume)
    base = load_base(plan.base, setting.dtype)
    require_memory(plan.base.name, base.model.num_parameters(), setting.dtype, setting.device)
    make = _maker(plan, base, show)
    losses = fit(make, base, setting, show, plan.folder / ADAPTER)
    if not is_first_process():
        return Trained(folder=plan.folder, losses=losses)
    del make
    show.note(f"saving {', '.join(plan.saved)}")
    _name_base(plan)
    files = save(plan.base, plan.folder, plan.saved, plan.precision)
    done = {
        "steps": setting.steps, "dtype": setting.dtype, "device": setting.device, "processes": setting.processes,
        "seconds_of_last_call": round(time.monotonic() - began, 1), "versions": library_versions(), "files": files,
        "losses": [asdict(item) for item in losses],
    }  # fmt: skip
    finished = {**manifest, "base": {**manifest["base"], "revision": base.revision}, "done": done}
    write_text(plan.folder / MANIFEST, _json(finished))
    write_card(plan.folder)
    shutil.rmtree(plan.folder / "checkpoints", ignore_errors=True)
    return _result(plan.folder, finished)


def _part_from_the_others() -> None:
    """Close the connections between processes; left to the interpreter's end, gloo's threads sometimes abort it."""
    import torch.distributed as others

    if others.is_available() and others.is_initialized():
        others.destroy_process_group()


def _setting(plan: TrainingPlan, resume: bool) -> Setting:
    device = pick_device(plan.recipe)
    return Setting(
        recipe=plan.recipe,
        steps=plan.steps,
        folder=plan.folder / "checkpoints",
        device=device,
        dtype=pick_dtype(plan.recipe, device),
        processes=int(os.environ.get("WORLD_SIZE", "1")),
        resume=resume,
    )


def _maker(plan: TrainingPlan, base: LoadedBase, show: Watch) -> Make:
    """The trainer of the recipe's method, over rows that fit its length."""
    recipe, examples = plan.recipe, plan.blend.examples
    if recipe.method == "sft":
        return sft_trainer(encode(base.tokenizer, examples, recipe.max_length, recipe.loss_on))
    if recipe.mixture.rejected == "own":
        answers = own_answers(base, plan.folder, show)
        examples = reject_own(plan.blend, answers).examples
    fitting = tuple(item for item in examples if _fits(base, item, recipe.max_length))
    if not fitting:
        raise UserError(f"No prompt fits {recipe.max_length} tokens. Raise max_length in the recipe.")
    return (dpo_trainer if recipe.method == "dpo" else kto_trainer)(fitting)


def _fits(base: LoadedBase, example: Example, max_length: int) -> bool:
    try:
        encode(base.tokenizer, [example], max_length, "completion")
    except UserError:
        return False
    return True


def _name_base(plan: TrainingPlan) -> None:
    """Say in the adapter for which base it is, by a name that Primum finds again."""
    path = plan.folder / ADAPTER / "adapter_config.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    write_text(path, _json({**said, "base_model_name_or_path": plan.base.name}))
    for card in (plan.folder / ADAPTER).glob("README.md"):
        card.unlink()


def _manifest(plan: TrainingPlan) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "primum": primum.__version__,
        "base": {"name": plan.base.name, "revision": plan.base.sha256},
        "recipe": json.loads(json.dumps(plan.recipe.identity)),
        "recipe_sha256": plan.recipe.sha256,
        "data": {
            "sha256": plan.blend.sha256,
            "counts": plan.blend.counts,
            "sources": [asdict(item) for item in plan.blend.sources],
        },
        "overlap": [asdict(item) for item in plan.overlap],
        "overlap_left_out": plan.left_out,
        "saved": list(plan.saved),
        "precision": plan.precision,
    }


def _stored(folder: Path, wanted: dict[str, Any]) -> dict[str, Any]:
    """What an earlier call left; empty if there was none.

    Raises:
        UserError: it was another training.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is damaged ({error}). Choose another --out, or remove that folder.") from error
    differing = [key for key in ("recipe", "data", "saved", "precision") if stored.get(key) != wanted[key]]
    if stored.get("base", {}).get("name") != wanted["base"]["name"]:
        differing.insert(0, "base")
    if differing:
        raise UserError(
            f"{folder} holds a training with another {', '.join(differing)}. Choose another --out, or remove that folder."
        )
    return stored


def _result(folder: Path, manifest: dict[str, Any]) -> Trained:
    return Trained(folder=folder, losses=tuple(StepLoss(**item) for item in manifest["done"]["losses"]))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, so that two commands do not train in it.

    Raises:
        RunError: another process holds it.
    """
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise RunError(f"Another process trains in {folder}. Wait for it, or choose another --out.") from error


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
