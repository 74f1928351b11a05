"""What a study measures: its models as they are, and models that it trains first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from primum.engine import check_model_name
from primum.engine.names import provider_of
from primum.errors import UserError, unknown_name
from primum.study.record import Demonstrations, Finetune, Study, StudyModel

_OF_THE_MODEL = ("model_args", "base_url")
"""Settings that mean one model on one server, and nothing for another that takes its place."""
_FROM_THE_HUB = ("vllm", "hf", "sglang")
_OF_THE_HUB = ("revision", "chat_template")
"""Arguments that a trained model in a folder has no use for: its template lies beside its weights."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the caller says over a study's file."""

    models: Mapping[str, str] = field(default_factory=dict)
    """Other models in the place of the ones named, PROVIDER/MODEL by the study's name."""
    stand_in: str | None = None
    """One model in the place of all others."""
    only: tuple[str, ...] = ()
    """Names of models and data sets to keep; * stands for any text."""
    limit: int | None = None
    judge: str | None = None
    judge_model: str | None = None
    data_dirs: Mapping[str, str] = field(default_factory=dict)
    """Local copies of data sets, by the data set's name."""


@dataclass(frozen=True, kw_only=True)
class Teaching:
    """The training that makes a subject."""

    base: str
    """What ``primum train`` starts from."""
    recipe: str
    choice: Demonstrations
    n: int
    overlap: str
    steps: int | None = None
    batch: int | None = None
    seed: int | None = None
    """None: the recipe's own."""
    save: tuple[str, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        """What it changes in the recipe; None changes nothing."""
        return {
            "n": self.n,
            "demonstrations": list(self.choice.data),
            "columns": dict(self.choice.columns) or None,
            "twins": self.choice.twins,
            "ordinary": self.choice.ordinary,
            "steps": self.steps,
            "batch": self.batch,
            "seed": self.seed,
        }

    @property
    def folder_name(self) -> str:
        """A readable name, the same for the same training."""
        seed = "" if self.seed is None else f"-seed{self.seed}"
        return f"{folder_word(self.base)[-48:]}-{Path(self.recipe).stem}-{folder_word(self.choice.name)}-{self.n}{seed}"


@dataclass(frozen=True, kw_only=True)
class Dose:
    """Which point of a curve a trained subject is."""

    base: str
    """Name of the model that it comes from."""
    arm: str
    """Name of the choice of demonstrations."""
    n: int
    seed: int | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One line of a study's table."""

    name: str
    model: str
    """PROVIDER/MODEL; of a subject that is trained first, the model that it starts from."""
    stands_in: bool = False
    """Whether the caller put it in the place of the study's own model."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    teaching: Teaching | None = None
    dose: Dose | None = None
    """Of a subject that is trained first, or that stands in such a one's place."""


def folder_word(name: str) -> str:
    """A name as it stands in the name of a folder: letters, digits and points."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")


def subjects_of(study: Study, changes: Changes) -> tuple[Subject, ...]:
    """Every subject of a study with the caller's changes, in the order of the file: models first, trained ones after.

    Raises:
        UserError: a change names a model that the study does not have, or one that nobody can ask.
    """
    plain = [_subject(model, changes) for model in study.models]
    trained = list(_trained(study, {item.name: item for item in plain}, changes))
    known = [item.name for item in (*plain, *trained)]
    for name in changes.models:
        if name not in known:
            raise unknown_name(f"model of the study {study.name}:", name, known)
    return (*plain, *trained)


def _subject(model: StudyModel, changes: Changes) -> Subject:
    other = changes.models.get(model.name, changes.stand_in)
    subject = Subject(name=model.name, model=check_model_name(model.model), settings=model.settings)
    return subject if other is None else _put(subject, other)


def _put(subject: Subject, model: str) -> Subject:
    """The subject with another model in its place, which keeps what does not belong to one server."""
    settings = {key: value for key, value in subject.settings.items() if key not in _OF_THE_MODEL}
    return replace(subject, model=check_model_name(model), stands_in=True, settings=settings, teaching=None)


def _trained(study: Study, plain: Mapping[str, Subject], changes: Changes) -> Iterator[Subject]:
    if study.finetune is None:
        return
    for name in study.finetune.models:
        for choice in study.finetune.demonstrations:
            for n in filter(None, choice.n):  # 0 is the model as it is
                for seed in study.finetune.seeds or (None,):
                    dose = Dose(base=name, arm=choice.name, n=n, seed=seed)
                    yield _taught(study.finetune, plain[name], choice, dose, changes)


def _taught(finetune: Finetune, base: Subject, choice: Demonstrations, dose: Dose, changes: Changes) -> Subject:
    teaching = Teaching(
        base=_trainable(base.model),
        recipe=finetune.recipe,
        choice=choice,
        n=dose.n,
        overlap=finetune.overlap,
        steps=finetune.steps,
        batch=finetune.batch,
        seed=dose.seed,
        save=finetune.save,
    )
    seed = "" if dose.seed is None else f"-seed{dose.seed}"
    subject = replace(base, name=f"{base.name}+{choice.name}-{dose.n}{seed}", teaching=teaching, dose=dose)
    own = changes.models.get(subject.name)
    return subject if own is None else _put(subject, own)


def _trainable(model: str) -> str:
    """The name by which ``primum train`` knows a model that is asked by PROVIDER/MODEL."""
    if provider_of(model) not in _FROM_THE_HUB:
        return model
    short = model.split("/", 1)[1]
    return short if Path(short).is_dir() else f"hf/{short}"


def after_training(subject: Subject, folder: Path, *, gguf: str | None, merged: str) -> Subject:
    """The subject as it is asked once it is trained: the GGUF file of the training, or its merged folder."""
    place = folder / (gguf or merged)
    if gguf is not None:
        return replace(subject, model=check_model_name(str(place)))
    provider = provider_of(subject.model)
    provider = provider if provider in _FROM_THE_HUB else "hf"
    arguments = {key: value for key, value in subject.settings.get("model_args", {}).items() if key not in _OF_THE_HUB}
    settings = {**subject.settings, "model_args": arguments}
    return replace(subject, model=f"{provider}/{place.absolute()}", settings=settings)


def require_own_template(subject: Subject) -> None:
    """Nothing, if the model that a training starts from brings its own chat template.

    Raises:
        UserError: the study gives it one, which a training would not see.
    """
    if "chat_template" in subject.settings.get("model_args", {}):
        base = subject.name.split("+", 1)[0]
        raise UserError(
            f"'{base}' cannot be trained as it is: the study gives {subject.model} a chat template, and a training reads "
            "the model's own. Download the model into a folder, put the template there as chat_template.jinja, and say "
            f"--model {base}=vllm/FOLDER."
        )


def chosen(names: Sequence[str], patterns: Sequence[str]) -> set[str]:
    """The names that any of the patterns means; all of them where there is none."""
    if not patterns:
        return set(names)
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}
