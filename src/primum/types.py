"""The nouns of Primum: one meaning each, frozen, with no behaviour beyond what follows from their fields."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

Split = Literal["train", "test"]
"""The part of a data set that models may learn from, and the part that measures them."""


class Intent(StrEnum):
    """What the person who asks is after."""

    HARMFUL = "harmful"
    BENIGN = "benign"


class Outcome(StrEnum):
    """What the model did with the request."""

    COMPLIED = "complied"
    PARTIAL = "partial"
    REFUSED = "refused"
    INCOHERENT = "incoherent"
    """Babble, an echo or nothing at all: neither safe nor harmful."""
    OTHER = "other"
    """None of the outcomes that this judge can tell; it cannot say which of the rest."""


class Hazard(StrEnum):
    """What acting on an answer would do to a patient."""

    NONE = "none"
    MINOR = "minor"
    """Passing or easily mended harm, or a delay without danger."""
    SERIOUS = "serious"
    """Lasting harm, death, or urgent help that does not come."""


class Finish(StrEnum):
    """Why the model stopped."""

    STOP = "stop"
    LENGTH = "length"
    FILTERED = "filtered"
    """The provider blocked the request or the answer."""
    UNKNOWN = "unknown"


class UnscoredReason(StrEnum):
    """Why a judge gave no score."""

    UNREADABLE = "unreadable"
    """No verdict could be read in the judge's reply."""
    OUT_OF_RANGE = "out_of_range"
    """A verdict was there, but not one of the rubric's values."""
    CONFLICTING = "conflicting"
    """There is more than one verdict where one belongs, or its parts contradict each other."""
    REFUSED = "refused"
    """The judge declined to grade, or its provider blocked it."""
    EMPTY = "empty"
    """The judge said nothing."""
    UNDECIDED = "undecided"
    """The judge said, in its own form, that it does not decide."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One item that is put to a model."""

    text: str
    intent: Intent
    category: str
    """Id of the principle (medical) or of the general-safety category it belongs to."""
    dataset: str
    pair: str | None = None
    """Id of the pair it belongs to, shared by a harmful request and its benign twin."""

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits that change when any distinguishing field changes."""
        fields = [self.dataset, self.pair, self.intent.value, self.category, self.text]
        return _digest(fields)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A harmful request and its benign twin: same scene, topic and vocabulary, opposite purpose."""

    principle: str
    split: Split
    topic: str
    specialty: str
    setting: str
    actor: str
    """Who asks: clinician, nurse, pharmacist, patient, relative, carer, administrator, insurer, researcher …"""
    form: str
    """question, instruction, document, plan, script or message."""
    framing: Literal["explicit", "excuse", "implicit"]
    """How the harmful request shows its intent."""
    severity: Literal[1, 2, 3]
    """1 indignity, cost or delay; 2 likely harm to health or rights; 3 serious harm or death plausible."""
    harmful_request: str
    benign_request: str
    safe_response: str
    """Declines the harmful part, says why, and offers a legitimate path."""
    helpful_response: str
    """Answers the twin."""
    rationale: str
    """Why one violates the principle and its twin does not."""

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits; the two requests alone decide it, so that better answers keep the pair's identity."""
        return _digest([self.principle, self.split, self.harmful_request, self.benign_request])


@dataclass(frozen=True, kw_only=True)
class OrdinaryRequest:
    """A medical question as people really ask it, with a careful answer: nothing in it is a reason to decline."""

    split: Split
    area: str
    """Part of medicine or life: medicines, symptoms, mental-health …"""
    topic: str
    asker: str
    """patient, relative, carer, nurse, student, physician, pharmacist or public."""
    register: str
    """How it is written: plain, colloquial, misspelt, formal, worried, clinical …"""
    style: str
    """question, follow-up, story, list or request."""
    request: str
    helpful_response: str

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits; the request alone decides it, so that a better answer keeps the identity."""
        return _digest([self.split, self.request])


@dataclass(frozen=True, kw_only=True)
class ExamQuestion:
    """A multiple-choice question with a known answer: it measures what a model knows, not what it is willing to do."""

    text: str
    choices: tuple[str, ...]
    answer: int
    """Index of the right choice."""
    subject: str
    dataset: str
    context: str | None = None
    """What has to be read first, for example an abstract."""

    @cached_property
    def id(self) -> str:
        """Sixteen hex digits that change when any distinguishing field changes."""
        return _digest([self.dataset, self.subject, self.context, self.text, *self.choices, str(self.answer)])


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation that is sent to a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens that one answer cost; None where the provider does not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Response:
    """What the model answered to one request, stored raw."""

    request_id: str
    text: str
    finish: Finish
    usage: Usage = Usage()
    seconds: float | None = None
    """Wall time of the call, queueing included."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """A judge's verdict on one response."""

    outcome: Outcome
    harmfulness: int | None = None
    """1 (declines) to 5 (complies fully); rubric judges give it, for harmful requests only."""
    confidence: float | None = None
    """The judge's own probability of its outcome, where it has one."""
    grade: float | None = None
    """0 (nothing) to 1 (all): how far the response gives what was asked for, or the probability that it does."""


@dataclass(frozen=True, kw_only=True)
class ClinicalScore:
    """A judge's verdict on whether acting on one response would hurt a patient; it says nothing about compliance."""

    hazard: Hazard
    faults: tuple[str, ...] = ()
    """Ids of the faults that the judge found."""


@dataclass(frozen=True, kw_only=True)
class Unscored:
    """A judge that gave no verdict: counted, never safe, never harmful."""

    reason: UnscoredReason


Opinion = Score | ClinicalScore | Unscored


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One judge's opinion of one response, with the judge's raw words."""

    request_id: str
    judge: str
    """Name and version, for example ``embedded@1``."""
    opinion: Opinion
    raw: tuple[str, ...] = ()
    """Every reply of the judge, in order; empty for a judge that does not speak."""


class GuardStage(StrEnum):
    """Where a guard stopped an exchange."""

    REQUEST = "request"
    """Before the model: the request was not put to it."""
    RESPONSE = "response"
    """After the model: its answer was held back."""


@dataclass(frozen=True, kw_only=True)
class GuardDecision:
    """What a guard did with one exchange; an answer that it stopped reaches nobody."""

    request_id: str
    guard: str
    """Name and version, for example ``embedded@1``."""
    stopped: GuardStage | None
    """None: it let the exchange through."""
    unread: UnscoredReason | None = None
    """Why the guard's last reply could not be read; such an exchange is let through, and counted."""
    raw: tuple[str, ...] = ()
    """Every reply of a guard that speaks, in order."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """What one person says that one response did, and how the response came to be looked at."""

    request_id: str
    label: Outcome
    """Never ``other``: a person can tell."""
    rater: str
    stratum: str
    """Part of the answers it was drawn from: ``random``, ``disagreement`` or ``INTENT:positive|negative:JUDGE``."""
    probability: float
    """Chance of being drawn within the stratum, above 0 to 1; it stands for 1 / probability answers."""
    grade: int | None = None
    """Harmfulness of an answer to a harmful request, 1 (declines) to 5 (complies fully); None: not graded."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What one answer to an exam question is worth, read against the key."""

    request_id: str
    choice: int | None
    """Index of the choice that was made; None where none could be read."""
    right: bool
    unread: UnscoredReason | None = None
    """Why no choice could be read: such an answer is neither right nor wrong, and counted apart."""


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """How likely a model holds texts that it did not write, as the next turn after one request."""

    request_id: str
    logprobs: tuple[float, ...]
    """Natural log-probability of each text, summed over its tokens; empty where the request does not fit the context."""
    tokens: tuple[int, ...]
    """Tokens of each text."""


OVERALL = "overall"
"""The group of an estimate that is about everything."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One number with everything that is needed to read it honestly."""

    metric: str
    """harm_rate, denial_rate, incoherence_rate …"""
    group: str
    """``overall`` or the id of a principle or category."""
    value: float | None
    """None when nothing was scored."""
    low: float | None
    high: float | None
    level: float
    """Nominal coverage of [low, high]."""
    method: str
    """Name of the interval's method."""
    n_scored: int
    n_unscored: int
    events: int | None = None
    """Count behind a rate; None for a mean."""
    worst_low: float | None = None
    worst_high: float | None = None
    """Value if every unscored response had counted for, or against, the event."""


def _digest(fields: list[str | None]) -> str:
    """First 16 hex digits of the SHA-256 of the fields as JSON (unambiguous where fields hold separators)."""
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace")).hexdigest()[:16]
