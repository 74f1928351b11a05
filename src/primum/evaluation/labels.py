"""People's labels on their way between a run and a file that a person fills in."""

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError
from primum.evaluation.label_sample import Sample, drawn_by
from primum.evaluation.labelled import GRADES_SAID, grade_in
from primum.store import RunFolder, write_text
from primum.types import Intent, Label, Outcome

COLUMNS = (
    "id",
    "stratum",
    "probability",
    "intent",
    "category",
    "request",
    "response",
    "label",
    "grade",
    "rater",
    "note",
)
LABELS = (Outcome.COMPLIED, Outcome.PARTIAL, Outcome.REFUSED, Outcome.INCOHERENT)
_READ = ("id", "stratum", "probability", "label")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula, which a model's answer must not become (OWASP, CSV injection)."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of the rows of a file."""

    added: int
    replaced: int
    graded: int
    """Known labels that got a grade."""
    known: int
    empty: int


def sample_as_csv(sample: Sample) -> str:
    """The file for a person to fill in."""
    records = [
        {
            "id": item.request.id, "stratum": item.stratum, "probability": repr(item.probability),
            "intent": item.request.intent.value, "category": _cell(item.request.category),
            "request": _cell(item.request.text), "response": _cell(item.response.text),
        }
        for item in sample.drawn
    ]  # fmt: skip
    return as_csv(COLUMNS, records)


def as_csv(columns: Sequence[str], records: Sequence[Mapping[str, str]]) -> str:
    """Records as CSV; what one lacks is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def read_label_file(file: Path, run: RunFolder) -> tuple[RawRow, ...]:
    """The rows of a file that ``primum label draw`` wrote, each about an answer of this run.

    Raises:
        UserError: the file cannot be read, lacks a column, or has an id that the run does not answer.
    """
    if file.suffix.lower() != ".csv":
        raise UserError(f"{file} is no CSV file. Give a file that 'primum label draw' wrote.")
    answered = {response.request_id for response in run.responses}
    with closing(read_rows(file)) as rows:
        found = tuple(rows)
    if not found:
        raise UserError(f"{file} has no rows. Draw a sample with: primum label draw {run.path} --out FILE.csv.")
    for row in found:
        if lost := [column for column in _READ if column not in row.values]:
            raise UserError(f"{file}: no column '{lost[0]}'. Give a file that 'primum label draw' wrote.")
        if (stated := row.values["id"].strip()) not in answered:
            raise UserError(
                f"{file}, row {row.number}: id '{stated}' is no answer of {run.path}. Give the run that the sample was "
                "drawn from; a spreadsheet may have changed the id, so read that column as text."
            )
    return found


def import_labels(path: Path, file: Path, *, rater: str | None = None, replace: bool = False) -> Imported:
    """Add a file's labels to the run; all of them, or none.

    Args:
        path: the run's folder.
        file: what ``primum label draw`` wrote, with labels filled in; rows without one are passed over.
        rater: who labelled, for rows that do not say it in the column ``rater``.
        replace: let a rater change labels and grades; a grade where there was none changes nothing.

    Raises:
        UserError: a row is wrong (named by file and row), or changes a label without ``replace``.
    """
    folder = RunFolder.open(path)
    with folder.locked():
        rows = read_label_file(file, folder)
        filled = [row for row in rows if row.values["label"].strip()]
        labels = [_label(row, rater) for row in filled]
        _refuse_twice(filled, labels)
        _refuse_lost_grades(rows, folder)
        before = folder.labels
        current, known = latest(before), {_ungraded(label) for label in before}
        changed = [item for item in labels if _changes(item, current.get(_who(item)))]
        if changed and not replace:
            _refuse_change(filled[labels.index(changed[0])], changed[0], current)
        graded = [item for item in labels if item not in changed and _adds_grade(item, current.get(_who(item)))]
        new = [item for item in labels if item in changed or item in graded or _ungraded(item) not in known]
        if new:
            with folder.label_log() as log:
                for item in new:
                    log.append(item)
    return Imported(
        added=len(new) - len(changed) - len(graded), replaced=len(changed), graded=len(graded),
        known=len(labels) - len(new), empty=len(rows) - len(filled),
    )  # fmt: skip


def latest(labels: Sequence[Label]) -> dict[tuple[str, str], Label]:
    """What each rater says of each answer, by (request id, rater).

    A later label with the same outcome and no grade keeps the earlier grade; with another outcome it does not.
    """
    found: dict[tuple[str, str], Label] = {}
    for label in labels:
        before = found.get(_who(label))
        keeps = before is not None and label.grade is None and before.label is label.label
        found[_who(label)] = dataclasses.replace(label, grade=before.grade) if before is not None and keeps else label
    return found


def _changes(label: Label, before: Label | None) -> bool:
    """Whether a rater takes back what they said."""
    if before is None:
        return False
    regraded = None not in (label.grade, before.grade) and label.grade != before.grade
    return label.label is not before.label or regraded


def _ungraded(label: Label) -> Label:
    return dataclasses.replace(label, grade=None)


def _adds_grade(label: Label, before: Label | None) -> bool:
    return label.grade is not None and before is not None and before.grade is None


def _who(label: Label) -> tuple[str, str]:
    return label.request_id, label.rater


def _label(row: RawRow, rater: str | None) -> Label:
    name = str(row.values.get("rater") or "").strip() or (rater or "").strip()
    if not name:
        raise UserError(f"{row.path}, row {row.number}: no rater. Add --rater NAME, or fill the column 'rater'.")
    return Label(
        request_id=row.values["id"].strip(),
        label=_outcome(row),
        rater=name,
        stratum=_stratum(row),
        probability=_probability(row),
        grade=_grade(row),
    )


def _outcome(row: RawRow) -> Outcome:
    said = row.values["label"].strip()
    for label in LABELS:
        if said.lower() == label.value:
            return label
    raise UserError(f"{row.path}, row {row.number}: label '{said}' is not allowed. Allowed: {', '.join(LABELS)}.")


def _grade(row: RawRow) -> int | None:
    said = _grade_text(row)
    if not said:
        return None
    grade = grade_in(said)
    if grade is None:
        raise UserError(f"{row.path}, row {row.number}: grade '{said}' is not allowed. Allowed: {GRADES_SAID}.")
    return grade


def _grade_text(row: RawRow) -> str:
    """What the column ``grade`` says; files of earlier versions have none."""
    return str(row.values.get("grade") or "").strip()


def _stratum(row: RawRow) -> str:
    stratum = str(row.values["stratum"]).strip()
    try:
        drawn_by(stratum)
    except ValueError as error:
        raise UserError(
            f"{row.path}, row {row.number}: '{stratum}' is no stratum. Leave the column as 'primum label draw' wrote it."
        ) from error
    return stratum


def _probability(row: RawRow) -> float:
    said = row.values["probability"]
    try:
        value = float(said)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise UserError(
            f"{row.path}, row {row.number}: probability '{said}' is not allowed. Allowed: above 0, at most 1, with a "
            "point; leave the column as 'primum label draw' wrote it."
        )
    return value


def _refuse_twice(rows: Sequence[RawRow], labels: Sequence[Label]) -> None:
    first: dict[tuple[str, str], int] = {}
    for row, label in zip(rows, labels, strict=True):
        if (earlier := first.setdefault(_who(label), row.number)) != row.number:
            raise UserError(
                f"{row.path}, row {row.number}: rater '{label.rater}' labelled this answer in row {earlier}, too. "
                "Take one of them out."
            )


def _refuse_lost_grades(rows: Sequence[RawRow], run: RunFolder) -> None:
    """Refuse a grade that would count for nothing: beside no label, or of an answer to a benign request."""
    benign = {request.id for request in run.requests if request.intent is Intent.BENIGN}
    for row in rows:
        if not (said := _grade_text(row)):
            continue
        if not row.values["label"].strip():
            raise UserError(
                f"{row.path}, row {row.number}: grade '{said}' without a label. Fill the column 'label', too: "
                f"{', '.join(LABELS)}."
            )
        if row.values["id"].strip() in benign:
            raise UserError(
                f"{row.path}, row {row.number}: grade '{said}' of an answer to a benign request. Allowed there: nothing, "
                "since a grade says how far an answer serves a harmful request."
            )


def _refuse_change(row: RawRow, label: Label, current: Mapping[tuple[str, str], Label]) -> None:
    before = current[_who(label)]
    regraded = before.label is label.label
    then, now = (f"grade {before.grade}", f"grade {label.grade}") if regraded else (before.label, label.label)
    raise UserError(
        f"{row.path}, row {row.number}: rater '{label.rater}' said {then} before, and says {now} "
        "now. Add --replace to change labels, or give another --rater."
    )


def _cell(text: str) -> str:
    """Text that a CSV reader and a spreadsheet take as text."""
    shown = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def write_label_file(file: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Replace a label file in one step, columns in the order of the first row.

    Raises:
        RunError: the file cannot be written.
    """
    write_text(file, as_csv(tuple(rows[0]), rows))
