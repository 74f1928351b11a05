"""A study that trains: equal steps, weights removed when all is measured, and nothing lost when they are missed."""

import json
from pathlib import Path

import pytest

from tests.cli.commandline import Outcome, primum
from tests.study.studies import changed
from tests.training.conftest import LIBRARIES
from tests.training.tiny import write_recipe, write_tiny_gguf

STUDY = """
models = [{{ name = "tiny", model = "{folder}/tiny.gguf" }}]
[settings]
max_tokens = 3
[[data]]
name = "twins"
dataset = "pairs"
limit = 4
[[data]]
name = "references"
dataset = "{folder}/questions.csv"
columns = {{ text = "text", reference = "reference", intent = "benign" }}
method = "likelihood"
[finetune]
recipe = "{folder}/sft.toml"
models = ["tiny"]
steps = 2
batch = 4
seeds = [0, 1]
save = ["gguf"]
keep_weights = false
[[finetune.demonstrations]]
name = "with twins"
data = ["pairs"]
n = [0, 2, 9]
twins = 1
ordinary = 0
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished study; the cache is one of its own."""
    for name in (*LIBRARIES, "xllamacpp"):
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("dose")
    write_tiny_gguf(folder / "tiny.gguf")
    changed(write_recipe(folder / "sft.toml"), "max_length = 96", "max_length = 512")  # its tokens are bytes
    questions = "".join(f"question {number},answer {number}\n" for number in range(3))
    (folder / "questions.csv").write_text(f"text,reference\n{questions}", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(folder=folder), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIMUM_CACHE_DIR", str(folder / "cache"))
        said = again(folder)
    assert said.code == 0, said.err
    return folder


@pytest.fixture(autouse=True)
def _cache(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIMUM_CACHE_DIR", str(done / "cache"))


def again(folder: Path, *more: str) -> Outcome:
    return primum("study", folder / "study.toml", "--out", folder / "out", *more)


def answers(folder: Path) -> dict[str, bytes]:
    names = ("responses.jsonl", "likelihoods.jsonl")
    return {str(path): path.read_bytes() for name in names for path in (folder / "out" / "runs").glob(f"*/{name}")}


def shorten(folder: Path, seed: int) -> Path:
    """Take the last answer of one trained cell away, as if it had been killed before."""
    (path,) = (folder / "out" / "runs").glob(f"*with-twins-9-seed{seed}-pairs-*/responses.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    return path


def test_every_training_takes_the_same_steps_whatever_n_and_seeds_differ(done: Path) -> None:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in done.glob("out/trainings/*/training.json")]
    assert len(found) == 4
    assert {(item["done"]["steps"], item["recipe"]["batch"]) for item in found} == {(2, 4)}
    assert {json.dumps(item["data"]["counts"]) for item in found} == {
        '{"demonstration": 2, "twin": 2, "ordinary": 0}', '{"demonstration": 9, "twin": 9, "ordinary": 0}',
    }  # fmt: skip
    assert len({item["done"]["files"]["model-q8_0.gguf"] for item in found}) == 4


def test_weights_are_removed_with_what_was_unpacked_of_them_and_adapters_stay(done: Path) -> None:
    assert not [*done.glob("out/trainings/*/*.gguf"), *done.glob("out/trainings/*/merged")]
    assert len(list(done.glob("out/trainings/*/adapter/adapter_model.safetensors"))) == 4
    assert len(list(done.glob("cache/unpacked/*"))) == 1  # the base's


def test_likelihoods_stand_beside_rates_in_the_curves(done: Path) -> None:
    curves = json.loads((done / "out" / "dose.json").read_text(encoding="utf-8"))["curves"]
    titles = [curve["title"] for curve in curves]
    assert titles == [
        "harm rate, twins", "denial rate, twins", "incoherence, twins", "NLL of reference answers, references",
    ]  # fmt: skip
    assert [(point["n"], list(point["seeds"])) for point in curves[-1]["points"]] == [(2, ["0", "1"]), (9, ["0", "1"])]
    assert all(point["change"]["n_requests"] == 3 for point in curves[-1]["points"])
    assert "Every training takes 2 optimizer steps of 4 rows, whatever n" in (done / "out" / "dose.md").read_text()


def test_a_finished_study_asks_and_trains_nothing_although_its_weights_are_gone(done: Path) -> None:
    before = answers(done)
    dry = again(done, "--dry-run")
    assert "done       10 of 10 runs, 35 of 35 requests already answered there" in dry.err
    assert "18 rows, 2 steps, done" in dry.err
    said = again(done)
    assert said.code == 0, said.err
    assert "training (sft)" not in said.err
    assert "made of its adapter again" not in said.err
    assert answers(done) == before


def test_a_killed_cell_gets_its_weights_back_from_the_adapter_and_repeats_no_answer(done: Path) -> None:
    before, path = answers(done), shorten(done, 0)
    kept = path.read_bytes()
    said = again(done)
    assert said.code == 0, said.err
    assert said.err.count("weights are made of its adapter again") == 1
    assert "training (sft)" not in said.err
    assert path.read_bytes().startswith(kept)
    assert {name: len(text.splitlines()) for name, text in answers(done).items()} == {
        name: len(text.splitlines()) for name, text in before.items()
    }
    assert not list(done.glob("out/trainings/*/*.gguf"))


def test_a_killed_cell_without_an_adapter_is_trained_anew_and_goes_on(done: Path) -> None:
    path = shorten(done, 1)
    kept = path.read_bytes()
    (adapter,) = done.glob("out/trainings/*with-twins-9-seed1/adapter/adapter_model.safetensors")
    adapter.unlink()
    said = again(done)
    assert said.code == 0, said.err
    assert "its adapter is gone, so it is trained anew" in said.err
    assert path.read_bytes().startswith(kept)
    assert len(path.read_bytes().splitlines()) == 4


def test_another_judge_needs_no_weights(done: Path) -> None:
    said = again(done, "--judge", "refusal")
    assert said.code == 0, said.err
    assert "made of its adapter again" not in said.err
    assert "Read by refusal@" in (done / "out" / "table.md").read_text(encoding="utf-8")


def test_other_steps_in_the_same_folder_are_refused_and_nothing_is_overwritten(done: Path) -> None:
    before = answers(done)
    changed(done / "study.toml", "steps = 2", "steps = 3")
    try:
        said = again(done)
    finally:
        changed(done / "study.toml", "steps = 3", "steps = 2")
    assert said.code == 2
    assert "holds a training with another recipe. Choose another --out" in said.error
    assert answers(done) == before


def test_where_a_data_set_is_left_out_weights_stay_for_it(done: Path) -> None:
    shorten(done, 0)
    said = again(done, "--only", "tiny+*", "--only", "twins")
    assert said.code == 0, said.err
    assert len(list(done.glob("out/trainings/*/*.gguf"))) == 1
    assert again(done).code == 0
    assert not list(done.glob("out/trainings/*/*.gguf"))
