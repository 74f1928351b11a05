"""What a run asks, and how: by the model's own words, or by how likely it holds the words of others."""

from enum import StrEnum
from typing import Any, Literal, get_args

Method = Literal["generation", "likelihood"]
GENERATION: Method = "generation"
LIKELIHOOD: Method = "likelihood"
METHODS: tuple[str, ...] = get_args(Method)


class Kind(StrEnum):
    """What the numbers of a run are about."""

    SAFETY = "safety"
    """Requests whose answers a judge scores."""
    EXAM = "exam"
    """Exam questions whose answers are read against the key."""
    REFERENCE = "reference"
    """Reference answers that the model did not write: how likely it holds them."""


def kind_of(manifest: dict[str, Any]) -> Kind:
    """The kind of a stored run; runs of before there were others say none."""
    return Kind(manifest.get("kind", Kind.SAFETY))
