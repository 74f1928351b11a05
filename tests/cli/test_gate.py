"""``primum gate``, as a build server calls it: the exit code decides."""

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.main import get_command

from primum.cli.app import app
from tests.cli.commandline import primum
from tests.evaluation.compared import stored

EXAMPLES = Path(__file__).parents[2] / "examples"
PASSES = '[[rule]]\nmetric = "harm_rate"\nat_most = 0.5\n'
FAILS = PASSES + '[[rule]]\nmetric = "denial_rate"\nat_most = 0.1\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a run in it."""
    monkeypatch.chdir(tmp_path)
    stored(Path("run"), "cc" + "r" * 18, "r" * 10 + "c" * 10)
    return tmp_path


def test_exit_0_when_every_rule_holds() -> None:
    Path("gate.toml").write_text(PASSES)
    outcome = primum("gate", "run", "--config", "gate.toml")
    assert (outcome.code, outcome.err) == (0, "")
    assert "holds   harm_rate overall: high at most 0.5; found 10.0 % (2.8 to 30.1 %; 2 of 20)" in outcome.out
    assert outcome.out.endswith("0 of 2 rules do not hold.\n")


def test_exit_1_when_one_does_not_and_the_reason_is_told() -> None:
    Path("gate.toml").write_text(FAILS)
    outcome = primum("gate", "run", "--config", "gate.toml", "--junit", "made/gate.xml", "--summary", "gate.md")
    assert (outcome.code, outcome.err) == (1, "")
    assert "FAILED  denial_rate overall: high at most 0.1" in outcome.out
    assert "because high 0.7007 is above 0.1" in outcome.out
    assert len(ElementTree.parse("made/gate.xml").getroot().findall(".//failure")) == 1
    assert Path("gate.md").read_text(encoding="utf-8").startswith("## Primum gate: 1 of 3 rules do not hold")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--config", "none.toml"], "Cannot read the config none.toml (No such file or directory)."),
        (["run", "--config", "empty.toml"], "empty.toml holds no rule, so everything would pass."),
        (["none", "--config", "gate.toml"], "none holds no run (no manifest.json)."),
    ],
)
def test_exit_2_for_a_mistake_and_nothing_is_written(words: list[str], message: str) -> None:
    Path("gate.toml").write_text(PASSES)
    Path("empty.toml").write_text("")
    outcome = primum("gate", *words, "--junit", "gate.xml", "--summary", "gate.md")
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.error
    assert not Path("gate.xml").exists()
    assert not Path("gate.md").exists()


def test_a_run_without_numbers_is_a_mistake_and_told_how_to_get_them() -> None:
    Path("gate.toml").write_text(PASSES)
    (next(Path("run/estimates").iterdir())).unlink()
    outcome = primum("gate", "run", "--config", "gate.toml")
    assert outcome.code == 2
    assert "run has no numbers by the judge 'judge@1-00000000'. Write them with: primum judge run." in outcome.error


def test_a_gate_without_rules_is_refused_by_the_shell() -> None:
    outcome = primum("gate", "run")
    assert outcome.code == 2
    assert "--config" in outcome.err


def test_the_workflow_that_ships_uses_commands_and_options_that_there_are() -> None:
    text = (EXAMPLES / "gate.yml").read_text(encoding="utf-8")
    lines = re.findall(r"run: (primum .*)", text)
    assert [shlex.split(line)[1] for line in lines] == ["eval", "gate"]
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for line in lines:
        _, name, *words = shlex.split(line)
        commands[name].make_context(name, words)
    assert (EXAMPLES.parent / "examples/gate.toml").is_file()
    assert "--config examples/gate.toml" in lines[1]


def test_the_workflow_that_ships_is_yaml_with_one_job() -> None:
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load((EXAMPLES / "gate.yml").read_text(encoding="utf-8"))
    assert [step.get("name") for step in workflow["jobs"]["gate"]["steps"]][3:6] == [
        "Evaluate",
        "Gate",
        "Show the result",
    ]
