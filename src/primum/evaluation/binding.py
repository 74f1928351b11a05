"""A validation record beside a run's numbers: read, held against the run's judge, and kept in the run's folder.

Records lie in ``RUN/validation/``. One speaks for a judge only where name, version, fingerprint and language model are the
same; what it says of the word *validated* is worked out from its numbers, not read from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.evaluation.validated import Bound, Validation
from primum.evaluation.validated_words import from_record
from primum.store import RunFolder, write_text

_BOUND_BY = {"judge": "name", "version": "version", "fingerprint": "fingerprint", "judge_model": "model"}
"""Fields of a record's binding, and what a run's judge record calls them."""
_SHA256 = 64
"""Digits of a fingerprint."""
_HOW = "Write one with: primum judges validate JUDGE --labels FILE --out RECORD.json."


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What the records in a run's folder say about its judge."""

    record: Validation | None = None
    notes: tuple[str, ...] = ()
    """Records of this judge that do not apply, and why."""


def read_record(path: Path) -> Validation:
    """The record that ``primum judges validate --out FILE.json`` wrote.

    Raises:
        UserError: there is none, or it is of another format.
    """
    try:
        return from_record(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"Cannot read the validation record {path} ({error.strerror}). {_HOW}") from error
    except ValueError as error:
        raise UserError(f"{path} is no validation record of this version ({error}). {_HOW}") from error


def bind_record(folder: RunFolder, path: Path, key: str, judge: Mapping[str, Any]) -> None:
    """Put a record beside the numbers of a judge, in the place of an earlier one.

    Args:
        folder: the run.
        path: the record.
        key: of the judge, as its files in the run are called.
        judge: what is known about it: name, version, fingerprint, model.

    Raises:
        UserError: it is no record, or one of another judge; says in what they differ.
        RunError: it cannot be copied.
    """
    require_fitting(folder, path, judge)
    write_text(folder.path / "validation" / f"{key}.json", path.read_text(encoding="utf-8"))


def require_fitting(folder: RunFolder, path: Path, judge: Mapping[str, Any]) -> None:
    """Refuse a record that is not about the judge of a run.

    Raises:
        UserError: it is no record, or one of another judge; says in what they differ.
    """
    if not judge:
        raise UserError(f"{folder.path} has no numbers by a judge yet. Judge it first: primum judge {folder.path}.")
    if found := differences(read_record(path).bound, judge):
        raise UserError(
            f"{path} does not apply to judge '{judge.get('name')}' of {folder.path}: {'; '.join(found)}. Leave it out, or "
            "validate the judge as it is now."
        )


def differences(bound: Bound, judge: Mapping[str, Any]) -> list[str]:
    """In what a record's judge is not this one."""
    return [
        f"{field.replace('_', ' ')} {_short(getattr(bound, field))} in the record, {_short(judge.get(name))} in the run"
        for field, name in _BOUND_BY.items()
        if getattr(bound, field) != judge.get(name)
    ]


def _short(value: object) -> str:
    """A fingerprint by its first digits; a language model's name whole."""
    text = str(value or "none")
    return text[:12] if len(text) == _SHA256 else text


def validated(folder: RunFolder, key: str, judge: Mapping[str, Any]) -> Validated:
    """The record in a run's folder that applies to this judge; never fails, since a report must still be written."""
    fitting: dict[str, Validation] = {}
    notes = []
    for path in sorted((folder.path / "validation").glob("*.json")):
        try:
            record = read_record(path)
        except UserError as error:
            notes.append(str(error))
            continue
        found = differences(record.bound, judge)
        if not found:
            fitting[path.name] = record
        elif record.bound.judge == judge.get("name"):
            notes.append(f"validation/{path.name} does not apply: {'; '.join(found)}.")
    own = fitting.get(f"{key}.json")
    if own is None and len(fitting) > 1:
        notes.append(f"validation/ holds {len(fitting)} records of this judge ({', '.join(fitting)}): keep one.")
    elif own is None:
        own = next(iter(fitting.values()), None)
    return Validated(record=own, notes=tuple(notes))
