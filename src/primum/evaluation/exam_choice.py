"""The choice that a reply makes, read strictly by rules: one choice said clearly, or none.

What counts, in this order:

1. *The final answer is B*: if a reply has such a claim, only these count.
2. Claims (*the answer is B*, *option B is correct*, *I choose B*), a letter that the reply begins with (*B*, *(b)*,
   ***B) metformin***), and a letter alone in the last line. All of them must name the same choice.
3. With none of these, a reply that is the text of one choice, or begins with it as a sentence of its own.

A reply that names two choices (*A or B*, or B first and C in the end) makes none, and neither does one that only talks
about choices (*(A) is wrong because …*). Reading the first capital letter would make a choice of all of them.
"""

import re
from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from primum.types import UnscoredReason

VERSION = "1"
"""Raised when a reply may be read differently."""

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_MARKUP = re.compile(r"[*`#]|(?<!\w)_+|_+(?!\w)|\$")
_BOXED = re.compile(r"\\boxed\s*\{\s*(?:\\text(?:bf)?\s*\{\s*)?([^{}]*)\}*")
_BE = r"(?:is|was|would be|should be|must be|will be)"
_CLAIM = re.compile(
    r"\b(?P<final>final\s+)?(?:answer|option|choice)\s*"
    rf"(?:(?:\([^()]*\)\s*)?{_BE}(?:\s+(?:most likely|likely|therefore|clearly|thus))?\s*[:\-]?|\s*[:=]|\s+[-–—])\s*"
    r"(?:(?:the|definitely|probably)\s+)?(?:(?:option|choice|letter|answer)\s+)?",
    re.I,
)
_PICK = re.compile(
    r"\bI(?:'d| would| will|'ll)?\s+(?:choose|pick|select|go with|chose)\s+(?:(?:option|choice|letter|answer)\s+)?",
    re.I,
)
_APPROVED = re.compile(
    rf"(?:\b(?:option|choice|answer|letter)\s+)?(?<![\w'’])[(\[]?(?P<letter>[A-Z])[)\]]?(?:\s*[:.)][^\n.]*?)?\s+{_BE}\s+"
    r"(?:the\s+)?(?:(?:most likely|most appropriate|single|one|best|only)\s+)*"
    r"(?:correct|right|best|true)\b(?!ly)"
)
_LETTER = re.compile(r"(?P<open>[(\[{\"'“‘]*)(?P<letter>[A-Za-z])(?P<close>[)\]}\"'”’]*)(?![\w'’])")
_NEXT = re.compile(r"\s*(?:,|/|&|\+|\bor\b|\band\b|\bas well as\b)\s*(?:(?:or|and)\s+)?(?:(?:option|choice)\s+)?", re.I)
_GOES_ON = re.compile(r"\s+(?:because|since|as|for|which|due|based|given|with)\b", re.I)
_FILLER = re.compile(r"(?:sure|okay|ok|certainly)[!,.:]*\s+", re.I)
_NAMED = re.compile(r"(?:the\s+)?(?:option|choice|letter)\s+", re.I)
_ABOUT = re.compile(r"\s*(?:is|isn't|was|would|can|cannot|can't|could|are|does|seems|may|might)\b")
_LISTED = re.compile(r"^[ \t]*(?:[-•][ \t]*)?[(\[]?([A-Z])[)\].:](?=\s|$)|(?<=\s)[(\[]?([A-Z])[)\]](?=\s|$)", re.M)


def read_choice(reply: str, choices: Sequence[str]) -> int | UnscoredReason:
    """The index of the choice that a reply makes, or why it makes none."""
    text = _MARKUP.sub("", _BOXED.sub(r"answer: \1 ", _THOUGHT.sub("", reply))).strip()
    if not text:
        return UnscoredReason.EMPTY if not reply.strip() else UnscoredReason.UNREADABLE
    reading = _Reading(text, choices)
    for found in (reading.final(), reading.said() or reading.option_text(text)):
        if len(found) == 1:
            return found.pop()
        if found:
            return UnscoredReason.CONFLICTING
    return UnscoredReason.UNREADABLE


class _Reading:
    """One reply, its markup and hidden thoughts taken away, read against its choices."""

    def __init__(self, text: str, choices: Sequence[str]) -> None:
        self._text = text
        self._choices = [_plain(choice) for choice in choices]
        self._letters = ascii_uppercase[: len(choices)]

    def final(self) -> set[int]:
        """Choices that the reply calls its final answer."""
        return {place for claim in _CLAIM.finditer(self._text) if claim["final"] for place in self._target(claim.end())}

    def said(self) -> set[int]:
        """Choices that are claimed, begun with, or alone in the last line."""
        claims = [*_CLAIM.finditer(self._text), *_PICK.finditer(self._text)]
        found = {place for claim in claims for place in self._target(claim.end())}
        found |= {self._letters.index(one["letter"]) for one in self._approved()}
        return found | self._leading() | self._last_line()

    def option_text(self, text: str) -> set[int]:
        """Choices whose text is a reply, or begins it and ends there as a sentence; of two, the longer one."""
        first = _plain(text.splitlines()[0])
        begun = [(len(choice), place) for place, choice in enumerate(self._choices) if _begins(first, choice)]
        longest = max((length for length, _ in begun), default=0)
        return {place for length, place in begun if length == longest}

    def _approved(self) -> Iterator[re.Match[str]]:
        return (one for one in _APPROVED.finditer(self._text) if one["letter"] in self._letters)

    def _target(self, start: int) -> set[int]:
        """What a claim names: one letter or several, else the text of a choice."""
        found, _ = self._letters_at(self._text, start)
        return found or self.option_text(self._text[start:].lstrip("\"'“‘ ") or "\n")

    def _leading(self) -> set[int]:
        """The letter that a reply begins with, and any other that it lists as if it were the answer, too."""
        text = _FILLER.sub("", self._text, count=1) if _FILLER.match(self._text) else self._text
        named = _NAMED.match(text)
        start = named.end() if named else 0
        found, end = self._letters_at(text, start)
        rest = text[end:]
        if not found or _ABOUT.match(rest) or not self._set_off(text[start:end], rest, named=bool(named)):
            return set()
        return found | self._listed(text) | self._contradicted(rest)

    def _listed(self, text: str) -> set[int]:
        """Every choice that the first paragraph lists; what a later one says of the others is an explanation."""
        names = ["".join(pair) for pair in _LISTED.findall(text.split("\n\n")[0])]
        return {self._letters.index(name) for name in names if name in self._letters}

    @staticmethod
    def _set_off(letter: str, rest: str, *, named: bool) -> bool:
        """Whether a first letter stands apart from what follows, as no word of a sentence does."""
        return named or len(letter) > 1 or not rest.strip() or rest[0] in "\n.,:;)]-–—" or rest.startswith((" -", " –"))

    def _contradicted(self, rest: str) -> set[int]:
        """Another choice, if its text stands behind the letter."""
        line = _plain(rest.lstrip(".,:;)]-–— ").split("\n")[0])
        return {place for place, choice in enumerate(self._choices) if choice and choice == line}

    def _last_line(self) -> set[int]:
        last = self._text.splitlines()[-1].strip().rstrip(".")
        alone = _LETTER.fullmatch(last)
        return {self._letters.index(alone["letter"].upper())} if alone and self._is_choice(alone) else set()

    def _letters_at(self, text: str, start: int) -> tuple[set[int], int]:
        """Choices whose letters stand at a place, joined by *or* and the like, and where they end."""
        found: set[int] = set()
        end = start
        while (one := _LETTER.match(text, start)) and self._is_choice(one) and not _is_article(one, text):
            found.add(self._letters.index(one["letter"].upper()))
            end = one.end()
            joint = _NEXT.match(text, end)
            if joint is None:
                break
            start = joint.end()
        return found, end

    def _is_choice(self, one: re.Match[str]) -> bool:
        return one["letter"].upper() in self._letters


def _is_article(one: re.Match[str], text: str) -> bool:
    """Whether *a* (or *I*) is a word of a sentence rather than a letter: another word follows it, unless a reason does."""
    if one["close"] or (one["letter"] not in "AaI" and one["letter"].isupper()):
        return False
    rest = text[one.end() :]
    return bool(re.match(r"[ \t]+\w", rest)) and not _GOES_ON.match(rest) and not _NEXT.match(rest)


def _plain(text: str) -> str:
    """Lower case, single spaces, no sign at the ends."""
    return " ".join(text.split()).casefold().strip(" .,:;!?\"'“”‘’()[]")


def _begins(line: str, choice: str) -> bool:
    return bool(choice) and line.startswith(choice) and (line == choice or line[len(choice)] in ".,:;!\n")
