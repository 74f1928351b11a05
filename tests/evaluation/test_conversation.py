"""What stands before a request."""

import pytest

from primum.datasets import load_pairs
from primum.errors import UserError
from primum.evaluation.conversation import Setting, demonstrations
from primum.types import Intent, Request

REQUEST = Request(text="request 1", intent=Intent.BENIGN, category="dignity", dataset="invented")


def test_the_system_prompt_comes_first_then_examples_then_the_request_as_the_attack_leaves_it() -> None:
    setting = Setting(system_prompt="be kind", demonstrations=(("question", "answer"),))
    messages = setting.messages(REQUEST, lambda request: request.text.upper())
    assert [(message.role, message.content) for message in messages] == [
        ("system", "be kind"), ("user", "question"), ("assistant", "answer"), ("user", "REQUEST 1"),
    ]  # fmt: skip


def test_balanced_examples_decline_and_answer_by_turns_and_no_pair_comes_twice() -> None:
    shown = demonstrations(18, "balanced", seed=0)
    by_text = {text: pair for pair in load_pairs("train") for text in (pair.harmful_request, pair.benign_request)}
    pairs = [by_text[question] for question, _ in shown]
    assert len({pair.id for pair in pairs}) == 18
    assert [answer == pair.safe_response for (_, answer), pair in zip(shown, pairs, strict=True)] == [True, False] * 9
    assert len({pair.principle for pair in pairs[:9]}) == 9


def test_refusals_alone_are_all_declined_and_the_seed_decides_which() -> None:
    answers = {pair.safe_response for pair in load_pairs("train")}
    first, second = demonstrations(6, "refusals", seed=0), demonstrations(6, "refusals", seed=1)
    assert {answer for _, answer in first} <= answers
    assert first == demonstrations(6, "refusals", seed=0)
    assert first != second


def test_an_unknown_mix_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UserError, match="balanced"):
        demonstrations(2, "many", seed=0)
