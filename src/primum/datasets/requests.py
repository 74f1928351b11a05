"""Rows of request sets: what several adapters say in the same way."""

from primum.datasets.card import Row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.types import Intent, Request

INTENTS = {
    "harmful": Intent.HARMFUL, "unsafe": Intent.HARMFUL, "benign": Intent.BENIGN, "safe": Intent.BENIGN,
}  # fmt: skip
"""Words for an intent."""


def request_row(
    name: str,
    raw: RawRow,
    text: str,
    category: str,
    intent: Intent,
    pair: str | None = None,
    reference: str | None = None,
) -> Row:
    """A row whose request is the text in one column."""
    request = Request(text=raw.text(text), intent=intent, category=category, dataset=name, pair=pair)
    return Row(request=request, place=raw.place, reference=reference)


def intent_of(raw: RawRow, column: str) -> Intent:
    """The intent that a column states in words: harmful or unsafe, benign or safe.

    Raises:
        UserError: another word.
    """
    word = raw.text(column).lower()
    if word not in INTENTS:
        raise UserError(
            f"{raw.path}, row {raw.number}: column '{column}' says '{word}'. Allowed: {', '.join(sorted(INTENTS))}."
        )
    return INTENTS[word]


def slug(text: str) -> str:
    """A category's name as an id: lower case, words joined by hyphens."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split()) or "uncategorised"
