"""Answers that people labelled, read from a file: what a judge is held against.

Rows, by the columns' own names (others by ``--column ROLE=COLUMN``)::

    request,response,label,intent,group,rater1,rater2
    request 1,I would rather not.,refused,harmful,explicit,refused,partial

``request``, ``response`` and ``label`` are needed. ``intent`` is a column, or one word for all rows. ``group`` (else
``category``) names a stratum. ``grade`` is people's harmfulness grade, 1 (declines) to 5 (complies fully). ``rater1``,
``rater2`` … are what each person said before they agreed on the label.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.datasets.requests import INTENTS, intent_of
from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError, unknown_name
from primum.types import Finish, Intent, Outcome, Request, Response

_ROLES = ("request", "response", "label", "intent", "category", "group", "grade")
GRADES = range(1, 6)
GRADES_SAID = "a whole number from 1 (declines) to 5 (complies fully), or nothing"
_RATER = re.compile(r"rater[1-9]\d*")
_SHOWN = 40
"""Characters of a label that a message repeats."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One answer with people's label."""

    request: Request
    response: Response
    label: Outcome
    raters: Mapping[str, Outcome]
    """What each rater said; a rater who did not see this answer is not there."""
    group: str | None
    grade: int | None = None
    """People's harmfulness grade, 1 (declines) to 5 (complies fully), where the file has one."""


@dataclass(frozen=True, kw_only=True)
class LabelSet:
    """All rows of a file, in order, with what they were read from."""

    rows: tuple[Labelled, ...]
    file: str
    sha256: str
    columns: Mapping[str, str]
    words: Mapping[str, str]
    intent_stated: bool
    """Whether every row says its intent; where not, the rows were read as harmful."""

    @property
    def requests(self) -> int:
        """How many different requests were answered."""
        return len({row.request.text for row in self.rows})

    @property
    def raters(self) -> tuple[str, ...]:
        """Everybody who rated something."""
        return tuple(sorted({name for row in self.rows for name in row.raters}, key=lambda name: int(name[5:])))

    @property
    def asked_sha256(self) -> str:
        """Hash of all that a judge sees: two label sets with the same one may share its judgements."""
        seen = [[row.request.id, row.response.text] for row in self.rows]
        return hashlib.sha256(repr(seen).encode("utf-8", "backslashreplace")).hexdigest()


def label_words(pairs: Sequence[str] | None) -> dict[str, str]:
    """``["1_full=complied,2_none=refused"]`` as a mapping from the file's words to outcomes.

    Raises:
        UserError: a part is not WORD=OUTCOME, or names no outcome.
    """
    found: dict[str, str] = {}
    for part in (part.strip() for pair in pairs or () for part in pair.split(",")):
        word, equals, outcome = (piece.strip() for piece in part.rpartition("="))
        if not equals or not word:
            raise UserError(f"--map '{part}' is not WORD=OUTCOME. Write for example --map yes=complied,no=other.")
        if outcome not in list(Outcome):
            raise unknown_name("outcome", outcome, list(Outcome))
        if found.setdefault(word.casefold(), outcome) != outcome:
            raise UserError(f"--map gives '{word}' two meanings. Keep one of them.")
    return found


def grade_in(said: str) -> int | None:
    """The harmfulness grade that a text says, also as a spreadsheet may write it (``4.0``); None where it says none."""
    try:
        grade = float(said)
    except ValueError:
        return None
    return int(grade) if grade in GRADES else None


def read_labels(
    path: Path, columns: Mapping[str, str] | None = None, words: Mapping[str, str] | None = None
) -> LabelSet:
    """The labelled answers of a CSV, TSV, JSON, JSON Lines or Parquet file.

    Args:
        path: the file.
        columns: which column holds what, where it has not the role's own name.
        words: what the file's labels mean, from ``label_words``, where they are not the outcomes' own names.

    Raises:
        UserError: the file, a column or a label is not as it must be; names the row.
    """
    said, meant = dict(columns or {}), dict(words or {})
    for role in said:
        if role not in _ROLES and not _RATER.fullmatch(role):
            raise unknown_name("column role", role, (*_ROLES, "rater1", "rater2"))
    reading = _Reading(said, {**{item.value: item for item in Outcome}, **{w: Outcome(o) for w, o in meant.items()}})
    with closing(read_rows(path)) as raws:
        rows = tuple(reading.row(raw) for raw in raws)
    if not rows:
        raise UserError(f"{path} holds no rows. Check the file.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return LabelSet(
        rows=rows, file=path.name, sha256=digest, columns=said, words=meant, intent_stated=not reading.intent_missing
    )


class _Reading:
    """The reading of one file."""

    def __init__(self, columns: Mapping[str, str], words: Mapping[str, Outcome]) -> None:
        self._columns, self._words = columns, words
        self.intent_missing = False

    def row(self, raw: RawRow) -> Labelled:
        category = self._optional(raw, "category")
        request = Request(
            text=raw.text(self._column("request")),
            intent=self._intent(raw),
            category=category or "uncategorised",
            dataset=f"labels, row {raw.number}",  # one request has many answers, and each is judged by itself
        )
        text = raw.value(self._column("response"))
        response = Response(request_id=request.id, text="" if text is None else str(text), finish=Finish.STOP)
        label, raters = self._label(raw, self._column("label")), self._raters(raw)
        group = self._optional(raw, "group") or category
        return Labelled(
            request=request, response=response, label=label, raters=raters, group=group, grade=self._grade(raw)
        )

    def _column(self, role: str) -> str:
        return self._columns.get(role, role)

    def _optional(self, raw: RawRow, role: str) -> str | None:
        """What a column holds; None where nothing says that there is one, or it is empty."""
        if role not in self._columns and role not in raw.values:
            return None
        return _words_in(raw.value(self._column(role)))

    def _intent(self, raw: RawRow) -> Intent:
        column = self._column("intent")
        taken = {name for role, name in self._columns.items() if role != "intent"}
        if column in INTENTS and (column not in raw.values or column in taken):  # a column "harmful" may be the label's
            return INTENTS[column]
        if "intent" in self._columns or column in raw.values:
            return intent_of(raw, column)
        self.intent_missing = True
        return Intent.HARMFUL

    def _raters(self, raw: RawRow) -> dict[str, Outcome]:
        roles = dict.fromkeys(name for name in (*self._columns, *map(str, raw.values)) if _RATER.fullmatch(name))
        return {role: self._label(raw, self._column(role)) for role in roles if self._optional(raw, role)}

    def _grade(self, raw: RawRow) -> int | None:
        said = self._optional(raw, "grade")
        if said is None:
            return None
        grade = grade_in(said)
        if grade is None:
            raise UserError(
                f"{raw.path}, row {raw.number}: column '{self._column('grade')}' says '{said[:_SHOWN]}'. "
                f"Allowed: {GRADES_SAID}."
            )
        return grade

    def _label(self, raw: RawRow, column: str) -> Outcome:
        word = raw.text(column)
        found = self._words.get(word.casefold())
        if found is None:
            raise UserError(
                f"{raw.path}, row {raw.number}: column '{column}' says '{word[:_SHOWN]}'. Allowed: "
                f"{', '.join(Outcome)}. Say what it means with --map, for example --map yes=complied,no=other."
            )
        return found


def _words_in(value: Any) -> str | None:
    return None if value is None else " ".join(str(value).split()) or None
