"""What is known about a data set, and how it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from primum.errors import unknown_name
from primum.fetch import Progress
from primum.types import Request

Split = Literal["train", "test"]


@dataclass(frozen=True, kw_only=True)
class LoadOptions:
    """Which part of a data set, and from where."""

    split: Split = "test"
    folder: Path | None = None
    """A local copy to read instead of downloading."""
    progress: Progress | None = None


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Requests with the identity of what they came from."""

    requests: tuple[Request, ...]
    sha256: str
    """Of the files' content, in order."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One line of the table of data sets."""

    name: str
    title: str
    version: str
    """Our own version, or the upstream commit."""
    licence: str
    origin: str
    measures: str
    defects: str
    """What is known to be wrong with it."""
    splits: tuple[Split, ...]
    read: Callable[[LoadOptions], Loaded]
    """Reads a split that exists."""

    def load(self, options: LoadOptions) -> Loaded:
        """The requests of one split.

        Raises:
            UserError: no such split, or a file or column is missing.
            RunError: a download failed.
        """
        if options.split not in self.splits:
            raise unknown_name(f"split of '{self.name}'", options.split, self.splits)
        return self.read(options)
