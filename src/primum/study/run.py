"""A study from its plan to its table. Killed at any moment, the same call goes on where it stopped.

The folder of a study::

    trainings/NAME/   one for each model that is trained first
    runs/NAME/        one run for each cell; cells that agree in everything share one
    table.md          the numbers side by side, written anew after each cell
    table.csv         the same for a program, with every group and metric
    study.json
    dose.html         harm, denial and knowledge by number of demonstrations, where models were trained; at the end
    dose.md, dose.json
"""

from dataclasses import dataclass
from pathlib import Path

from primum.evaluation import Progress, Run, Silent, run_plan
from primum.study.dose_files import write_dose
from primum.study.numbers import Row, rows_of
from primum.study.plan import Cell, StudyPlan
from primum.study.stored import stored_run
from primum.study.table import write_table
from primum.study.weights import remove_weights, require_weights
from primum.training.libraries import require_libraries


@dataclass(frozen=True, kw_only=True)
class StudyResult:
    """A finished study."""

    plan: StudyPlan
    rows: tuple[Row, ...]
    """Every number, cell by cell in the order of the plan."""
    table: Path
    """The Markdown file."""
    dose: Path | None = None
    """The page about doses; None where the study has none."""


def run_study(plan: StudyPlan, progress: Progress | None = None) -> StudyResult:
    """Carry a study out, or go on with it, cell by cell; nothing is begun where a part of it cannot be run.

    Raises:
        UserError: a cell cannot be run, or the training libraries are missing; says which, and why.
        RunError: model, judge, network or disk failed; what was done is kept, call again to go on.
    """
    plan.require_runnable()
    if plan.trainings:
        require_libraries()
    show = progress or Silent()
    done: dict[Path, Run] = {}
    rows: list[Row] = []
    table = plan.folder / "table.md"
    last = {cell.training.folder: number for number, cell in enumerate(plan.cells, start=1) if cell.training}
    for number, cell in enumerate(plan.cells, start=1):
        show.note(f"cell {number} of {len(plan.cells)}: {cell.subject.name} on {cell.data.name}")
        place = cell.plan.folder
        if place not in done:
            done[place] = _carry_out(cell, show)
        rows += rows_of(done[place], cell.subject.name, cell.data.name)
        table = write_table(plan, rows, number)
        if cell.training and not plan.keeps_weights and last[cell.training.folder] == number:
            remove_weights(cell.training)
    return StudyResult(plan=plan, rows=tuple(rows), table=table, dose=write_dose(plan, done))


def _carry_out(cell: Cell, progress: Progress) -> Run:
    if cell.training is not None:
        if (found := stored_run(cell, progress)) is not None:
            return found
        require_weights(cell.training, progress)
    return run_plan(cell.plan, progress)
