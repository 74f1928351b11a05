"""Guard models in front of a reader: the guard that judges an exchange stops it where it calls the answer harmful.

Their weights are the user's; formats and readers are those of the judges of the same name.
"""

from primum.guards.card import Guard
from primum.judges.guards import GUARD_JUDGES, GUARDS
from primum.judges.guards import Guard as Format
from primum.types import Finish, Intent, Message, Request, Response


def _guard(form: Format, fingerprint: str) -> Guard:
    def prompt(request: str, response: str) -> tuple[Message, ...]:
        # No category: the prompts that hold a policy then hold all of it, as they would in use.
        asked = Request(text=request, intent=Intent.HARMFUL, category="", dataset="")
        return form.prompt(asked, Response(request_id=asked.id, text=response, finish=Finish.UNKNOWN))

    return Guard(
        name=form.name,
        version="1",
        title=f"Guard model: {form.title}",
        card="docs/cards/guard-judges.md",
        fingerprint=lambda: fingerprint,
        prompt=prompt,
        blocks=lambda reply: form.verdict(reply).harmful,
    )


GUARD_MODELS: tuple[Guard, ...] = tuple(
    _guard(form, judge.fingerprint()) for form, judge in zip(GUARDS, GUARD_JUDGES, strict=True)
)
