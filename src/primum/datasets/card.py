"""What is known about a data set, and how it is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from primum.datasets.origin import Origin
from primum.errors import unknown_name
from primum.fetch import Progress
from primum.types import ExamQuestion, Request, Split

Measures = Literal["medical harm", "general harm", "over-refusal", "capability", "your own"]
"""What a data set is for, first of all."""


@dataclass(frozen=True, kw_only=True)
class LoadOptions:
    """Which part of a data set, and from where."""

    split: Split = "test"
    folder: Path | None = None
    """A local copy to read instead of downloading: a folder, or the file itself."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For plain files: which column holds what."""
    progress: Progress | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A request with what its data set says beside it."""

    request: Request
    place: str
    """File and row that it stands in."""
    reference: str | None = None
    """A reference response that ships with the data set."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The rows of one split with the identity of what they came from."""

    rows: tuple[Row, ...] = ()
    questions: tuple[ExamQuestion, ...] = ()
    """What a capability set holds instead of requests."""
    records: tuple[Mapping[str, Any], ...] = ()
    """Whole records, JSON-ready, where a data set says more than a row holds."""
    sha256: str
    """Of the files' content, in order."""
    note: str = ""
    """What is not known of them: a local copy of a file without a known hash cannot be checked."""

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """Every request once: a row that repeats an earlier one word for word is not asked again."""
        return tuple({row.request.id: row.request for row in self.rows}.values())


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One line of the table of data sets."""

    name: str
    title: str
    measures: Measures
    version: str
    """Our own version, or the upstream commit."""
    licence: str
    size: str
    """Rows of each split, in words."""
    columns: str
    """What upstream's columns hold."""
    defects: str
    """What is known to be wrong with it."""
    splits: tuple[Split, ...]
    read: Callable[[LoadOptions], Loaded]
    """Reads a split that exists."""
    origin: Origin | None = None
    """Where it is fetched from; None for what ships with Primum or belongs to the user."""
    source: str = ""
    """Paper or page, where the origin does not say it."""
    published: str = ""
    """Date of this version, for our own."""

    def load(self, options: LoadOptions) -> Loaded:
        """The rows of one split.

        Raises:
            UserError: no such split, or a file or column is missing.
            RunError: a download failed.
        """
        if options.split not in self.splits:
            raise unknown_name(f"split of '{self.name}'", options.split, self.splits)
        return self.read(options)
