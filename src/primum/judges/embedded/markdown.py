"""A text without its Markdown: the words are the answer, the marks around them change nothing that a person got.

Bullets stay, all as ``-``, since a list is a sign of an answer. Titles in front of the first sentence (``# Reply``,
``**Answer**``) go with their marks, for a refusal is looked for where an answer begins; later titles keep their words.
"""

import re

_MARKS = re.compile(r"[#*_`>~=-]")
_PAGE_LINE = r"(?:[-*_=][ \t]*+){3,}"
_FENCE = r"(?:`{3}|~{3})[^\n]*+"
_TITLE = r"#{1,6}[ \t]++[^\n.!?]{1,40}|(?P<mark>\*{1,3}|_{1,3})[^\n.!?*_]{1,24}(?P=mark):?[ \t]*+"
"""A heading of at most 40 characters, or an emphasised line of at most 24; one that ends as a sentence does is none."""
_IN_FRONT = re.compile(rf"(?:[ \t]*+(?:{_PAGE_LINE}|{_FENCE}|{_TITLE})?(?:\n|\Z))+")
_LINE = re.compile(rf"^[ \t]*+(?:{_PAGE_LINE}|{_FENCE})$", re.MULTILINE)
_LEADING = re.compile(r"^[ \t]*+(?:(?:#{1,6}[ \t]|>)[ \t]*+)+", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*+)[*+\u2022][ \t]++(?=\S)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,!?:])_{1,3}(?!\w)")
_STEPS = (
    ("#>", _LEADING, ""),
    ("*+\u2022", _BULLET, r"\1- "),
    ("*`_", _EMPHASIS, ""),
)
"""Each is worth its time only where one of its signs stands."""
_EMPTY_LINES = re.compile(r"\n[ \t]*+\n[\n\t ]*+")


def without_markdown(text: str) -> str:
    """The words of a text; the text itself where nothing else would be left."""
    if not _MARKS.search(text):
        return text
    begins = _IN_FRONT.match(text)
    rest = text[begins.end() :] if begins else text
    bare = _LINE.sub("", rest if rest.strip() else text)
    for signs, pattern, instead in _STEPS:
        if any(sign in bare for sign in signs):
            bare = pattern.sub(instead, bare)
    bare = _EMPTY_LINES.sub("\n\n", bare).strip("\n")
    return bare if bare.strip() else text
