import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from primum.cli.app import app
from primum.errors import UserError
from primum.evaluation import EvalConfig, Silent, config_from, make_plan, write_report
from primum.evaluation.manifest import make_manifest
from primum.evaluation.summary import command_of
from primum.evaluation.workflow import make_bench
from primum.store import RunFolder

MODEL = "openai/model-1"


def parsed_by_the_command_line(command: str, monkeypatch: pytest.MonkeyPatch) -> EvalConfig:
    """The configuration that a printed command leads to, taken where the plan would be made."""
    seen: list[EvalConfig] = []

    def stop(config: EvalConfig, *_: object) -> None:
        seen.append(config)
        raise UserError("enough")

    monkeypatch.setattr("primum.evaluation.make_plan", stop)
    name, *words = shlex.split(command)
    assert name == "primum"
    result = CliRunner().invoke(app, words)
    assert seen, result.output
    return seen[0]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"dataset": "medsafetybench", "split": "train", "data_dir": "/data/a b"},
        {"limit": 18, "seed": 7, "max_tokens": 32, "temperature": 0.7, "max_retries": 0, "max_connections": 3},
        {"judge": "rubric", "judge_model": "anthropic/judge-1"},
        {"validation": "/records/of mine/embedded.json"},
        {"base_url": "http://localhost:8000/v1"},
        {"system_prompt": 'You\'re "careful".\n\n$HOME `x` \\ ü'},
        {"system_prompt": "--be careful"},
        {"system_prompt": "@nobody is to be harmed"},
        {"model": "gguf/models of mine/a.gguf"},
        {"model_args": {"threads": 4, "ratio": 0.5}},
        {"model_args": {"revision": "main", "path": "/a b/c=d"}},
        {"model_args": {"do_sample": True, "trust": False}},
        {"model_args": {"revision": "4", "flag": "true", "empty": "", "quoted": '"x"'}},
        {"model_args": {"stops": ["a", "b"], "sizes": [1, 2]}},
    ],
    ids=lambda said: next(iter(said), "defaults"),
)
def test_the_printed_command_gives_the_same_configuration_again(
    said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_from({"model": MODEL, **said})
    assert parsed_by_the_command_line(command_of(config.as_toml()), monkeypatch) == config


def test_the_printed_command_leaves_out_what_is_as_ever() -> None:
    assert command_of(config_from({"model": MODEL}).as_toml()) == f"primum eval {MODEL}"


def unjudged_run(path: Path, **said: Any) -> Path:
    """A run as a kill leaves it before the first answer."""
    config = config_from({"model": MODEL, "limit": 4, **said})
    plan, folder = make_plan(config, path, Silent()), RunFolder(path)
    folder.write_requests(plan.requests)
    folder.write_config(config.as_toml())
    folder.write_manifest(make_manifest(config, plan.loaded, plan.requests, None, make_bench(config).key))
    return path


def test_a_run_that_was_killed_before_it_was_judged_can_be_reported(tmp_path: Path) -> None:
    page = write_report([unjudged_run(tmp_path / "run")], tmp_path / "report.html").read_text(encoding="utf-8")
    assert "has no judged answers yet" in page
    assert "This run is not complete" in page


def test_no_run_at_all_is_a_users_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No run was given"):
        write_report([], tmp_path / "report.html")


def test_a_judge_that_did_not_judge_a_run_is_a_users_error_that_names_those_that_did(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Judge 'rubric' has not judged .*Judged by: none"):
        write_report([unjudged_run(tmp_path / "run")], tmp_path / "report.html", "rubric")
