"""Attacks: pure functions from a request to the text that is put to the model. The judge always sees the original.

Only ``none`` exists so far; the name is part of every run's configuration, so that runs under attack will not be taken
for plain ones.
"""

from collections.abc import Callable

from primum.errors import unknown_name
from primum.types import Request

Attack = Callable[[Request], str]


def _plain(request: Request) -> str:
    return request.text


ATTACKS: dict[str, Attack] = {"none": _plain}


def find_attack(name: str) -> Attack:
    """The attack with this name.

    Raises:
        UserError: there is none.
    """
    if name not in ATTACKS:
        raise unknown_name("attack", name, ATTACKS)
    return ATTACKS[name]
