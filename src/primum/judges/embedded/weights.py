"""The weights that ship: one ``.npz`` file of plain arrays, read without pickle, and what was measured of them.

``python -m primum.build.embedded_judge`` writes it. Names and figures stand in it as JSON bytes.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from primum.errors import RunError
from primum.judges.card import MeasuredError
from primum.judges.embedded.features import FEATURES
from primum.judges.embedded.ngrams import Floats, Table

QUESTIONS = ("incoherent", "declines", "partial")
"""Three yes/no questions: is it babble; if not, does it decline at all; if so, does it give a part."""
PIECES = 3
"""An answer's beginning, its whole and its end, each with its own runs."""
LONGEST_RUNS = (3, 3, 2)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What turns texts into numbers."""

    known: Mapping[str, int]
    acts: Table
    act_coefficients: Floats
    act_intercepts: Floats
    rarity: Mapping[str, float]
    unknown_rarity: float


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What turns numbers into probabilities, and its measured error."""

    version: str
    reading: Reading
    mean: Floats
    spread: Floats
    dense: Floats
    """Coefficients of the plain measurements, one column for each question."""
    tables: tuple[Table, ...]
    sparse: tuple[Floats, ...]
    """Coefficients of the runs of each piece."""
    intercepts: Floats
    calibration: Floats
    """Slope and offset of each question's log-odds."""
    harm: Floats
    """Coefficients of harm: of the log-odds of *complied*, then of the plain measurements."""
    harm_intercept: float
    decided_from: float
    """An outcome less probable than this is not given."""
    measured: tuple[MeasuredError, ...]
    facts: Mapping[str, Any]
    """How it was trained, for the card."""
    sha256: str


@cache
def load_weights() -> Weights:
    """The weights that ship.

    Raises:
        RunError: they were made for other features (a damaged or half-updated installation).
    """
    return read_weights(files("primum.judges.embedded").joinpath("weights.npz").read_bytes())


def read_weights(raw: bytes) -> Weights:
    """Weights from the bytes of their file.

    Raises:
        RunError: they were made for other features.
    """
    with np.load(io.BytesIO(raw), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    facts: dict[str, Any] = json.loads(arrays.pop("facts").tobytes())
    if tuple(facts["features"]) != FEATURES:
        raise RunError("The embedded judge's weights do not fit its features. Reinstall Primum.")
    wide = {name: array.astype(np.float64) for name, array in arrays.items() if array.dtype.kind == "f"}
    pieces = range(PIECES)
    return Weights(
        version=facts["version"],
        reading=_reading(facts, arrays, wide),
        mean=wide["mean"],
        spread=wide["spread"],
        dense=wide["dense"],
        tables=tuple(_table(f"piece{place}", LONGEST_RUNS[place], arrays, wide) for place in pieces),
        sparse=tuple(wide[f"piece{place}_coefficients"] for place in pieces),
        intercepts=wide["intercepts"],
        calibration=wide["calibration"],
        harm=wide["harm"],
        harm_intercept=facts["harm_intercept"],
        decided_from=facts["decided_from"],
        measured=tuple(MeasuredError(**item) for item in facts["measured"]),
        facts=facts,
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _reading(facts: Mapping[str, Any], arrays: Mapping[str, Any], wide: Mapping[str, Floats]) -> Reading:
    from primum.judges.embedded.tokens import numbered

    return Reading(
        known=numbered(facts["vocabulary"]),
        acts=_table("acts", 3, arrays, wide),
        act_coefficients=wide["acts_coefficients"],
        act_intercepts=wide["acts_intercepts"],
        rarity=dict(zip(facts["stems"], wide["rarity"].tolist(), strict=True)),
        unknown_rarity=facts["unknown_rarity"],
    )


def _table(name: str, longest: int, arrays: Mapping[str, Any], wide: Mapping[str, Floats]) -> Table:
    return Table(longest=longest, keys=arrays[f"{name}_keys"], weight=wide[f"{name}_weight"])
