"""A guard around the model: it stops requests or answers, and changes nothing in the model."""

from primum.improve.mitigation import Mitigation, Workshop
from primum.improve.subject import Subject


def _apply(subject: Subject, workshop: Workshop) -> Subject:
    return subject.around("guard", guard=workshop.guard, guard_model=workshop.guard_model)


GUARD = Mitigation(
    name="guard",
    title="Guard on requests and answers",
    costs="nothing to make; one decision of the guard at every answer",
    apply=_apply,
    announce=lambda subject, workshop: (
        _apply(subject, workshop),
        f"put the guard '{workshop.guard}' around the model",
    ),
)
