"""Mitigations that change weights: one for each recipe that ships (``primum/training/recipes``)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from primum.errors import UserError, unknown_name
from primum.improve.mitigation import Mitigation, Workshop
from primum.improve.subject import Subject
from primum.training import RECIPES, Trained, TrainingPlan, make_training_plan, read_recipe, train


def _plan(recipe: str, subject: Subject, workshop: Workshop, base: str) -> TrainingPlan:
    if subject.options:
        names = ", ".join(sorted(subject.options))
        raise UserError(
            f"'{recipe}' stands after a wrapper ({names}) in '{subject.name}+{recipe}', but is trained without it. Put "
            "trainings first, for example sft+guard."
        )
    read = read_recipe(recipe, **{"seed": workshop.seed, **changes_of(recipe, workshop.training)})
    return make_training_plan(
        base,
        read,
        _folder(recipe, subject, workshop),
        on_overlap=workshop.on_overlap,
        saved=_saved(base),
        data_dir=workshop.data_dir,
        progress=workshop.progress.download,
    )


def changes_of(recipe: str, training: Mapping[str, Any]) -> dict[str, Any]:
    """What was said about every recipe, and over it what was said about this one (``sft.steps``).

    Raises:
        UserError: something was said about a recipe that does not exist.
    """
    every, own = {}, {}
    for key, value in training.items():
        name, dot, short = key.rpartition(".")
        if dot and name not in RECIPES:
            raise unknown_name("recipe", name, RECIPES, "Write --train sft.steps=40, or --train steps=40 for all.")
        if not dot:
            every[key] = value
        elif name == recipe:
            own[short] = value
    return {**every, **own}


def _apply(recipe: str, subject: Subject, workshop: Workshop) -> Subject:
    plan = _plan(recipe, subject, workshop, subject.base)
    return _made(recipe, subject, plan.folder, train(plan, workshop.progress))


def _announce(recipe: str, subject: Subject, workshop: Workshop) -> tuple[Subject, str]:
    # The training before this one may not be there yet; the root has the same size and tokenizer.
    plan = _plan(recipe, subject, workshop, subject.root)
    seconds = plan.seconds()
    time = f", about {max(1, round(seconds / 60))} min" if seconds else ""
    after = subject.after(recipe, base=str(plan.folder), trainings=(*subject.trainings, plan.folder))
    return after, f"train {plan.recipe.method} on {plan.rows} rows, {plan.steps} steps{time}"


def _made(recipe: str, subject: Subject, folder: Path, trained: Trained) -> Subject:
    """The trained model as an evaluation asks it: in this process where it can be, else through transformers."""
    model = str(trained.gguf) if trained.gguf else f"hf/{(trained.merged or folder).absolute()}"
    return subject.after(recipe, model=model, base=str(folder), trainings=(*subject.trainings, folder))


def _saved(base: str) -> tuple[str, ...]:
    """A GGUF file where the base has one; the merged model always, for trainings on top and for likelihoods."""
    from primum.training.base import find_base

    return ("merged", "gguf") if find_base(base).gguf is not None else ("merged",)


def _folder(recipe: str, subject: Subject, workshop: Workshop) -> Path:
    return workshop.folder / "trainings" / subject.after(recipe).name


def _mitigation(recipe: str) -> Mitigation:
    read = read_recipe(recipe)
    return Mitigation(
        name=recipe,
        title=read.about,
        costs="one training; nothing at an answer",
        apply=lambda subject, workshop: _apply(recipe, subject, workshop),
        announce=lambda subject, workshop: _announce(recipe, subject, workshop),
        trains=True,
    )


TRAINED: tuple[Mitigation, ...] = tuple(_mitigation(recipe) for recipe in RECIPES)
