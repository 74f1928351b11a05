"""Which texts are not English."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

_FEWEST_WORDS = 5
"""Shorter texts hold too little for a guess."""
_FEWEST_LETTERS = 8
_SURE = 0.95
"""Only a confident guess counts: misspelt and colloquial English is English."""


def not_english(texts: Sequence[str]) -> list[bool]:
    """For each text whether py3langid (97 languages, Lui and Baldwin 2012) takes it for another language, and is sure."""
    return [_is_other(text) for text in texts]


def _is_other(text: str) -> bool:
    if _is_other_script(text):
        return True
    if len(text.split()) < _FEWEST_WORDS:
        return False
    language, chance = _identifier().classify(text)
    return bool(language != "en" and chance >= _SURE)


def _is_other_script(text: str) -> bool:
    """Mostly letters that are not Latin: no need to guess, and Chinese has no spaces to count words by."""
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(sign, "LATIN") for sign in letters)
    return len(letters) >= _FEWEST_LETTERS and 2 * foreign > len(letters)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
