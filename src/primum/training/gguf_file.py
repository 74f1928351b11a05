"""Tuned weights as a GGUF file that the embedded engine runs.

Metadata, vocabulary and chat template, and every tensor that the training left alone, are taken over from the base's own
GGUF file, byte for byte. Only the layers that an adapter changed are written anew.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from primum.errors import UserError
from primum.store.write import disk_errors

Precision = Literal["q8_0", "f16"]
_OWN_KEYS = ("general.architecture", "general.file_type", "general.name")
"""What the writer sets by itself, or is set anew."""
_TURNED = re.compile(r"blk\.\d+\.attn_(?P<which>[qk])\.weight")
_TURNS = ("llama",)
"""Architectures whose query and key rows llama.cpp keeps in another order (convert_hf_to_gguf.py, ``permute``)."""
_KNOWN = ("llama", "qwen2", "qwen3")
"""Architectures whose other linear layers are the same in both layouts."""


def write_gguf(template: Path, changed: Mapping[str, Any], target: Path, *, precision: Precision, name: str) -> None:
    """Write the template with these weights in place of its own.

    Args:
        template: A GGUF file of the base.
        changed: Arrays in float32 by their names in transformers, for example ``model.layers.0.self_attn.q_proj.weight``.
        target: The file; it appears whole or not at all.
        precision: Of the changed weights.
        name: What the file says that it is.

    Raises:
        UserError: an architecture whose layers cannot be mapped, or weights of another shape.
        RunError: the disk cannot be written.
    """
    import gguf

    reader = gguf.GGUFReader(template)
    architecture = reader.get_field("general.architecture")
    named = _by_gguf_name(reader, str(architecture.contents() if architecture else ""), changed)
    part = target.with_name(f".{target.name}.part")
    with disk_errors(target):
        try:
            writer = gguf.GGUFWriter(part, architecture.contents() if architecture else "")
            _copy_metadata(reader, writer)
            writer.add_name(name)
            writer.add_file_type(7 if precision == "q8_0" else 1)
            for tensor in reader.tensors:
                _add(writer, tensor, named.get(tensor.name), precision)
            writer.write_header_to_file()
            writer.write_kv_data_to_file()
            writer.write_tensors_to_file()
            writer.close()
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _by_gguf_name(reader: Any, architecture: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The changed arrays by their names in GGUF, in its order of rows."""
    import gguf

    if architecture not in _KNOWN:
        raise UserError(
            f"No GGUF file can be written for the architecture '{architecture}'. Allowed: {', '.join(_KNOWN)}. Leave gguf "
            "out of --save, and convert the merged model with llama.cpp's convert_hf_to_gguf.py."
        )
    kind = next(key for key, value in gguf.MODEL_ARCH_NAMES.items() if value == architecture)
    names = gguf.get_tensor_name_map(kind, _number(reader, f"{architecture}.block_count"))
    heads = _number(reader, f"{architecture}.attention.head_count")
    key_heads = _number(reader, f"{architecture}.attention.head_count_kv") or heads
    shapes = {tensor.name: tuple(int(size) for size in reversed(tensor.shape)) for tensor in reader.tensors}
    found = {}
    for key, array in changed.items():
        name = names.get_name(key, try_suffixes=(".weight", ".bias"))
        if name is None or shapes.get(name) != tuple(array.shape):
            raise UserError(
                f"The layer {key} {tuple(array.shape)} has no place in the base's GGUF file "
                f"({name or 'no such layer'}: {shapes.get(name or '')}). The file belongs to another model."
            )
        turned = _TURNED.fullmatch(name) if architecture in _TURNS else None
        found[name] = _turn(array, heads if turned["which"] == "q" else key_heads) if turned else array
    return found


def _turn(array: Any, heads: int) -> Any:
    """Rows of queries or keys as llama.cpp's rotary embedding wants them: halves interleaved."""
    rows = array.shape[0]
    return array.reshape(heads, 2, rows // heads // 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)


def _number(reader: Any, key: str) -> int:
    field = reader.get_field(key)
    return int(field.contents()) if field else 0


def _copy_metadata(reader: Any, writer: Any) -> None:
    from gguf import GGUFValueType

    for field in reader.fields.values():
        if field.name in _OWN_KEYS or field.name.startswith("GGUF."):
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind is GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)


def _add(writer: Any, tensor: Any, array: Any, precision: Precision) -> None:
    import gguf
    import numpy as np

    if array is None:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    elif precision == "f16":
        writer.add_tensor(tensor.name, np.ascontiguousarray(array, dtype=np.float16))
    else:
        kind = gguf.GGMLQuantizationType.Q8_0
        small = gguf.quants.quantize(np.ascontiguousarray(array, dtype=np.float32), kind)
        writer.add_tensor(tensor.name, small, raw_dtype=kind)


def adapted_layers(adapter: Path) -> Iterable[str]:
    """Names in transformers of the weights that an adapter changes."""
    from safetensors import safe_open

    with safe_open(str(adapter / "adapter_model.safetensors"), framework="np") as file:
        found = {match["name"] for key in file.keys() if (match := _LORA.fullmatch(key))}  # noqa: SIM118 - not a mapping
    return sorted(f"{name}.weight" for name in found)


_LORA = re.compile(r"base_model\.model\.(?P<name>.+)\.lora_[AB]\.weight")
