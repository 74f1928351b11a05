"""A person's mistake is one clear line on stderr and exit 2: never a traceback, never a half-made run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from primum.datasets.medsafetybench import MEDSAFETYBENCH
from primum.evaluation import Silent, config_from, make_plan
from primum.evaluation.manifest import make_manifest
from primum.store import RunFolder
from primum.types import Finish, Response
from tests.cli.commandline import primum


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, so that default folders are seen and thrown away."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*words: str | Path) -> str:
    """The error of a command that must fail with exit 2 and say nothing on stdout."""
    outcome = primum(*words)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    return outcome.error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["eval"], "No model was given"),
        (["eval", "nowhere/model-1"], "Unknown model provider 'nowhere'. Allowed: anthropic,"),
        (["eval", "openia/model-1"], "Unknown model provider 'openia'. Did you mean 'openai'?"),
        (["eval", "openai"], "Model 'openai' names a provider and no model. Write openai/MODEL."),
        (["eval", "gguf/smollm"], "Unknown embedded model 'smollm'. Did you mean 'smollm2-135m'?"),
        (["eval", "openai/m", "--dataset", "pears"], "Unknown data set 'pears'. Did you mean 'pairs'?"),
        (["eval", "openai/m", "--split", "dev"], "Unknown split of 'pairs' 'dev'. Allowed: test, train."),
        (["eval", "openai/m", "--judge", "embeded"], "Unknown judge 'embeded'. Did you mean 'embedded'?"),
        (["eval", "openai/m", "--judge", "rubric"], "Judge 'rubric' needs a language model. Add --judge-model"),
        (["eval", "openai/m", "--judge-model", "openai/m"], "Judge 'embedded' uses no language model."),
        (["eval", "openai/m", "--attack", "x"], "Unknown attack 'x'. Allowed: none."),
        (["eval", "openai/m", "--limit", "1"], "--limit 1 is too small: pairs are kept whole. Allowed: 2 or more."),
        (["eval", "openai/m", "--limit", "0"], "'limit' has the value 0; allowed: 1 or more."),
        (["eval", "openai/m", "--temperature", "-1"], "'temperature' has the value -1.0; allowed: 0 or more."),
        (["eval", "openai/m", "--model-arg", "threads"], "--model-arg 'threads' is not KEY=VALUE."),
        (["eval", "openai/m", "--model-arg", "=4"], "--model-arg '=4' is not KEY=VALUE."),
        (["eval", "openai/m", "--system-prompt", "@none.txt"], "Cannot read the system prompt none.txt"),
        (["eval", "--config", "none.toml"], "Cannot read the config none.toml (No such file or directory)."),
        (["eval", "--config", "."], "Cannot read the config . (Is a directory)."),
        (["eval", "none.gguf"], "There is no model file"),
        (["eval", "openai/m", "--data-dir", "."], "ships with Primum and is not read from"),
        (["eval", "openai/m", "--column", "text"], "--column 'text' is not ROLE=COLUMN."),
        (["eval", "openai/m", "--column", "text=prompt"], "Data set 'pairs' has known columns. Leave --column out"),
        (
            ["eval", "openai/m", "--dataset", "a.csv", "--column", "txt=b"],
            "Unknown column role 'txt'. Did you mean 'text'?",
        ),
        (
            ["eval", "openai/m", "--dataset", "a.csv", "--data-dir", "."],
            "'a.csv' is a place by itself. Leave --data-dir out",
        ),
        (["eval", "openai/m", "--dataset", "none.csv"], "none.csv (No such file or directory)."),
        (["eval", "openai/m", "--dataset", "plain"], "A plain data set needs its place."),
        (["judge", "none"], "none holds no run (no manifest.json)."),
        (["report", "none"], "none holds no run (no manifest.json)."),
        (["judges", "show", "rubrik"], "Unknown judge 'rubrik'. Did you mean 'rubric'?"),
        (["data", "show", "pair"], "Unknown data set 'pair'. Did you mean 'pairs'?"),
        (["models", "show", "smollm2"], "Unknown embedded model 'smollm2'. Did you mean 'smollm2-135m'?"),
        (["standard", "show", "digntiy"], "Unknown category 'digntiy'. Did you mean 'dignity'?"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else "",
)
def test_a_name_or_value_that_is_not_allowed_is_named_with_what_is(words: list[str], said: str) -> None:
    assert said in refused(*words)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("model = ", "The config eval.toml is not TOML"),
        ('modle = "openai/m"', "Unknown config key 'modle'. Did you mean 'model'?"),
        ('model = "openai/m"\nlimit = "ten"', "Config key 'limit' has the value 'ten'; allowed: int."),
        (
            'model = "openai/m"\n[judge]\nname = "rubric"',
            "Config key 'judge' has the value {'name': 'rubric'}; allowed: str.",
        ),
        ('model = "openai/m"\ncolumns = "text=b"', "Config key 'columns' has the value 'text=b'; allowed: dict."),
        ('model = "openai/m"\nmodel_args = "a=b"', "Config key 'model_args' has the value 'a=b'; allowed: dict."),
        (
            'model = "openai/m"\n[columns]\ntext = "b"',
            "Data set 'pairs' has known columns. Leave --column out",
        ),
    ],
)
def test_a_mistake_in_the_config_file_is_named(content: str, said: str) -> None:
    Path("eval.toml").write_text(content)
    assert said in refused("eval", "--config", "eval.toml")


@pytest.mark.parametrize("words", [["--limit", "ten"], ["--bogus"], ["--seed", "0.5"]])
def test_an_option_that_the_command_line_cannot_read_is_exit_2_without_a_traceback(words: list[str]) -> None:
    outcome = primum("eval", "openai/m", *words)
    assert outcome.code == 2
    assert words[0] in outcome.err
    assert "Traceback" not in outcome.err


def test_a_copy_that_is_not_the_pinned_one_is_refused_and_can_be_read_as_a_plain_file() -> None:
    file = MEDSAFETYBENCH.origin.files[0] if MEDSAFETYBENCH.origin else None
    assert file is not None
    Path("copy").mkdir()
    Path("copy", file.name).write_text("id,prompt\n1,request 1\n")
    words = ("eval", "openai/m", "--dataset", "medsafetybench", "--split", file.split, "--data-dir", "copy")
    said = refused(*words)
    assert f"{file.name} is not the pinned file" in said
    assert "say --column text=COLUMN" in said


def test_a_csv_without_the_columns_is_named_with_what_it_has() -> None:
    Path("mine.csv").write_text("id,prompt\n1,request 1\n")
    said = refused("eval", "openai/m", "--dataset", "mine.csv")
    assert "mine.csv, row 1: no column 'text'; found: id, prompt. Say which column holds what with --column" in said
    said = refused("eval", "openai/m", "--dataset", "mine.csv", "--column", "text=prompt", "--column", "intent=label")
    assert "mine.csv, row 1: no column 'label'; found: id, prompt." in said


def test_an_empty_data_folder_is_named_with_what_was_looked_for() -> None:
    Path("copy").mkdir()
    said = refused("eval", "openai/m", "--dataset", "medsafetybench", "--data-dir", "copy")
    assert "of split 'test' under" in said
    assert "Looked for" in said
    assert "leave --data-dir out to download" in said


def test_a_file_that_is_no_gguf_is_told_by_its_first_bytes() -> None:
    Path("model.gguf").write_bytes(b"PK\x03\x04 something else")
    assert "model.gguf is not a GGUF file (it begins with b'PK" in refused("eval", "model.gguf", "--limit", "2")


def test_a_broken_gguf_is_one_line_and_not_a_crash() -> None:
    pytest.importorskip("xllamacpp")
    Path("model.gguf").write_bytes(b"GGUF" + bytes(range(256)) * 16)
    said = refused("eval", "model.gguf", "--limit", "2")
    assert "cannot load" in said
    assert "model.gguf" in said
    assert "download it anew" in said


def test_a_model_file_that_was_mended_can_be_used_in_the_same_folder() -> None:
    """The broken file brought no answer, so there is nothing that the mended one could be mixed with."""
    pytest.importorskip("xllamacpp")
    Path("model.gguf").write_bytes(b"GGUF" + bytes(range(256)) * 16)
    refused("eval", "model.gguf", "--limit", "2", "--out", "run")
    Path("model.gguf").write_bytes(b"GGUF" + bytes(range(255, -1, -1)) * 16)
    said = refused("eval", "model.gguf", "--limit", "2", "--out", "run")
    assert "holds a run with another" not in said


def test_a_script_that_is_missing_or_is_not_json_is_named() -> None:
    assert "There is no script none.json" in refused("eval", "scripted/none.json", "--limit", "2", "--out", "run-1")
    Path("bad.json").write_text("{")
    assert "The script bad.json is not JSON" in refused("eval", "scripted/bad.json", "--limit", "2", "--out", "run-2")


def stored_run(path: Path, **changes: object) -> Path:
    """A run folder without answers, its manifest changed."""
    config = config_from({"model": "openai/m", "limit": 4})
    plan, folder = make_plan(config, path, Silent()), RunFolder(path)
    folder.write_requests(plan.requests)
    folder.write_config(config.as_toml())
    manifest = make_manifest(config, plan.loaded, plan.requests, None, "embedded@1")
    folder.write_manifest({**manifest, **changes})
    return path


@pytest.mark.parametrize("words", [["judge"], ["report"], ["eval", "openai/m", "--limit", "4", "--out"]])
def test_a_run_of_another_format_is_refused_with_the_version_that_can_read_it(here: Path, words: list[str]) -> None:
    run = stored_run(here / "run", format=99, primum="9.9.9")
    said = refused(*words, run)
    assert "is a run of format 99; this version of Primum reads format 1." in said
    assert "primum 9.9.9" in said


@pytest.mark.parametrize("content", ["{", "[]", '"text"', "null", "{}"])
@pytest.mark.parametrize("command", ["judge", "report"])
def test_a_damaged_manifest_is_one_line(here: Path, command: str, content: str) -> None:
    run = stored_run(here / "run")
    (run / "manifest.json").write_text(content)
    assert str(run) in refused(command, run)


def test_a_folder_that_is_a_file_is_one_line(here: Path) -> None:
    (here / "run").write_text("not a folder")
    outcome = primum("eval", "openai/m", "--limit", "4", "--out", here / "run")
    assert outcome.code in {1, 2}
    assert str(here / "run") in outcome.error


def test_a_run_without_answers_cannot_be_judged_and_says_what_to_do(here: Path) -> None:
    outcome = primum("judge", stored_run(here / "run"))
    assert outcome.code == 1
    assert "has no responses yet. Run 'primum eval' with the same settings first." in outcome.error


def test_a_judge_without_its_model_is_refused_before_anything_is_judged(here: Path) -> None:
    said = refused("judge", stored_run(here / "run"), "--judge", "rubric")
    assert "Judge 'rubric' needs a language model: add --judge-model PROVIDER/MODEL" in said
    assert "uses none" in refused("judge", here / "run", "--judge-model", "openai/m")


def test_a_judges_model_of_no_provider_is_refused_as_any_other_model_is(here: Path) -> None:
    run = RunFolder(stored_run(here / "run"))
    with run.response_log() as log:
        log.append(Response(request_id=run.requests[0].id, text="answer 1", finish=Finish.STOP))
    said = refused("judge", run.path, "--judge", "rubric", "--judge-model", "nowhere/m")
    assert "Unknown model provider 'nowhere'. Allowed: anthropic," in said


def test_a_mistake_leaves_no_folder_behind(here: Path) -> None:
    refused("eval", "openai/m", "--limit", "1")
    refused("eval", "none.gguf", "--limit", "2", "--out", here / "run")
    assert not (here / "run" / "manifest.json").exists()
    assert not (here / "runs").exists()


def test_the_shell_sees_exit_2_and_one_line(here: Path) -> None:
    """In a process of its own: what the tests above see from inside is what a shell sees."""
    done = subprocess.run(
        [sys.executable, "-m", "primum", "eval", "nowhere/model-1"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: Unknown model provider 'nowhere'")
    assert done.stderr.count("\n") == 1


def test_a_damaged_file_of_numbers_is_one_line(here: Path) -> None:
    run = stored_run(here / "run")
    (run / "estimates").mkdir()
    (run / "estimates" / "embedded@1.json").write_text(json.dumps({"judge": {}})[:-3])
    assert "embedded@1.json" in refused("report", run)
