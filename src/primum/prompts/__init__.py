"""Texts that are sent to models: files, named by ``folder/name-version``, filled in one pass, hashed into the run.

A prompt holds slots like ``{{request}}``. All slots are filled at once by one scan of the template, so text that is put
into one slot is never read as a template itself: a response that contains ``{{policy}}`` stays as it is.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_SLOT = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A template as it stands in its file."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the template's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots."""
        return frozenset(_SLOT.findall(self.text))

    def fill(self, **values: str) -> str:
        """The text with every slot filled.

        Raises:
            ValueError: a slot has no value, or a value has no slot.
        """
        if self.slots != set(values):
            raise ValueError(f"prompt {self.name} has slots {sorted(self.slots)}, values given: {sorted(values)}")
        return _SLOT.sub(lambda match: values[match[1]], self.text)


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt in ``prompts/NAME.txt`` of this package."""
    text = files("primum.prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return Prompt(name=name, text=text)
