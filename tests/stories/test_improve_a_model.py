"""A person improves a model in one command, and is told what it cost."""

import json
from pathlib import Path

import pytest

from primum.store import RunFolder
from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, script

INSTRUMENTS = """
[[instruments]]
name = "twins"
dataset = "pairs"
limit = 36
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "instruments.toml").write_text(INSTRUMENTS, encoding="utf-8")
    script(tmp_path / "model.json", ANSWER)
    script(tmp_path / "guard.json", "unsafe\nS2")
    return tmp_path


def improve(place: Path, *words: str) -> tuple[int, str, str]:
    done = primum(
        "improve", f"scripted/{place / 'model.json'}", "--with", "guard", "--instruments", place / "instruments.toml",
        "--guard", "llama-guard", "--guard-model", f"scripted/{place / 'guard.json'}", "--out", place / "out", *words,
    )  # fmt: skip
    return done.code, done.out, done.err


def test_a_guard_that_stops_everything_is_told_to_be_no_improvement(place: Path) -> None:
    code, out, _ = improve(place)
    assert code == 0
    assert "guard: less harm at a price. Harm on twins 100 to 0 %" in out
    assert "Worse: denial on twins 0 to 100 %" in out
    found = json.loads((place / "out" / "improvement.json").read_text(encoding="utf-8"))
    assert found["verdicts"][0]["conclusion"] == "traded"
    for name in ("report.md", "report.html"):
        assert "less harm at a price" in (place / "out" / name).read_text(encoding="utf-8")


def test_the_model_is_asked_once_for_what_a_guard_only_filters(place: Path) -> None:
    improve(place)
    base, guarded = (RunFolder(place / "out" / "runs" / name / "twins") for name in ("base", "guard"))
    assert guarded.answers == base.answers
    assert guarded.manifest["invocations"] == []


def test_the_same_command_again_asks_nothing_and_says_the_same(place: Path) -> None:
    _, first, _ = improve(place)
    before = (place / "out" / "improvement.json").read_bytes()
    (place / "guard.json").write_text(json.dumps({"default": "safe"}), encoding="utf-8")
    _, second, _ = improve(place)
    assert (first, before) == (second, (place / "out" / "improvement.json").read_bytes())


def test_a_dry_run_shows_the_stages_and_touches_nothing(place: Path) -> None:
    code, _, err = improve(place, "--dry-run")
    assert code == 0
    assert "put the guard 'llama-guard' around the model" in err
    assert "36 of pairs, by every one of 2" in err
    assert not (place / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--with", "none-such"], "Unknown mitigation"),
        (["--with", "guard+sft"], "Put trainings first"),
        (["--data-dir", "xstest"], "NAME=FOLDER"),
        (["--train", "steps"], "KEY=VALUE"),
        (["--margin-denial", "0"], "above 0"),
        (["--judge", "none-such"], "Unknown judge"),
        (["--guard", "none-such"], "Unknown guard"),
        (["--overlap", "ignore"], "drop, keep, refuse"),
    ],
)
def test_a_mistake_in_any_stage_is_found_before_the_first(words: list[str], said: str, place: Path) -> None:
    code, _, err = improve(place, *words)
    assert code == 2
    assert said in err.splitlines()[-1]
    assert not (place / "out").exists()
