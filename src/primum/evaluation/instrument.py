"""What reads the numbers of a run that needs no judge: the answer key, or the model's own probabilities.

It stands in a run where a judge would: numbers by another version or another prompt are never mixed with these.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from primum.evaluation import exam, exam_choice
from primum.evaluation.kinds import LIKELIHOOD, Kind
from primum.prompts import load_prompt


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A way to read numbers by rules."""

    name: str
    version: str
    title: str
    prompts: tuple[str, ...] = ()
    """Templates that decide what the numbers mean."""

    @property
    def fingerprint(self) -> str:
        """Changes with anything that could change a number."""
        parts = [self.name, self.version, *(load_prompt(name).sha256 for name in self.prompts)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def key(self) -> str:
        """Name, version and fingerprint: the name of the file of its numbers."""
        return f"{self.name}@{self.version}-{self.fingerprint[:8]}"

    def about(self, notes: Sequence[str]) -> dict[str, Any]:
        """What a reader of the numbers must know."""
        return {
            "key": self.key,
            "name": self.name,
            "version": self.version,
            "title": self.title,
            "fingerprint": self.fingerprint,
            "model": None,
            "card": "docs/capability.md",
            "construct": "capability",
            "measured": [],
            "warnings": list(notes),
        }


_EXAM = (exam.QUESTION, exam.CONTEXT)
ANSWER_KEY = Instrument(
    name="answer-key",
    version=exam_choice.VERSION,
    title="The answer key: the choice that an answer makes, read by rules",
    prompts=_EXAM,
)
LETTERS = Instrument(
    name="letter-likelihood",
    version="1",
    title="The answer key: the letter that the model holds likeliest as the first word of its answer",
    prompts=_EXAM,
)
REFERENCES = Instrument(
    name="reference-likelihood",
    version="1",
    title="Reference answers: how unlikely the model holds each of their tokens, in nats",
)


def instrument_of(kind: Kind, method: str) -> Instrument:
    """The instrument of a run that has no judge."""
    if kind is Kind.REFERENCE:
        return REFERENCES
    return LETTERS if method == LIKELIHOOD else ANSWER_KEY
