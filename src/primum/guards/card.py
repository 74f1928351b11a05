"""What a guard is: something that lets an exchange through or stops it, knowing the request and the answer and nothing else.

A judge is told which requests are harmful; a guard in use is not. So a guard is never shown a request's intent or
category. A *local* guard computes (``decide``), an *asked* one is a language model (``prompt`` and ``blocks``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from primum.types import GuardStage, Message


@dataclass(frozen=True, kw_only=True)
class Guard:
    """One line of the table of guards: either ``decide``, or ``prompt`` and ``blocks``."""

    name: str
    version: str
    title: str
    card: str
    """Path of its card in the repository."""
    fingerprint: Callable[[], str]
    """SHA-256 over everything that decides what it stops."""
    decide: Callable[[str, str], GuardStage | None] | None = None
    """From the texts of request and answer: where it stops them, None where it does not."""
    prompt: Callable[[str, str], tuple[Message, ...]] | None = None
    """The question about request and answer that is put to a guard model."""
    blocks: Callable[[str], bool] | None = None
    """Whether the model's reply stops the answer; raises NoVerdictError where it cannot be read."""

    @property
    def asks_a_model(self) -> bool:
        """Whether it needs a language model to work."""
        return self.prompt is not None

    @property
    def id(self) -> str:
        """Name and version, as stored with every decision."""
        return f"{self.name}@{self.version}"
