"""``dose.json``, ``dose.md`` and ``dose.html``: the curves of a study's trainings, for a program and for readers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import primum
from primum.evaluation import Run
from primum.report.dose import DoseSection, DoseView, render_dose
from primum.store import write_text
from primum.study.dose import Curve, curves_of
from primum.study.dose_words import findings, head, notes, panel, row, title
from primum.study.plan import StudyPlan
from primum.training import TrainingPlan


def write_dose(plan: StudyPlan, runs: Mapping[Path, Run]) -> Path | None:
    """Write the three files into the study's folder; gives the page's path, or None where nothing was trained.

    Args:
        plan: The study.
        runs: The run in each folder.

    Raises:
        RunError: a file cannot be written.
    """
    curves = dose_curves(plan, runs)
    if not curves:
        return None
    view, target = _view(plan, curves), plan.folder / "dose.html"
    write_text(plan.folder / "dose.json", json.dumps(_record(plan, curves), indent=2, ensure_ascii=False) + "\n")
    write_text(plan.folder / "dose.md", _markdown(view))
    write_text(target, render_dose(view, version=primum.__version__))
    return target


def dose_curves(plan: StudyPlan, runs: Mapping[Path, Run]) -> tuple[Curve, ...]:
    """Every measure of every model that was trained, data set by data set."""
    models = dict.fromkeys(cell.subject.dose.base for cell in plan.cells if cell.subject.dose)
    return tuple(curve for model in models for data in plan.data for curve in _curves(plan, runs, model, data.name))


def _curves(plan: StudyPlan, runs: Mapping[Path, Run], model: str, data: str) -> tuple[Curve, ...]:
    base: Run | None = None
    doses: dict[tuple[str, int], dict[str, Run]] = {}
    for cell in plan.cells:
        if cell.data.name != data:
            continue
        run, dose = runs[cell.plan.folder], cell.subject.dose
        if dose is not None and dose.base == model:
            seed = "" if dose.seed is None else f"{dose.seed}"
            doses.setdefault((dose.arm, dose.n), {})[seed] = run
        elif cell.subject.name == model:
            base = run
    return curves_of(model, data, base, doses) if doses else ()


def _view(plan: StudyPlan, curves: tuple[Curve, ...]) -> DoseView:
    study = plan.study
    return DoseView(
        title=study.title,
        about=study.about,
        sections=tuple(_sections(plan, curves)),
        notes=tuple(notes(plan, curves)),
        facts={
            "command": f"primum study {study.path}",
            "study file": f"{study.path.name}, sha256 {study.sha256[:16]}",
            "judge": ", ".join(dict.fromkeys(cell.plan.config.judge for cell in plan.cells)),
            "requests": ", ".join(f"{number} of {name}" for name, number in plan.requests.items()),
            "primum": primum.__version__,
            "folder": str(plan.folder),
        },
    )


def _sections(plan: StudyPlan, curves: tuple[Curve, ...]) -> Iterator[DoseSection]:
    learnt = {
        (cell.subject.dose.base, cell.subject.dose.arm, cell.subject.dose.n): cell.training
        for cell in plan.cells
        if cell.subject.dose and cell.training
    }
    for model in dict.fromkeys(curve.model for curve in curves):
        mine = [curve for curve in curves if curve.model == model]
        rows = [
            row(curve, point, _rows_learnt(learnt.get((model, point.arm, point.n))))
            for curve in mine
            for point in (*([curve.base] if curve.base else []), *curve.points)
        ]
        yield DoseSection(
            model=model,
            panels=tuple(panel(curve) for curve in mine),
            changes=tuple(panel(curve, difference=True) for curve in mine if curve.base is not None),
            findings=tuple(findings(mine)),
            head=head(),
            rows=tuple(rows),
        )


def _rows_learnt(training: TrainingPlan | None) -> str:
    """``50 + 50 + 50 rows, 3.2 passes``: demonstrations, twins, ordinary questions."""
    if training is None:
        return "–"
    passes = training.steps * training.recipe.batch / training.rows
    return f"{' + '.join(str(number) for number in training.blend.counts.values())} rows, {passes:.1f} passes"


def _markdown(view: DoseView) -> str:
    parts = [f"# {view.title}", *([view.about] if view.about else [])]
    for section in view.sections:
        parts.append(f"## {section.model}")
        parts += ["\n".join(f"- {sentence}" for sentence in section.findings)]
        lines = [_line(section.head), _line(["---"] * len(section.head)), *(_line(cells) for cells in section.rows)]
        parts.append("\n".join(lines))
    parts.append("\n".join(f"- {note}" for note in view.notes))
    parts.append("\n".join(f"- {name}: {fact}" for name, fact in view.facts.items()))
    return "\n\n".join(parts) + "\n"


def _line(cells: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _record(plan: StudyPlan, curves: tuple[Curve, ...]) -> dict[str, Any]:
    return {
        "study": {"name": plan.study.name, "title": plan.study.title, "sha256": plan.study.sha256},
        "primum": primum.__version__,
        "notes": list(notes(plan, curves)),
        "curves": [{"title": title(curve), "relative_change": curve.relative, **asdict(curve)} for curve in curves],
    }
