"""Prompts: filled in one pass, so that no text can fill a slot that is not its own."""

import hashlib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.prompts import Prompt, load_prompt

FOLDER = Path(str(files("primum.prompts")))
SHIPPED = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.txt"))
FENCING = [name for name in SHIPPED if "{{response}}" in load_prompt(name).text]
TEMPLATE = Prompt(name="made-up-1", text="{{request}} | {{response}} | {{request}}")
TRICKY = st.one_of(
    st.text(), st.sampled_from(["{{request}}", "{{response}}", "{{", "}}", "{request}", "\\1", "\\g<0>", "%s"])
)


@settings(deadline=None)
@given(TRICKY, TRICKY)
def test_what_is_put_into_a_slot_is_never_read_as_a_template(request: str, response: str) -> None:
    assert TEMPLATE.fill(request=request, response=response) == f"{request} | {response} | {request}"


@pytest.mark.parametrize("text", ["", "{request}", "{{ request }}", "{{Request}}", "{{}}", "{{request}", "a {{1}} b"])
def test_braces_that_are_no_slot_stay_as_they_are(text: str) -> None:
    prompt = Prompt(name="made-up-1", text=text)
    assert prompt.slots == frozenset()
    assert prompt.fill() == text


@pytest.mark.parametrize(
    "values",
    [{"request": "1"}, {"request": "1", "response": "2", "policy": "3"}, {"request": "1", "respnse": "2"}, {}],
    ids=str,
)
def test_a_value_without_slot_or_a_slot_without_value_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="made-up-1 has slots"):
        TEMPLATE.fill(**values)


def test_the_hash_follows_the_text_alone() -> None:
    assert TEMPLATE.sha256 == hashlib.sha256(TEMPLATE.text.encode()).hexdigest()
    assert Prompt(name="other", text=TEMPLATE.text).sha256 == TEMPLATE.sha256
    assert Prompt(name=TEMPLATE.name, text=TEMPLATE.text + " ").sha256 != TEMPLATE.sha256


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_prompt_is_filled_without_a_rest(name: str) -> None:
    prompt = load_prompt(name)
    filled = prompt.fill(**{slot: f"<{slot}>" for slot in prompt.slots})
    assert "{{" not in filled
    assert all(f"<{slot}>" in filled for slot in prompt.slots)


@pytest.mark.parametrize("name", FENCING)
def test_a_judges_prompt_fences_off_what_it_grades(name: str) -> None:
    """The request and the response stand between fences and nowhere else, so that they cannot pose as the rubric."""
    text = load_prompt(name).text
    for slot in ("{{request}}", "{{response}}"):
        assert text.count(slot) == 1
        assert text.index("{{fence}} REQUEST") < text.index(slot) < text.index("{{fence}} END")


def test_a_prompt_that_does_not_exist_is_a_programming_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        load_prompt("rubric/none-0")
