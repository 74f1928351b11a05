"""What an improvement would do, without doing it."""

from dataclasses import dataclass
from pathlib import Path

from primum.evaluation import Progress, config_from, make_plan
from primum.improve.config import ImproveConfig
from primum.improve.mitigations import find_chain
from primum.improve.subject import Subject
from primum.improve.workflow import run_folder, run_options, workshop_of
from primum.models import is_local
from primum.models.engine import usable_processors

_TOKENS_A_SECOND = 60.0
"""Of answers, by the embedded model on each processor; measured where docs/decisions/0003 says."""
_WEIGHED_A_SECOND = 3.0
"""Answers or questions whose likelihood a processor computes in a second."""


@dataclass(frozen=True, kw_only=True)
class ImprovePlan:
    """The stages of an improvement, in order."""

    config: ImproveConfig
    folder: Path
    stages: tuple[str, ...]
    minutes: float | None
    """About how long the evaluations take at the most; None for a model whose speed nobody knows."""

    def lines(self) -> list[str]:
        """The plan for a reader."""
        margins = self.config.margins
        time = f"at most about {self.minutes:.0f} min" if self.minutes is not None else "not known beforehand"
        return [
            f"model      {self.config.model}",
            f"against    {', '.join(self.config.mitigations)}",
            f"margins    denial {margins.denial:.0%}, accuracy {margins.accuracy:.0%}, likelihood "
            f"{margins.likelihood:.0%}: what would not matter, stated before looking",
            *self.stages,
            f"evaluation {time} on {usable_processors()} free processors; trainings as said above",
            f"folder     {self.folder}",
        ]


def make_improve_plan(config: ImproveConfig, out: Path, progress: Progress) -> ImprovePlan:
    """Resolve every stage, so that a mistake in the last one is found before the first one runs.

    Raises:
        UserError: a name, file or option of any stage is wrong.
        RunError: a download failed.
    """
    workshop = workshop_of(config, out, progress)
    subjects, stages = [Subject.of(config.model)], []
    for name in config.mitigations:
        subject = Subject.of(config.model)
        for mitigation in find_chain(name):
            subject, line = mitigation.announce(subject, workshop)
            stages.append(f"{name:<10} {line}")
        subjects.append(subject)
    seconds = 0.0
    for instrument in config.instruments:
        for subject in subjects:
            resolved = config_from({"model": config.model, **run_options(config, subject, instrument)})
            plan = make_plan(resolved, run_folder(out, subject.name, instrument.name), progress)
            left = len(plan.requests) - plan.already_answered
            if resolved.method == "likelihood":
                seconds += left / (_WEIGHED_A_SECOND * usable_processors())
            else:
                seconds += left * resolved.max_tokens / (_TOKENS_A_SECOND * usable_processors())
        stages.append(
            f"{instrument.name:<10} {len(plan.requests)} of {resolved.dataset}, by every one of {len(subjects)}"
        )
    minutes = seconds / 60 if is_local(config.model) else None
    return ImprovePlan(config=config, folder=out, stages=tuple(stages), minutes=minutes)
