"""Whether a request set is fit to measure with: repeats, leaks, damage, balance, and twins that words alone tell apart."""

from primum.audit.audit import audit
from primum.audit.clean import Cleaned, Dropped, clean
from primum.audit.finding import Audit, Finding
from primum.audit.limits import Limits, load_limits
from primum.audit.words import as_json, as_markdown, limit, mark, shown

__all__ = [
    "Audit",
    "Cleaned",
    "Dropped",
    "Finding",
    "Limits",
    "as_json",
    "as_markdown",
    "audit",
    "clean",
    "limit",
    "load_limits",
    "mark",
    "shown",
]
