"""A person has stored answers judged by a panel, and can trust what comes of it."""

import json
import shutil
from pathlib import Path

import pytest

import primum
from primum.store import RunFolder
from primum.types import Intent, Outcome, Score, Unscored, UnscoredReason
from tests.cli.commandline import primum as command
from tests.stories.scripts import REFUSAL, script

RUBRIC, REJECT, YESNO = "You grade how far", "You measure how much use", "You decide one question"
REFUSED = "#refused: yes\n#convincing: 1\n#specific: 1"
PANEL = "rubric+strongreject+yesno"


def replies(path: Path, *, rubric: str, strongreject: str, yesno: str) -> str:
    """A model that answers each judge's prompt in the judge's own form."""
    rules = [
        {"contains": text, "reply": reply} for text, reply in ((RUBRIC, rubric), (REJECT, strongreject), (YESNO, yesno))
    ]
    return script(path, "hmm", rules=rules)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> primum.Run:
    place = tmp_path_factory.mktemp("finished")
    return primum.evaluate(script(place / "tested.json", REFUSAL), limit=4, out=place / "run")


@pytest.fixture
def run(finished: primum.Run, tmp_path: Path) -> primum.Run:
    shutil.copytree(finished.path, tmp_path / "run")
    return primum.open_run(tmp_path / "run")


def opinions(run: primum.Run, intent: Intent) -> set[object]:
    mine = {request.id for request in run.requests if request.intent is intent}
    return {item.opinion for item in run.judgements if item.request_id in mine}


def test_members_who_disagree_are_outvoted_and_everyones_words_are_kept(run: primum.Run, tmp_path: Path) -> None:
    model = replies(tmp_path / "judge.json", rubric="#score: 1", strongreject=REFUSED, yesno="#verdict: yes")
    again = primum.judge(run.path, PANEL, judge_model=model)
    assert opinions(again, Intent.HARMFUL) == opinions(again, Intent.BENIGN) == {Score(outcome=Outcome.REFUSED)}
    assert (again.estimate("harm_rate").value, again.estimate("denial_rate").value) == (0, 1)
    rubric, strongreject, yesno = sorted(key for key in RunFolder(run.path).judges() if "judge.json" in key)[1:]
    assert {item.raw for item in again.judgements} == {
        (f"[{rubric}] #score: 1", f"[{strongreject}] {REFUSED}", f"[{yesno}] #verdict: yes")
    }
    assert primum.open_run(run.path, "yesno").estimate("harm_rate").value == 1


def test_the_record_names_every_member_with_its_fingerprint_and_model(run: primum.Run, tmp_path: Path) -> None:
    one, other = script(tmp_path / "one.json", "#score: 5"), script(tmp_path / "other.json", "#score: 4")
    again = primum.judge(run.path, f"rubric={one}+rubric={other}+embedded")
    members = again.judge_record["members"]
    assert [item["name"] for item in members] == ["embedded", "rubric", "rubric"]
    assert [item["model"] for item in members] == [None, one, other]
    assert all(len(item["fingerprint"]) == 64 for item in members)
    assert again.judge_record["name"] == f"embedded+rubric={one}+rubric={other}"
    assert again.estimate("harm_rate").value == 1
    assert "Panel of embedded" in again.report_path.read_text(encoding="utf-8")
    assert any("has no measured error" in text for text in again.judge_record["warnings"])


def test_one_judge_by_three_models_gives_the_median_harmfulness(run: primum.Run, tmp_path: Path) -> None:
    models = [script(tmp_path / f"{grade}.json", f"#score: {grade}") for grade in (5, 4, 2)]
    again = primum.judge(run.path, "+".join(f"rubric={model}" for model in models))
    assert again.estimate("mean_harmfulness").value == 4
    assert again.estimate("harmfulness_4_or_5_rate").value == 1
    assert again.estimate("harmfulness_5_rate").value == 0


def test_a_member_that_cannot_be_read_is_asked_three_times_and_the_others_decide(
    run: primum.Run, tmp_path: Path
) -> None:
    model = replies(tmp_path / "judge.json", rubric="hmm", strongreject=REFUSED, yesno="#verdict: no")
    again = primum.judge(run.path, PANEL, judge_model=model)
    assert all(sum("] hmm" in text for text in item.raw) == 3 for item in again.judgements)
    assert opinions(again, Intent.HARMFUL) == {Score(outcome=Outcome.OTHER)}
    assert opinions(again, Intent.BENIGN) == {Unscored(reason=UnscoredReason.CONFLICTING)}
    assert again.estimate("harm_rate").value == 0
    assert again.estimate("denial_rate").n_unscored == 2


def test_too_few_who_speak_are_no_verdict(run: primum.Run, tmp_path: Path) -> None:
    model = replies(tmp_path / "judge.json", rubric="hmm", strongreject="hmm", yesno="#verdict: yes")
    again = primum.judge(run.path, PANEL, judge_model=model)
    assert {item.opinion for item in again.judgements} == {Unscored(reason=UnscoredReason.UNREADABLE)}


def test_what_a_member_has_judged_before_is_not_asked_again(run: primum.Run, tmp_path: Path) -> None:
    first = primum.judge(run.path, "rubric", judge_model=script(tmp_path / "judge.json", "#score: 5"))
    script(tmp_path / "judge.json", "hmm")
    again = primum.judge(run.path, "embedded+refusal+rubric", judge_model=f"scripted/{tmp_path / 'judge.json'}")
    assert primum.open_run(run.path, first.judge).judgements == first.judgements
    assert {item.raw for item in again.judgements} == {(f"[{first.judge}] #score: 5",)}


def test_a_kill_at_any_moment_loses_nothing_and_asks_only_the_rest(run: primum.Run, tmp_path: Path) -> None:
    """Cut in a member's file (the panel has not voted yet), and in the panel's own."""
    model = replies(tmp_path / "judge.json", rubric="#score: 1", strongreject=REFUSED, yesno="#verdict: no")
    whole = primum.judge(run.path, PANEL, judge_model=model)
    own = run.path / "judgements" / f"{whole.judge}.jsonl"
    member = next(path for path in own.parent.iterdir() if path.name.startswith("strongreject"))
    for cut in (member, own):
        lines = cut.read_bytes().splitlines(keepends=True)
        cut.write_bytes(b"".join(lines[:1]) + lines[1][:-9])
        (run.path / "estimates" / f"{whole.judge}.json").unlink()
        if cut is member:
            own.unlink()
        else:
            (tmp_path / "judge.json").unlink()  # the vote needs no model
        assert primum.judge(run.path, PANEL, judge_model=model) == whole
        assert sorted(cut.read_bytes().splitlines()) == sorted(line.rstrip() for line in lines)


def test_the_order_in_which_members_are_named_makes_no_difference(run: primum.Run, tmp_path: Path) -> None:
    model = replies(tmp_path / "judge.json", rubric="#score: 5", strongreject=REFUSED, yesno="#verdict: yes")
    one = primum.judge(run.path, "yesno+rubric+strongreject", judge_model=model)
    assert primum.judge(run.path, PANEL, judge_model=model) == one
    for name in ("panel", PANEL, "strongreject+yesno+rubric", one.judge):
        assert primum.open_run(run.path, name) == one


def test_runs_by_two_panels_are_not_compared(run: primum.Run, finished: primum.Run, tmp_path: Path) -> None:
    shutil.copytree(finished.path, tmp_path / "other")
    model = replies(tmp_path / "judge.json", rubric="#score: 5", strongreject=REFUSED, yesno="#verdict: yes")
    primum.judge(run.path, PANEL, judge_model=model)
    primum.judge(tmp_path / "other", "rubric+yesno", judge_model=model)
    said = command("compare", run.path, tmp_path / "other")
    assert said.code == 2
    assert "differ in judge: name" in said.error
    primum.judge(tmp_path / "other", PANEL, judge_model=model)
    assert command("compare", run.path, tmp_path / "other", "--judge", "yesno+strongreject+rubric").code == 0


def test_a_panel_is_validated_as_any_judge_is(tmp_path: Path) -> None:
    model = replies(tmp_path / "judge.json", rubric="#score: 5", strongreject=REFUSED, yesno="#verdict: yes")
    rows = [
        {"request": f"request {n}", "response": "answer 1", "label": "complied" if n % 2 else "refused"}
        for n in range(8)
    ]
    labels, record = tmp_path / "labels.jsonl", tmp_path / "record.json"
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    words = ("--judge-model", model, "--column", "intent=harmful")
    places = ("--work", tmp_path / "work", "--out", record)
    said = command("judges", "validate", PANEL, "--labels", labels, *words, *places)
    assert said.code == 0, said.err
    assert PANEL in record.read_text(encoding="utf-8")
    assert "not validated" in said.out


def test_an_evaluation_by_a_panel_resumes_and_can_be_repeated_from_its_report(tmp_path: Path) -> None:
    model = script(tmp_path / "tested.json", REFUSAL)
    judge = script(tmp_path / "judge.json", "#score: 1", rules=[{"contains": YESNO, "reply": "#verdict: no"}])
    words = (
        "eval",
        model,
        "--limit",
        "4",
        "--judge",
        "yesno+rubric",
        "--judge-model",
        judge,
        "--out",
        tmp_path / "run",
    )
    assert command(*words).code == 0
    first = primum.open_run(tmp_path / "run")
    assert first.judge.startswith("panel@1-")
    (tmp_path / "tested.json").write_text('{"default": "another answer"}', encoding="utf-8")
    assert command(*words).code == 0
    assert primum.open_run(tmp_path / "run").judgements == first.judgements
    assert "--judge yesno+rubric" in first.report_path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--judge", PANEL), f"Judge '{PANEL}' needs a language model"),
        (("--judge", "embedded+refusal", "--judge-model", "openai/m"), "uses no"),
        (("--judge", "embedded+rubric=nowhere/m"), "Unknown model provider 'nowhere'"),
        (("--judge", "panel"), "Panel 'panel' has 0 members"),
    ],
)
def test_a_panel_that_cannot_be_asked_is_one_line(run: primum.Run, words: tuple[str, ...], told: str) -> None:
    said = command("judge", run.path, *words)
    assert said.code == 2
    assert told.replace("uses no", "uses none") in said.error
    assert command("eval", "openai/m", *words, "--dry-run").code == 2


def test_the_panels_model_is_not_counted_double_where_a_member_brings_the_same(run: primum.Run, tmp_path: Path) -> None:
    model = script(tmp_path / "judge.json", "#score: 1")
    said = command("judge", run.path, "--judge", f"rubric+rubric={model}+embedded", "--judge-model", model)
    assert said.code == 2
    assert f"asks {model} twice as 'rubric'. Leave one out." in said.error


def test_a_member_whose_model_is_not_there_is_found_out_before_the_model_is_asked(tmp_path: Path) -> None:
    model, judge = script(tmp_path / "tested.json", REFUSAL), f"scripted/{tmp_path / 'none.json'}"
    said = command("eval", model, "--limit", "4", "--judge", f"embedded+rubric={judge}", "--out", tmp_path / "run")
    assert said.code == 2
    assert "There is no script" in said.error
    assert not (tmp_path / "run" / "responses.jsonl").exists()
