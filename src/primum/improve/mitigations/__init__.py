"""Mitigations, by name. What exists is listed in ``table.MITIGATIONS``."""

from primum.improve.mitigations.table import MITIGATIONS, find_chain

__all__ = ["MITIGATIONS", "find_chain"]
