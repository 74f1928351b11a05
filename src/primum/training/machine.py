"""What this machine computes with, and whether a model fits."""

import ctypes
import gc
from contextlib import suppress

from primum.errors import UserError
from primum.training.recipe import Recipe

_ROOM = 1.3
"""Weights, adapter, optimizer state and buffers, over the weights alone; measured 1.2 on SmolLM2-135M."""


def pick_device(recipe: Recipe) -> str:
    """``cpu`` or ``cuda``.

    Raises:
        UserError: a GPU is asked for and there is none.
    """
    import torch

    if recipe.device == "cuda" and not torch.cuda.is_available():
        raise UserError("The recipe asks for device 'cuda', and torch sees no GPU. Allowed here: cpu, auto.")
    if recipe.device != "auto":
        return recipe.device
    return "cuda" if torch.cuda.is_available() else "cpu"


def pick_dtype(recipe: Recipe, device: str) -> str:
    """``float32`` or ``bfloat16``: the latter where the processor has instructions for it."""
    import torch

    if recipe.dtype != "auto":
        return recipe.dtype
    fast = torch.cuda.is_bf16_supported() if device == "cuda" else torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return "bfloat16" if fast else "float32"


def free_memory(device: str) -> int:
    """Bytes that this process may still take."""
    import psutil
    import torch

    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    return int(psutil.virtual_memory().available)


def require_memory(name: str, parameters: int, dtype: str, device: str) -> None:
    """Nothing, if a model of so many parameters can be trained here.

    Raises:
        UserError: it cannot.
    """
    needed, free = parameters * (2 if dtype == "bfloat16" else 4) * _ROOM, free_memory(device)
    if needed > free:
        raise UserError(
            f"{name} has {parameters / 1e9:.2f} billion parameters: training it in {dtype} takes about "
            f"{needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free on this {device}. Take a smaller model or another "
            "machine, or share it between processes: see configs/accelerate."
        )


def give_memory_back() -> None:
    """Hand what a training has freed back to the system, so that what follows in this process has it.

    Blocks of many sizes stay with glibc otherwise: 4.6 GB after SmolLM2-135M, 0.6 GB with this.
    """
    gc.collect()
    with suppress(OSError, AttributeError):  # other systems have no glibc, and no need of this
        ctypes.CDLL(None).malloc_trim(0)
