"""What a server says about a file's content, held against what came.

The Hugging Face hub answers ``…/resolve/REVISION/PATH`` with ``X-Repo-Commit`` (the commit that it served) and an entity
tag: the SHA-256 for large files (``X-Linked-Etag``), the git blob id (SHA-1 over a header and the content) for small ones.
Source: https://huggingface.co/docs/huggingface_hub/package_reference/file_download (``HfFileMetadata``).
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import httpx

from primum.errors import RunError

_BLOB = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_stated(part: Path, sha256: str, name: str, said: Sequence[httpx.Headers], commit: str | None) -> None:
    """Nothing, if the file is what the hub's headers promise (or they promise nothing).

    Raises:
        RunError: another commit was served, or the content has another checksum.
    """
    hub = [headers for headers in said if "x-repo-commit" in headers]
    if not hub:
        return  # any other server: its entity tags mean what it likes
    served = hub[0]["x-repo-commit"]
    if commit is not None and served != commit:
        raise RunError(f"{name} came from commit {served[:12]}, not from the pinned {commit[:12]}; it was thrown away.")
    stated = (hub[0].get("x-linked-etag") or hub[0].get("etag") or "").removeprefix("W/").strip('"')
    if _SHA256.fullmatch(stated):
        found = sha256
    elif _BLOB.fullmatch(stated):
        found = git_blob_id(part)
    else:
        return
    if found != stated:
        raise RunError(f"{name} has checksum {found[:12]}…, the hub says {stated[:12]}…; it was thrown away.")


def git_blob_id(path: Path) -> str:
    """The id that git gives to a file's content."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
