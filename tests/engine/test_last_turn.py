"""A conversation that ends with the assistant's turn is gone on with, or answered: the caller says which."""

from dataclasses import replace

import pytest

from primum.engine.ask import AskSettings, _extra_body
from primum.evaluation.judging import Bench
from primum.judges import JUDGES

GO_ON = AskSettings(max_tokens=8, temperature=0.0, seed=0)


@pytest.mark.parametrize("name", ["vllm/acme/guard-8b", "sglang/acme/guard-8b"])
def test_a_guard_behind_a_server_that_would_go_on_with_the_response_is_made_to_answer(name: str) -> None:
    """Else the guard would write more of the response that it should judge (Inspect's vllm and sglang providers)."""
    assert _extra_body(name, GO_ON) is None
    assert _extra_body(name, replace(GO_ON, continue_last=False)) == {
        "add_generation_prompt": True,
        "continue_final_message": False,
    }


@pytest.mark.parametrize("name", ["openai/model-1", "hf/acme/guard-8b", "ollama/guard", "gguf/smollm2-135m"])
def test_a_provider_that_does_not_know_the_fields_is_not_sent_them(name: str) -> None:
    assert _extra_body(name, replace(GO_ON, continue_last=False)) is None


def test_judges_are_always_asked_to_answer() -> None:
    assert not Bench(judge=JUDGES["llama-guard"], model="vllm/acme/guard-8b").settings.continue_last
