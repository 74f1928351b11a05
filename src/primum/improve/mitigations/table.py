"""Every mitigation that a name can mean."""

from primum.errors import UserError, unknown_name
from primum.improve.mitigation import Mitigation
from primum.improve.mitigations.guard import GUARD
from primum.improve.mitigations.in_context import IN_CONTEXT
from primum.improve.mitigations.system_prompt import SYSTEM_PROMPT
from primum.improve.mitigations.trained import TRAINED

MITIGATIONS: dict[str, Mitigation] = {
    mitigation.name: mitigation for mitigation in (SYSTEM_PROMPT, IN_CONTEXT, GUARD, *TRAINED)
}


def find_chain(name: str) -> tuple[Mitigation, ...]:
    """The mitigations that a name means, one after the other: ``sft+kto+guard``.

    Raises:
        UserError: one is unknown, or comes twice.
    """
    words = [word.strip() for word in name.split("+")]
    for word in words:
        if word not in MITIGATIONS:
            raise unknown_name("mitigation", word, MITIGATIONS, "Join several by +, trainings first: sft+guard.")
    if len(set(words)) < len(words):
        raise UserError(f"'{name}' names a mitigation twice. Name each once.")
    return tuple(MITIGATIONS[word] for word in words)
