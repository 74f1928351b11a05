"""``primum train``, as a shell sees it."""

from pathlib import Path

import pytest

from tests.cli.commandline import primum
from tests.training.tiny import write_recipe, write_tiny_gguf

pytest.importorskip("gguf")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_cache: Path) -> Path:
    """A folder with a tiny model and a recipe."""
    monkeypatch.chdir(tmp_path)
    write_tiny_gguf(tmp_path / "tiny.gguf")
    write_recipe(tmp_path / "mine.toml")
    write_recipe(tmp_path / "kto.toml", "kto")
    return tmp_path


def refused(*words: str | Path) -> str:
    outcome = primum("train", *words)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    return outcome.error


def test_a_dry_run_shows_the_plan_and_touches_nothing(here: Path) -> None:
    outcome = primum("train", "sft", "tiny.gguf", "--recipe", "mine.toml", "--n", "9", "--out", "out", "--dry-run")
    assert outcome.code == 0
    assert "rows       27 (9 demonstration, 9 twin, 9 ordinary" in outcome.err
    assert "folder     out (adapter, gguf, merged)" in outcome.err
    assert not (here / "out").exists()


def test_a_training_ends_with_the_loss_and_where_the_model_is(here: Path) -> None:
    pytest.importorskip("trl")
    words = ("train", "sft", "tiny.gguf", "--recipe", "mine.toml", "--steps", "2", "--out", "out", "--save", "merged")
    outcome = primum(*words)
    assert outcome.code == 0, outcome.err
    assert "at step 2" in outcome.out
    assert "Model: out/merged" in outcome.out
    assert "training (sft): 2 of 2" in outcome.err
    assert not list((here / "out").glob("*.gguf"))
    again = primum(*words)
    assert "out already holds this training, done." in again.err
    assert again.out == outcome.out


def test_the_result_of_one_training_is_the_base_of_the_next() -> None:
    """SFT, then KTO, to a file for the embedded engine, whose vocabulary is found beside the merged model."""
    pytest.importorskip("trl")
    first = primum("train", "sft", "tiny.gguf", "--recipe", "mine.toml", "--steps", "1", "--out", "one")
    assert first.code == 0, first.err
    second = primum("train", "kto", "one", "--recipe", "kto.toml", "--steps", "1", "--out", "two")
    assert second.code == 0, second.err
    assert "Model: two/model-q8_0.gguf" in second.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sft", "none.gguf"], "There is no model file"),
        (["sft", "openai/gpt/4"], "There is no model 'openai/gpt/4' to train."),
        (["sft", "tiny.gguf", "--recipe", "papr"], "Unknown recipe 'papr'. Did you mean 'paper'?"),
        (["dpo", "tiny.gguf", "--recipe", "mine.toml"], "The recipe mine.toml is for 'sft'. Say: primum train sft."),
        (["sft", "tiny.gguf", "--n", "-1"], "'n' has the value -1; allowed: 0 or more."),
        (["sft", "tiny.gguf", "--n", "0"], "The recipe gives no usable row"),
        (["sft", "tiny.gguf", "--data", "pears"], "Unknown data set 'pears'. Did you mean 'pairs'?"),
        (
            ["sft", "tiny.gguf", "--overlap", "maybe"],
            "Unknown value of --overlap: 'maybe'. Allowed: drop, keep, refuse.",
        ),
        (["sft", "tiny.gguf", "--gguf", "q4"], "Unknown value of --gguf: 'q4'."),
        (["sft", "tiny.gguf", "--save", "all"], "Unknown kind to save 'all'."),
        (["sft", "hf/owner/name", "--save", "gguf"], "hf/owner/name does not come with a GGUF file"),
        (["sft", "tiny.gguf", "--column", "text"], "--column 'text' is not ROLE=COLUMN."),
        (["sft", "tiny.gguf", "--report-to", "excel"], "Unknown tracker 'excel'."),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_line_and_leaves_no_folder(here: Path, words: list[str], said: str) -> None:
    assert said in refused(*words, "--out", "out")
    assert not (here / "out").exists()
