"""What stands between a model and its reader, by name. What exists is listed in ``table.GUARDS``."""

from primum.guards.card import Guard
from primum.guards.table import GUARDS, find_guard

__all__ = ["GUARDS", "Guard", "find_guard"]
