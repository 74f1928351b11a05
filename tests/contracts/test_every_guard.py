"""What every guard of the table promises, whatever it is made of."""

import re
from pathlib import Path

import pytest

from primum.errors import UserError
from primum.guards import GUARDS, Guard, find_guard
from primum.judges import NoVerdictError
from primum.types import GuardStage

ROOT = Path(__file__).parents[2]
every_guard = pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
asked_guards = pytest.mark.parametrize(
    "guard", [item for item in GUARDS.values() if item.prompt], ids=lambda item: item.name
)


@every_guard
def test_it_is_found_by_its_own_name_and_works_in_one_way(guard: Guard) -> None:
    assert find_guard(guard.name) is guard
    assert (guard.decide is None) == guard.asks_a_model
    assert (guard.prompt is None) == (guard.blocks is None)


@every_guard
def test_its_fingerprint_is_a_hash_and_its_card_is_there(guard: Guard) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", guard.fingerprint())
    assert (ROOT / guard.card).is_file()


@every_guard
def test_it_decides_the_same_twice_whatever_the_text(guard: Guard) -> None:
    for text in ("", "request 1", "\x00{{slot}} <|eot_id|>", "x" * 20_000):
        if guard.decide is not None:
            assert guard.decide(text, text) is guard.decide(text, text)
            assert guard.decide(text, text) in (None, *GuardStage)
        else:
            assert guard.prompt is not None
            assert guard.prompt(text, text) == guard.prompt(text, text)


@asked_guards
def test_a_guard_model_sees_both_texts(guard: Guard) -> None:
    assert guard.prompt is not None
    shown = "\n".join(message.content for message in guard.prompt("request 1", "answer 1"))
    assert "request 1" in shown
    assert "answer 1" in shown


@asked_guards
def test_a_reply_that_says_nothing_stops_nothing_by_accident(guard: Guard) -> None:
    assert guard.blocks is not None
    for reply in ("", "hmm", "the answer is fine, I think, or is it"):
        with pytest.raises(NoVerdictError):
            guard.blocks(reply)


def test_an_unknown_guard_is_one_line_with_what_is_allowed() -> None:
    with pytest.raises(UserError, match=r"embedded.*'primum guards list'"):
        find_guard("none-such")
