"""The nouns: their identities are stable, and change with what distinguishes them and with nothing else."""

import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.types import Intent, Pair, Request

REQUEST = Request(text="request 1", intent=Intent.HARMFUL, category="honesty", dataset="made-up", pair="0" * 16)
PAIR = Pair(
    principle="honesty",
    split="test",
    topic="topic 1",
    specialty="specialty 1",
    setting="setting 1",
    actor="nurse",
    form="question",
    framing="explicit",
    severity=2,
    harmful_request="request 1",
    benign_request="request 2",
    safe_response="answer 1",
    helpful_response="answer 2",
    rationale="reason 1",
)


def test_a_request_keeps_its_id_between_versions_of_primum() -> None:
    """Stored runs are joined by this id: a change of the literal below makes every stored run unreadable."""
    assert REQUEST.id == "18bd41fe4d226093"


def test_a_request_id_is_the_hash_of_its_distinguishing_fields() -> None:
    fields = ["made-up", "0" * 16, "harmful", "honesty", "request 1"]
    assert REQUEST.id == hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "request 2"},
        {"text": "request 1 "},
        {"intent": Intent.BENIGN},
        {"category": "law"},
        {"dataset": "other"},
        {"pair": None},
        {"pair": "1" * 16},
    ],
    ids=str,
)
def test_a_request_that_differs_in_any_field_has_another_id(change: dict[str, Any]) -> None:
    assert replace(REQUEST, **change).id != REQUEST.id


@settings(deadline=None)
@given(st.text(), st.text(), st.text(), st.text())
def test_text_that_moves_from_one_field_to_the_next_changes_the_id(one: str, two: str, three: str, four: str) -> None:
    """Fields that hold quotes, commas or brackets must not run together."""
    first = replace(REQUEST, category=one, text=two)
    second = replace(REQUEST, category=three, text=four)
    assert (first.id == second.id) == ((one, two) == (three, four))


def test_a_request_without_a_pair_is_not_one_whose_pair_is_called_none() -> None:
    assert replace(REQUEST, pair=None).id != replace(REQUEST, pair="None").id != replace(REQUEST, pair="").id


def test_asking_for_an_id_leaves_equality_as_it_was() -> None:
    fresh = replace(REQUEST)
    assert len(REQUEST.id) == 16
    assert fresh == REQUEST
    assert hash(fresh) == hash(REQUEST)


def test_a_record_cannot_be_changed_after_it_was_made() -> None:
    with pytest.raises(FrozenInstanceError):
        REQUEST.text = "request 2"  # type: ignore[misc]


@pytest.mark.parametrize("field", ["safe_response", "helpful_response", "rationale", "topic", "actor"])
def test_better_answers_and_notes_keep_the_identity_of_a_pair(field: str) -> None:
    change: dict[str, Any] = {field: "another text"}
    assert replace(PAIR, **change).id == PAIR.id


@pytest.mark.parametrize(
    "change",
    [{"harmful_request": "request 3"}, {"benign_request": "request 3"}, {"principle": "law"}, {"split": "train"}],
    ids=str,
)
def test_another_request_principle_or_split_makes_another_pair(change: dict[str, Any]) -> None:
    assert replace(PAIR, **change).id != PAIR.id


def test_swapping_the_two_requests_makes_another_pair() -> None:
    swapped = replace(PAIR, harmful_request=PAIR.benign_request, benign_request=PAIR.harmful_request)
    assert swapped.id != PAIR.id
