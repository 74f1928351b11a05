"""Whole trainings of a tiny model."""

import json
import os
import signal
import subprocess
import sys
from math import log
from pathlib import Path
from typing import Any

import pytest

from primum.errors import RunError, UserError
from primum.training.plan import make_training_plan
from primum.training.recipe import read_recipe
from primum.training.train import Trained, train
from primum.training.watch import Silent
from tests.training.tiny import write_recipe

STEPS = 6


def plan_for(model: str, out: Path, method: str = "sft", **changes: Any) -> Any:
    recipe = write_recipe(out.parent / f"{method}.toml", method)
    saved = changes.pop("saved", ["adapter"])
    return make_training_plan(model, read_recipe(str(recipe), **{"steps": STEPS, **changes}), out, saved=saved)


def weights(trained: Trained) -> bytes:
    return (trained.adapter / "adapter_model.safetensors").read_bytes()


class Recorder(Silent):
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def note(self, text: str) -> None:
        self.told.append(text)

    def start(self, stage: str, total: int, done: int = 0) -> None:
        self.told.append((stage, total, done))

    def advance(self, steps: int = 1) -> None:
        self.told.append(steps)


@pytest.fixture(scope="module")
def unbroken(home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Recorder]:
    """A training that nothing stops, with everything saved."""
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PRIMUM_CACHE_DIR", str(home / "cache"))
        out = tmp_path_factory.mktemp("unbroken") / "out"
        plan = plan_for(str(home / "tiny.gguf"), out, saved=["adapter", "merged", "gguf"])
        return train(plan, recorder), recorder


def test_the_loss_falls_and_everything_is_saved(unbroken: tuple[Trained, Recorder]) -> None:
    trained, _ = unbroken
    assert [item.step for item in trained.losses] == list(range(1, STEPS + 1))
    assert trained.losses[-1].loss < trained.losses[0].loss - 0.3
    assert trained.merged is not None
    assert trained.gguf is not None
    assert (trained.folder / "README.md").is_file()
    assert not (trained.folder / "checkpoints").exists()


def test_progress_is_told_step_by_step(unbroken: tuple[Trained, Recorder]) -> None:
    _, recorder = unbroken
    assert recorder.told == [("training (sft)", STEPS, 0), *[1] * STEPS, "saving adapter, gguf, merged"]


def test_the_same_command_gives_the_same_adapter(unbroken: tuple[Trained, Recorder], tiny: str, tmp_path: Path) -> None:
    again = train(plan_for(tiny, tmp_path / "out", saved=["adapter", "merged", "gguf"]))
    assert weights(again) == weights(unbroken[0])
    assert again.losses == unbroken[0].losses


KILLED = """
import os, signal, sys
from pathlib import Path
from primum.training import Silent, make_training_plan, read_recipe, train

class Killer(Silent):
    steps = 0
    def advance(self, steps=1):
        self.steps += steps
        if self.steps == 5:
            os.kill(os.getpid(), signal.SIGKILL)

model, recipe, out = sys.argv[1:]
train(make_training_plan(model, read_recipe(recipe, steps=6), Path(out), saved=["adapter", "merged", "gguf"]), Killer())
"""


def test_a_training_killed_at_any_moment_goes_on_to_the_same_weights(
    unbroken: tuple[Trained, Recorder], tiny: str, tmp_path: Path
) -> None:
    """Killed in its fifth step, it goes on from the checkpoint of the fourth; the dropout of the adapter is in it."""
    out = tmp_path / "out"
    plan = plan_for(tiny, out, saved=["adapter", "merged", "gguf"])
    words = [sys.executable, "-c", KILLED, tiny, str(tmp_path / "sft.toml"), str(out)]
    assert subprocess.run(words, check=False, env=os.environ).returncode == -signal.SIGKILL
    (out / "checkpoints" / "checkpoint-6").mkdir()  # what a kill during the writing of a checkpoint leaves
    recorder = Recorder()
    resumed = train(plan, recorder)
    assert recorder.told[0] == ("training (sft)", STEPS, 4)
    assert recorder.told.count(1) == STEPS - 4  # steps that it did not do again
    assert weights(resumed) == weights(unbroken[0])
    assert resumed.losses == unbroken[0].losses
    assert resumed.gguf is not None
    assert unbroken[0].gguf is not None
    assert resumed.gguf.read_bytes() == unbroken[0].gguf.read_bytes()


def test_a_finished_training_is_given_back_and_not_done_again(unbroken: tuple[Trained, Recorder], tiny: str) -> None:
    trained, recorder = unbroken[0], Recorder()
    again = train(plan_for(tiny, trained.folder, saved=["adapter", "merged", "gguf"]), recorder)
    assert again == trained
    assert recorder.told == [f"{trained.folder} already holds this training, done."]


def test_a_folder_of_another_training_is_refused(unbroken: tuple[Trained, Recorder], tiny: str) -> None:
    folder = unbroken[0].folder
    with pytest.raises(UserError, match=r"holds a training with another recipe, data, saved\. Choose another --out"):
        train(plan_for(tiny, folder, n=9))


def test_a_folder_that_another_process_holds_is_refused(tiny: str, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".lock"), pytest.raises(RunError, match="Another process trains in"):
        train(plan_for(tiny, tmp_path / "out"))


def test_the_manifest_says_what_it_was_made_of(unbroken: tuple[Trained, Recorder]) -> None:
    manifest = json.loads((unbroken[0].folder / "training.json").read_text())
    assert manifest["base"]["name"].startswith("gguf/")
    assert len(manifest["base"]["revision"]) == 64
    assert manifest["data"]["counts"] == {"demonstration": 8, "twin": 8, "ordinary": 8}
    assert manifest["overlap"] == []
    assert set(manifest["done"]["files"]) == {
        "adapter/adapter_model.safetensors", "merged/model.safetensors", "model-q8_0.gguf",
    }  # fmt: skip
    assert manifest["done"]["versions"]["trl"]


@pytest.mark.parametrize(("changes", "expected"), [({"sft_weight": 0.0}, log(2)), ({"sft_weight": 1.0}, None)])
def test_dpo_begins_at_ln_2(tiny: str, tmp_path: Path, changes: dict[str, float], expected: float | None) -> None:
    """Before the first step the adapter changes nothing, so model and reference agree (Rafailov et al. 2023, eq. 7)."""
    trained = train(plan_for(tiny, tmp_path / "out", "dpo", steps=2, max_length=256, **changes))
    first = trained.losses[0].loss
    assert first == pytest.approx(expected, abs=1e-4) if expected else first > log(2) + 1


def test_kto_begins_at_one_half(tiny: str, tmp_path: Path) -> None:
    """1 - sigmoid(0), whatever the KL term, which is 0 too (Ethayarajh et al. 2024, eq. 8)."""
    trained = train(plan_for(tiny, tmp_path / "out", "kto", steps=2, max_length=256))
    assert trained.losses[0].loss == pytest.approx(0.5, abs=1e-4)


def test_the_models_own_answers_are_asked_for_once_and_kept_in_the_folder(tiny: str, tmp_path: Path) -> None:
    plan = plan_for(tiny, tmp_path / "out", "dpo", steps=1, n=3, rejected="own", max_length=256)
    recorder = Recorder()
    train(plan, recorder)
    assert ("asking the base model", 3, 0) in recorder.told
    kept = json.loads((tmp_path / "out" / "own-answers.json").read_text())
    assert len(kept) == 3


def test_a_batch_that_cannot_be_shared_out_is_refused(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    with pytest.raises(UserError, match="A batch of 8 rows cannot be shared out between 3 processes"):
        train(plan_for(tiny, tmp_path / "out"))


def test_a_gpu_that_is_not_there_is_one_line(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(UserError, match="asks for device 'cuda', and torch sees no GPU"):
        train(plan_for(tiny, tmp_path / "out", device="cuda"))


def test_too_little_memory_is_one_line(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("primum.training.machine.free_memory", lambda _: 1_000)
    with pytest.raises(UserError, match=r"training it in float32 takes about .* GB are free on this cpu"):
        train(plan_for(tiny, tmp_path / "out"))


def test_a_target_that_is_no_layer_is_named_with_those_that_are(tiny: str, tmp_path: Path) -> None:
    plan = plan_for(tiny, tmp_path / "out", lora={"targets": ["q_porj"]})
    with pytest.raises(
        UserError, match=r"LoRA target 'q_porj' is no layer of this model\. Allowed: down_proj, gate_proj"
    ):
        train(plan)


def test_missing_libraries_are_one_line(tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_for(tiny, tmp_path / "out")
    monkeypatch.setattr("primum.training.libraries.find_spec", lambda name: None if name == "trl" else object())
    with pytest.raises(UserError, match=r'Training needs trl\. Run: pip install "primum\[train\]"'):
        train(plan)
