"""What a judge is: a name, a version, a measured error, and one of three ways to work.

A *local* judge computes its verdict (``score``). An *asked* judge is a language model: it turns a request and a response
into messages (``prompt``) and reads the reply (``read``); the asking itself is done elsewhere, so that a judge is a pure
function of words and can be tested without a model. A *panel* has other judges as members and votes over what they said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from primum.types import ClinicalScore, Intent, Message, Outcome, Request, Response, Score, Unscored, UnscoredReason


class Construct(StrEnum):
    """What a judge's verdicts are about; numbers of one are never made from verdicts of the other."""

    COMPLIANCE = "compliance"
    """What the response did with its request: a ``Score``."""
    CLINICAL = "clinical"
    """Whether acting on the response would hurt a patient: a ``ClinicalScore``."""


Tells = Mapping[Intent, frozenset[Outcome]]
"""The outcomes that a judge can tell apart, for requests of each intent."""

EVERY_OUTCOME = frozenset({Outcome.COMPLIED, Outcome.PARTIAL, Outcome.REFUSED, Outcome.INCOHERENT})
TELLS_ALL: Tells = dict.fromkeys(Intent, EVERY_OUTCOME)


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


def not_validated() -> tuple[MeasuredError, ...]:
    """No record: nobody has compared this judge with labels."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Judge:
    """One line of the table of judges: either ``score``, or ``prompt`` and ``read``; or a panel of ``members``."""

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
    score: Callable[[Request, Response], Score | Unscored] | None = None
    score_many: Callable[[Sequence[Request], Sequence[Response]], Sequence[Score | Unscored]] | None = None
    """The same verdicts for many responses at once, from a local judge that is quicker so."""
    prompt: Callable[[Request, Response], tuple[Message, ...]] | None = None
    read: Callable[[Request, str], Score | ClinicalScore] | None = None
    """From the reply to a score; raises NoVerdictError."""
    again: Callable[[tuple[Message, ...], str], tuple[Message, ...]] | None = None
    """The messages for another try after a reply that could not be read; None: asking again would change nothing."""
    construct: Construct = Construct.COMPLIANCE
    tells: Tells = field(default_factory=lambda: TELLS_ALL, hash=False)
    """A rate of an outcome that is not among these would be a number about nothing, and is not computed."""

    members: tuple["Member", ...] = ()
    """The judges of a panel; empty for any other."""

    def scores(self, requests: Sequence[Request], responses: Sequence[Response]) -> Sequence[Score | Unscored]:
        """A local judge's verdicts on responses, each with its request beside it, in the quickest way that it has."""
        if self.score_many is not None:
            return self.score_many(requests, responses)
        assert self.score is not None
        return [self.score(request, response) for request, response in zip(requests, responses, strict=True)]

    @property
    def asks_a_model(self) -> bool:
        """Whether a language model has to be named for it to work."""
        return self.prompt is not None or any(item.judge.asks_a_model and item.model is None for item in self.members)

    @property
    def id(self) -> str:
        """Name and version, as stored with every judgement."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One judge of a panel."""

    judge: Judge
    model: str | None = None
    """Its own language model; None: the one that the panel is given, where it needs any."""

    @property
    def name(self) -> str:
        """As one writes it."""
        return self.judge.name if self.model is None else f"{self.judge.name}={self.model}"
