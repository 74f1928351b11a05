"""Somebody asks whether a model still knows medicine, and can trust what the numbers say."""

import json
from pathlib import Path
from typing import Any

import pytest

from primum.errors import UserError
from primum.evaluation import Run, evaluate, judge, open_run
from primum.evaluation.compare import compare
from primum.evaluation.compare_words import as_markdown, verdicts
from primum.evaluation.gate import gate_run
from primum.evaluation.gate_file import read_gate
from primum.evaluation.kinds import Kind
from primum.store import RunFolder
from primum.training import likelihood
from primum.training.likelihood import Weigher, Weight
from primum.types import UnscoredReason

KEY = "ABCDABCD"
"""Right letters of questions 0 to 7."""


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    """Eight questions in MedQA's layout, two subjects."""
    path = tmp_path / "exam.jsonl"
    rows = [
        {
            "question": f"question {number}?",
            "options": {letter: f"choice {letter}{number}" for letter in "ABCD"},
            "answer_idx": right,
            "meta_info": f"step{number % 2}",
        }
        for number, right in enumerate(KEY)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def sat(tmp_path: Path, exam: Path, name: str, replies: str, **more: Any) -> Run:
    """An exam whose questions 0 to 7 got these replies: a letter, or ? for something that makes no choice."""
    rules = [{"contains": f"question {n}?", "reply": "It depends." if r == "?" else r} for n, r in enumerate(replies)]
    script = tmp_path / f"{name}.json"
    script.write_text(json.dumps({"default": "none", "rules": rules}), encoding="utf-8")
    return evaluate(f"scripted/{script}", dataset="medqa", data_dir=str(exam), out=tmp_path / name, **more)


def test_right_wrong_and_unreadable_answers_are_counted_apart(tmp_path: Path, exam: Path) -> None:
    run = sat(tmp_path, exam, "run", "ABCA??CD")
    assert (run.kind, run.complete) == (Kind.EXAM, True)
    accuracy, readable = run.estimate("accuracy"), run.estimate("readable_rate")
    assert (accuracy.events, accuracy.n_scored) == (5, 8)
    assert (readable.events, readable.n_scored) == (6, 8)
    assert (run.estimate("readable_accuracy").events, run.estimate("readable_accuracy").n_unscored) == (5, 2)
    assert run.estimate("accuracy", "step0").n_scored == 4
    assert [mark.unread for mark in run.marks if mark.choice is None] == [UnscoredReason.UNREADABLE] * 2
    assert "at random is right in 25.0 %" in run.judge_record["warnings"][0]
    page = run.report_path.read_text(encoding="utf-8")
    assert "of the exam questions right" in page
    assert "denial was not measured" not in page


def test_the_folder_keeps_choices_and_right_answers_beside_what_was_asked(tmp_path: Path, exam: Path) -> None:
    folder = RunFolder(sat(tmp_path, exam, "run", KEY).path)
    for request, question in zip(folder.requests, folder.questions, strict=True):
        assert question.text in request.text
        assert all(choice in request.text for choice in question.choices)
    assert [question.answer for question in folder.questions] == ["ABCD".index(letter) for letter in KEY]


def test_a_sample_takes_from_every_subject(tmp_path: Path, exam: Path) -> None:
    run = sat(tmp_path, exam, "run", KEY, limit=2, seed=3)
    assert {request.category for request in run.requests} == {"step0", "step1"}


def test_the_same_command_asks_nothing_again(tmp_path: Path, exam: Path) -> None:
    sat(tmp_path, exam, "run", KEY)
    again = sat(tmp_path, exam, "run", "????????")
    assert again.estimate("accuracy").events == 8
    assert again.manifest["invocations"][-1]["asked"] == 8


def test_there_is_nothing_to_judge_in_an_exam(tmp_path: Path, exam: Path) -> None:
    run = sat(tmp_path, exam, "run", KEY)
    with pytest.raises(UserError, match="nothing to judge"):
        judge(run.path)
    with pytest.raises(UserError, match="Leave --judge"):
        sat(tmp_path, exam, "other", KEY, judge="refusal")


def test_two_models_are_compared_question_by_question(tmp_path: Path, exam: Path) -> None:
    base, worse = sat(tmp_path, exam, "base", KEY), sat(tmp_path, exam, "worse", "AAAAAA??")
    (found,) = compare([base.path, worse.path]).comparisons
    (whole,) = [item for item in found.contrasts if item.group == "overall"]
    assert (whole.metric, whole.baseline.events, whole.run.events, whole.left_out) == ("accuracy", 8, 2, 0)
    assert found.accuracy is not None
    assert not found.accuracy.holds
    assert "Not shown that accuracy is lower by less than 5 points" in as_markdown(compare([base.path, worse.path]))
    (same,) = compare([base.path, sat(tmp_path, exam, "same", KEY).path], margin=0.4).comparisons
    assert "Accuracy is not lower by 40 points or more" in verdicts(same)[0]


def test_a_gate_holds_the_accuracy(tmp_path: Path, exam: Path) -> None:
    run, rules = sat(tmp_path, exam, "run", KEY), tmp_path / "gate.toml"
    rules.write_text('[[rule]]\nmetric = "accuracy"\nat_least = 0.6\n', encoding="utf-8")
    assert not gate_run(run.path, read_gate(rules)).failed
    rules.write_text('[[rule]]\nmetric = "accuracy"\nat_least = 0.9\n', encoding="utf-8")
    assert gate_run(run.path, read_gate(rules)).failed


def test_a_model_behind_an_api_is_told_that_it_gives_no_likelihoods(exam: Path) -> None:
    with pytest.raises(UserError, match="needs a model in this process, and 'openai/m'"):
        evaluate("openai/m", dataset="medqa", data_dir=str(exam), method="likelihood")


@pytest.mark.parametrize("said", [{"temperature": 0.5}, {"guard": "embedded"}, {"judge": "refusal"}])
def test_what_a_likelihood_would_ignore_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="Leave --"):
        evaluate("hf/owner/name", dataset="ordinary", method="likelihood", **said)


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Nats per token that a made-up model needs, one token for each word; and how it holds each letter."""
    found = {"nats": 2.0}
    monkeypatch.setattr(likelihood, "load_weigher", lambda *_: Weigher(model=None, tokenizer=None, engine="made up 1"))

    def weigh(_: Any, __: Any, ___: Any, texts: list[str]) -> Any:
        for place, text in reversed(list(enumerate(texts))):
            words = len(text.split())
            yield place, None if place == 0 else Weight(logprob=-found["nats"] * words, tokens=words)

    monkeypatch.setattr(likelihood, "completion_weights", weigh)
    monkeypatch.setattr(
        likelihood,
        "first_token_logprobs",
        lambda _, __, prompts, letters: ((n, (-1.0, -2.0, -3.0, -4.0)) for n, _ in enumerate(prompts)),
    )
    return found


def test_reference_answers_cost_nats_and_what_does_not_fit_is_unscored(tmp_path: Path, costs: dict[str, float]) -> None:
    run = evaluate("hf/owner/name", dataset="ordinary", method="likelihood", limit=12, out=tmp_path / "run")
    nll = run.estimate("reference_nll")
    assert (run.kind, run.complete) == (Kind.REFERENCE, True)
    assert nll.value == pytest.approx(costs["nats"])
    assert (nll.n_scored, nll.n_unscored) == (11, 1)
    assert run.manifest["model"]["engine"] == "made up 1"
    assert "2.000 nats per token" in run.report_path.read_text(encoding="utf-8")


def test_a_model_that_needs_five_per_cent_more_nats_is_not_as_good(tmp_path: Path, costs: dict[str, float]) -> None:
    paths = []
    for name, nats in (("base", 2.0), ("close", 2.02), ("worse", 2.1)):
        costs["nats"] = nats
        more = {"dataset": "ordinary", "method": "likelihood", "limit": 12}
        paths.append(evaluate(f"hf/owner/{name}", out=tmp_path / name, **more).path)  # type: ignore[arg-type]
    close, worse = compare(paths).comparisons
    assert verdicts(close)[0].startswith("Nats per token of the reference answers: +1.00 %")
    assert close.reference is not None
    assert worse.reference is not None
    assert (close.reference.holds, worse.reference.holds) == (True, False)
    assert close.reference.n_unscored == 1


def test_the_likeliest_letter_is_the_answer(tmp_path: Path, exam: Path, costs: dict[str, float]) -> None:
    run = evaluate("hf/owner/name", dataset="medqa", data_dir=str(exam), method="likelihood", out=tmp_path / "run")
    assert (run.estimate("accuracy").events, run.estimate("readable_rate").events) == (2, 8)
    assert open_run(run.path).complete
    with pytest.raises(UserError, match="judge"):
        compare([run.path, sat(tmp_path, exam, "said", KEY).path])


def test_requests_without_a_reference_answer_cannot_be_weighed(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("text\nrequest 1\n", encoding="utf-8")
    with pytest.raises(UserError, match="no benign request with a reference answer"):
        evaluate("hf/owner/name", dataset=str(file), columns={"intent": "benign"}, method="likelihood")
