"""A text as numbers: words that many kinds of answer share keep their own, the rest say only what they are.

``<asked>`` is a word of the request, ``<number>`` a numeral, ``<other>`` any other word (a run of them counts once). So a
model over these numbers learns how an answer speaks and not what it speaks about.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from primum.judges.embedded.markdown import without_markdown

START, END, OTHER, ASKED, NUMBER, LINE = range(1, 7)
FIRST_WORD = 7
"""Numbers from here on are words of the vocabulary, in its order."""
LARGEST = 8191
"""Vocabulary and marks together must fit 13 bits: three of them make one key."""

HEAD, TAIL = 1000, 300
"""Characters that are read at both ends; what lies between does not change what an answer does with its request."""
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|\n|[^\w\s]")
_SENTENCE_ENDS = ".!?\n"
_LONGEST_SENTENCE = 60
_SENTENCES_AT_START, _SENTENCES_AT_END = 10, 2
_TOPIC_LENGTH = 4
"""Shorter words of a request (of, and, how) are no sign that an answer speaks of it."""


def plain(text: str) -> str:
    """Lower case, straight apostrophes, no marks of emphasis: so that one pattern fits all spellings."""
    return text.replace("\u2019", "'").replace("\u2018", "'").replace("**", "").lower()


def read(text: str) -> str:
    """What is read of a text: its beginning and its end, without Markdown."""
    text = without_markdown(text)
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def words_of(text: str) -> list[str]:
    """Words, numerals, line ends and signs of a plain text, in order."""
    return _TOKEN.findall(text)


def topics(words: Iterable[str]) -> frozenset[str]:
    """The words of a request by which an answer is seen to speak of it."""
    return frozenset(word for word in words if len(word) >= _TOPIC_LENGTH)


def numbered(vocabulary: Iterable[str]) -> dict[str, int]:
    """Number of each word of a vocabulary."""
    return {word: place for place, word in enumerate(vocabulary, FIRST_WORD)}


def numbers(words: Sequence[str], asked: frozenset[str], known: Mapping[str, int]) -> list[int]:
    """The words as numbers; never empty."""
    found: list[int] = []
    last = 0
    for word in words:
        number = known.get(word) or _stranger(word, asked)
        if number != OTHER or last != OTHER:
            found.append(number)
        last = number
    return found or [OTHER]


def sentences(said: Sequence[int], ends: frozenset[int]) -> list[list[int]]:
    """The first ten and the last two sentences, each between marks; a text without an end is one sentence."""
    found, start = [], 0
    for place, number in enumerate(said):
        if number in ends:
            if place - start > 1:
                found.append(said[start : place + 1])
            start = place + 1
    if len(said) - start > 1:
        found.append(said[start:])
    if not found:
        found.append(list(said))
    if len(found) > _SENTENCES_AT_START + _SENTENCES_AT_END:
        found = [*found[:_SENTENCES_AT_START], *found[-_SENTENCES_AT_END:]]
    return [[START, *part[:_LONGEST_SENTENCE], END] for part in found]


def sentence_ends(known: Mapping[str, int]) -> frozenset[int]:
    """Numbers at which a sentence ends."""
    return frozenset({LINE, *(known[sign] for sign in _SENTENCE_ENDS if sign in known)})


def _stranger(word: str, asked: frozenset[str]) -> int:
    if word in asked:
        return ASKED
    if word.isdigit():
        return NUMBER
    return LINE if word == "\n" else OTHER
