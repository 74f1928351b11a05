"""Primum: measures whether a language model is safe for medicine, and whether it still helps.

The public surface is the names below; everything else may change between versions. They are loaded when first used, so
that ``import primum`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.3.0"

if TYPE_CHECKING:
    from primum.datasets import load_pairs
    from primum.errors import PrimumError, RunError, UserError
    from primum.evaluation import Run, evaluate, judge, open_run, write_report
    from primum.standard import load_standard
    from primum.types import Estimate, Intent, Judgement, Outcome, Pair, Request, Response, Score, Unscored

_HOMES = {
    "primum.datasets": ("load_pairs",),
    "primum.errors": ("PrimumError", "RunError", "UserError"),
    "primum.evaluation": ("Run", "evaluate", "judge", "open_run", "write_report"),
    "primum.standard": ("load_standard",),
    "primum.types": ("Estimate", "Intent", "Judgement", "Outcome", "Pair", "Request", "Response", "Score", "Unscored"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Estimate",
    "Intent",
    "Judgement",
    "Outcome",
    "Pair",
    "PrimumError",
    "Request",
    "Response",
    "Run",
    "RunError",
    "Score",
    "Unscored",
    "UserError",
    "__version__",
    "evaluate",
    "judge",
    "load_pairs",
    "load_standard",
    "open_run",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'primum' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
