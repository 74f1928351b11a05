"""What can go wrong, and who can mend it.

    PrimumError
    ├── UserError     exit 2   a name, file, option or config is wrong: the person who typed it can mend it
    └── RunError      exit 1   the machinery failed (network, disk, model): what was done is kept, run again to resume

Three things are *not* errors, because turning them into errors (or worse, into scores) would bend the numbers:

* a model's answer that is odd, empty or cut: it is a response, and is judged;
* a request that the provider blocked: a response whose finish is ``filtered``;
* a judge whose reply cannot be read: a judgement that is ``Unscored``, with its reason.

Every message says what happened, the value, what is allowed and what to do next, in one line.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class PrimumError(Exception):
    """Base of every error that Primum raises on purpose."""

    exit_code = 1


class UserError(PrimumError):
    """Something that the person who gave the command can mend."""

    exit_code = 2


class RunError(PrimumError):
    """The run failed; finished work is on disk and the same command resumes it."""


def unknown_name(kind: str, name: str, allowed: Iterable[str], hint: str = "") -> UserError:
    """An error for a name that is not in a table, with the nearest names and what is allowed."""
    names = sorted(allowed)
    close = get_close_matches(name, names, n=1)
    guess = f" Did you mean '{close[0]}'?" if close else ""
    tail = f" {hint}" if hint else ""
    return UserError(f"Unknown {kind} '{name}'.{guess} Allowed: {', '.join(names)}.{tail}")
