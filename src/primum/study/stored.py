"""A trained model's run that is there already: read, and judged if need be, without the model's weights."""

import json

from primum.evaluation import Progress, Run, judge, open_run
from primum.evaluation.kinds import Kind
from primum.evaluation.manifest import requests_sha256
from primum.evaluation.workflow import make_bench
from primum.store import RunFolder
from primum.study.plan import Cell
from primum.study.weights import is_trained, trained_sha256


def is_answered(cell: Cell) -> bool:
    """Whether the cell's run holds every answer, given by the model that its training made."""
    folder, plan = RunFolder(cell.plan.folder), cell.plan
    if cell.training is None or not is_trained(cell.training) or not folder.manifest_path.is_file():
        return False
    manifest = folder.manifest
    return bool(
        manifest["identity"] == json.loads(json.dumps(plan.config.identity))
        and manifest["dataset"]["requests_sha256"] == requests_sha256(plan.requests, plan.references)
        and manifest["model"]["sha256"] == trained_sha256(cell.training)
        and plan.already_answered == len(plan.requests)
    )


def stored_run(cell: Cell, progress: Progress) -> Run | None:
    """The cell's run, if no weights are needed for it any more.

    Raises:
        UserError: the judge is missing something.
        RunError: the judge's model failed; call again to go on.
    """
    if not is_answered(cell):
        return None
    config, folder = cell.plan.config, RunFolder(cell.plan.folder)
    if cell.plan.kind is Kind.SAFETY and (folder.manifest["judge"] != make_bench(config).key or _unjudged(folder)):
        if config.guard is not None:
            return None  # a guard decides before the judge does, and only a whole run does both
        return judge(
            folder.path, config.judge, judge_model=config.judge_model, validation=config.validation, progress=progress
        )
    run = open_run(folder.path)
    return run if run.complete and run.estimates else None


def _unjudged(folder: RunFolder) -> bool:
    return len(folder.judgements(folder.manifest["judge"])) < len(folder.requests)
