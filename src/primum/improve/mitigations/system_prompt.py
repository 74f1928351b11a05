"""A system prompt: the cheapest mitigation, undone by whoever can change it."""

from primum.improve.mitigation import Mitigation, Workshop
from primum.improve.subject import Subject
from primum.prompts import load_prompt

PROMPT = "mitigations/system-1"


def _apply(subject: Subject, _: Workshop) -> Subject:
    return subject.around("system-prompt", system_prompt=load_prompt(PROMPT).fill().strip())


SYSTEM_PROMPT = Mitigation(
    name="system-prompt",
    title="System prompt: decline harm, help everybody else",
    costs="nothing to make; about a hundred tokens at every answer",
    apply=_apply,
    announce=lambda subject, workshop: (_apply(subject, workshop), f"put the prompt {PROMPT} before every request"),
)
