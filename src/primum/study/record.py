"""What a study is made of: models, data sets, and models that are trained first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Overlap = Literal["refuse", "drop", "keep"]
"""What becomes of rows to train on that resemble requests of the test."""


@dataclass(frozen=True, kw_only=True)
class StudyModel:
    """One model of a study, as its file names it."""

    name: str
    """Unique in the study."""
    model: str
    """PROVIDER/MODEL, as ``primum eval`` takes it."""
    revision: str | None = None
    """Commit of the model on its hub; None for a model behind an API, whose name holds its date."""
    note: str = ""
    """What a reader has to know of it: licence, size, where its form of prompt comes from."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Keys of an evaluation's configuration that belong to this model."""

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, so that the weights cannot change under it."""
        return self.revision is not None and len(self.revision) == _COMMIT and _is_hex(self.revision)


_COMMIT = 40


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdef" for sign in text)


@dataclass(frozen=True, kw_only=True)
class StudyData:
    """One data set of a study, with what of it is asked."""

    name: str
    """Unique in the study."""
    settings: Mapping[str, Any]
    """Keys of an evaluation's configuration: ``dataset``, ``split``, ``method`` …"""


@dataclass(frozen=True, kw_only=True)
class Demonstrations:
    """One choice of rows to train on, at one or more doses."""

    name: str
    """In the name of the trained model: ``medalpaca-7b+medical-200``."""
    data: tuple[str, ...]
    """Data sets, or files of one's own, whose harmful requests come with safe responses."""
    n: tuple[int, ...]
    """Demonstrations in all, for each training; 0 is the model as it is, which is measured once for all choices."""
    twins: float | None = None
    """Benign twins with helpful answers for each demonstration; None: as the recipe says."""
    ordinary: float | None = None
    """Ordinary questions with helpful answers for each demonstration; None: as the recipe says."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For files of one's own: which column holds what."""


@dataclass(frozen=True, kw_only=True)
class Finetune:
    """Trainings of a study: every model with every choice and dose of demonstrations."""

    recipe: str
    """A shipped recipe, or a TOML file; see ``primum train --recipe``."""
    models: tuple[str, ...]
    """Names of models of the study."""
    demonstrations: tuple[Demonstrations, ...]
    overlap: Overlap = "refuse"
    steps: int | None = None
    """Optimizer steps of every training, whatever its n; None: as the recipe says."""
    batch: int | None = None
    """Rows of one step; None: as the recipe says."""
    seeds: tuple[int, ...] = ()
    """Each training once for every seed, which draws its rows, their order and the adapter's first weights; none: the
    recipe's own seed."""
    save: tuple[str, ...] = ()
    """What each training writes, of adapter, merged and gguf; none: all that its base allows."""
    keep_weights: bool = True
    """Whether merged model and GGUF file stay once everything is measured; the adapter always does."""


@dataclass(frozen=True, kw_only=True)
class Study:
    """A study as its file says it."""

    name: str
    """Of the file."""
    title: str
    about: str = ""
    path: Path
    sha256: str
    """Of all files that it is written in."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Keys of an evaluation's configuration that hold for all cells."""
    models: tuple[StudyModel, ...]
    data: tuple[StudyData, ...]
    finetune: Finetune | None = None
    groups: bool = False
    """Whether the table has a line for each principle or category too."""
