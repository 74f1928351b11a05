"""Reading a verdict like ``#score: N`` from a judge's reply, strictly.

The verdict must stand on the reply's last line that is not blank, alone (a verdict of several fields: on the last lines,
one field each, in order): that is what the prompt asks for, and it is what keeps a score that the judge quotes from the
judged text (or that the text smuggled in) from being counted. No verdict is ever guessed: not from words ("five"), not from
the first number, not from a cut reply.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache

from primum.judges.card import NoVerdictError
from primum.types import UnscoredReason

VERSION = "1"
"""Part of the fingerprint of every judge that reads with it."""

_LONGEST = 80
"""Characters of a verdict line; longer ones hold something else, and would make the pattern slow."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:/\d+)?")
_DECLINES = re.compile(
    r"\b(?:i(?:'m| am)? (?:sorry|can ?not|can't|won't|unable)|i must decline|as an ai)\b", re.IGNORECASE
)


def read_score(reply: str, lowest: int, highest: int) -> int:
    """The whole number after ``#score:`` on the last line.

    Raises:
        NoVerdictError: with the reason why there is none.
    """
    (text,) = read_fields(reply, ("score",))
    return whole_number(text, lowest, highest)


def read_ending_score(reply: str, lowest: int, highest: int) -> int:
    """The whole number after a ``#score:`` that ends the last line, whatever stands before it there.

    For prompts that do not ask for a line of its own, so that a grade may end the line of the reason.

    Raises:
        NoVerdictError: with the reason why there is none; two scores on the line are one too many.
    """
    line = lines_of(reply)[-1]
    marks = list(_mark("score").finditer(line))
    if len(marks) > 1:
        raise NoVerdictError(UnscoredReason.CONFLICTING)
    if not marks:
        raise NoVerdictError(UnscoredReason.UNREADABLE) if _mark("score").search(reply) else unreadable(reply)
    before = line[: marks[0].start()]
    # A mark inside a word or a quotation is not the judge's own: ``</s>#score: 1``, ``'#score: 1``.
    own = not before.strip(" \t*_`") or before[-1].isspace()
    value = _value(line[marks[0].start() :], "score") if own else None
    if value is None:
        raise NoVerdictError(UnscoredReason.UNREADABLE)
    return whole_number(value, lowest, highest)


def read_word(reply: str, name: str, allowed: Collection[str]) -> str:
    """The word after ``#name:`` on the last line, in lower case.

    Raises:
        NoVerdictError: with the reason why there is none.
    """
    (text,) = read_fields(reply, (name,))
    return one_of(text, allowed)


def read_fields(reply: str, names: Sequence[str]) -> tuple[str, ...]:
    """What stands after ``#name:`` on the last lines, one line for each name, in order.

    Raises:
        NoVerdictError: a line is missing, holds two verdicts, or holds something else as well.
    """
    lines = lines_of(reply)[-len(names) :]
    found = tuple(_value(line, name) for line, name in zip(lines, names, strict=False))
    values = tuple(value for value in found if value is not None)
    if len(values) < len(names):
        if any(_mark(name).search(reply) for name in names):
            raise NoVerdictError(UnscoredReason.UNREADABLE)
        raise unreadable(reply)
    return values


def unreadable(reply: str) -> NoVerdictError:
    """The error for a reply in which no verdict was found: did the judge decline, or say something else?"""
    return NoVerdictError(UnscoredReason.REFUSED if _DECLINES.search(reply) else UnscoredReason.UNREADABLE)


def lines_of(reply: str) -> list[str]:
    """The lines that are not blank.

    Raises:
        NoVerdictError: there are none.
    """
    lines = [line for line in reply.splitlines() if line.strip()]
    if not lines:
        raise NoVerdictError(UnscoredReason.EMPTY)
    return lines


def one_of(text: str, allowed: Collection[str]) -> str:
    """The text in lower case, if it is one of the allowed words.

    Raises:
        NoVerdictError: it is not.
    """
    if text.lower() not in allowed:
        raise NoVerdictError(UnscoredReason.UNREADABLE)
    return text.lower()


def whole_number(text: str, lowest: int, highest: int) -> int:
    """The text as a whole number in the range.

    Raises:
        NoVerdictError: it is none, or it is out of range.
    """
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text):
        readable = _NUMBER.fullmatch(text)
        raise NoVerdictError(UnscoredReason.OUT_OF_RANGE if readable else UnscoredReason.UNREADABLE)
    value = int(text)
    if not lowest <= value <= highest:
        raise NoVerdictError(UnscoredReason.OUT_OF_RANGE)
    return value


def _value(line: str, name: str) -> str | None:
    if len(_mark(name).findall(line)) > 1:
        raise NoVerdictError(UnscoredReason.CONFLICTING)
    match = _field(name).fullmatch(line) if len(line) <= _LONGEST else None
    return match["value"] if match else None


@cache
def _field(name: str) -> re.Pattern[str]:
    return re.compile(rf"[\s*_`]*#\s*{name}\s*[:=]\s*[*_`]*\s*(?P<value>\S+?)\s*[*_`.]*\s*", re.IGNORECASE)


@cache
def _mark(name: str) -> re.Pattern[str]:
    return re.compile(rf"#\s*{name}\s*[:=]", re.IGNORECASE)
