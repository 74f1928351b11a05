"""``--model-arg KEY=VALUE`` and ``--train KEY=VALUE`` as mappings."""

import tomllib
from collections.abc import Sequence
from typing import Any

from primum.errors import UserError


def key_values(option: str, pairs: Sequence[str] | None, example: str) -> dict[str, Any]:
    """Values by key, read as TOML where they are TOML (numbers, true, false), else as text.

    Raises:
        UserError: one is not KEY=VALUE.
    """
    found: dict[str, Any] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UserError(f"{option} '{pair}' is not KEY=VALUE. Write for example {option} {example}.")
        try:
            found[key] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            found[key] = value
    return found
