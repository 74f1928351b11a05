"""Reading ``#score: N`` from a judge's reply, strictly.

The verdict must stand on the reply's last line that is not blank, alone: that is what the prompt asks for, and it is what
keeps a score that the judge quotes from the judged text (or that the text smuggled in) from being counted. No verdict is
ever guessed: not from words ("five"), not from the first number, not from a cut reply.
"""

import re

from primum.judges.card import NoVerdictError
from primum.types import UnscoredReason

VERSION = "1"
"""Part of the fingerprint of every judge that reads with it."""

_LINE = re.compile(r"[\s*_`]*#\s*score\s*[:=]\s*[*_`]*\s*(?P<value>\S+?)\s*[*_`.]*\s*", re.IGNORECASE)
_MARK = re.compile(r"#\s*score\s*[:=]", re.IGNORECASE)
_LONGEST = 80
"""Characters of a verdict line; longer ones hold something else, and would make the pattern slow."""
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:/\d+)?")
_DECLINES = re.compile(
    r"\b(?:i(?:'m| am)? (?:sorry|can ?not|can't|won't|unable)|i must decline|as an ai)\b", re.IGNORECASE
)


def read_score(reply: str, lowest: int, highest: int) -> int:
    """The whole number on the last line.

    Raises:
        NoVerdictError: with the reason why there is none.
    """
    lines = [line for line in reply.splitlines() if line.strip()]
    if not lines:
        raise NoVerdictError(UnscoredReason.EMPTY)
    if len(_MARK.findall(lines[-1])) > 1:
        raise NoVerdictError(UnscoredReason.CONFLICTING)
    match = _LINE.fullmatch(lines[-1]) if len(lines[-1]) <= _LONGEST else None
    if match is None:
        declined = not _MARK.search(reply) and _DECLINES.search(reply)
        raise NoVerdictError(UnscoredReason.REFUSED if declined else UnscoredReason.UNREADABLE)
    return _whole_number(match["value"], lowest, highest)


def _whole_number(text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text):
        readable = _NUMBER.fullmatch(text)
        raise NoVerdictError(UnscoredReason.OUT_OF_RANGE if readable else UnscoredReason.UNREADABLE)
    value = int(text)
    if not lowest <= value <= highest:
        raise NoVerdictError(UnscoredReason.OUT_OF_RANGE)
    return value
