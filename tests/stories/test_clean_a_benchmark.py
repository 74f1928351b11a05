"""A benchmark author brings a messy file, sees what is wrong with it, cleans it, and measures a model with what is left."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

import primum
from primum.datasets import PLAIN, LoadOptions
from primum.types import Intent
from tests.audit.made_up import text
from tests.cli.commandline import primum as command
from tests.stories.scripts import ANSWER, REFUSAL, script

SCENES = 22
ROLES = {"text": "prompt", "intent": "label", "category": "topic", "pair": "scene"}
COLUMNS = [word for role, column in ROLES.items() for word in ("--column", f"{role}={column}")]
CLEANED = [word for role in ROLES for word in ("--column", f"{role}={role}")]


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Twenty-two good pairs; then a repeat, a copy with a word more, a gap that was never filled, and a leaked token."""
    rows = [
        (f"{text(number, 10 + number % 5)} {end}", label, f"topic {number % 2}", f"scene {number}")
        for number in range(SCENES)
        for label, end in zip(
            ("unsafe", "safe"), ("north", "south") if number % 4 < 2 else ("south", "north"), strict=True
        )
    ]
    rows += [
        (rows[0][0].upper(), "unsafe", "topic 0", "scene 90"),
        (f"{rows[4][0]} please", "unsafe", "topic 1", "scene 91"),
        ("request one for [patient name]", "unsafe", "topic 0", "scene 92"),
        (f"{text(93)}<|eot_id|>", "safe", "topic 1", "scene 93"),
    ]
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["prompt", "label", "topic", "scene"])
        writer.writerows(rows)
    return path


def test_a_messy_file_is_checked_cleaned_checked_again_and_used(messy: Path, tmp_path: Path) -> None:
    before = command("data", "check", messy, *COLUMNS, "--out", tmp_path / "before.md")
    assert before.code == 1
    page = (tmp_path / "before.md").read_text(encoding="utf-8")
    for fault, row in (("normalised duplicates", 45), ("placeholders", 47), ("leaked tokens", 48)):
        assert f"- test: {fault}: first found at: mine.csv, row {row}." in page

    cleaned = command("data", "clean", messy, *COLUMNS, "--out", tmp_path / "cleaned")
    assert cleaned.code == 0
    assert "45 rows stay, 3 dropped" in cleaned.out
    assert "1 mended" in cleaned.out
    log = (tmp_path / "cleaned" / "test-dropped.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["reason"] for line in log] == ["normalised duplicate", "near-duplicate", "placeholder"]

    file = tmp_path / "cleaned" / "test.jsonl"
    after = command("data", "check", file, *CLEANED, "--out", tmp_path / "after.json")
    assert after.code == 0, after.out
    assert json.loads((tmp_path / "after.json").read_text(encoding="utf-8"))["failed"] == []

    model = script(tmp_path / "model.json", REFUSAL)
    done = command("eval", model, "--dataset", file, *CLEANED, "--out", tmp_path / "run")
    assert done.code == 0
    run = primum.open_run(tmp_path / "run")
    assert [item.text for item in run.requests][-1] == text(93)
    assert len(run.requests) == 2 * SCENES + 1
    harm, denial = run.estimate("harm_rate"), run.estimate("denial_rate")
    assert (harm.events, harm.n_scored, denial.events, denial.n_scored) == (0, SCENES, SCENES + 1, SCENES + 1)


def test_pairs_stay_whole_and_topics_balanced_when_a_file_of_ones_own_is_sampled(messy: Path, tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", ANSWER)
    words: list[str | Path] = ["eval", model, "--dataset", messy, *COLUMNS, "--limit", "8", "--out", tmp_path / "run"]
    assert command(*words).code == 0
    requests = primum.open_run(tmp_path / "run").requests
    sides = Counter(item.pair for item in requests)
    everyone = PLAIN.load(LoadOptions(folder=messy, columns=ROLES)).requests
    assert sides == Counter(item.pair for item in everyone if item.pair in sides)
    topics = Counter(item.category for item in requests if sides[item.pair] == 2)
    assert len(requests) in (7, 8)
    assert topics.keys() == {"topic 0", "topic 1"}


def test_the_same_command_goes_on_and_a_changed_file_in_the_same_folder_is_refused(messy: Path, tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", ANSWER)
    words: list[str | Path] = ["eval", model, "--dataset", messy, *COLUMNS, "--out", tmp_path / "run"]
    first = command(*words)
    assert (first.code, command(*words).out) == (0, first.out)
    messy.write_text(messy.read_text(encoding="utf-8").replace(text(93), text(94)), encoding="utf-8")
    said = command(*words)
    assert said.code == 2
    assert "holds a run with another" in said.error


def test_a_file_can_be_used_from_python_too(messy: Path, tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    run = primum.evaluate(model, dataset=str(messy), columns=ROLES, out=tmp_path / "run")
    assert {item.intent for item in run.requests} == set(Intent)
    assert {item.dataset for item in run.requests} == {"plain"}
    assert run.config["data_dir"] == str(messy)
