"""Every guard that a name can mean."""

from primum.errors import unknown_name
from primum.guards.card import Guard
from primum.guards.embedded import EMBEDDED_GUARD
from primum.guards.models import GUARD_MODELS

GUARDS: dict[str, Guard] = {guard.name: guard for guard in (EMBEDDED_GUARD, *GUARD_MODELS)}


def find_guard(name: str) -> Guard:
    """The guard with this name.

    Raises:
        UserError: there is none.
    """
    if name not in GUARDS:
        raise unknown_name("guard", name, GUARDS, "See 'primum guards list'.")
    return GUARDS[name]
