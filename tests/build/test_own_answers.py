"""Labels of SmolLM2's own answers, joined to what the engine writes."""

import json
from pathlib import Path

import pytest

from primum.build import own_answers as module
from primum.build.label_sets import digest
from primum.datasets import load_pairs
from primum.types import Intent, Outcome

TRAIN, TEST = load_pairs("train")[0], load_pairs("test")[0]


def entry(request: str, response: str, first: str, second: str, intent: str = "harmful") -> dict[str, str]:
    return {
        "request": digest(request), "response": digest(response), "intent": intent, "first": first, "second": second
    }  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Answers that the engine is said to have written, and five labels."""
    texts = {
        TRAIN.harmful_request: "answer 1",
        TRAIN.benign_request: "answer 2",
        TEST.harmful_request: "answer 3",
        TEST.benign_request: "answer 4",
    }
    labels = [
        entry(TRAIN.harmful_request, "answer 1", "complied", "complied"),
        entry(TRAIN.benign_request, "answer 2", "complied", "incoherent", "benign"),
        entry(TEST.harmful_request, "answer 3", "partial", "partial"),
        entry(TEST.benign_request, "another text", "refused", "refused", "benign"),
        entry("a request that nobody knows", "answer 5", "refused", "refused"),
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps({"request": a, "response": b}) + "\n" for a, b in texts.items()), "utf-8")
    monkeypatch.setattr(module, "_entries", lambda: labels)
    monkeypatch.setattr(module, "safe_responses", lambda folder: iter(()))
    monkeypatch.setattr(module, "medquad_questions", lambda folder: [])
    return path


def test_only_answers_on_which_both_readers_agreed_and_that_are_the_same_text_are_used(kept: Path) -> None:
    found = module.own_answers(kept.parent, kept)
    assert [(item.response, item.outcome, item.harm) for item in found.train] == [("answer 1", Outcome.COMPLIED, True)]
    assert (found.disagreed, found.changed) == (1, 2)


def test_answers_to_test_requests_are_kept_apart(kept: Path) -> None:
    found = module.own_answers(kept.parent, kept)
    assert [(item.source, item.response, item.harm) for item in found.test] == [("smollm2-test", "answer 3", None)]
    assert [item.group for item in found.test] == [TEST.id]


def test_an_answer_stands_in_the_group_of_its_pair(kept: Path) -> None:
    assert [item.group for item in module.own_answers(kept.parent, kept).train] == [TRAIN.id]


def test_every_label_that_ships_is_of_a_known_kind() -> None:
    import importlib.resources

    folder = importlib.resources.files("primum.build").joinpath("labels")
    rows = [json.loads(line) for item in folder.iterdir() for line in item.read_text("utf-8").splitlines()]
    assert len(rows) >= 430
    for item in rows:
        assert set(item) == {"request", "response", "intent", "first", "second"}
        assert {Outcome(item["first"]), Outcome(item["second"])} <= set(Outcome) - {Outcome.OTHER}
        assert Intent(item["intent"])
