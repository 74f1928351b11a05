"""The weights of a study's trainings: there while a cell has to ask them, removed when none has to any more.

An adapter is small beside the GGUF file and the merged model that are made of it, so it always stays, and brings both back.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from primum.evaluation import Progress
from primum.fetch import file_sha256
from primum.store.write import disk_errors
from primum.training import TrainingPlan, train
from primum.training.base import MANIFEST, unpacked_folder
from primum.training.save import ADAPTER, MERGED, gguf_name, save


def is_trained(plan: TrainingPlan) -> bool:
    """Whether the folder holds this training, done; its weights may have been removed since."""
    return bool(_files(plan))


def trained_sha256(plan: TrainingPlan) -> str | None:
    """SHA-256 of the GGUF file that the training made, there or not; None where it made none."""
    return _files(plan).get(gguf_name(plan.precision))


def require_weights(plan: TrainingPlan, progress: Progress) -> None:
    """Train; or bring removed weights back from their adapter, or train anew where that is gone, too.

    Raises:
        UserError: the folder holds another training, or a library is missing.
        RunError: disk or network failed; call again to go on.
    """
    files = _files(plan)
    lost = [name for name, sha256 in files.items() if not _is_whole(plan.folder / name, sha256)]
    if any(name.startswith(f"{ADAPTER}/") for name in lost):
        progress.note(f"{plan.folder.name}: its adapter is gone, so it is trained anew")
        with disk_errors(plan.folder):
            shutil.rmtree(plan.folder)
    elif lost:
        progress.note(f"{plan.folder.name}: weights are made of its adapter again")
        save(plan.base, plan.folder, plan.saved, plan.precision)
        return
    train(plan, progress)


def remove_weights(plan: TrainingPlan) -> None:
    """Remove merged model and GGUF file, and what was unpacked of it to weigh texts; the adapter stays.

    Raises:
        RunError: the disk does not allow it.
    """
    sha256 = trained_sha256(plan)
    with disk_errors(plan.folder):
        if sha256 is not None:
            shutil.rmtree(unpacked_folder(sha256), ignore_errors=True)
        (plan.folder / gguf_name(plan.precision)).unlink(missing_ok=True)
        shutil.rmtree(plan.folder / MERGED, ignore_errors=True)


def _files(plan: TrainingPlan) -> dict[str, str]:
    """The weights that this training made, by SHA-256; none where it is not done, or where it is another one."""
    try:
        stored: dict[str, Any] = json.loads((plan.folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    same = (
        stored.get("recipe_sha256") == plan.recipe.sha256
        and stored.get("data", {}).get("sha256") == plan.blend.sha256
        and stored.get("base", {}).get("name") == plan.base.name
        and stored.get("saved") == list(plan.saved)
        and stored.get("precision") == plan.precision
    )
    return dict(stored["done"]["files"]) if same and "done" in stored else {}


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and file_sha256(path) == sha256
