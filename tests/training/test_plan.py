"""What a training would do, told before anything is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from primum.datasets import load_pairs
from primum.errors import UserError
from primum.training.plan import make_training_plan
from primum.training.recipe import read_recipe
from primum.types import Intent, Request


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A file that is GGUF by its first bytes: a plan looks no deeper."""
    file = tmp_path / "base.gguf"
    file.write_bytes(b"GGUF" + bytes(1000))
    return str(file)


def asked_too() -> list[Request]:
    """A request of train, as a test set would hold it by mistake."""
    pair = load_pairs("train")[0]
    text = pair.harmful_request.upper()
    return [Request(text=text, intent=Intent.HARMFUL, category="x", dataset="made-up")]


def test_a_plan_names_base_rows_steps_and_time(model: str, tmp_path: Path) -> None:
    plan = make_training_plan(model, read_recipe("sft", n=16, steps=7), tmp_path / "out")
    told = "\n".join(plan.lines())
    assert "rows       48 (16 demonstration, 16 twin, 16 ordinary; 32 from pairs, 16 from ordinary)" in told
    assert "overlap    no row resembles a request of the test sets" in told
    assert "steps      7 of 32 rows, 4.7 passes" in told
    assert "time       about" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("method", "rows"), [("sft", 48), ("dpo", 48), ("kto", 96)])
def test_rows_are_counted_as_the_method_reads_them(model: str, tmp_path: Path, method: str, rows: int) -> None:
    assert make_training_plan(model, read_recipe(method, n=16), tmp_path).rows == rows


@pytest.mark.parametrize(("method", "rows"), [("dpo", 16), ("kto", 64)])
def test_rows_with_the_models_own_answers_are_counted_before_it_was_asked(
    model: str, tmp_path: Path, method: str, rows: int
) -> None:
    assert make_training_plan(model, read_recipe(method, n=16, rejected="own"), tmp_path).rows == rows


def test_rows_that_the_test_asks_are_refused_unless_said_otherwise(model: str, tmp_path: Path) -> None:
    recipe, tests = read_recipe("sft"), asked_too()
    with pytest.raises(UserError, match=r"1 of 1300 rows to train on are requests of the test.*--overlap drop"):
        make_training_plan(model, recipe, tmp_path, tests=tests)
    dropped = make_training_plan(model, recipe, tmp_path, tests=tests, on_overlap="drop")
    assert (len(dropped.blend.examples), len(dropped.overlap)) == (1299, 1)
    assert "1 rows resemble requests of the test sets: left out" in "\n".join(dropped.lines())
    kept = make_training_plan(model, recipe, tmp_path, tests=tests, on_overlap="keep")
    assert len(kept.blend.examples) == 1300
    assert "KEPT: test numbers will flatter the model" in "\n".join(kept.lines())


def test_a_gguf_for_a_base_without_one_is_refused_before_hours_of_training(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"hf/owner/name does not come with a GGUF file.*--save merged"):
        make_training_plan("hf/owner/name", read_recipe("sft"), tmp_path)


def test_an_unknown_kind_to_save_is_named(model: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Unknown kind to save 'ggml'. Allowed: adapter, gguf, merged"):
        make_training_plan(model, read_recipe("sft"), tmp_path, saved=["ggml"])


def test_the_time_of_a_model_of_unknown_size_is_not_made_up(tmp_path: Path) -> None:
    plan = make_training_plan("hf/owner/name", read_recipe("sft"), tmp_path, saved=["merged"])
    assert plan.seconds() is None
    assert "time       not known beforehand" in "\n".join(plan.lines())


def test_a_plan_loads_no_training_library(model: str, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from primum.training import make_training_plan, read_recipe\n"
        f"make_training_plan({model!r}, read_recipe('dpo'), Path({str(tmp_path / 'out')!r})).lines()\n"
        "print([name for name in ('torch', 'transformers', 'trl', 'peft', 'gguf', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
