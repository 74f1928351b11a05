"""A person compares several models on several data sets with one command, and can trust the table."""

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from primum.store import RunFolder
from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, REFUSAL, script
from tests.study.studies import changed, study_file

TABLE = "| model | harm rate | denial rate |"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return study_file(tmp_path, willing=ANSWER, refusing=REFUSAL)


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "table.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def test_a_study_gives_one_table_with_interval_and_counts_in_every_cell(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = primum("study", file, "--out", out)
    assert said.code == 0, said.err
    table = (out / "table.md").read_text(encoding="utf-8")
    assert table in said.out
    assert "All 4 cells." in table
    assert TABLE in table
    assert "| willing | 100.0 % (34.2 to 100.0 %; 2 of 2) | 0.0 % (0.0 to 65.8 %; 0 of 2) |" in table
    assert "| refusing | 0.0 % (0.0 to 65.8 %; 0 of 2) | 100.0 % (34.2 to 100.0 %; 2 of 2) |" in table
    overall = {
        (row["subject"], row["data"], row["metric"]): (row["events"], row["n_scored"])
        for row in rows(out)
        if row["group"] == "overall"
    }
    assert overall[("refusing", "questions", "denial_rate")] == ("4", "4")
    assert overall[("willing", "twins", "harm_rate")] == ("2", "2")
    record = json.loads((out / "study.json").read_text(encoding="utf-8"))
    assert record["cells"] == {"done": 4, "planned": 4}
    assert len(record["rows"]) == len(rows(out))


def test_the_same_command_again_asks_nothing_and_gives_the_same_table(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = primum("study", file, "--out", out)
    for name in ("willing", "refusing"):
        (tmp_path / f"{name}.json").unlink()
    second = primum("study", file, "--out", out)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert "16 of 16 requests already answered there" in second.err


def test_a_study_that_broke_off_goes_on_with_the_cells_that_are_missing(file: Path, tmp_path: Path) -> None:
    out, gone = tmp_path / "out", tmp_path / "refusing.json"
    kept = gone.read_text(encoding="utf-8")
    gone.unlink()
    broken = primum("study", file, "--out", out)
    assert broken.code in (1, 2)
    assert "2 of 4 cells." in (out / "table.md").read_text(encoding="utf-8")
    answered = {path: path.read_bytes() for path in out.glob("runs/*/responses.jsonl") if path.stat().st_size}
    assert len(answered) == 2
    gone.write_text(kept, encoding="utf-8")
    assert primum("study", file, "--out", out).code == 0
    assert "All 4 cells." in (out / "table.md").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in answered} == answered


def test_a_dry_run_counts_and_leaves_nothing_behind(file: Path, tmp_path: Path) -> None:
    said = primum("study", file, "--dry-run", "--limit", "6", "--out", tmp_path / "out")
    assert said.code == 0
    assert "twins                    pairs, split test: 6 requests" in said.err
    assert "cells      4 of 4 can be run" in said.err
    assert "0 of 24 requests already answered there" in said.err
    assert f"at most    {24 * 256:,} new tokens left" in said.err
    assert not (tmp_path / "out").exists()


def test_only_keeps_what_it_names_and_refuses_what_is_not_there(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert primum("study", file, "--only", "will*", "--only", "twins", "--out", out).code == 0
    assert {(row["subject"], row["data"]) for row in rows(out)} == {("willing", "twins")}
    said = primum("study", file, "--only", "willin", "--dry-run")
    assert said.code == 2
    assert "Unknown model or data set of the study study: 'willin'. Did you mean 'willing'?" in said.error


def test_another_model_in_one_place_is_asked_there_and_the_table_says_so(file: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", script(tmp_path / "other.json", REFUSAL)
    assert primum("study", file, "--model", f"willing={other}", "--only", "twins", "--out", out).code == 0
    harm = {row["subject"]: row for row in rows(out) if (row["metric"], row["group"]) == ("harm_rate", "overall")}
    assert harm["willing"]["model"] == other
    assert float(harm["willing"]["value"]) == 0
    table = (out / "table.md").read_text(encoding="utf-8")
    assert "1 of 2 models are not the study's own" in table
    assert f"| willing (here {other}) | 0.0 % (" in table
    assert "| refusing | 0.0 % (" in table


def test_one_model_in_the_place_of_all_is_asked_once_for_each_data_set(file: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", script(tmp_path / "other.json", REFUSAL)
    said = primum("study", file, "--stand-in", other, "--out", out)
    assert said.code == 0
    assert "4 of 4 can be run; 2 of them share the run of another" in said.err
    assert len(list(out.glob("runs/*/manifest.json"))) == 2
    assert {row["subject"] for row in rows(out)} == {"willing", "refusing"}
    assert "2 of 2 models are not the study's own" in (out / "table.md").read_text(encoding="utf-8")


def test_a_stand_in_keeps_the_system_prompt_and_not_the_arguments_of_the_models_server(
    file: Path, tmp_path: Path
) -> None:
    changed(file, f"scripted/{tmp_path / 'willing.json'}", "vllm/owner/name")
    changed(
        file,
        'name = "willing"\n',
        'name = "willing"\nrevision = "main"\nbase_url = "http://x"\nsystem_prompt = "Hi."\n',
    )
    out, other = tmp_path / "out", script(tmp_path / "other.json", REFUSAL)
    assert primum("study", file, "--stand-in", other, "--only", "willing", "--out", out).code == 0
    configs = [RunFolder(path.parent).config for path in out.glob("runs/*/manifest.json")]
    assert {config["system_prompt"] for config in configs} == {"Hi."}
    assert not any("model_args" in config or "base_url" in config for config in configs)


def test_the_standard_error_stands_beside_the_mean_and_not_in_the_place_of_the_interval(
    file: Path, tmp_path: Path
) -> None:
    out, judge = tmp_path / "out", script(tmp_path / "judge.json", "#score: 5", rules=[])
    words = ("study", file, "--only", "twins", "--judge", "rubric", "--judge-model", judge, "--out", out)
    said = primum(*words)
    assert said.code == 0, said.err
    table = (out / "table.md").read_text(encoding="utf-8")
    assert "| model | harmfulness 1 to 5 | harm rate |" in table
    assert "5.00 ± 0.00 (" in table
    assert "± is the standard error of the mean" in table
    means = [row for row in rows(out) if row["metric"] == "mean_harmfulness" and row["group"] == "overall"]
    assert {row["sem"] for row in means} == {"0.0"}


def test_groups_give_a_line_for_each_principle(file: Path, tmp_path: Path) -> None:
    changed(file, 'title = "Two models"\n', 'title = "Two models"\ngroups = true\n')
    assert primum("study", file, "--only", "twins", "--out", tmp_path / "out").code == 0
    table = (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert "| model | group | harm rate | denial rate |" in table
    groups = {row["group"] for row in rows(tmp_path / "out")}
    assert len(groups) == 3
    assert all(f"| willing | {group} |" in table for group in groups)


def test_an_exam_is_read_against_its_key_whatever_judge_the_study_names(
    file: Path, tmp_path: Path, copy_of: Callable[[str], Path]
) -> None:
    changed(file, "[settings]", '[settings]\njudge = "rubric"\njudge_model = "openai/none"\nmax_tokens = 512')
    changed(file, 'dataset = "ordinary"', 'dataset = "medqa"')
    folder = copy_of("medqa")
    out = tmp_path / "out"
    said = primum("study", file, "--only", "questions", "--data-dir", f"medqa={folder}", "--out", out)
    assert said.code == 0, said.err
    assert "| model | accuracy | readable answers |" in (out / "table.md").read_text(encoding="utf-8")
    (run, *_) = out.glob("runs/*/config.toml")
    assert tomllib.loads(run.read_text(encoding="utf-8"))["max_tokens"] == 64


def test_what_cannot_be_run_is_told_in_the_dry_run_and_refused_before_anything_is_asked(
    file: Path, tmp_path: Path
) -> None:
    changed(
        file,
        "[settings]",
        '[finetune]\nrecipe = "paper"\nmodels = ["willing"]\n'
        '[[finetune.demonstrations]]\nname = "mine"\ndata = ["pairs"]\nn = [18]\n[settings]',
    )
    said = primum("study", file, "--dry-run")
    assert said.code == 0
    assert "cells      4 of 6 can be run" in said.err
    assert f"cannot run There is no model 'scripted/{tmp_path / 'willing.json'}' to train." in said.err
    refused = primum("study", file, "--out", tmp_path / "out")
    assert refused.code == 2
    assert refused.error.endswith("Or leave it out with --only.")
    assert not (tmp_path / "out").exists()
    assert primum("study", file, "--only", "willing", "--only", "refusing", "--out", tmp_path / "out").code == 0


def test_a_model_that_was_trained_elsewhere_takes_the_place_of_the_training(file: Path, tmp_path: Path) -> None:
    changed(
        file,
        "[settings]",
        '[finetune]\nrecipe = "paper"\nmodels = ["willing"]\n'
        '[[finetune.demonstrations]]\nname = "mine"\ndata = ["pairs"]\nn = [18]\n[settings]',
    )
    other, out = script(tmp_path / "other.json", REFUSAL), tmp_path / "out"
    said = primum("study", file, "--model", f"willing+mine-18={other}", "--only", "twins", "--out", out)
    assert said.code == 0, said.err
    harm = {
        row["subject"]: row["value"] for row in rows(out) if (row["metric"], row["group"]) == ("harm_rate", "overall")
    }
    assert harm == {"willing": "1.0", "refusing": "0.0", "willing+mine-18": "0.0"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model", "willing"), "--model 'willing' is not NAME=VALUE."),
        (("--model", "wiling=openai/x"), "Did you mean 'willing'?"),
        (("--model", "willing=a/b", "--model", "willing=c/d"), "was given twice"),
        (("--stand-in", "nobody/x"), "Unknown model provider 'nobody'"),
        (("--limit", "0"), "Config key 'limit' has the value 0"),
        (("--judge", "nobody"), "Unknown judge 'nobody'"),
        (("--data-dir", "pairs"), "--data-dir 'pairs' is not NAME=VALUE."),
    ],
)
def test_a_mistake_in_the_command_is_one_line(file: Path, words: tuple[str, ...], said: str) -> None:
    found = primum("study", file, *words)
    assert found.code == 2
    assert said in found.error


def test_missing_training_libraries_are_told_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model_file: Path
) -> None:
    monkeypatch.setattr("primum.training.libraries.PACKAGES", ("no_such_library",))
    path = tmp_path / "study.toml"
    path.write_text(
        f'models = [{{ name = "small", model = "{model_file}" }}]\n[settings]\nlimit = 2\n'
        '[[data]]\nname = "twins"\ndataset = "pairs"\n'
        '[finetune]\nrecipe = "paper"\nmodels = ["small"]\n'
        '[[finetune.demonstrations]]\nname = "mine"\ndata = ["pairs"]\nn = [9]\n',
        encoding="utf-8",
    )
    said = primum("study", path, "--dry-run")
    assert "trainings  1 by the recipe paper (sft, LoRA r 8 on q_proj, v_proj)" in said.err
    assert "-paper-mine-9" in said.err
    assert "cells      2 of 2 can be run" in said.err
    refused = primum("study", path, "--out", tmp_path / "out")
    assert refused.code == 2
    assert "Training needs no_such_library" in refused.error
    assert not (tmp_path / "out").exists()
