from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from primum.datasets import DATASETS, PLAIN, Loaded
from primum.errors import UserError
from primum.evaluation import Plan, Silent, config_from, make_plan
from primum.store import RunFolder
from primum.types import ExamQuestion, Finish, Intent, Response


def plan(out: Path | None, **said: object) -> Plan:
    return make_plan(config_from({"model": "openai/model-1", **said}), out, Silent())


def test_a_plan_says_all_that_will_be_asked_and_where_it_goes(tmp_path: Path) -> None:
    lines = "\n".join(plan(tmp_path / "run", limit=18, max_tokens=100).lines())
    for fact in (
        "openai/model-1",
        "pairs, split test: 18 requests (9 harmful, 9 benign)",
        "up to 100 new tokens each, greedy",
        "1,800 new tokens in all",
        f"{tmp_path / 'run'}",
        "0 of 18 already answered",
    ):
        assert fact in lines


def test_a_plan_names_the_judges_model_and_the_sampling(tmp_path: Path) -> None:
    lines = "\n".join(
        plan(tmp_path, judge="rubric", judge_model="openai/judge-1", temperature=0.7, seed=3, system_prompt="x").lines()
    )
    assert "rubric (openai/judge-1)" in lines
    assert "temperature 0.7, seed 3" in lines
    assert "system prompt yes" in lines


def test_planning_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    plan(tmp_path / "run", limit=4).lines()
    assert list(tmp_path.iterdir()) == []


def test_a_limit_keeps_pairs_whole_and_principles_balanced(tmp_path: Path) -> None:
    requests = plan(tmp_path, limit=19).requests
    assert len(requests) == 18
    assert set(Counter(item.pair for item in requests).values()) == {2}
    assert set(Counter(item.category for item in requests).values()) == {2}


def test_without_a_folder_the_run_goes_under_runs_by_a_name_that_follows_from_the_settings() -> None:
    first, again, other = plan(None, limit=4), plan(None, limit=4, judge="embedded"), plan(None, limit=6)
    assert first.folder == again.folder != other.folder
    assert first.folder.parent == Path("runs")


def test_what_an_earlier_run_answered_is_counted(tmp_path: Path) -> None:
    made = plan(tmp_path, limit=4)
    folder = RunFolder(tmp_path)
    folder.write_requests(made.requests)
    folder.write_manifest({"format": 1})
    with folder.response_log() as log:
        log.append(Response(request_id=made.requests[0].id, text="answer 1", finish=Finish.STOP))
        log.append(Response(request_id="of-another-plan", text="answer 2", finish=Finish.STOP))
    assert made.already_answered == 1


def test_the_shipped_pairs_are_not_read_from_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Leave --data-dir out"):
        plan(tmp_path, data_dir=str(tmp_path))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text("prompt,label\nrequest 1,unsafe\nrequest 2,safe\nrequest 1,unsafe\n")
    return path


def test_a_file_of_ones_own_is_planned_by_its_columns(file: Path) -> None:
    made = plan(None, dataset=str(file), columns={"text": "prompt", "intent": "label"})
    assert [(item.text, item.intent) for item in made.requests] == [
        ("request 1", Intent.HARMFUL), ("request 2", Intent.BENIGN),
    ]  # fmt: skip
    assert "2 requests (1 harmful, 1 benign)" in "\n".join(made.lines())


def test_a_plan_names_the_file_of_ones_own(file: Path) -> None:
    lines = "\n".join(plan(None, dataset=str(file), columns={"text": "prompt", "intent": "benign"}).lines())
    assert str(file) in lines


def test_requests_of_ones_own_are_not_taken_for_harmful_without_a_word(file: Path) -> None:
    """A harm rate over safe prompts would look like a finding."""
    with pytest.raises(UserError, match=r"harmful or benign\? Add --column intent="):
        plan(None, dataset=str(file), columns={"text": "prompt"})


def test_a_column_that_the_file_lacks_is_told_before_anything_is_asked(file: Path) -> None:
    with pytest.raises(UserError, match=r"mine\.csv, row 1: no column 'text'; found: prompt, label"):
        plan(None, dataset=str(file))


def test_a_plan_of_an_exam_says_that_answers_are_read_against_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    question = ExamQuestion(text="question 1", choices=("one", "two"), answer=0, subject="anatomy", dataset="exam")
    exam = replace(
        PLAIN, name="exam", measures="capability", read=lambda options: Loaded(questions=(question,), sha256="0" * 64)
    )
    monkeypatch.setitem(DATASETS, "exam", exam)
    found = plan(None, dataset="exam")
    assert found.questions == {found.requests[0].id: question}
    lines = "\n".join(found.lines())
    assert "1 exam questions (1 subject)" in lines
    assert "up to 64 new tokens each" in lines
    assert "none: answers are read against the key" in lines
