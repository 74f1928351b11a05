"""Where the files of a data set come from: a pinned revision of a public repository, or the user's own copy of it."""

import fnmatch
import hashlib
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from primum.errors import RunError, UserError
from primum.fetch import (
    Progress,
    RemoteFile,
    cache_folder,
    fetch,
    file_sha256,
    github_address,
    hub_address,
    hub_files,
    hub_headers,
    is_cached,
)
from primum.types import Split

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """One file of a data set."""

    path: str
    """Inside the repository. A ``*`` stands for what is not known beforehand; one file must match."""
    split: Split = "test"
    sha256: str | None = None
    """None where upstream's hash is not known to us: then the revision pins it, and the first download is written down."""
    size: int | None = None
    """Bytes."""
    label: str = ""
    """What the file's name says of its rows: a category, a language, an intent."""
    also: tuple[str, ...] = ()
    """SHA-256 of other copies that are known to hold the same rows; accepted when read locally."""
    revision: str | None = None
    """A commit of its own, where no single one holds all files."""
    header: tuple[str, ...] | None = None
    """Column names, for a CSV file that has none."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A pinned revision of a repository."""

    host: Literal["github", "hub"]
    """``hub`` is Hugging Face."""
    repository: str
    """Owner and name."""
    revision: str
    """A full commit; a branch only where no commit is known to us (then the first download decides)."""
    files: tuple[DataFile, ...]
    gated: bool = False
    """Whether the user has to accept terms and send a token."""

    @property
    def page(self) -> str:
        """Where a reader finds it."""
        place = f"https://github.com/{self.repository}" if self.host == "github" else ""
        return place or f"https://huggingface.co/datasets/{self.repository}"

    def of_split(self, split: str) -> tuple[DataFile, ...]:
        """The files of a split, in order."""
        return tuple(file for file in self.files if file.split == split)

    def pinned(self, file: DataFile) -> RemoteFile:
        """What the fetcher needs to know of a file."""
        address = github_address if self.host == "github" else hub_address
        revision = file.revision or self.revision
        return RemoteFile(
            name=file.name,
            sha256=file.sha256,
            size=file.size,
            sources=(partial(address, self.repository, revision, file.path),),
            revision=f"{self.host}:{self.repository}@{revision}/{file.path}",
            commit=revision if self.host == "hub" and _COMMIT.fullmatch(revision) else None,
            headers=hub_headers if self.host == "hub" else dict,
            closed_hint=self._closed_hint(),
        )

    def _resolved(self, file: DataFile) -> RemoteFile:
        """The same, with the name that a pattern stands for: of what is in the cache, else of the repository's listing."""
        pinned = self.pinned(file)
        if "*" not in file.path:
            return pinned
        if (kept := self._kept(file)) is not None:
            return replace(pinned, name=kept)
        revision = file.revision or self.revision
        _, listed = hub_files(self.repository, revision)
        matching = fnmatch.filter(listed, file.path)
        if len(matching) != 1:
            raise RunError(
                f"{len(matching)} files of {self.repository} at {revision[:7]} match {file.path}; one was expected."
            )
        source = partial(hub_address, self.repository, revision, matching[0])
        return replace(pinned, name=matching[0].rsplit("/", 1)[-1], sources=(source,))

    def _kept(self, file: DataFile) -> str | None:
        """The name in the cache of what matched a pattern at the first download."""
        folder = cache_folder() / "files" / self.pinned(file).key
        kept = (path.name for path in sorted(folder.glob("*")) if path.suffix not in (".sha256", ".part", ".lock"))
        return next(iter(fnmatch.filter(kept, file.name)), None)

    def is_cached(self, file: DataFile) -> bool:
        """Whether a file needs no download."""
        if "*" in file.path and self._kept(file) is None:
            return False  # without asking the hub what its name is
        return is_cached(self._resolved(file))

    def obtain(self, file: DataFile, local: Path | None, progress: Progress | None) -> Path:
        """Path of a file: the user's own copy where one is named, else the cached download.

        Raises:
            UserError: the local copy is missing, or is not the pinned file.
            RunError: the download failed.
        """
        if local is None:
            return fetch(self._resolved(file), progress)
        path = _find(local, file, self)
        self._require_pinned(path, file)
        return path

    def _require_pinned(self, path: Path, file: DataFile) -> None:
        if file.sha256 is None:
            return
        try:
            found = file_sha256(path)
        except OSError as error:
            raise UserError(f"Cannot read {path} ({error.strerror}).") from error
        if found not in (file.sha256, *file.also):
            commit = (file.revision or self.revision)[:7]
            raise UserError(
                f"{path} is not the pinned file (sha256 {found[:12]}…, expected {file.sha256[:12]}…), so numbers would "
                f"not compare. Use the files of {self.repository} at {commit}, or read it as a plain file: "
                f"name the file in the data set's place and say --column text=COLUMN."
            )

    def _closed_hint(self) -> str:
        if self.host != "hub":
            return ""
        if not self.gated:
            return "If this hub or mirror wants a token, set HF_TOKEN."
        return (
            f"The data set is gated: accept its terms at {self.page} and set HF_TOKEN to your own token "
            "(https://huggingface.co/settings/tokens)."
        )


def _find(local: Path, file: DataFile, origin: Origin) -> Path:
    """The file itself, or upstream's layout under a folder; with a hash to tell files apart, looser layouts too.

    Halves of one data set may use the same file names, so a loose match without a hash could be the wrong half.
    """
    if local.is_file():
        return local
    short = origin.repository.rsplit("/", 1)[-1]
    roots = (local, local / short, local / short.replace("-", ""))
    places = (file.path, f"{file.split}/{file.name}", file.name) if file.sha256 else (file.path,)
    for root in roots:
        for place in places:
            found = [path for path in sorted(root.glob(place)) if path.is_file()]
            if len(found) > 1:
                raise UserError(f"{len(found)} files match {root / place}; one was expected. Name the file itself.")
            if found:
                return found[0]
    looked = ", ".join(str(local / place) for place in places)
    raise UserError(
        f"No file {file.name} of split '{file.split}' under {local}. Looked for {looked}. "
        f"Give the folder of a checkout of {origin.repository}, or leave --data-dir out to download."
    )


def content_digest(paths: list[Path]) -> str:
    """Hash over the contents of files, in order."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
