"""The cells of a study: what would be asked, of whom, and what cannot be done yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from primum.datasets import find_dataset, is_place
from primum.errors import PrimumError, UserError, unknown_name
from primum.evaluation import Plan, Progress, config_from, make_plan
from primum.evaluation.kinds import LIKELIHOOD
from primum.study.record import Study, StudyData
from primum.study.subject import Changes, Subject, after_training, chosen, require_own_template, subjects_of
from primum.training import TrainingPlan, make_training_plan, read_recipe
from primum.training.base import Base, find_base
from primum.training.save import MERGED, check_saved, gguf_name
from primum.types import Request

STUDIES = Path("runs") / "studies"
"""Where studies go unless told otherwise."""
_JUDGING = ("judge", "judge_model", "validation")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One subject on one data set."""

    subject: Subject
    data: StudyData
    plan: Plan
    training: TrainingPlan | None = None
    """What has to be trained before it can be asked."""


@dataclass(frozen=True, kw_only=True)
class StudyPlan:
    """A study with its cells, and what stands in the way of some of them."""

    study: Study
    folder: Path
    subjects: tuple[Subject, ...]
    data: tuple[StudyData, ...]
    cells: tuple[Cell, ...]
    requests: Mapping[str, int]
    """How many requests each data set comes to, by its name in the study."""
    obstacles: tuple[str, ...] = ()
    """Why cells that were asked for cannot be run; one line each."""

    @property
    def planned(self) -> int:
        """Cells that were asked for, those that cannot be run among them."""
        return len(self.subjects) * len(self.data)

    @property
    def runs(self) -> dict[Path, Cell]:
        """The different runs: cells that agree in all that decides an answer share one."""
        return {cell.plan.folder: cell for cell in self.cells}

    @property
    def trainings(self) -> dict[Path, TrainingPlan]:
        """The different trainings, by their folders."""
        return {cell.training.folder: cell.training for cell in self.cells if cell.training is not None}

    @property
    def keeps_weights(self) -> bool:
        """Whether trained weights stay once all is measured; always where data sets were left out, which will need them."""
        finetune = self.study.finetune
        return finetune is None or finetune.keep_weights or len(self.data) < len(self.study.data)

    def require_runnable(self) -> None:
        """Nothing, if every cell can be run.

        Raises:
            UserError: one cannot; says why, and how many more there are.
        """
        if self.obstacles:
            more = len(self.obstacles) - 1
            others = f" ({more} more: see --dry-run.)" if more else ""
            raise UserError(f"{self.obstacles[0]} Or leave it out with --only.{others}")


def make_study_plan(study: Study, out: Path | None, changes: Changes, progress: Progress) -> StudyPlan:
    """Lay out the cells; data sets may be downloaded, no model is touched.

    What cannot be run (a data set that is not to be had, a model that cannot be trained) is an obstacle in the plan and
    not an error, so that the rest can be looked at.

    Raises:
        UserError: a change or setting is wrong, or names what the study does not have.
    """
    folder = out or STUDIES / study.name
    subjects, data = _kept(study, changes)
    planner = _Planner(study=study, folder=folder, changes=changes, progress=progress)
    planner.load(subjects, data)
    cells = tuple(cell for subject in subjects for cell in planner.cells(subject, data))
    return StudyPlan(
        study=study,
        folder=folder,
        subjects=subjects,
        data=data,
        cells=cells,
        requests={name: len(plan.requests) for name, plan in planner.loaded.items()},
        obstacles=tuple(dict.fromkeys(planner.obstacles)),
    )


def _kept(study: Study, changes: Changes) -> tuple[tuple[Subject, ...], tuple[StudyData, ...]]:
    """The subjects and data sets that ``only`` leaves; naming none of a kind leaves all of that kind."""
    subjects = subjects_of(study, changes)
    models, sets = [item.name for item in subjects], [item.name for item in study.data]
    for pattern in changes.only:
        if not chosen([*models, *sets], [pattern]):
            raise unknown_name(f"model or data set of the study {study.name}:", pattern, [*models, *sets])
    kept_models = chosen(models, [item for item in changes.only if chosen(models, [item])])
    kept_sets = chosen(sets, [item for item in changes.only if chosen(sets, [item])])
    return (
        tuple(item for item in subjects if item.name in kept_models),
        tuple(item for item in study.data if item.name in kept_sets),
    )


@dataclass(kw_only=True)
class _Planner:
    """Loads each data set once and draws up each training once."""

    study: Study
    folder: Path
    changes: Changes
    progress: Progress
    loaded: dict[str, Plan] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)
    _taught: dict[tuple[str, int, int | None], TrainingPlan | str] = field(default_factory=dict)
    _bases: dict[str, Base] = field(default_factory=dict)

    def load(self, subjects: Sequence[Subject], data: Sequence[StudyData]) -> None:
        for item in data:
            # Which model asks decides nothing about the requests; a wrong setting is an error, not an obstacle.
            config = config_from(*self._layers(subjects[0], item))
            try:
                self.loaded[item.name] = make_plan(config, self.folder, self.progress)
            except PrimumError as error:
                self.obstacles.append(f"Data set '{item.name}': {error}")

    def cells(self, subject: Subject, data: Sequence[StudyData]) -> Iterator[Cell]:
        training = None
        if subject.teaching is not None:
            try:
                training = self._training(subject)
            except PrimumError as error:
                self.obstacles.append(f"{error}")
                return
        for item in data:
            if item.name in self.loaded:
                yield self._cell(subject, item, training)

    def _cell(self, subject: Subject, data: StudyData, training: TrainingPlan | None) -> Cell:
        asked, name = subject, None
        if training is not None:
            gguf = gguf_name(training.precision) if "gguf" in training.saved else None
            asked = after_training(subject, training.folder, gguf=gguf, merged=MERGED)
            name = training.folder.name
        config = config_from(*self._layers(asked, data))
        # A trained model's own name holds the place of this study; its folder must not.
        known = config if name is None else replace(config, model=name)
        place = self.folder / "runs" / known.folder_name
        return Cell(
            subject=asked,
            data=data,
            plan=replace(self.loaded[data.name], config=config, folder=place),
            training=training,
        )

    def _layers(self, subject: Subject, data: StudyData) -> list[Mapping[str, Any]]:
        shared = dict(self.study.settings)
        said = {"judge": self.changes.judge, "judge_model": self.changes.judge_model}
        if self.changes.judge is not None:  # another judge needs no model, or another one
            shared.pop("judge_model", None)
        dataset = data.settings["dataset"]
        if data.settings.get("method") == LIKELIHOOD or (
            not is_place(dataset) and find_dataset(dataset).measures == "capability"
        ):
            said = {}
            shared = {key: value for key, value in shared.items() if key not in (*_JUDGING, "max_tokens")}
        more = {"model": subject.model, "limit": self.changes.limit, "data_dir": self.changes.data_dirs.get(dataset)}
        return [shared, data.settings, subject.settings, said, more]

    def _training(self, subject: Subject) -> TrainingPlan:
        """The training that makes a subject; rows and overlap are looked up once for all models."""
        teaching = subject.teaching
        assert teaching is not None
        require_own_template(subject)
        if teaching.base not in self._bases:
            self._bases[teaching.base] = find_base(teaching.base, self.progress.download)
        base = self._bases[teaching.base]
        key = (teaching.choice.name, teaching.n, teaching.seed)
        if key not in self._taught:
            self._taught[key] = self._draw(subject)
        found = self._taught[key]
        if isinstance(found, str):
            raise UserError(f"Training on {teaching.n} demonstrations of '{teaching.choice.name}': {found}")
        every = ("adapter", "gguf", "merged") if base.gguf is not None else ("adapter", "merged")
        saved = tuple(sorted({"adapter", *teaching.save})) if teaching.save else every
        check_saved(saved, base)
        return replace(found, base=base, saved=saved, folder=self.folder / "trainings" / teaching.folder_name)

    def _draw(self, subject: Subject) -> TrainingPlan | str:
        teaching = subject.teaching
        assert teaching is not None
        copies = [self.changes.data_dirs[name] for name in teaching.choice.data if name in self.changes.data_dirs]
        try:
            return make_training_plan(
                teaching.base,
                read_recipe(teaching.recipe, **teaching.changes),
                self.folder,
                tests=self._tests(),
                on_overlap=teaching.overlap,  # type: ignore[arg-type]
                saved=("adapter",),
                data_dir=Path(copies[0]) if copies else None,
                progress=self.progress.download,
            )
        except PrimumError as error:
            return str(error)

    def _tests(self) -> tuple[Request, ...]:
        """Every request of the study: what a training must not have seen."""
        return tuple(request for plan in self.loaded.values() for request in plan.requests)
