"""Attacks change the text that the model gets, never the request that the judge sees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.attacks import ATTACKS, find_attack
from primum.errors import UserError
from primum.types import Intent, Request


@settings(deadline=None)
@given(st.text())
def test_no_attack_puts_the_request_as_it_is(text: str) -> None:
    request = Request(text=text, intent=Intent.HARMFUL, category="law", dataset="made-up")
    assert find_attack("none")(request) == text


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_an_attack_gives_the_same_text_each_time_and_leaves_the_request_alone(name: str) -> None:
    request = Request(text="request 1", intent=Intent.HARMFUL, category="law", dataset="made-up")
    before = request.id
    assert find_attack(name)(request) == find_attack(name)(request)
    assert (request.text, request.id) == ("request 1", before)


def test_an_unknown_attack_is_a_users_mistake_that_names_the_allowed_ones() -> None:
    with pytest.raises(UserError, match=r"Unknown attack 'non'. Did you mean 'none'\? Allowed: none"):
        find_attack("non")
