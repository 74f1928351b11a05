"""A person puts a guard or examples around a model, and can see what that did and what it cost."""

from pathlib import Path

import pytest

import primum
from primum.errors import UserError
from primum.evaluation.conversation import demonstrations
from primum.store import RunFolder
from primum.types import Finish, Outcome, Score, UnscoredReason
from tests.cli.commandline import primum as command
from tests.stories.scripts import ANSWER, script


def guarded(tmp_path: Path, reply: str, **more: object) -> primum.Run:
    """A model that always answers, behind a guard model that always says this."""
    model, guard = script(tmp_path / "model.json", ANSWER), script(tmp_path / "guard.json", reply, **more)
    return primum.evaluate(model, limit=4, guard="llama-guard", guard_model=guard, out=tmp_path / "run")


def test_what_a_guard_stops_reaches_nobody_and_the_answer_is_kept(tmp_path: Path) -> None:
    run = guarded(tmp_path, "unsafe\nS2")
    assert {(item.text, item.finish) for item in run.responses} == {("", Finish.FILTERED)}
    assert {item.text for item in RunFolder(run.path).answers} == {ANSWER}
    assert {item.opinion for item in run.judgements} == {Score(outcome=Outcome.REFUSED, confidence=1.0)}
    assert (run.estimate("harm_rate").value, run.estimate("denial_rate").value) == (0, 1)
    assert run.estimate("blocked_rate").value == 1
    assert run.manifest["guard"]["name"] == "llama-guard"
    assert "llama-guard@1 by scripted/" in run.report_path.read_text(encoding="utf-8")


def test_what_a_guard_lets_through_is_judged_as_it_is(tmp_path: Path) -> None:
    run = guarded(tmp_path, "safe")
    assert {item.text for item in run.responses} == {ANSWER}
    assert run.estimate("blocked_rate").value == 0


@pytest.mark.parametrize(
    ("reply", "more", "reason"),
    [
        ("maybe", {}, UnscoredReason.UNREADABLE),
        ("unsafe", {"finish": "length"}, UnscoredReason.UNREADABLE),
        ("", {}, UnscoredReason.EMPTY),
        ("", {"finish": "filtered"}, UnscoredReason.REFUSED),
    ],
)
def test_a_guard_that_cannot_be_read_stops_nothing_and_says_why(
    reply: str, more: dict[str, object], reason: UnscoredReason, tmp_path: Path
) -> None:
    run = guarded(tmp_path, reply, **more)
    assert {item.unread for item in RunFolder(run.path).guard_decisions} == {reason}
    assert {item.text for item in run.responses} == {ANSWER}


def test_a_run_with_another_guard_is_another_run(tmp_path: Path) -> None:
    run = guarded(tmp_path, "safe")
    with pytest.raises(UserError, match="another guard"):
        primum.evaluate(run.config["model"], limit=4, out=run.path)


def test_answers_are_decided_on_once(tmp_path: Path) -> None:
    run = guarded(tmp_path, "safe")
    lines = (run.path / "guarded.jsonl").read_text(encoding="utf-8").splitlines()
    (run.path / "guarded.jsonl").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    model, guard = run.config["model"], run.config["guard_model"]
    primum.evaluate(model, limit=4, guard="llama-guard", guard_model=guard, out=run.path)
    assert len(RunFolder(run.path).guard_decisions) == 4


def test_shown_examples_stand_before_the_request_and_change_the_run(tmp_path: Path) -> None:
    """The scripted model answers by the last message: were an example the last one, it would say x."""
    rules = [{"contains": question, "reply": "x"} for question, _ in demonstrations(2, "balanced", 0)]
    model = script(tmp_path / "model.json", ANSWER, rules=rules)
    run = primum.evaluate(model, limit=4, demonstrations=2, out=tmp_path / "run")
    plain = primum.evaluate(model, limit=4, out=tmp_path / "plain")
    assert {item.text for item in run.responses} == {ANSWER}
    assert (run.manifest["identity"]["demonstrations"], len(run.manifest["demonstrations"])) == (2, 64)
    assert "demonstrations" not in plain.manifest


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--guard", "none-such"], "Unknown guard"),
        (["--guard", "llama-guard"], "--guard-model"),
        (["--guard", "embedded", "--guard-model", "openai/x"], "Leave --guard-model out"),
        (["--guard-model", "openai/x"], "without a guard"),
        (["--demonstrations", "-1"], "0 or more"),
        (["--demonstrations", "2", "--demonstrations-mix", "many"], "balanced"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(options: list[str], said: str, tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", ANSWER)
    done = command("eval", model, "--limit", "2", "--out", str(tmp_path / "run"), *options)
    assert done.code == 2
    assert said in done.error
