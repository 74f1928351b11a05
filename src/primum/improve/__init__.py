"""Safer without becoming useless: a model before and after mitigations, under the same instruments.

``mitigations`` says what can be done to a model, ``workflow`` measures every subject, ``change`` and ``verdict`` say what
came of it, ``result`` ties them together.
"""

from primum.improve.config import ImproveConfig, Instrument, Margins, check_mitigations, read_instruments
from primum.improve.mitigations import MITIGATIONS
from primum.improve.plan import ImprovePlan, make_improve_plan
from primum.improve.result import Improvement, improve

__all__ = [
    "MITIGATIONS",
    "ImproveConfig",
    "ImprovePlan",
    "Improvement",
    "Instrument",
    "Margins",
    "check_mitigations",
    "improve",
    "make_improve_plan",
    "read_instruments",
]
