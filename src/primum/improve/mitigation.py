"""What a mitigation is: something that changes a model or wraps it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.evaluation import Progress
from primum.improve.subject import Subject
from primum.training import OnOverlap


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Where mitigations do their work, and what was said about it."""

    folder: Path
    """Of the whole improvement; trainings go below ``trainings``."""
    seed: int
    training: dict[str, Any]
    """Changes of every recipe: ``n``, ``steps``, ``twins`` …"""
    on_overlap: OnOverlap
    guard: str
    guard_model: str | None
    data_dir: Path | None
    """A local copy of the data sets that a recipe names and that do not ship."""
    progress: Progress


@dataclass(frozen=True, kw_only=True)
class Mitigation:
    """One line of the table of mitigations."""

    name: str
    title: str
    costs: str
    """What it costs to make and at every answer, in words."""
    apply: Callable[[Subject, Workshop], Subject]
    """Carry it out (again: give what an earlier call made); raises what trainings and evaluations raise."""
    announce: Callable[[Subject, Workshop], tuple[Subject, str]]
    """What ``apply`` would give, without doing it, and one line that says what it would do."""
    trains: bool = False
    """Whether it changes weights; the others wrap."""
