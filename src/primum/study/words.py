"""The plan of a study for a reader."""

from collections.abc import Iterator

from primum.datasets import find_dataset, is_place
from primum.evaluation.kinds import LIKELIHOOD
from primum.models.engine import usable_processors
from primum.study.duration import seconds_left
from primum.study.plan import StudyPlan
from primum.study.record import StudyData, StudyModel
from primum.study.subject import Subject
from primum.study.weights import is_trained


def lines(plan: StudyPlan) -> list[str]:
    """What the study would do, what is there already, and what cannot be done."""
    study = plan.study
    return [
        f"study      {study.title}",
        f"file       {study.path}, sha256 {study.sha256[:16]}",
        *_models(plan),
        *_data(plan),
        *_trainings(plan),
        *_cells(plan),
        f"folder     {plan.folder}",
        *(f"cannot run {text}" for text in plan.obstacles),
    ]


def _models(plan: StudyPlan) -> Iterator[str]:
    of_the_file = {model.name: model for model in plan.study.models}
    plain = [subject for subject in plan.subjects if subject.name in of_the_file]
    yield f"models     {len(plain)}"
    for subject in plain:
        yield f"           {subject.name:<24} {_model(subject, of_the_file[subject.name])}"


def _model(subject: Subject, model: StudyModel) -> str:
    if subject.stands_in:
        return f"{subject.model}, in the place of {model.model}"
    if model.revision is None:
        return subject.model
    return f"{subject.model} at {model.revision[:12]}" + ("" if model.pinned else " (not pinned)")


def _data(plan: StudyPlan) -> Iterator[str]:
    yield f"data sets  {len(plan.data)}"
    for item in plan.data:
        split = item.settings.get("split", "test")
        yield f"           {item.name:<24} {item.settings['dataset']}, split {split}: {_count(plan, item)}"


def _count(plan: StudyPlan, data: StudyData) -> str:
    if data.name in plan.requests:
        return f"{plan.requests[data.name]} requests"
    name = data.settings["dataset"]
    return "not to be had, see below" if is_place(name) else f"not to be had, see below; {find_dataset(name).size}"


def _trainings(plan: StudyPlan) -> Iterator[str]:
    if not plan.trainings:
        return
    recipe = next(iter(plan.trainings.values())).recipe
    yield (
        f"trainings  {len(plan.trainings)} by the recipe {recipe.name} ({recipe.method}, LoRA r {recipe.lora.r} on "
        f"{', '.join(recipe.lora.targets)})"
    )
    for folder, training in plan.trainings.items():
        alike = f", {len(training.overlap)} rows resemble test requests" if training.overlap else ""
        done = ", done" if is_trained(training) else ""
        yield f"           {folder.name:<44} {training.rows} rows, {training.steps} steps{alike}{done}"


def _cells(plan: StudyPlan) -> Iterator[str]:
    runs = plan.runs.values()
    asked = sum(len(cell.plan.requests) for cell in runs)
    left = [len(cell.plan.requests) - cell.plan.already_answered for cell in runs]
    tokens = sum(
        number * cell.plan.config.max_tokens
        for number, cell in zip(left, runs, strict=True)
        if cell.plan.config.method != LIKELIHOOD  # nothing is written there
    )
    shared = len(plan.cells) - len(runs)
    yield f"cells      {len(plan.cells)} of {plan.planned} can be run" + (
        f"; {shared} of them share the run of another" if shared else ""
    )
    done = sum(not number for number in left)
    yield f"done       {done} of {len(left)} runs, {asked - sum(left)} of {asked} requests already answered there"
    yield f"at most    {tokens:,} new tokens left"
    seconds = seconds_left(plan)
    time = (
        f"at most about {seconds / 60:.0f} min on {usable_processors()} free processors" if seconds is not None else ""
    )
    yield f"time       {time or 'not known beforehand'}; longer on a busy machine"
    judges = dict.fromkeys(_judge(cell.plan.config.judge, cell.plan.config.judge_model) for cell in plan.cells)
    yield f"judge      {', '.join(judges) or 'none'}"


def _judge(name: str, model: str | None) -> str:
    return f"{name} ({model})" if model else name
