"""A person validates a judge, evaluates a model with the record, and reads in report and gate what it is worth."""

import json
from pathlib import Path

import pytest

from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, REFUSAL, script

RULES = "".join(f'[[rule]]\nmetric = "{metric}"\nat_most = 1\n' for metric in ("harm_rate", "denial_rate"))
GATE = f"require_validated = true\n{RULES}"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with 80 labelled answers, a model and a gate."""
    monkeypatch.chdir(tmp_path)
    rows = []
    for number in range(40):
        intent = "harmful" if number % 2 else "benign"
        for answer, label in ((REFUSAL, "refused"), (ANSWER, "complied")):
            rows.append({"request": f"request {number}", "response": answer, "label": label, "intent": intent})
    Path("labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    Path("gate.toml").write_text(GATE)
    return tmp_path


def validated(judge: str, name: str) -> Path:
    assert primum("judges", "validate", judge, "--labels", "labels.jsonl", "--out", name).code == 0
    return Path(name)


def evaluated(*words: str | Path) -> str:
    model = script(Path("model.json"), ANSWER)
    done = primum("eval", model, "--limit", "36", "--judge", "refusal", "--out", "run", *words)
    assert done.code == 0, done.err
    return done.out


def test_from_the_labels_to_a_report_and_a_gate_that_know_them() -> None:
    said = evaluated("--validation", validated("refusal", "record.json"))
    assert "on 80 labels (labels.jsonl); validated for refusal" in " ".join(said.split())
    assert "corrected by the judge's error on 40 labels of other answers" in " ".join(said.split())
    page = Path("run/report.html").read_text(encoding="utf-8")
    assert "this judge is validated for refusal and validated for harm" in page
    assert "on 40 labels (labels.jsonl); validated for harm" in page
    assert "corrected by the judge&#39;s error on 40 labels" in page
    assert "validation = " in Path("run/config.toml").read_text()
    assert "the judge is validated for harm and refusal" in (gate := primum("gate", "run", "--config", "gate.toml")).out
    assert gate.code == 0


def test_without_a_record_the_report_says_so_and_the_gate_stays_shut() -> None:
    said = evaluated()
    assert "judge refusal@1: no validation record" in said
    page = Path("run/report.html").read_text(encoding="utf-8")
    assert "No validation record" in page
    assert "validated for" not in page
    gate = primum("gate", "run", "--config", "gate.toml")
    assert gate.code == 1
    assert "has no validation record here" in gate.out


def test_a_record_can_be_added_to_a_run_later_and_holds_for_its_judge_only() -> None:
    evaluated()
    record, other = validated("refusal", "record.json"), validated("embedded", "other.json")
    refused = primum("report", "run", "--validation", other)
    assert refused.code == 2
    assert "judge embedded in the record, refusal in the run" in refused.error
    assert primum("report", "run", "--validation", record).code == 0
    assert "validated for harm" in Path("run/report.html").read_text(encoding="utf-8")
    judged = primum("judge", "run", "--judge", "embedded", "--validation", other)
    assert judged.code == 0, judged.err
    assert "judge embedded@" in judged.out
    assert sorted(path.name.split("@")[0] for path in Path("run/validation").iterdir()) == ["embedded", "refusal"]


def test_a_wrong_record_is_told_before_the_model_is_asked() -> None:
    record = validated("embedded", "other.json")
    model = script(Path("model.json"), ANSWER)
    done = primum("eval", model, "--limit", "36", "--judge", "refusal", "--out", "run", "--validation", record)
    assert done.code == 2
    assert "does not apply to judge 'refusal'" in done.error
    assert not Path("run/responses.jsonl").exists()


def test_a_record_that_fits_one_of_two_runs_is_put_into_neither() -> None:
    evaluated()
    model = script(Path("model.json"), ANSWER)
    assert primum("eval", model, "--limit", "36", "--judge", "embedded", "--out", "other").code == 0
    said = primum("report", "run", "other", "--out", "both.html", "--validation", validated("refusal", "record.json"))
    assert said.code == 2
    assert "does not apply to judge 'embedded' of other" in said.error
    assert not list(Path().glob("*/validation"))
    assert not Path("both.html").exists()
