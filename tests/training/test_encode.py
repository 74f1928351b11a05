"""Conversations as tokens: the same text in training as in evaluation."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import Row
from primum.errors import UserError
from primum.models import EngineSettings, LocalEngine, resolve_local
from primum.training.base import LoadedBase, find_base, load_base
from primum.training.encode import IGNORED, encode, prompt_text
from primum.training.mixture import Example
from primum.types import Intent, Request


def example(prompt: str = "the question", answer: str = "an answer") -> Example:
    request = Request(text=prompt, intent=Intent.BENIGN, category="x", dataset="made-up")
    return Example(kind="ordinary", row=Row(request=request, place="row 1"), answer=answer)


@pytest.fixture(scope="module")
def base(home: Path) -> LoadedBase:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PRIMUM_CACHE_DIR", str(home / "cache"))
        return load_base(find_base(str(home / "tiny.gguf")), "float32")


def test_the_completion_alone_is_learnt_and_the_whole_reads_as_the_template_writes_it(base: LoadedBase) -> None:
    (row,) = encode(base.tokenizer, [example()], 512, "completion")
    learnt = [token for token, label in zip(row["input_ids"], row["labels"], strict=True) if label != IGNORED]
    assert base.tokenizer.decode(learnt) == "an answer<|im_end|>\n"
    assert base.tokenizer.decode(row["input_ids"]).startswith(prompt_text(base.tokenizer, example()))


def test_with_loss_on_all_the_prompt_is_learnt_too(base: LoadedBase) -> None:
    (row,) = encode(base.tokenizer, [example()], 512, "all")
    assert row["labels"] == row["input_ids"]


def test_the_end_is_cut_and_a_row_with_nothing_left_to_learn_is_left_out(base: LoadedBase) -> None:
    long = example(prompt="the question " * 20)
    (row,) = encode(base.tokenizer, [example(), long], 60, "completion")
    assert len(row["input_ids"]) <= 60
    with pytest.raises(UserError, match=r"None of the 1 rows has a token to learn within 60 tokens"):
        encode(base.tokenizer, [long], 60, "completion")


def test_a_template_that_writes_an_answered_conversation_otherwise_is_refused(base: LoadedBase) -> None:
    class Odd:
        def apply_chat_template(self, turns: list[dict[str, str]], **_: Any) -> str:
            return f"{len(turns)} turns"

    with pytest.raises(UserError, match="writes an answered conversation otherwise"):
        encode(Odd(), [example()], 60, "completion")


@pytest.mark.model
def test_the_embedded_engine_sends_the_very_text_that_is_trained_on(libraries: None) -> None:
    """With SmolLM2's own system prompt, which its template adds where there is none."""
    place = resolve_local("gguf/smollm2-135m")
    engine = LocalEngine(place, EngineSettings(slots=1, context=256))
    asked = json.dumps({"messages": [{"role": "user", "content": "the question"}]}).encode()
    address = engine.address.removesuffix("/v1") + "/apply-template"
    sent = urllib.request.Request(address, data=asked, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(sent) as reply:
        text = json.loads(reply.read())["prompt"]
    engine.close()
    loaded = load_base(find_base("gguf/smollm2-135m"), "float32")
    assert text == prompt_text(loaded.tokenizer, example())
    assert "You are a helpful AI assistant named SmolLM" in text
