"""The limits that a request set must keep: two sets that ship, or the user's own TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Any

from primum.errors import UserError, unknown_name


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Named limits; a name without a value is reported and not judged."""

    name: str
    near_cosine: float
    near_jaccard: float
    values: Mapping[str, float]

    def get(self, name: str) -> float | None:
        """The limit of a finding, if it has one."""
        return self.values.get(name)


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("primum.audit").joinpath("limits.toml").read_text(encoding="utf-8"))


def load_limits(name: str) -> Limits:
    """``default``, ``strict``, or the limits in a TOML file (over the default ones).

    Raises:
        UserError: no such name or file, an unknown limit, or a value that is no number.
    """
    shipped = _shipped()
    if name in shipped:
        return _limits(name, shipped[name])
    path = Path(name)
    if path.suffix != ".toml":
        raise unknown_name("limits", name, shipped, "Or name a TOML file.")
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"Cannot read the limits {path} ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The limits {path} are not TOML ({error}).") from error
    for key, value in said.items():
        if key not in shipped["default"]:
            raise unknown_name(f"limit in {path}", key, shipped["default"])
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
            raise UserError(f"Limit '{key}' in {path} has the value {value!r}; allowed: a number of 0 or more.")
    return _limits(path.name, {**shipped["default"], **said})


def _limits(name: str, said: Mapping[str, Any]) -> Limits:
    values = {key: float(value) for key, value in said.items()}
    cosine, jaccard = values.pop("near_cosine"), values.pop("near_jaccard")
    for key, value in (("near_cosine", cosine), ("near_jaccard", jaccard)):
        if not 0 < value < 1:
            raise UserError(f"Limit '{key}' has the value {value}; allowed: above 0 and below 1.")
    return Limits(name=name, near_cosine=cosine, near_jaccard=jaccard, values=values)
