"""A study from its TOML file.

For example::

    title = "Harm of two models"
    catalogue = "models.toml"                 # a file with [[models]]; optional
    models = ["llama-2-7b-chat"]              # names out of it; all of them if left out
    [settings]                                # keys of `primum eval`, for all cells
    judge = "paper"
    judge_model = "openai/gpt-3.5-turbo-0125"
    [[data]]
    name = "medical"
    dataset = "medsafetybench"                # and other keys of `primum eval`
    [finetune]                                # models that are trained first; optional
    recipe = "paper"
    models = ["llama-2-7b-chat"]
    [[finetune.demonstrations]]
    name = "medical"
    data = ["medsafetybench"]
    n = [200, 450]                            # 0 is the model as it is, which is measured anyhow
    twins = 1.0                               # for each demonstration, like ordinary; optional: else the recipe's
    ordinary = 0

``[finetune]`` may also hold ``overlap``, ``steps`` and ``batch`` (the same for every training), ``seeds`` (each training
once for every one), ``save`` (of adapter, merged, gguf) and ``keep_weights = false``, which removes merged model and GGUF
file of a training as soon as everything is measured on it.

In place of names, ``[[models]]`` may stand in the study itself: ``name``, ``model``, ``revision``, ``template`` (a Jinja
file for vLLM or transformers), ``note``, and keys of ``primum eval``. ``system_prompt = "@FILE"`` reads a file; it and the
template are found beside the TOML file that names them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from primum.engine.names import provider_of
from primum.errors import UserError, unknown_name
from primum.evaluation import read_config_file
from primum.study.read_finetune import read_finetune
from primum.study.read_values import known, names, require, tables, unique
from primum.study.record import Study, StudyData, StudyModel

_KEYS = ("title", "about", "catalogue", "models", "settings", "data", "finetune", "groups")
_MODEL_OWN = ("name", "model", "revision", "template", "note")
_MODEL_SETTINGS = (
    "system_prompt", "max_tokens", "max_connections", "base_url", "model_args", "guard", "guard_model",
    "demonstrations", "demonstrations_mix",
)  # fmt: skip
"""What may differ between models: nothing that decides which requests are put, or they could not stand in one table."""
_NOT_SHARED = ("model", "dataset", "split", "columns", "data_dir")
_TEMPLATED = ("vllm", "hf")
"""Providers that take a chat template as an argument."""
_PINNED = ("vllm", "hf", "sglang")
"""Providers that take a revision."""


def read_study(path: Path) -> Study:
    """The study in a file; names of models, data sets and judges are checked when it is planned.

    Raises:
        UserError: a file is missing or not TOML, a key is unknown, or a value is of the wrong kind.
    """
    table = read_config_file(path)
    known(table, _KEYS, f"key of the study {path}:")
    sources = [path]
    models = _models(table, path, sources)
    data = unique([_data(item, path) for item in tables(table, "data", path)], "data set", path)
    if not data:
        raise UserError(f"The study {path} has no data set. Add a [[data]] table with name and dataset.")
    settings = require(table.get("settings", {}), dict, "settings", "a table", path)
    for key in _NOT_SHARED:
        if key in settings:
            raise UserError(f"In the study {path}, [settings] has '{key}', which belongs to [[models]] or [[data]].")
    shared = _texts(settings, path, sources)
    return Study(
        name=path.stem,
        title=require(table.get("title", path.stem), str, "title", "a text", path),
        about=require(table.get("about", ""), str, "about", "a text", path).strip(),
        path=path,
        sha256=_hash(sources),
        settings=shared,
        models=models,
        data=data,
        finetune=read_finetune(table["finetune"], models, path) if "finetune" in table else None,
        groups=require(table.get("groups", False), bool, "groups", "true or false", path),
    )


def _models(table: Mapping[str, Any], path: Path, sources: list[Path]) -> tuple[StudyModel, ...]:
    """The models that a study lists itself, or the ones that it names out of its catalogue."""
    said = table.get("models")
    if "catalogue" not in table:
        found = [_model(item, path, sources) for item in tables(table, "models", path)]
        if not found:
            raise UserError(f"The study {path} has no model. Add [[models]] tables, or a catalogue.")
        return unique(found, "model", path)
    place = path.parent / require(table["catalogue"], str, "catalogue", "the name of a file", path)
    sources.append(place)
    listed = tables(read_config_file(place), "models", place)
    every = {model.name: model for model in unique([_model(item, place, sources) for item in listed], "model", place)}
    chosen = list(every) if said is None else names(said, "models", path)
    return tuple(every[name] if name in every else _missing(name, every, place) for name in chosen)


def _missing(name: str, every: Iterable[str], place: Path) -> StudyModel:
    raise unknown_name(f"model of {place}:", name, every)


def _model(item: Mapping[str, Any], path: Path, sources: list[Path]) -> StudyModel:
    known(item, (*_MODEL_OWN, *_MODEL_SETTINGS), f"key of a model in {path}:")
    name, model = (require(item.get(key), str, f"{key} of a model", "a text", path) for key in ("name", "model"))
    settings = _texts({key: value for key, value in item.items() if key in _MODEL_SETTINGS}, path, sources)
    arguments = dict(require(settings.get("model_args", {}), dict, "model_args", "a table", path))
    for key, argument, providers in (("revision", "revision", _PINNED), ("template", "chat_template", _TEMPLATED)):
        if key not in item:
            continue
        if provider_of(model) not in providers:
            raise UserError(f"In {path}, '{name}' has a {key}, which {provider_of(model)} does not take. Leave it out.")
        value = require(item[key], str, key, "a text", path)
        arguments[argument] = _read(path, value, sources) if key == "template" else value
    if arguments:
        settings["model_args"] = arguments
    note = require(item.get("note", ""), str, "note", "a text", path)
    return StudyModel(name=name, model=model, revision=item.get("revision"), note=note, settings=settings)


def _data(item: Mapping[str, Any], path: Path) -> StudyData:
    name = require(item.get("name"), str, "name of a data set", "a text", path)
    require(item.get("dataset"), str, f"dataset of '{name}'", "a text", path)
    return StudyData(name=name, settings={key: value for key, value in item.items() if key != "name"})


def _texts(settings: Mapping[str, Any], path: Path, sources: list[Path]) -> dict[str, Any]:
    """Settings whose system prompt, if it names a file, is that file's text."""
    prompt = settings.get("system_prompt")
    if not isinstance(prompt, str) or not prompt.startswith("@"):
        return dict(settings)
    return {**settings, "system_prompt": _read(path, prompt[1:], sources)}


def _read(path: Path, name: str, sources: list[Path]) -> str:
    place = path.parent / name
    sources.append(place)
    try:
        return place.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} names the file {place}, which cannot be read ({error}).") from error


def _hash(sources: Sequence[Path]) -> str:
    found = hashlib.sha256()
    for place in dict.fromkeys(sources):
        found.update(place.read_bytes())
    return found.hexdigest()
