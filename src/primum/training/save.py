"""What a training leaves: the adapter, the merged model, and a GGUF file for the embedded engine."""

from collections.abc import Collection
from pathlib import Path

from primum.errors import UserError, unknown_name
from primum.fetch import file_sha256
from primum.store.write import disk_errors
from primum.training.base import Base, load_base, merge_adapter
from primum.training.gguf_file import Precision, adapted_layers, write_gguf

SAVED = ("adapter", "merged", "gguf")
"""What can be saved; the adapter always is."""
ADAPTER, MERGED = "adapter", "merged"


def gguf_name(precision: Precision) -> str:
    """Name of the GGUF file in the training's folder."""
    return f"model-{precision}.gguf"


def check_saved(kinds: Collection[str], base: Base) -> None:
    """Nothing, if this base can be saved so; ask before hours of training.

    Raises:
        UserError: an unknown kind, or a GGUF file for a base that has none itself.
    """
    for kind in kinds:
        if kind not in SAVED:
            raise unknown_name("kind to save", kind, SAVED)
    if "gguf" in kinds and base.gguf is None:
        raise UserError(
            f"{base.name} does not come with a GGUF file, whose vocabulary is needed to write one. Say --save merged, and "
            "convert the merged folder with llama.cpp's convert_hf_to_gguf.py."
        )


def save(base: Base, folder: Path, kinds: Collection[str], precision: Precision = "q8_0") -> dict[str, str]:
    """Merge the folder's adapter into the base and write what is asked for; gives the SHA-256 of each file of weights.

    Merging is done in float32 where the base came out of a GGUF file, else in the dtype it was published in.

    Raises:
        UserError: see ``check_saved``.
        RunError: the disk cannot be written.
    """
    check_saved(kinds, base)
    adapter = folder / ADAPTER
    if {"merged", "gguf"} & set(kinds):
        loaded = load_base(base, "float32" if base.place.endswith(".gguf") else "auto")
        merged = merge_adapter(loaded.model, adapter, base.name)
        if "gguf" in kinds and base.gguf is not None:
            state = merged.state_dict()
            changed = {name: state[name].float().numpy() for name in adapted_layers(adapter)}
            target = folder / gguf_name(precision)
            write_gguf(base.gguf, changed, target, precision=precision, name=f"{base.name} tuned by Primum")
        if "merged" in kinds:
            with disk_errors(folder / MERGED):
                merged.save_pretrained(folder / MERGED)
                loaded.tokenizer.save_pretrained(folder / MERGED)
    weights = sorted([*folder.glob("*.gguf"), *adapter.glob("*.safetensors"), *(folder / MERGED).glob("*.safetensors")])
    return {str(path.relative_to(folder)): file_sha256(path) for path in weights}
