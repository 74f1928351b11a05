"""What one evaluation is asked to do: defaults, then a TOML file, then what the caller says."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from math import isfinite
from pathlib import Path
from typing import Any

from primum.attacks import find_attack
from primum.datasets import PLAIN, check_columns, find_dataset, is_place
from primum.engine import check_model_name
from primum.engine.names import provider_of
from primum.errors import UserError, unknown_name
from primum.evaluation.conversation import BALANCED, demonstrations
from primum.evaluation.kinds import GENERATION, LIKELIHOOD, METHODS
from primum.guards import find_guard
from primum.judges import find_judge


@dataclass(frozen=True, kw_only=True)
class EvalConfig:
    """The resolved configuration of one evaluation."""

    model: str
    dataset: str = "pairs"
    split: str = "test"
    data_dir: str | None = None
    """A local copy of the data set; for a plain one its place."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For a plain data set: which column holds what."""
    limit: int | None = None
    """At most this many requests; pairs stay whole and principles balanced."""
    seed: int = 0
    method: str = GENERATION
    """``generation``: by what the model writes; ``likelihood``: by how likely it holds given texts, for local models."""
    judge: str = "embedded"
    judge_model: str | None = None
    """The language model behind a judge that needs one."""
    validation: str | None = None
    """Record of 'primum judges validate' that is to stand beside the numbers."""
    attack: str = "none"
    system_prompt: str | None = None
    demonstrations: int = 0
    """Examples from PrimumPairs train that are shown before each request."""
    demonstrations_mix: str = BALANCED
    """Which: ``balanced`` or ``refusals``."""
    guard: str | None = None
    """What stands between the model and its reader."""
    guard_model: str | None = None
    """The language model behind a guard that needs one."""
    max_tokens: int = 256
    temperature: float = 0.0
    max_retries: int = 5
    max_connections: int | None = None
    base_url: str | None = None
    model_args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> dict[str, Any]:
        """What decides which answers come back: two runs that agree in it may share their responses."""
        chosen = {name: getattr(self, name) for name in _IDENTITY}
        model_args = {key: value for key, value in self.model_args.items() if key not in _ONLY_SPEED}
        # Named data sets are pinned by content; a file of one's own is known by its place and columns.
        plain = {"data_dir": self.data_dir, "columns": dict(self.columns)} if self.dataset == PLAIN.name else {}
        shown = {name: getattr(self, name) for name in _SHOWN} if self.demonstrations else {}
        guard = {name: getattr(self, name) for name in _GUARD} if self.guard else {}
        method = {"method": self.method} if self.method != GENERATION else {}
        return {**chosen, "model_args": model_args, **plain, **shown, **guard, **method}

    @property
    def identity_sha256(self) -> str:
        """Hash of the identity."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    @property
    def folder_name(self) -> str:
        """A readable, unique name for the run's folder."""
        model = re.sub(r"[^A-Za-z0-9.]+", "-", self.model.removesuffix(".gguf").removeprefix("gguf/")).strip("-")[-48:]
        return f"{model}-{self.dataset}-{self.identity_sha256[:8]}"

    def as_toml(self) -> dict[str, Any]:
        """The configuration without what is not set (TOML has no null)."""
        return {name: value for name, value in asdict(self).items() if value is not None and value != {}}


_IDENTITY = (
    "model", "dataset", "split", "limit", "seed", "attack", "system_prompt", "max_tokens", "temperature", "base_url",
)  # fmt: skip
EXAM_TOKENS = 64
"""New tokens for an answer to an exam question where nothing else is said: a letter with the choice's text."""
_SHOWN = ("demonstrations", "demonstrations_mix")
_GUARD = ("guard", "guard_model")
_ONLY_SPEED = ("slots", "threads")
_TYPES: dict[str, tuple[type, ...]] = {
    "model": (str,), "dataset": (str,), "split": (str,), "data_dir": (str,), "limit": (int,), "seed": (int,),
    "judge": (str,), "judge_model": (str,), "attack": (str,), "system_prompt": (str,), "max_tokens": (int,),
    "temperature": (float, int), "max_retries": (int,), "max_connections": (int,), "base_url": (str,),
    "model_args": (dict,), "columns": (dict,), "demonstrations": (int,), "demonstrations_mix": (str,), "guard": (str,),
    "guard_model": (str,), "method": (str,), "validation": (str,),
}  # fmt: skip
_LEAST = {
    "limit": 1, "seed": 0, "max_tokens": 1, "temperature": 0, "max_retries": 0, "max_connections": 1, "demonstrations": 0,
}  # fmt: skip
_REQUIRED = tuple(
    item.name for item in fields(EvalConfig) if item.default is MISSING and item.default_factory is MISSING
)


def config_from(*layers: Mapping[str, Any]) -> EvalConfig:
    """The configuration that the layers give, later ones over earlier ones; None means *not said*.

    Raises:
        UserError: an unknown key, a value of the wrong kind or out of range, a name that is in no table.
    """
    said: dict[str, Any] = {}
    for layer in layers:
        said.update({key: value for key, value in layer.items() if value is not None})
    for key, value in said.items():
        _check_value(key, value)
    if missing := [name for name in _REQUIRED if name not in said]:
        raise UserError(f"No {missing[0]} was given. Write for example: primum eval gguf/smollm2-135m.")
    said["temperature"] = float(said.get("temperature", EvalConfig.temperature))
    for key in ("model", "judge_model", "guard_model"):
        if key in said:
            said[key] = check_model_name(said[key])
    _find_place(said)
    if find_dataset(said.get("dataset", EvalConfig.dataset)).measures == "capability":
        said.setdefault("max_tokens", EXAM_TOKENS)
    if "validation" in said:
        said["validation"] = str(Path(said["validation"]).expanduser().absolute())
    config = EvalConfig(**said)
    _check_names(config)
    return config


def _find_place(said: dict[str, Any]) -> None:
    """A place where a data set's name was expected is a plain data set; paths become absolute."""
    name = said.get("dataset", EvalConfig.dataset)
    if is_place(name):
        if "data_dir" in said:
            raise UserError(f"Data set '{name}' is a place by itself. Leave --data-dir out.")
        said["dataset"], said["data_dir"] = PLAIN.name, name
    if "data_dir" in said and not said["data_dir"].startswith("hf:"):
        said["data_dir"] = str(Path(said["data_dir"]).expanduser().absolute())
    if said.get("columns") and said.get("dataset") != PLAIN.name:
        raise UserError(f"Data set '{name}' has known columns. Leave --column out, or name a file of your own.")
    check_columns(said.get("columns", {}))


def read_config_file(path: Path) -> dict[str, Any]:
    """The keys of a TOML file, not yet checked.

    Raises:
        UserError: the file is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"Cannot read the config {path} ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"The config {path} is not TOML ({error}).") from error


def _check_value(key: str, value: object) -> None:
    if key not in _TYPES:
        raise unknown_name("config key", key, _TYPES)
    wanted = _TYPES[key]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise UserError(f"Config key '{key}' has the value {value!r}; allowed: {names}.")
    if isinstance(value, float) and not isfinite(value):
        raise UserError(f"Config key '{key}' has the value {value!r}; allowed: a finite number.")
    if key in _LEAST and value < _LEAST[key]:  # type: ignore[operator]
        raise UserError(f"Config key '{key}' has the value {value!r}; allowed: {_LEAST[key]} or more.")


def _check_names(config: EvalConfig) -> None:
    dataset, judge = find_dataset(config.dataset), find_judge(config.judge)
    find_attack(config.attack)
    demonstrations(config.demonstrations, config.demonstrations_mix, config.seed)
    _check_guard(config)
    _check_method(config, exam=dataset.measures == "capability")
    if config.split not in dataset.splits:
        raise unknown_name(f"split of '{dataset.name}'", config.split, dataset.splits)
    for model in (member.model for member in judge.members if member.model is not None):
        check_model_name(model)
    if judge.asks_a_model and config.judge_model is None:
        raise UserError(
            f"Judge '{judge.name}' needs a language model. Add --judge-model PROVIDER/MODEL, or use --judge embedded."
        )
    if not judge.asks_a_model and config.judge_model is not None:
        raise UserError(f"Judge '{judge.name}' uses no language model. Leave --judge-model out.")


def _check_method(config: EvalConfig, *, exam: bool) -> None:
    """Nothing, if this model can be measured so and nothing is said that would be ignored.

    Raises:
        UserError: it is not so.
    """
    if config.method not in METHODS:
        raise unknown_name("method", config.method, METHODS)
    weighs = config.method == LIKELIHOOD
    if weighs and provider_of(config.model) not in ("gguf", "hf"):
        raise UserError(
            f"Method 'likelihood' needs a model in this process, and '{config.model}' is asked over a network, which "
            "tells no likelihood of a given text. Allowed: gguf/NAME, a .gguf file, hf/OWNER/NAME; or leave --method out."
        )
    if (weighs or exam) and (config.judge != EvalConfig.judge or config.judge_model or config.validation):
        raise UserError(
            "Exam answers are read against the key, and likelihoods need no reading: there is nothing to judge. "
            "Leave --judge, --judge-model and --validation out."
        )
    if weighs and (config.temperature or config.guard):
        raise UserError("Method 'likelihood' writes no answer. Leave --temperature and --guard out.")


def _check_guard(config: EvalConfig) -> None:
    if config.guard is None:
        if config.guard_model is not None:
            raise UserError("--guard-model was given without a guard. Add --guard NAME; see 'primum guards list'.")
        return
    guard = find_guard(config.guard)
    if guard.asks_a_model and config.guard_model is None:
        raise UserError(
            f"Guard '{guard.name}' needs a language model. Add --guard-model PROVIDER/MODEL, or use --guard embedded."
        )
    if not guard.asks_a_model and config.guard_model is not None:
        raise UserError(f"Guard '{guard.name}' uses no language model. Leave --guard-model out.")
