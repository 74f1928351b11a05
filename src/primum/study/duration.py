"""About how long a study still takes."""

from primum.evaluation.kinds import LIKELIHOOD
from primum.models import is_local
from primum.models.engine import usable_processors
from primum.study.plan import Cell, StudyPlan
from primum.study.weights import is_trained

_TOKENS_A_SECOND = 95.0
"""Of answers, by SmolLM2-135M on each processor of a quiet machine (docs/decisions/0003-embedded-engine.md)."""
_WEIGHED_A_SECOND = 3.0
"""Reference answers or exam questions that a processor weighs in a second with the same model."""
_AROUND = 20.0
"""Seconds to load a model and write what a training leaves, or a run's report."""


def seconds_left(plan: StudyPlan) -> float | None:
    """At most about so many seconds on this machine's processors; None where a model's speed is not known."""
    found = 0.0
    for training in plan.trainings.values():
        if not is_trained(training):
            seconds = training.seconds()
            if seconds is None:
                return None
            found += seconds + _AROUND
    for cell in plan.runs.values():
        if not is_local(cell.plan.config.model):
            return None
        found += _asking(cell)
    return found


def _asking(cell: Cell) -> float:
    config, left = cell.plan.config, len(cell.plan.requests) - cell.plan.already_answered
    if not left:
        return 0.0
    one = 1 / _WEIGHED_A_SECOND if config.method == LIKELIHOOD else config.max_tokens / _TOKENS_A_SECOND
    return left * one / usable_processors() + _AROUND / 2
