"""The ``[finetune]`` table of a study's file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from primum.errors import UserError, unknown_name
from primum.study.read_values import known, names, require, share, tables, unique, whole_number, whole_numbers
from primum.study.record import Demonstrations, Finetune, Overlap, StudyModel
from primum.study.subject import folder_word
from primum.training.save import SAVED

_KEYS = ("recipe", "models", "demonstrations", "overlap", "steps", "batch", "seeds", "save", "keep_weights")


def read_finetune(table: Any, models: Sequence[StudyModel], path: Path) -> Finetune:
    """The trainings that a study asks for.

    Raises:
        UserError: an unknown key or model, or a value of the wrong kind.
    """
    require(table, dict, "finetune", "a table", path)
    known(table, _KEYS, f"key of [finetune] in {path}:")
    overlap = table.get("overlap", "refuse")
    if overlap not in get_args(Overlap):
        raise unknown_name(f"overlap in {path}:", str(overlap), get_args(Overlap))
    return Finetune(
        recipe=require(table.get("recipe"), str, "recipe", "a text", path),
        models=_models(table, models, path),
        demonstrations=_choices(table, path),
        overlap=overlap,
        steps=whole_number(table, "steps", path, least=1),
        batch=whole_number(table, "batch", path, least=1),
        seeds=whole_numbers(table["seeds"], "seeds", path, least=0) if "seeds" in table else (),
        save=_saved(table, path),
        keep_weights=require(table.get("keep_weights", True), bool, "keep_weights", "true or false", path),
    )


def _models(table: Mapping[str, Any], models: Sequence[StudyModel], path: Path) -> tuple[str, ...]:
    found, there = names(table.get("models"), "models of [finetune]", path), {model.name for model in models}
    for name in found:
        if name not in there:
            raise unknown_name(f"model of [finetune] in {path}:", name, there)
    return tuple(found)


def _saved(table: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    if "save" not in table:
        return ()
    found = names(table["save"], "save", path)
    for kind in found:
        if kind not in SAVED:
            raise unknown_name(f"kind to save in {path}:", kind, SAVED)
    if not {"merged", "gguf"} & set(found):
        raise UserError(f"In the study {path}, 'save' has neither merged nor gguf, so nobody could ask the model.")
    return tuple(found)


def _choices(table: Mapping[str, Any], path: Path) -> tuple[Demonstrations, ...]:
    found = unique([_choice(item, path) for item in tables(table, "demonstrations", path)], "choice", path)
    by_folder: dict[str, str] = {}
    for item in found:
        other = by_folder.setdefault(folder_word(item.name), item.name)
        if other != item.name:
            raise UserError(
                f"In the study {path}, the choices '{other}' and '{item.name}' would share a folder, in whose name only "
                "letters and digits count. Rename one."
            )
    return found


def _choice(item: Mapping[str, Any], path: Path) -> Demonstrations:
    known(item, ("name", "data", "n", "columns", "twins", "ordinary"), f"key of [[finetune.demonstrations]] in {path}:")
    doses = whole_numbers(item.get("n"), "n", path, least=0)
    if not any(doses):
        raise UserError(f"In the study {path}, 'n' is 0 and nothing else, which is the model as it is. Add a dose.")
    return Demonstrations(
        name=require(item.get("name"), str, "name of a choice", "a text", path),
        data=tuple(names(item.get("data"), "data", path)),
        n=doses,
        twins=share(item, "twins", path),
        ordinary=share(item, "ordinary", path),
        columns=require(item.get("columns", {}), dict, "columns", "a table", path),
    )
