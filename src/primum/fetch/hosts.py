"""Addresses on the two hosts where data sets live, and the user's token for one of them."""

import os
import re
from pathlib import Path
from urllib.parse import quote

import httpx

from primum.errors import RunError, UserError
from primum.fetch.fault import one_line, without_password

_TOKEN = re.compile(r"[\x21-\x7e]+")
"""Signs that a header can carry."""


def github_address(repository: str, commit: str, path: str) -> str:
    """Raw content of a file of a GitHub repository at a commit; ``PRIMUM_GITHUB_RAW`` names a mirror."""
    host = (os.environ.get("PRIMUM_GITHUB_RAW") or "https://raw.githubusercontent.com").rstrip("/")
    return f"{host}/{repository}/{commit}/{quote(path)}"


def hub_address(repository: str, revision: str, path: str) -> str:
    """Content of a file of a Hugging Face data set at a revision; ``HF_ENDPOINT`` names a mirror."""
    return f"{_hub()}/datasets/{repository}/resolve/{quote(revision, safe='')}/{quote(path)}"


def hub_token() -> str | None:
    """The user's token, where the Hugging Face tools keep it: ``HF_TOKEN``, or the file that ``hf auth login`` writes.

    Raises:
        UserError: the file is no text.
    """
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        if said := os.environ.get(name, "").strip():
            return said
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("HF_HOME") or caches / "huggingface").expanduser()
    file = Path(os.environ.get("HF_TOKEN_PATH") or home / "token").expanduser()
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
    except UnicodeDecodeError as error:
        raise UserError(f"{file} holds no token: it is no text. Log in again, or set HF_TOKEN.") from error


def hub_headers() -> dict[str, str]:
    """Headers that carry the user's token, if there is one; a redirect to another host drops them.

    Raises:
        UserError: what stands in its place is no token. The message does not show it.
    """
    token = hub_token()
    if token and not _TOKEN.fullmatch(token):
        raise UserError(
            "The hub's token holds signs that no token has (a line end, a space, an accent). Set HF_TOKEN anew."
        )
    return {"Authorization": f"Bearer {token}"} if token else {}


def hub_files(repository: str, revision: str) -> tuple[str, tuple[str, ...]]:
    """The commit that a revision means today, and the paths of the data set's files in it.

    Raises:
        UserError: there is no such data set or revision, or it is closed to this user.
        RunError: the hub does not answer.
    """
    page = f"{_hub()}/api/datasets/{repository}/revision/{quote(revision, safe='')}"
    headers = hub_headers()
    try:
        reply = httpx.get(page, headers=headers, follow_redirects=True, timeout=30)
        if reply.status_code in (401, 403, 404):
            raise UserError(
                f"The hub gives no data set '{repository}' at revision '{revision}' (HTTP {reply.status_code}). Check the "
                f"name; if it is gated, accept its terms on the hub and set HF_TOKEN."
            )
        reply.raise_for_status()
        found = reply.json()
        commit, paths = found["sha"], [item["rfilename"] for item in found["siblings"]]
        if not all(isinstance(text, str) for text in (commit, *paths)):
            raise TypeError("a name that is no text")
        return commit, tuple(sorted(paths))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RunError(f"The hub does not answer at {without_password(page)} ({one_line(error)}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"The hub at {without_password(page)} gave a listing that cannot be read.") from error


def _hub() -> str:
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
