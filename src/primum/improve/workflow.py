"""Base, mitigations, the same instruments on all, and what changed. Killed at any moment, the same call goes on.

The folder of an improvement::

    trainings/sft/          what a mitigation that trains left
    runs/base/pairs/        one run for each subject and instrument
    runs/sft/pairs/
    improvement.json        every number, difference and verdict
    report.md, report.html  the same for a reader
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.evaluation import Progress, Run, Silent, evaluate
from primum.improve.config import ImproveConfig, Instrument
from primum.improve.mitigation import Workshop
from primum.improve.mitigations import find_chain
from primum.improve.subject import BASE, Subject
from primum.store import RunFolder

_AROUND_ANSWERS = ("guard", "guard_model")
"""Options that change no answer of the model, only what becomes of it."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A subject with its runs, by the name of the instrument."""

    subject: Subject
    runs: Mapping[str, Run]


def measure_all(config: ImproveConfig, out: Path, progress: Progress | None = None) -> tuple[Measured, ...]:
    """Every subject under every instrument, the base first.

    Raises:
        UserError: a name, file or option is wrong, or a folder holds something else.
        RunError: model, network, disk or training failed; call again to go on.
    """
    show = progress or Silent()
    workshop = workshop_of(config, out, show)
    measured = [_measure(Subject.of(config.model), config, out, show)]
    for name in config.mitigations:
        subject = Subject.of(config.model)
        for mitigation in find_chain(name):
            subject = mitigation.apply(subject, workshop)
        show.note(f"measuring {subject.name}")
        measured.append(_measure(subject, config, out, show))
    return tuple(measured)


def workshop_of(config: ImproveConfig, out: Path, progress: Progress) -> Workshop:
    """Where the mitigations of an improvement work."""
    return Workshop(
        folder=out,
        seed=config.seed,
        training=dict(config.training),
        on_overlap=config.on_overlap,
        guard=config.guard,
        guard_model=config.guard_model,
        data_dir=config.data_dir,
        progress=progress,
    )


def run_folder(out: Path, subject: str, instrument: str) -> Path:
    """Where the run of a subject under an instrument is."""
    return out / "runs" / subject / instrument


def run_options(config: ImproveConfig, subject: Subject, instrument: Instrument) -> dict[str, Any]:
    """The configuration of that run; likelihoods are of the model itself, so what only stops answers is left out."""
    around = dict(subject.options)
    if instrument.options.get("method") == "likelihood":
        around = {key: value for key, value in around.items() if key not in _AROUND_ANSWERS}
    return {"seed": config.seed, **config.common, **instrument.options, **around}


def _measure(subject: Subject, config: ImproveConfig, out: Path, progress: Progress) -> Measured:
    runs = {}
    for instrument in config.instruments:
        progress.note(f"{subject.name} on {instrument.name}")
        folder = run_folder(out, subject.name, instrument.name)
        _take_answers(subject, instrument, out)
        options = run_options(config, subject, instrument)
        runs[instrument.name] = evaluate(subject.model, config=options, out=folder, progress=progress)
    return Measured(subject=subject, runs=runs)


def _take_answers(subject: Subject, instrument: Instrument, out: Path) -> None:
    """A guard stands behind the model, so the answers of the same subject without it are its answers too."""
    source = run_folder(out, _without_guard(subject.name), instrument.name) / "responses.jsonl"
    target = run_folder(out, subject.name, instrument.name) / "responses.jsonl"
    if "guard" in subject.options and source.is_file() and not target.exists():
        RunFolder(target.parent).path.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _without_guard(name: str) -> str:
    words: Sequence[str] = [word for word in name.split("+") if word != "guard"]
    return "+".join(words) or BASE
