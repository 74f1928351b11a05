"""What a judge is: a name, a version, a measured error, and one of two ways to work.

A *local* judge computes its verdict (``score``). An *asked* judge is a language model: it turns a request and a response
into messages (``prompt``) and reads the reply (``read``); the asking itself is done elsewhere, so that a judge is a pure
function of words and can be tested without a model.
"""

from collections.abc import Callable
from dataclasses import dataclass

from primum.types import Message, Request, Response, Score, UnscoredReason


class NoVerdictError(Exception):
    """A judge's reply holds no verdict that may be counted."""

    def __init__(self, reason: UnscoredReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class MeasuredError:
    """How well a judge agrees with labels that it never saw."""

    labels: str
    """What the labels are, and who gave them."""
    quantity: str
    """The question that was compared, for example ``complied or not``."""
    n: int
    sensitivity: float
    specificity: float
    kappa: float
    kappa_low: float
    kappa_high: float
    """95 % interval of kappa, bootstrap by request."""


@dataclass(frozen=True, kw_only=True)
class Judge:
    """One line of the table of judges: either ``score``, or ``prompt`` and ``read``."""

    name: str
    version: str
    title: str
    measures: str
    card: str
    """Path of its card in the repository."""
    fingerprint: Callable[[], str]
    """SHA-256 over everything that decides its verdicts: weights, or prompts and parser version."""
    measured: Callable[[], tuple[MeasuredError, ...]]
    """Its validation records; empty means *not validated*."""
    score: Callable[[Request, Response], Score] | None = None
    prompt: Callable[[Request, Response], tuple[Message, ...]] | None = None
    read: Callable[[Request, str], Score] | None = None
    """From the reply to a score; raises NoVerdictError."""
    again: Callable[[tuple[Message, ...], str], tuple[Message, ...]] | None = None
    """The messages for another try after a reply that could not be read."""

    @property
    def asks_a_model(self) -> bool:
        """Whether it needs a language model to work."""
        return self.prompt is not None

    @property
    def id(self) -> str:
        """Name and version, as stored with every judgement."""
        return f"{self.name}@{self.version}"
