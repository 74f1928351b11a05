"""Faults that one text shows by itself: leaked tokens, placeholders, nothing in it, damage."""

import re
from collections.abc import Callable

SPECIAL_TOKEN = re.compile(
    r"<\|[^|<>\n]{1,40}\|>"  # <|eot_id|>, <|im_end|>
    r"|</?s>|<(?:pad|unk|bos|eos|mask)>"
    r"|\[/?INST\]|<</?SYS>>|\[(?:PAD|CLS|SEP|MASK|UNK)\]"
    r"|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)
"""Tokens that chat templates use and people do not write."""

_PLACEHOLDER = re.compile(
    r"\[(?:insert|your|name|patient(?:'s)? name|date|drug|medication|condition|topic|company|xx+)\b[^\]\n]{0,40}\]"
    r"|\{\{?[a-z_ ]{1,30}\}?\}|<(?:name|insert[^<>\n]*|your [^<>\n]*)>|\blorem ipsum\b|(?-i:\bTODO\b|\bFIXME\b)",
    re.IGNORECASE,
)
_DAMAGE = re.compile(
    r"\ufffd|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\u00e2\u20ac|[\u00c2\u00c3][\u0080-\u00bf]|[\ud800-\udfff]"
)
"""Replacement and control characters, UTF-8 read as Windows-1252 (the three commonest beginnings), halves of a pair."""


def has_special_token(text: str) -> bool:
    """Whether a token of a chat template leaked into the text."""
    return SPECIAL_TOKEN.search(text) is not None


def without_special_tokens(text: str) -> str:
    """The text without such tokens and the space around them."""
    if not has_special_token(text):
        return text.strip()
    return re.sub(r" {2,}", " ", SPECIAL_TOKEN.sub(" ", text)).strip()


def has_placeholder(text: str) -> bool:
    """Whether a gap of a template was never filled."""
    return _PLACEHOLDER.search(text) is not None


def is_empty(text: str) -> bool:
    """Whether there is no word in it."""
    return re.search(r"[^\W_]", text) is None


def is_damaged(text: str) -> bool:
    """Whether characters were lost or misread."""
    return _DAMAGE.search(text) is not None


FAULTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "leaked_tokens": (has_special_token, "a chat template's token such as <|eot_id|> or [INST] stands in the request"),
    "placeholders": (has_placeholder, "a gap such as [insert name] or {drug} was never filled"),
    "empty": (is_empty, "no word in the request"),
    "damaged": (is_damaged, "replacement, control or misread characters"),
}
"""Name of each fault, what finds it, and what it means."""
