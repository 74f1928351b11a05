"""The model card."""

import json
from pathlib import Path

import pytest

from primum.errors import UserError
from primum.training.card import Change, write_card
from primum.types import Estimate

MANIFEST = {
    "primum": "9.9",
    "base": {"name": "hf/owner/name", "revision": "abc"},
    "recipe": {
        "method": "sft", "learning_rate": 1e-3, "schedule": "cosine", "batch": 8, "max_length": 96, "seed": 3,
        "loss_on": "completion", "lora": {"r": 4, "alpha": 8, "dropout": 0.0, "targets": ["q_proj"]},
    },
    "recipe_sha256": "def",
    "data": {
        "sha256": "123",
        "counts": {"demonstration": 5, "twin": 0},
        "sources": [{"dataset": "pairs", "version": "1", "sha256": "456", "drawn": 5}],
    },
    "overlap": [],
    "overlap_left_out": False,
    "done": {
        "steps": 2, "dtype": "float32", "device": "cpu", "processes": 1, "versions": {"torch": "1"},
        "files": {"adapter/x": "789"}, "losses": [{"step": 1, "loss": 2.5}, {"step": 2, "loss": 1.25}],
    },
}  # fmt: skip


def estimate(value: float | None, events: int | None) -> Estimate:
    bound = None if value is None else value / 2
    return Estimate(
        metric="m", group="overall", value=value, low=bound, high=value, level=0.95, method="x",
        n_scored=0 if value is None else 40, n_unscored=2, events=events,
    )  # fmt: skip


def written(folder: Path, changes: tuple[Change, ...] = (), **other: object) -> str:
    (folder / "training.json").write_text(json.dumps({**MANIFEST, **other}))
    return write_card(folder, changes).read_text()


def test_a_card_names_base_data_recipe_losses_and_files_with_their_hashes(tmp_path: Path) -> None:
    text = written(tmp_path)
    assert text.startswith("---\nlibrary_name: peft\nbase_model: owner/name\n")
    for said in (
        "`abc`",
        "5 demonstration rows; hash of all rows `123`",
        "| pairs | 1 | 5 | `456` |",
        "Recipe `def`",
        "Loss 2.5000 at the first step, 1.2500 at the last",
        "| adapter/x | `789` |",
        "torch 1",
        "Not measured yet",
    ):
        assert said in text


def test_numbers_before_and_after_come_with_interval_and_counts(tmp_path: Path) -> None:
    change = Change(measure="harm rate on pairs, test", before=estimate(0.9, 36), after=estimate(0.1, 4))
    nothing = Change(measure="nll", before=estimate(2.5, None), after=estimate(None, None))
    text = written(tmp_path, (change, nothing))
    assert "| harm rate on pairs, test | 90 % (45 to 90; n 40, 2 unscored) | 10 % (5 to 10; n 40, 2 unscored) |" in text
    assert "| nll | 2.5 (1.25 to 2.5; n 40, 2 unscored) | not scored (0 of 2) |" in text
    assert "Not measured yet" not in text


@pytest.mark.parametrize(("left_out", "said"), [(True, "they were left out"), (False, "test numbers flatter it")])
def test_overlap_with_the_test_is_told(tmp_path: Path, left_out: bool, said: str) -> None:
    text = written(tmp_path, overlap=[{"train": "a", "test": "b", "likeness": 1.0}], overlap_left_out=left_out)
    assert "1 rows are, or nearly are, requests of the test sets" in text
    assert said in text


def test_an_unfinished_training_and_a_folder_without_one_have_no_card(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no training that a card could describe"):
        write_card(tmp_path)
    with pytest.raises(UserError, match="is not finished"):
        written(tmp_path, done=None)
