"""What could have changed a number, written down: versions, hashes, seeds."""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import primum
from primum.datasets import Loaded, find_dataset
from primum.evaluation.config import EvalConfig
from primum.evaluation.conversation import demonstrations
from primum.evaluation.guarding import post_of
from primum.evaluation.kinds import Kind
from primum.models import LocalModel
from primum.models.engine import engine_version
from primum.standard import load_standard
from primum.store import FORMAT
from primum.types import Request

_PACKAGES = ("inspect-ai", "xllamacpp", "openai", "anthropic", "vllm", "transformers", "torch", "numpy", "scipy")


def make_manifest(
    config: EvalConfig,
    loaded: Loaded,
    requests: Sequence[Request],
    local: LocalModel | None,
    judge_key: str,
    kind: Kind = Kind.SAFETY,
    references: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The manifest of a new run; ``references`` are the answers that are weighed, by the request's id."""
    standard, dataset = load_standard(), find_dataset(config.dataset)
    return {
        "format": FORMAT,
        "kind": kind.value,
        "primum": primum.__version__,
        "created": now(),
        "identity": config.identity,
        "seed": config.seed,
        "standard": {"version": standard.version, "sha256": standard.sha256},
        "dataset": {
            "name": dataset.name,
            "version": dataset.version,
            "split": config.split,
            "sha256": loaded.sha256,
            **({"note": loaded.note} if loaded.note else {}),
            "requests": len(requests),
            "requests_sha256": requests_sha256(requests, references or {}),
        },
        "model": {
            "name": config.model,
            "sha256": local.sha256 if local else None,
            "engine": engine_version() if local else "inspect-ai provider",
        },
        **_around(config),
        "judge": judge_key,
        "invocations": [],
    }


def _around(config: EvalConfig) -> dict[str, Any]:
    """What stood around the model, where something did."""
    found: dict[str, Any] = {}
    if config.demonstrations:
        shown = demonstrations(config.demonstrations, config.demonstrations_mix, config.seed)
        found["demonstrations"] = hashlib.sha256(json.dumps(shown).encode()).hexdigest()
    if (post := post_of(config)) is not None:
        found["guard"] = post.about()
    return found


def invocation(asked: int) -> dict[str, Any]:
    """One use of the command on this run: when, with which versions, and how many responses it brought."""
    return {
        "time": now(),
        "primum": primum.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
        "asked": asked,
    }


def requests_sha256(requests: Sequence[Request], references: Mapping[str, str] | None = None) -> str:
    """Hash of what is asked, in order, with the answers that are weighed, if any are."""
    lines = [request.id for request in requests]
    lines += [
        hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() for text in (references or {}).values()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
