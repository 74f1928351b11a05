"""The model card of a training: what it was made of, in the README that the hub shows, and later what it changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.store import write_text
from primum.training.base import MANIFEST
from primum.types import Estimate

CARD = "README.md"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One number before and after, measured with the same instruments on the same requests."""

    measure: str
    """For a reader, with its test set: "harm rate on pairs, test"."""
    before: Estimate
    after: Estimate


def write_card(folder: Path, changes: Sequence[Change] = ()) -> Path:
    """The card of the training in this folder, from its manifest; call it again once there are numbers.

    Raises:
        UserError: the folder holds no finished training.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no training that a card could describe ({error}).") from error
    if not manifest.get("done"):
        raise UserError(f"The training in {folder} is not finished. Run its command again to go on.")
    write_text(folder / CARD, card(manifest, changes))
    return folder / CARD


def card(manifest: Mapping[str, Any], changes: Sequence[Change] = ()) -> str:
    """The card's text."""
    base, recipe, done = manifest["base"], manifest["recipe"], manifest["done"]
    data = manifest["data"]
    counts = ", ".join(f"{number} {kind} rows" for kind, number in data["counts"].items() if number)
    lora = recipe["lora"]
    parts = [
        _front(base["name"], recipe["method"]),
        f"# {base['name']}, {recipe['method']} with Primum",
        f"Base: {base['name']}, weights `{base['revision']}`.\n\n"
        "A study of method: nobody has shown that this model is fit to advise patients or clinicians.",
        "## What it changed\n\n" + (_changes(changes) or "Not measured yet. Say: `primum eval` on base and result."),
        f"## Data\n\n{counts}; hash of all rows `{data['sha256']}`.\n\n"
        + _sources(data["sources"])
        + _overlap(manifest),
        f"## Training\n\n{recipe['method']}, LoRA r {lora['r']}, alpha {lora['alpha']:g}, dropout {lora['dropout']:g} on "
        f"{', '.join(lora['targets'])}; learning rate {recipe['learning_rate']:g}, {recipe['schedule']}; "
        f"{done['steps']} steps of {recipe['batch']} rows; cut at {recipe['max_length']} tokens; loss on "
        f"{recipe['loss_on']}; seed {recipe['seed']}; {done['dtype']} on {done['device']}, {done['processes']} process(es). "
        f"Recipe `{manifest['recipe_sha256']}`.\n\n"
        f"Loss {done['losses'][0]['loss']:.4f} at the first step, {done['losses'][-1]['loss']:.4f} at the last.",
        "## Files\n\n| file | sha256 |\n|---|---|\n"
        + "\n".join(f"| {name} | `{digest}` |" for name, digest in done["files"].items()),
        "## Made with\n\n"
        + ", ".join(
            f"{name} {version}" for name, version in {"primum": manifest["primum"], **done["versions"]}.items()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _front(base: str, method: str) -> str:
    shown = f"base_model: {base.removeprefix('hf/')}\n" if base.startswith("hf/") else ""
    return f"---\nlibrary_name: peft\n{shown}tags:\n- primum\n- medical-safety\n- {method}\n- lora\n---"


def _sources(sources: Sequence[Mapping[str, Any]]) -> str:
    rows = [f"| {item['dataset']} | {item['version']} | {item['drawn']} | `{item['sha256']}` |" for item in sources]
    return "\n".join(["| data set (train) | version | rows | sha256 |", "|---|---|---|---|", *rows])


def _overlap(manifest: Mapping[str, Any]) -> str:
    found = manifest["overlap"]
    if not found:
        return "\n\nNo row is, or nearly is, a request of the test sets that were compared."
    what = (
        "were left out"
        if manifest["overlap_left_out"]
        else "**were trained on all the same, so test numbers flatter it**"
    )
    return f"\n\n{len(found)} rows are, or nearly are, requests of the test sets that were compared; they {what}."


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    rows = [f"| {item.measure} | {_told(item.before)} | {_told(item.after)} |" for item in changes]
    return "\n".join(["| measure | before | after |", "|---|---|---|", *rows])


def _told(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return f"not scored (0 of {estimate.n_unscored})"
    scale, sign = (100, " %") if estimate.events is not None else (1, "")
    value, low, high = (number * scale for number in (estimate.value, estimate.low, estimate.high))
    unscored = f", {estimate.n_unscored} unscored" if estimate.n_unscored else ""
    return f"{value:.3g}{sign} ({low:.3g} to {high:.3g}; n {estimate.n_scored}{unscored})"
