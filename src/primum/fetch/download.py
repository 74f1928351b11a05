"""Download of a pinned file: resumes a broken transfer, refuses wrong content, leaves nothing half-written in place.

A file is pinned by its hash, or, where upstream's hash is not known to us, by an immutable revision. In the second case the
first download decides: the server's own checksum is held against it where the server gives one (see ``checksum``), its hash
is kept beside it, and a copy that changes later is refused.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock

from primum.errors import RunError
from primum.fetch.cache import cache_folder
from primum.fetch.checksum import check_stated
from primum.fetch.fault import one_line

Progress = Callable[[str, int, int], None]
"""Called with (file name, bytes done, bytes in all); bytes in all is 0 where the server does not say."""

_CHUNK = 1 << 20
_CLOSED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file whose content is fixed, by its hash or by its revision, with the places where it can be had."""

    name: str
    sources: tuple[Callable[[], str], ...]
    """Functions that give an address; tried in order, asked only when needed (one may need a look-up)."""
    sha256: str | None = None
    """Its hash; None where only the revision is known."""
    size: int | None = None
    """Bytes; None where they are not known beforehand."""
    revision: str = ""
    """What fixes the content where ``sha256`` does not: repository, commit and path."""
    commit: str | None = None
    """The commit that a server which names one must name."""
    headers: Callable[[], Mapping[str, str]] = dict
    """Headers to send, for example the user's token."""
    closed_hint: str = ""
    """What to do when the server says 401 or 403."""

    @property
    def key(self) -> str:
        """Sixteen hex digits that name its place in the cache."""
        return (self.sha256 or hashlib.sha256(self.revision.encode()).hexdigest())[:16]


@dataclass(frozen=True, kw_only=True)
class PinnedFile(RemoteFile):
    """A file whose content is fixed by its hash."""

    sha256: str
    size: int


def fetch(pinned: RemoteFile, progress: Progress | None = None) -> Path:
    """Path of the file in the cache, downloaded if it is not there and checked.

    Raises:
        RunError: no source gave the right bytes; says what each of them answered.
    """
    folder = cache_folder() / "files" / pinned.key
    target = folder / pinned.name
    if is_cached(pinned):
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            if not is_cached(pinned):
                _download_any(pinned, target, progress or (lambda *_: None))
    except OSError as error:
        raise RunError(f"Cannot write {target} ({error}). Free some space or set PRIMUM_CACHE_DIR.") from error
    return target


def is_cached(pinned: RemoteFile) -> bool:
    """Whether the cache holds the file, whole.

    A file pinned by hash was checked when it came, so its size will do. One pinned by revision is read again: its hash has
    to be the one that was written down at the first download.
    """
    target = cache_folder() / "files" / pinned.key / pinned.name
    if not target.is_file():
        return False
    if pinned.sha256 is not None and pinned.size is not None:
        return target.stat().st_size == pinned.size
    return _wanted(pinned, target) == file_sha256(target)


def _wanted(pinned: RemoteFile, target: Path) -> str | None:
    """The hash that the file has to have: its pin, or what was written down at the first download."""
    if pinned.sha256 is not None:
        return pinned.sha256
    note = _note(target)
    said = note.read_bytes().strip().decode("ascii", "replace") if note.is_file() else ""
    return said if re.fullmatch("[0-9a-f]{64}", said) else None


def _note(target: Path) -> Path:
    """Where the hash of a file pinned by revision is kept."""
    return target.with_name(target.name + ".sha256")


def _download_any(pinned: RemoteFile, target: Path, progress: Progress) -> None:
    part, faults = target.with_suffix(target.suffix + ".part"), []
    for source in pinned.sources:
        try:
            reply_headers = _download(source(), part, pinned, progress)
            found = _check(part, pinned, reply_headers, _wanted(pinned, target))
        except httpx.HTTPStatusError as error:
            faults.append(_refused(error, pinned))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            faults.append(one_line(error))
        except RunError as error:
            faults.append(str(error))
        else:
            if pinned.sha256 is None:
                _note(target).write_text(found + "\n", encoding="utf-8")
            part.replace(target)
            return
    raise RunError(
        f"Could not fetch {pinned.name}: {' | '.join(faults)} Check the network (PIP_INDEX_URL, HF_ENDPOINT and "
        "proxy variables are honoured), or name a local file instead."
    )


def _refused(error: httpx.HTTPStatusError, pinned: RemoteFile) -> str:
    said = one_line(error)
    return f"{said} {pinned.closed_hint}".strip() if error.response.status_code in _CLOSED else said


def _download(address: str, part: Path, pinned: RemoteFile, progress: Progress) -> list[httpx.Headers]:
    """Append what is missing to ``part``; a server without ranges sends it all and the file starts anew.

    Gives the headers of every reply, redirects first: a hub states checksums on the redirect to its storage.
    """
    done = part.stat().st_size if part.exists() else 0
    if pinned.sha256 is not None and done == pinned.size:
        return []
    if pinned.size is not None and done > pinned.size:
        part.unlink()
        done = 0
    # Compressed, the bytes on the wire would not be the bytes of the range.
    headers = {"Accept-Encoding": "identity", **pinned.headers()} | ({"Range": f"bytes={done}-"} if done else {})
    timeout = httpx.Timeout(30, read=60)
    with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=timeout) as reply:
        said = [earlier.headers for earlier in reply.history] + [reply.headers]
        if done and reply.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _require_length(part, done, reply, pinned)
            return said
        reply.raise_for_status()
        resumed = reply.status_code == httpx.codes.PARTIAL_CONTENT
        done = done if resumed else 0
        length = reply.headers.get("Content-Length")
        whole = pinned.size or (done + int(length) if length else 0)
        with part.open("ab" if resumed else "wb") as file:
            for chunk in reply.iter_bytes(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                progress(pinned.name, done, whole)
    return said


def _require_length(part: Path, done: int, reply: httpx.Response, pinned: RemoteFile) -> None:
    """Nothing, if the server says that what is there is all there is; it goes if the file is shorter."""
    if reply.headers.get("Content-Range") not in (f"bytes */{done}", None):
        part.unlink()
        raise RunError(f"{pinned.name} is shorter than what was there of it; that was thrown away. Try again.")


def _check(part: Path, pinned: RemoteFile, said: list[httpx.Headers], wanted: str | None) -> str:
    """The hash of what came, if it is what was wanted."""
    found = file_sha256(part)
    try:
        if pinned.sha256 is None:
            check_stated(part, found, pinned.name, said, pinned.commit)
        if wanted is not None and found != wanted:
            raise RunError(f"{pinned.name} has sha256 {found[:12]}…, expected {wanted[:12]}…; it was thrown away.")
    except RunError:
        part.unlink()
        raise
    return found


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
