"""A made-up repository on the loopback server, as the Hugging Face hub and as GitHub's raw host serve one."""

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import quote

from tests.fetch.filehost import FileHost

COMMIT = "0123456789" * 4


def git_blob(content: bytes) -> str:
    """The id that git gives to a content: SHA-1 over "blob", its length, a zero byte and itself."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def hub_page(repository: str, revision: str, path: str) -> str:
    """The path on the hub under which a file is served."""
    return f"/datasets/{repository}/resolve/{quote(revision, safe='')}/{quote(path)}"


def listing_page(repository: str, revision: str) -> str:
    """The path on the hub under which a revision's files are listed."""
    return f"/api/datasets/{repository}/revision/{quote(revision, safe='')}"


def serve_hub(
    host: FileHost,
    repository: str,
    files: Mapping[str, bytes],
    revisions: tuple[str, ...] = ("main",),
    commit: str = COMMIT,
    token: str | None = None,
) -> None:
    """Serve the files and their listing under the commit and every other name of it, with the hub's headers."""
    listing = {"id": repository, "sha": commit, "siblings": [{"rfilename": path} for path in files]}
    for revision in (commit, *revisions):
        page = listing_page(repository, revision)
        host.put(page, json.dumps(listing).encode(), "application/json", token=token)
        for path, content in files.items():
            headers = {"X-Repo-Commit": commit, "ETag": f'"{git_blob(content)}"'}
            host.put(hub_page(repository, revision, path), content, headers=headers, token=token)


def serve_github(host: FileHost, repository: str, commit: str, files: Mapping[str, bytes]) -> None:
    """Serve the files as raw content at a commit."""
    for path, content in files.items():
        host.put(f"/{repository}/{commit}/{quote(path)}", content, "text/plain; charset=utf-8")
