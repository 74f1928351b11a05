"""Several processes learn what one learns."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from primum.training.plan import make_training_plan
from primum.training.recipe import read_recipe
from primum.training.train import train
from tests.training.tiny import write_recipe


def test_two_processes_give_the_loss_curve_of_one(tiny: str, tmp_path: Path) -> None:
    """Without dropout, whose places depend on the process. The sums are added in another order: hence the tolerance."""
    recipe = write_recipe(tmp_path / "recipe.toml", dropout=0)
    words = [
        "train",
        "sft",
        tiny,
        "--recipe",
        str(recipe),
        "--steps",
        "4",
        "--out",
        str(tmp_path / "two"),
        "--save",
        "adapter",
    ]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m", "primum"]
    done = subprocess.run(
        [*launcher, *words], env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Model: ") == 1
    assert done.stderr.count("rows  ") == 1
    plan = make_training_plan(tiny, read_recipe(str(recipe), steps=4), tmp_path / "two", saved=["adapter"])
    two = train(plan)
    alone = train(make_training_plan(tiny, read_recipe(str(recipe), steps=4), tmp_path / "one", saved=["adapter"]))
    assert '"processes": 2' in (tmp_path / "two" / "training.json").read_text()
    assert [item.loss for item in two.losses] == pytest.approx([item.loss for item in alone.losses], rel=1e-4)
    assert two.losses[-1].loss < two.losses[0].loss
