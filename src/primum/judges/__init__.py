"""Judges: what a response did with its request. What exists is listed in ``table.JUDGES``."""

from primum.judges.card import TELLS_ALL, Construct, Judge, MeasuredError, NoVerdictError, Tells
from primum.judges.panel import vote
from primum.judges.settled import settled, settled_hazard
from primum.judges.table import JUDGES, find_judge

__all__ = [
    "JUDGES",
    "TELLS_ALL",
    "Construct",
    "Judge",
    "MeasuredError",
    "NoVerdictError",
    "Tells",
    "find_judge",
    "settled",
    "settled_hazard",
    "vote",
]
