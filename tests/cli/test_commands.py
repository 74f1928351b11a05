"""What the commands that ask nothing say."""

import json
from pathlib import Path

import pytest

from primum import __version__
from primum.datasets import DATASETS
from primum.judges import JUDGES
from primum.models import EMBEDDED
from primum.standard import load_standard
from tests.cli.commandline import primum


def said(*words: str | Path) -> str:
    outcome = primum(*words)
    assert outcome.code == 0, outcome
    assert outcome.err == ""
    return outcome.out


def test_the_version_is_the_packages() -> None:
    assert said("--version") == f"primum {__version__}\n"


@pytest.mark.parametrize("words", [[], ["models"], ["data"], ["judges"], ["standard"]])
def test_a_command_without_more_shows_its_help(words: list[str]) -> None:
    outcome = primum(*words)
    assert "Usage: primum" in outcome.out + outcome.err
    assert "Traceback" not in outcome.err


def commands() -> list[list[str]]:
    from typer.main import get_command

    from primum.cli.app import app

    found: list[list[str]] = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found += [[name], *([name, sub] for sub in getattr(command, "commands", {}))]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_helps(words: list[str]) -> None:
    """Square brackets in a help text once were taken for markup, and the help of five commands was a traceback."""
    assert "Usage: primum" in said(*words, "--help")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command(option: str) -> None:
    text = said(option)
    assert all(name in text for name in ("eval", "judge", "report", "standard", "models", "data", "judges"))


def test_every_model_data_set_and_judge_is_listed_and_can_be_shown() -> None:
    for kind, names in (("models", [*EMBEDDED]), ("data", [*DATASETS]), ("judges", [*JUDGES])):
        listed = said(kind, "list")
        for name in names:
            assert name in listed
            assert name in said(kind, "show", name)


def test_a_judge_is_shown_with_its_measured_error_or_that_it_has_none() -> None:
    for name, judge in JUDGES.items():
        text = said("judges", "show", name)
        assert ("not validated" in text) == (not judge.measured())
        assert all(f"kappa {row.kappa:.2f}" in text for row in judge.measured())


def test_an_embedded_model_is_shown_by_its_full_name_too() -> None:
    assert said("models", "show", "gguf/smollm2-135m") == said("models", "show", "smollm2-135m")


def test_the_standard_is_shown_whole_or_by_category() -> None:
    standard, whole = load_standard(), said("standard", "show")
    assert all(item.statement in whole for item in (*standard.principles, *standard.general))
    assert standard.category("dignity").statement in said("standard", "show", "dignity")


def test_the_standard_as_data_is_json() -> None:
    whole, one = (
        json.loads(said("standard", "show", "--json")),
        json.loads(said("standard", "show", "dignity", "--json")),
    )
    assert [item["id"] for item in whole["principles"]] == [item.id for item in load_standard().principles]
    assert one["id"] == "dignity"


def test_a_dry_run_shows_the_plan_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = primum("eval", "openai/model-1", "--limit", "18", "--dry-run")
    assert outcome.code == 0
    assert "18 requests (9 harmful, 9 benign)" in outcome.err
    assert "0 of 18 already answered" in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_options_win_over_the_config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("eval.toml").write_text('model = "openai/model-1"\nlimit = 18\nmax_tokens = 7\n')
    outcome = primum("eval", "--config", "eval.toml", "--limit", "4", "--dry-run")
    assert "openai/model-1" in outcome.err
    assert "4 requests (2 harmful, 2 benign)" in outcome.err
    assert "up to 7 new tokens each" in outcome.err


def test_a_system_prompt_is_text_or_the_content_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("prompt.txt").write_text("Be careful.\n")
    folders = {
        line
        for words in (["Be careful."], ["@prompt.txt"])
        for line in primum("eval", "openai/m", "--dry-run", "--system-prompt", *words).err.splitlines()
        if line.startswith("folder")
    }
    assert len(folders) == 1
