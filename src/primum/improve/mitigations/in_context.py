"""Shown examples: harmful requests declined and legitimate ones answered, before every request."""

from primum.evaluation.conversation import BALANCED
from primum.improve.mitigation import Mitigation, Workshop
from primum.improve.subject import Subject

COUNT = 4
"""Examples. With SmolLM2's 2,048 tokens of context, sixteen leave too little room for an answer."""


def _apply(subject: Subject, _: Workshop) -> Subject:
    return subject.around("in-context", demonstrations=COUNT, demonstrations_mix=BALANCED)


IN_CONTEXT = Mitigation(
    name="in-context",
    title="In-context demonstrations: two refusals, two answers",
    costs="nothing to make; a few hundred tokens at every answer",
    apply=_apply,
    announce=lambda subject, workshop: (_apply(subject, workshop), f"show {COUNT} examples before every request"),
)
