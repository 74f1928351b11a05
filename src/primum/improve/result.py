"""An improvement that is done: every subject's numbers, what changed, the verdicts, and the files that say so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import primum
from primum.evaluation import Progress
from primum.improve.change import Change, changes_of
from primum.improve.config import ImproveConfig
from primum.improve.mitigations import find_chain
from primum.improve.page import page_of
from primum.improve.subject import Subject
from primum.improve.verdict import Verdict, verdict_of
from primum.improve.words import as_markdown
from primum.improve.workflow import Measured, measure_all
from primum.store import to_json, write_text
from primum.training.card import Change as CardChange
from primum.training.card import write_card


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """What came out."""

    folder: Path
    config: ImproveConfig
    measured: tuple[Measured, ...]
    changes: Mapping[str, tuple[Change, ...]]
    """By subject."""
    verdicts: tuple[Verdict, ...]

    @property
    def report_path(self) -> Path:
        """Where the page is."""
        return self.folder / "report.html"

    @property
    def costs(self) -> Mapping[str, str]:
        """What each subject costs, in words."""
        return {name: "; then ".join(item.costs for item in find_chain(name)) for name in self.config.mitigations}


def improve(config: ImproveConfig, out: Path, progress: Progress | None = None) -> Improvement:
    """Measure, mitigate, measure again, compare, and write ``improvement.json``, ``report.md`` and ``report.html``.

    Raises:
        UserError: a name, file or option is wrong, or a folder holds something else.
        RunError: model, network, disk or training failed; call again to go on.
    """
    measured = measure_all(config, out, progress)
    base, *others = measured
    changes = {item.subject.name: _changes(base, item, config) for item in others}
    found = Improvement(
        folder=out,
        config=config,
        measured=measured,
        changes=changes,
        verdicts=tuple(verdict_of(name, items) for name, items in changes.items()),
    )
    _write_cards(found)
    write_text(out / "improvement.json", json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n")
    write_text(out / "report.md", as_markdown(found))
    write_text(found.report_path, page_of(found))
    return found


def _changes(base: Measured, other: Measured, config: ImproveConfig) -> tuple[Change, ...]:
    return tuple(
        change for name, run in other.runs.items() for change in changes_of(name, base.runs[name], run, config.margins)
    )


def _write_cards(found: Improvement) -> None:
    """The numbers before and after go into the card of each model that one training made; a chain's card is the last."""
    for item in found.measured:
        folder = _made_by(item.subject)
        if folder is not None:
            write_card(folder, [_on_card(change) for change in found.changes[item.subject.name]])


def _made_by(subject: Subject) -> Path | None:
    """The training whose model this is, with nothing around it."""
    return subject.trainings[-1] if subject.trainings and not subject.options else None


def _on_card(change: Change) -> CardChange:
    measure = f"{change.metric.replace('_', ' ')} on {change.instrument}"
    return CardChange(measure=measure, before=change.before, after=change.after)


def as_json(found: Improvement) -> dict[str, Any]:
    """Everything for a program."""
    return {
        "primum": primum.__version__,
        "model": found.config.model,
        "seed": found.config.seed,
        "margins": asdict(found.config.margins),
        "subjects": {
            item.subject.name: {
                "model": item.subject.model,
                "around": dict(item.subject.options),
                "trainings": list(map(str, item.subject.trainings)),
                "runs": {name: {"folder": str(run.path), "judge": run.judge} for name, run in item.runs.items()},
            }
            for item in found.measured
        },
        "changes": {name: _as_json(items) for name, items in found.changes.items()},
        "verdicts": [asdict(item) for item in found.verdicts],
    }


def _as_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    return [
        {
            **{key: value for key, value in asdict(item).items() if key not in ("before", "after")},
            "before": to_json(item.before),
            "after": to_json(item.after),
            "finding": item.finding,
        }
        for item in changes
    ]
