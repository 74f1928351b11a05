"""A model with what was done to it: what every instrument of an improvement measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

BASE = "base"
"""Name of the subject to which nothing was done."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One model as its users would meet it."""

    name: str = BASE
    """The mitigations, joined by ``+``, or ``base``."""
    model: str
    """As ``primum eval`` knows it."""
    root: str
    """The model before anything was done."""
    base: str
    """What a training starts from: the root, or the folder of the training that made this one."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What stands around the model: keys of an evaluation's configuration."""
    trainings: tuple[Path, ...] = ()
    """Folders of the trainings that made it, in order."""

    @classmethod
    def of(cls, model: str) -> "Subject":
        """A model as it is."""
        return cls(model=model, root=model, base=model)

    def after(self, mitigation: str, **changes: Any) -> "Subject":
        """This subject with one more mitigation; ``changes`` are fields."""
        name = mitigation if self.name == BASE else f"{self.name}+{mitigation}"
        return replace(self, name=name, **changes)

    def around(self, mitigation: str, **options: Any) -> "Subject":
        """This subject with one more thing around its model."""
        return self.after(mitigation, options={**self.options, **options})

    @property
    def folder(self) -> str:
        """A name for its folder."""
        return self.name
