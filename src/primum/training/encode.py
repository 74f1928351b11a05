"""Conversations as tokens, by the model's own chat template, which is also what an evaluation sends."""

from collections.abc import Sequence
from typing import Any, Literal

from primum.errors import UserError
from primum.training.mixture import Example, chat

IGNORED = -100
"""Label of a token that is not learnt, as torch has it."""


def encode(
    tokenizer: Any, examples: Sequence[Example], max_length: int, loss_on: Literal["completion", "all"]
) -> list[dict[str, list[int]]]:
    """Token ids and labels of each conversation, cut at the end; what has no token left to learn is left out.

    Raises:
        UserError: nothing is left.
    """
    rows = [_encode_one(tokenizer, example, max_length, loss_on) for example in examples]
    kept = [row for row in rows if any(label != IGNORED for label in row["labels"])]
    if not kept:
        raise UserError(
            f"None of the {len(rows)} rows has a token to learn within {max_length} tokens: the prompts fill them. "
            "Raise max_length in the recipe."
        )
    return kept


def prompt_text(tokenizer: Any, example: Example) -> str:
    """The conversation up to where the model begins to answer."""
    return str(tokenizer.apply_chat_template(chat(example), tokenize=False, add_generation_prompt=True))


def _encode_one(tokenizer: Any, example: Example, max_length: int, loss_on: str) -> dict[str, list[int]]:
    answered = [*chat(example), {"role": "assistant", "content": example.answer}]
    whole = str(tokenizer.apply_chat_template(answered, tokenize=False))
    head = prompt_text(tokenizer, example)
    if not whole.startswith(head):
        raise UserError(
            "This model's chat template writes an answered conversation otherwise than it asks for the answer, so that "
            "training would teach another text than evaluation sends. Take a model with a plain template."
        )
    # Tokens are made of each part by itself: at the seam nothing may melt into one token that evaluation never sees.
    first, rest = (tokenizer(text, add_special_tokens=False)["input_ids"] for text in (head, whole[len(head) :]))
    ids = (first + rest)[:max_length]
    labels = ids if loss_on == "all" else ([IGNORED] * len(first) + rest)[:max_length]
    return {"input_ids": list(ids), "labels": list(labels)}
