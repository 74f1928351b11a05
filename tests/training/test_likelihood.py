"""Likelihoods are those of the completion alone, under the model's own template, whatever it is batched with."""

from typing import Any

import pytest

from primum.errors import UserError
from primum.training.likelihood import completion_weights, first_token_logprobs
from primum.types import Message

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


class Letters:
    """A tokenizer with one token for each letter, and a template that says who speaks."""

    chat_template: str | None = "spoken"

    def __call__(self, text: str, add_special_tokens: bool) -> dict[str, list[int]]:
        assert not add_special_tokens
        return {"input_ids": [ord(letter) % 128 for letter in text]}

    def apply_chat_template(self, turns: list[dict[str, str]], tokenize: bool, add_generation_prompt: bool) -> str:
        assert not tokenize
        assert add_generation_prompt
        return "".join(f"<{turn['role']}>{turn['content']}\n" for turn in turns) + "<assistant>"


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=128, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=200,
    )  # fmt: skip
    return transformers.LlamaForCausalLM(config).eval()


PROMPTS = [(Message(role="user", content=text),) for text in ("why?", "a much longer question than that", "and?")]
COMPLETIONS = ["because", "so", "it is as it is, and nobody knows more"]


def by_hand(model: Any, prompt: tuple[Message, ...], completion: str) -> float:
    """The same without batches, from the definition."""
    head = [ord(letter) % 128 for letter in f"<user>{prompt[0].content}\n<assistant>"]
    ids = head + [ord(letter) % 128 for letter in completion]
    with torch.inference_mode():
        scores = model(torch.tensor([ids])).logits[0].log_softmax(-1)
    return float(sum(scores[place - 1, ids[place]] for place in range(len(head), len(ids))))


def test_batches_of_unlike_length_give_what_each_gives_alone(model: Any) -> None:
    found = dict(completion_weights(model, Letters(), PROMPTS, COMPLETIONS))
    assert sorted(found) == [0, 1, 2]
    for place, (prompt, completion) in enumerate(zip(PROMPTS, COMPLETIONS, strict=True)):
        weight = found[place]
        assert weight is not None
        assert weight.tokens == len(completion)
        assert weight.logprob == pytest.approx(by_hand(model, prompt, completion), abs=1e-3)


def test_the_first_token_is_weighed_as_a_completion_of_one_token_with_and_without_a_space(model: Any) -> None:
    found = dict(first_token_logprobs(model, Letters(), PROMPTS, ["AB", "AB", "ABC"]))
    assert found[2] == pytest.approx([by_hand(model, PROMPTS[2], letter) for letter in "ABC"], abs=1e-3)
    assert len(found[0] or ()) == 2


def test_what_does_not_fit_the_context_has_no_weight(model: Any) -> None:
    found = dict(completion_weights(model, Letters(), [PROMPTS[0], PROMPTS[0]], ["no" * 200, "yes"]))
    assert found[0] is None
    assert found[1] is not None
    long = (Message(role="user", content="x" * 300),)
    assert dict(first_token_logprobs(model, Letters(), [long], ["AB"])) == {0: None}


def test_a_completion_without_a_token_has_no_weight(model: Any) -> None:
    assert dict(completion_weights(model, Letters(), [PROMPTS[0]], [""])) == {0: None}


def test_a_model_without_a_chat_template_is_refused(model: Any) -> None:
    tokenizer = Letters()
    tokenizer.chat_template = None
    with pytest.raises(UserError, match="no chat template"):
        list(completion_weights(model, tokenizer, PROMPTS, COMPLETIONS))


def test_a_text_that_is_no_single_token_is_refused(model: Any) -> None:
    with pytest.raises(UserError, match="no single token 'AB'"):
        list(first_token_logprobs(model, Letters(), PROMPTS[:1], [["AB"]]))
