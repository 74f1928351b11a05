"""The model that a training starts from: found first, loaded when it is needed.

Allowed are the embedded model or any GGUF file, a folder in the Hugging Face layout, an id on the hub, the folder of an
earlier training, and an adapter. What comes out of a GGUF file can be neither trained nor saved as transformers gives it
(it keeps the file's quantisation in its configuration), so it is rebuilt from configuration and weights.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from primum.errors import RunError, UserError
from primum.fetch import Progress, cache_folder, file_sha256
from primum.models import is_local, resolve_local
from primum.store.write import disk_errors

HUB_PREFIX = "hf/"
_UNPACKED_UP_TO = 1_000_000_000
"""Bytes of a GGUF file whose weights in float32 are kept in the cache, four to seven times as large."""
MANIFEST = "training.json"
"""What a training leaves in its folder."""


@dataclass(frozen=True, kw_only=True)
class Base:
    """A model that was found, not yet loaded."""

    name: str
    """As the user may write it again."""
    place: str
    """Folder, file, or id on the hub."""
    sha256: str | None
    """Of the weights; None for an id on the hub, whose commit is known when it is loaded."""
    gguf: Path | None = None
    """A GGUF file of the same model: its vocabulary and layout serve for writing another one."""
    adapter: Path | None = None
    """An adapter to merge into it when it is loaded."""


@dataclass(frozen=True, kw_only=True)
class LoadedBase:
    """A model in memory, ready to be trained."""

    base: Base
    model: Any
    tokenizer: Any
    revision: str
    """SHA-256 of the weights, or the hub's commit."""


def find_base(name: str, progress: Progress | None = None) -> Base:
    """What a model's name means.

    Raises:
        UserError: no such file or folder, or an adapter whose base is not known.
        RunError: the weights could not be fetched.
    """
    if is_local(name):
        local = resolve_local(name, progress)
        return Base(name=local.name, place=str(local.path), sha256=local.sha256, gguf=local.path)
    path = Path(name).expanduser()
    if path.is_dir():
        return _folder(path.absolute(), progress)
    short = name.removeprefix(HUB_PREFIX)
    if short.count("/") != 1 or short.startswith((".", "/")):
        raise UserError(
            f"There is no model '{name}' to train. Allowed: gguf/smollm2-135m, a .gguf file, a folder in the Hugging Face "
            "layout, the folder of an earlier training, or hf/OWNER/NAME on the hub. No model behind an API can be trained."
        )
    return Base(name=f"{HUB_PREFIX}{short}", place=short, sha256=None)


def unpacked_folder(sha256: str) -> Path:
    """Where the cache keeps a small GGUF file's weights in float32."""
    return cache_folder() / "unpacked" / sha256[:16]


def load_base(base: Base, dtype: str) -> LoadedBase:
    """Weights and tokenizer in memory, an adapter merged in; nothing of it is on a GPU yet.

    Raises:
        UserError: not a language model, no chat template, or an adapter that belongs to another base.
        RunError: a download broke off.
    """
    from primum.training.libraries import hush

    hush()
    model, tokenizer = _read_gguf(base, dtype) if base.place.endswith(".gguf") else _read(base, dtype)
    if not tokenizer.chat_template:
        raise UserError(
            f"{base.name} has no chat template, so nobody can tell how a conversation is written for it. Take the "
            "instruct version of the model, or put a chat_template.jinja into its folder."
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if base.adapter is not None:
        model = merge_adapter(model, base.adapter, base.name)
    revision = base.sha256 or getattr(model.config, "_commit_hash", None) or "unknown"
    return LoadedBase(base=base, model=model, tokenizer=tokenizer, revision=revision)


def merge_adapter(model: Any, adapter: Path, name: str) -> Any:
    """The model with an adapter's weights added to its own.

    Raises:
        UserError: the adapter's layers are not those of this model.
    """
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    except (RuntimeError, ValueError, KeyError) as error:
        told = " ".join(str(error).split())[:200]
        raise UserError(f"The adapter {adapter} does not fit {name}: it was made for another base ({told})") from error


def _folder(path: Path, progress: Progress | None) -> Base:
    """A folder: of an earlier training, of an adapter, or of a model."""
    if (path / MANIFEST).is_file():
        return _trained(path, progress)
    if (path / "adapter_config.json").is_file():
        said = json.loads((path / "adapter_config.json").read_text(encoding="utf-8")).get("base_model_name_or_path")
        if not said:
            raise UserError(
                f"The adapter {path} does not say for which base it was made. Name the merged model instead."
            )
        base = find_base(said, progress)
        digest = _digest([path / "adapter_config.json", *path.glob("*.safetensors")])
        whole = hashlib.sha256(f"{base.sha256}{digest}".encode()).hexdigest()
        return Base(name=str(path), place=base.place, sha256=whole, gguf=base.gguf, adapter=path)
    if not (path / "config.json").is_file():
        raise UserError(f"{path} holds no model (no config.json). Name a folder in the Hugging Face layout.")
    weights = sorted(path.glob("*.safetensors"))
    if not weights:
        raise UserError(f"{path} holds no weights (no .safetensors). Convert the model; pickled weights are not read.")
    # A training of ours leaves the GGUF file beside the merged folder.
    beside = sorted(path.parent.glob("model-*.gguf")) if (path.parent / MANIFEST).is_file() else []
    return Base(
        name=str(path), place=str(path), sha256=_digest([path / "config.json", *weights]), gguf=next(iter(beside), None)
    )


def _trained(path: Path, progress: Progress | None) -> Base:
    for part in ("merged", "adapter"):
        if (path / part).is_dir():
            return _folder(path / part, progress)
    raise UserError(f"The training in {path} has no result yet. Run its command again to go on.")


def _digest(files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in sorted(files):
        with file.open("rb") as opened:
            whole.update(hashlib.file_digest(opened, "sha256").digest())
    return whole.hexdigest()


def _read_gguf(base: Base, dtype: str) -> tuple[Any, Any]:
    """Model and tokenizer of a GGUF file; a small one is unpacked once, which takes longer than reading it does."""
    path = Path(base.place)
    if path.stat().st_size > _UNPACKED_UP_TO:
        model, tokenizer = _unpack(path)
        return model.to(dtype=_torch_dtype(dtype)), tokenizer
    folder = unpacked_folder(str(file_sha256(path)))
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            if not (folder / "done").is_file():
                model, tokenizer = _unpack(path)
                model.save_pretrained(folder)
                tokenizer.save_pretrained(folder)
                (folder / "done").touch()
    return _read(Base(name=base.name, place=str(folder), sha256=base.sha256), dtype)


def _unpack(path: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    try:
        tokenizer = AutoTokenizer.from_pretrained(**place)
        read = AutoModelForCausalLM.from_pretrained(**place, dtype=torch.float32)
    except (ValueError, KeyError, NotImplementedError, OSError) as error:
        raise UserError(f"{path} cannot be trained: {' '.join(str(error).split())[:200]}") from error
    config = read.config
    del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.load_state_dict(read.state_dict())
    model.generation_config = read.generation_config
    return model, tokenizer


def _torch_dtype(name: str) -> Any:
    import torch

    return getattr(torch, name)


def _read(base: Base, dtype: str) -> tuple[Any, Any]:
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base.place)
        return AutoModelForCausalLM.from_pretrained(base.place, dtype=dtype), tokenizer
    except (GatedRepoError, RepositoryNotFoundError) as error:
        raise UserError(
            f"{base.name} is not open to you on the hub, or not there. Check the id and HF_TOKEN."
        ) from error
    except (HfHubHTTPError, ConnectionError) as error:
        raise RunError(f"{base.name} could not be fetched ({error}). Run again: what arrived is kept.") from error
    except (OSError, ValueError, KeyError) as error:
        told = " ".join(str(error).split())[:200]
        if not Path(base.place).is_dir():
            raise RunError(f"{base.name} could not be fetched ({told}) Run again: what arrived is kept.") from error
        raise UserError(f"{base.name} cannot be read as a language model: {told}") from error
