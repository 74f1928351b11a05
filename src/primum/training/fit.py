"""What all methods share: the arguments of a trainer, its checkpoints, and telling how far it is."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.training.base import LoadedBase
from primum.training.order import micro_batch
from primum.training.recipe import Recipe
from primum.training.watch import Watch

_STATE = "trainer_state.json"
"""What transformers writes last into a checkpoint."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How one training runs on this machine."""

    recipe: Recipe
    steps: int
    folder: Path
    """Of the checkpoints."""
    device: str
    dtype: str
    processes: int
    resume: bool


@dataclass(frozen=True, kw_only=True)
class StepLoss:
    """The loss of one optimizer step."""

    step: int
    loss: float


Make = Callable[[LoadedBase, Setting, list[Any]], Any]
"""Base, setting and the trainer's callbacks to a trainer of TRL."""


def fit(make: Make, base: LoadedBase, setting: Setting, watch: Watch, adapter: Path) -> tuple[StepLoss, ...]:
    """Train, save the adapter, give the loss of every step; a checkpoint that is there is gone on from.

    Raises:
        UserError: the batch cannot be shared out between the processes.
        RunError: a checkpoint cannot be written.
    """
    from transformers import PrinterCallback, ProgressCallback

    found = last_checkpoint(setting.folder) if setting.resume else None
    done = int(found.name.rpartition("-")[2]) if found else 0
    watch.start(f"training ({setting.recipe.method})", setting.steps, done)
    if setting.device == "cpu":
        # Measured on SmolLM2-135M, rows of 96 tokens: a fifth faster than torch's fused attention, whose backward pass is
        # slow on a CPU.
        base.model.set_attn_implementation("eager")
    trainer = make(base, setting, [_teller(watch)])
    for noisy in (PrinterCallback, ProgressCallback):
        trainer.remove_callback(noisy)
    trainer.train(resume_from_checkpoint=str(found) if found else None)
    trainer.save_model(str(adapter))
    return tuple(
        StepLoss(step=entry["step"], loss=entry["loss"]) for entry in trainer.state.log_history if "loss" in entry
    )


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was written to its end; one that a kill cut short is passed over."""
    found = [path for path in folder.glob("checkpoint-*") if re.fullmatch(r"checkpoint-\d+", path.name)]
    return next(filter(_is_whole, sorted(found, key=lambda path: -int(path.name.rpartition("-")[2]))), None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True


def arguments(setting: Setting, **more: Any) -> dict[str, Any]:
    """The trainer's arguments that follow from the recipe and the machine.

    Raises:
        UserError: the batch cannot be shared out between the processes.
    """
    recipe = setting.recipe
    rows = micro_batch(recipe.batch, recipe.micro_batch, setting.processes)
    if not rows:
        raise UserError(
            f"A batch of {recipe.batch} rows cannot be shared out between {setting.processes} processes. Choose a batch "
            f"that is a multiple of {setting.processes}."
        )
    return {
        "output_dir": str(setting.folder),
        "per_device_train_batch_size": rows,
        "gradient_accumulation_steps": recipe.batch // (rows * setting.processes),
        "max_steps": setting.steps,
        "train_sampling_strategy": "sequential",  # the order is part of the data: see order.py
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": recipe.schedule,
        "warmup_steps": min(recipe.warmup, setting.steps // 10),
        "weight_decay": recipe.weight_decay,
        "max_grad_norm": recipe.clip,
        "optim": "adamw_torch",
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "bf16": setting.dtype == "bfloat16",
        "use_cpu": setting.device == "cpu",
        "dataloader_pin_memory": setting.device != "cpu",
        # Recomputing activations would cost a third of the time; LoRA on models that need it is for many GPUs.
        "gradient_checkpointing": False,
        "ddp_find_unused_parameters": False,
        "logging_steps": 1,
        "save_strategy": "steps",
        "save_steps": recipe.save_every,
        "save_total_limit": 2,
        "report_to": list(recipe.report_to) or "none",
        "disable_tqdm": True,
        **more,
    }  # fmt: skip


def lora_config(recipe: Recipe, model: Any) -> Any:
    """PEFT's configuration of the adapter.

    Raises:
        UserError: a target is no linear layer of this model, or is its vocabulary projection.
    """
    import torch
    from peft import LoraConfig

    names = {name.rpartition(".")[2] for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)}
    allowed = sorted(names - {"lm_head"})
    for target in recipe.lora.targets:
        if target not in allowed:
            raise UserError(f"LoRA target '{target}' is no layer of this model. Allowed: {', '.join(allowed)}.")
    return LoraConfig(
        r=recipe.lora.r,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=list(recipe.lora.targets),
        task_type="CAUSAL_LM",
        base_model_name_or_path=None,
    )


def _teller(watch: Watch) -> Any:
    from transformers import TrainerCallback

    class Teller(TrainerCallback):  # type: ignore[misc]
        """Moves the bar at every optimizer step."""

        def on_step_end(self, *_: Any, **__: Any) -> None:
            watch.advance()

    return Teller()
