"""Download of a pinned file: resumes a broken transfer, refuses a wrong hash, leaves nothing half-written in place."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock

from primum.errors import RunError
from primum.fetch.cache import cache_folder
from primum.fetch.fault import one_line

Progress = Callable[[str, int, int], None]
"""Called with (file name, bytes done, bytes in all)."""

_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class PinnedFile:
    """A file whose content is fixed by its hash, with the places where it can be had."""

    name: str
    sha256: str
    size: int
    """Bytes."""
    sources: tuple[Callable[[], str], ...]
    """Functions that give an address; tried in order, asked only when needed (one may need a look-up)."""


def fetch(pinned: PinnedFile, progress: Progress | None = None) -> Path:
    """Path of the file in the cache, downloaded if it is not there and checked against its hash.

    Raises:
        RunError: no source gave the right bytes; says what each of them answered.
    """
    folder = cache_folder() / "files" / pinned.sha256[:16]
    target = folder / pinned.name
    if _is_whole(target, pinned):
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            if not _is_whole(target, pinned):
                _download_any(pinned, target, progress or (lambda *_: None))
    except OSError as error:
        raise RunError(f"Cannot write {target} ({error}). Free some space or set PRIMUM_CACHE_DIR.") from error
    return target


def _download_any(pinned: PinnedFile, target: Path, progress: Progress) -> None:
    part, faults = target.with_suffix(target.suffix + ".part"), []
    for source in pinned.sources:
        try:
            address = source()
            _download(address, part, pinned, progress)
            _check(part, pinned)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            faults.append(one_line(error))
        except RunError as error:
            faults.append(str(error))
        else:
            part.replace(target)
            return
    raise RunError(
        f"Could not fetch {pinned.name}: {' | '.join(faults)} Check the network (PIP_INDEX_URL, HF_ENDPOINT and "
        "proxy variables are honoured), or name a local file instead."
    )


def _download(address: str, part: Path, pinned: PinnedFile, progress: Progress) -> None:
    """Append what is missing to ``part``; a server without ranges sends it all and the file starts anew."""
    done = part.stat().st_size if part.exists() else 0
    if done == pinned.size:
        return
    if done > pinned.size:
        part.unlink()
        done = 0
    # Compressed, the bytes on the wire would not be the bytes of the range.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    timeout = httpx.Timeout(30, read=60)
    with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=timeout) as reply:
        reply.raise_for_status()
        resumed = reply.status_code == httpx.codes.PARTIAL_CONTENT
        done = done if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            for chunk in reply.iter_bytes(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                progress(pinned.name, done, pinned.size)


def _is_whole(target: Path, pinned: PinnedFile) -> bool:
    """Whether the cached file is there and of the right size (its hash was checked when it came)."""
    return target.is_file() and target.stat().st_size == pinned.size


def _check(part: Path, pinned: PinnedFile) -> None:
    found = file_sha256(part)
    if found != pinned.sha256:
        part.unlink()
        raise RunError(f"{pinned.name} has sha256 {found[:12]}…, expected {pinned.sha256[:12]}…; it was thrown away.")


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
