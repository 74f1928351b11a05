"""Judges: what a response did with its request. What exists is listed in ``table.JUDGES``."""

from primum.judges.card import Judge, MeasuredError, NoVerdictError
from primum.judges.settled import settled
from primum.judges.table import JUDGES, find_judge

__all__ = ["JUDGES", "Judge", "MeasuredError", "NoVerdictError", "find_judge", "settled"]
