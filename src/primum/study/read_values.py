"""Values out of a study's file, each checked, so that a mistake is one line that names the file and the key."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from primum.errors import UserError, unknown_name
from primum.study.record import Demonstrations, StudyData, StudyModel

N = TypeVar("N", StudyModel, StudyData, Demonstrations)


def require(value: Any, kind: type, key: str, allowed: str, path: Path) -> Any:
    """The value, if it is of that kind.

    Raises:
        UserError: it is not; says what is allowed.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _wrong(key, value, allowed, path)
    return value


def known(table: Mapping[str, Any], allowed: Iterable[str], what: str) -> None:
    """Nothing, if every key is allowed.

    Raises:
        UserError: one is not.
    """
    keys = tuple(allowed)
    for key in table:
        if key not in keys:
            raise unknown_name(what, key, keys)


def tables(table: Mapping[str, Any], key: str, path: Path) -> list[Mapping[str, Any]]:
    """The tables under a key; none where the key is not there.

    Raises:
        UserError: something else stands there.
    """
    found = require(table.get(key, []), list, key, "tables", path)
    for item in found:
        require(item, dict, key, f"[[{key}]] tables", path)
    return found  # type: ignore[no-any-return]


def names(said: Any, key: str, path: Path) -> list[str]:
    """A list of names without repeats.

    Raises:
        UserError: it is none, or empty.
    """
    found = require(said, list, key, "a list of names", path)
    for item in found:
        require(item, str, key, "a list of names", path)
    if not found:
        raise UserError(f"In the study {path}, '{key}' is empty. Name at least one.")
    return list(dict.fromkeys(found))


def whole_numbers(said: Any, key: str, path: Path, *, least: int) -> tuple[int, ...]:
    """A list of different whole numbers, not empty.

    Raises:
        UserError: it is none, or one is too small or there twice.
    """
    allowed = f"a list of whole numbers from {least}, each once"
    found = require(said, list, key, allowed, path)
    if not found or any(not isinstance(item, int) or isinstance(item, bool) or item < least for item in found):
        raise _wrong(key, said, allowed, path)
    if len(set(found)) < len(found):
        raise _wrong(key, said, allowed, path)
    return tuple(found)


def whole_number(table: Mapping[str, Any], key: str, path: Path, *, least: int) -> int | None:
    """A whole number, or None where the key is not there.

    Raises:
        UserError: it is none, or too small.
    """
    if key not in table:
        return None
    value = require(table[key], int, key, f"a whole number from {least}", path)
    if value < least:
        raise _wrong(key, value, f"a whole number from {least}", path)
    return int(value)


def share(table: Mapping[str, Any], key: str, path: Path) -> float | None:
    """A number from 0, or None where the key is not there.

    Raises:
        UserError: it is none, or below 0.
    """
    if key not in table:
        return None
    value = table[key]
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value) or value < 0:
        raise _wrong(key, value, "a number from 0", path)
    return float(value)


def unique(items: Sequence[N], what: str, path: Path) -> tuple[N, ...]:
    """The items, if no two have one name.

    Raises:
        UserError: two have.
    """
    seen: set[str] = set()
    for item in items:
        if item.name in seen:
            raise UserError(f"The study {path} has two {what}s of the name '{item.name}'. Give each its own.")
        seen.add(item.name)
    return tuple(items)


def _wrong(key: str, value: Any, allowed: str, path: Path) -> UserError:
    return UserError(f"In the study {path}, '{key}' has the value {value!r}; allowed: {allowed}.")
