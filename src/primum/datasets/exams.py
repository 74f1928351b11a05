"""Rows of exam sets: the layouts in which multiple-choice questions are published."""

from collections.abc import Sequence
from typing import Any

from primum.datasets.rows import RawRow
from primum.errors import UserError
from primum.types import ExamQuestion


def exam_question(
    name: str, raw: RawRow, choices: Sequence[str], answer: int, subject: str, question: str = "question"
) -> ExamQuestion:
    """A question whose choices and answer are known.

    Raises:
        UserError: an empty choice, or an answer that is none of the choices.
    """
    texts = tuple("" if choice is None else str(choice).strip() for choice in choices)
    if not all(texts) or len(texts) < 2:
        raise UserError(f"{raw.path}, row {raw.number}: {len(texts)} choices, or an empty one. Mend the row.")
    if not 0 <= answer < len(texts):
        raise UserError(
            f"{raw.path}, row {raw.number}: answer {answer} is none of the {len(texts)} choices. Mend the row."
        )
    return ExamQuestion(text=raw.text(question), choices=texts, answer=answer, subject=subject, dataset=name)


def lettered(raw: RawRow, options: str = "options", letter: str = "answer_idx") -> tuple[list[Any], int]:
    """Choices from an object ``{"A": …, "B": …}``, the answer from the column that holds its letter.

    Raises:
        UserError: no such object, or another letter.
    """
    found = raw.value(options)
    if not isinstance(found, dict):
        raise UserError(f"{raw.path}, row {raw.number}: column '{options}' is no object of letters and choices.")
    letters = sorted(found)
    right = raw.text(letter)
    if right not in letters:
        raise UserError(
            f"{raw.path}, row {raw.number}: column '{letter}' says '{right}'. Allowed: {', '.join(map(str, letters))}."
        )
    return [found[key] for key in letters], letters.index(right)


def listed(raw: RawRow, column: str) -> list[Any]:
    """A column that holds a list.

    Raises:
        UserError: it holds something else.
    """
    found = raw.value(column)
    if not isinstance(found, list):
        raise UserError(f"{raw.path}, row {raw.number}: column '{column}' is no list.")
    return found
