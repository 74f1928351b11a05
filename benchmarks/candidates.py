"""The ways to run the embedded model that were considered, each behind one function: prompts in, texts and token count out.

All decode greedily and use the model's own chat template. Peers are imported when used, so that a missing one is reported
and the others still run.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.models import EngineSettings, LocalEngine, LocalModel
from primum.types import Message

os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one candidate did with all prompts."""

    texts: tuple[str, ...]
    tokens: int
    """New tokens, end marks not counted."""
    seconds: float

    @property
    def speed(self) -> float:
        """New tokens a second."""
        return self.tokens / self.seconds


Candidate = Callable[[Sequence[str], int], Outcome]
"""(prompts, new tokens for each) to what came out; loading is not timed."""


def raw_engine(model: LocalModel, slots: int = 16) -> Candidate:
    """llama.cpp through xllamacpp, called directly, from as many threads as it has slots."""
    engine = LocalEngine(model, EngineSettings(slots=slots))

    def run(prompts: Sequence[str], limit: int) -> Outcome:
        def one(prompt: str) -> tuple[str, int]:
            done = engine.complete([Message(role="user", content=prompt)], max_tokens=limit, temperature=0.0, seed=0)
            return done.text, done.usage.output_tokens or 0

        began = time.perf_counter()
        with ThreadPoolExecutor(slots) as pool:
            found = list(pool.map(one, prompts))
        seconds = time.perf_counter() - began
        return Outcome(texts=tuple(text for text, _ in found), tokens=sum(n for _, n in found), seconds=seconds)

    return run


def transformers_peer(model: LocalModel, batch: int, dtype: str) -> Candidate:
    """Hugging Face transformers on the same file, dequantised, in padded batches."""
    loaded, tokenizer = load_transformers(model.path, dtype)

    def run(prompts: Sequence[str], limit: int) -> Outcome:
        texts: list[str] = []
        tokens = 0
        began = time.perf_counter()
        for start in range(0, len(prompts), batch):
            for text, count in generate(loaded, tokenizer, prompts[start : start + batch], limit):
                texts.append(text)
                tokens += count
        return Outcome(texts=tuple(texts), tokens=tokens, seconds=time.perf_counter() - began)

    return run


def openvino_peer(model: LocalModel, batch: int = 32) -> Candidate:
    """OpenVINO GenAI with continuous batching; a peer only, since it reads few kinds of GGUF rightly."""
    import openvino_genai

    pipeline = openvino_genai.LLMPipeline(str(model.path), "CPU")

    def run(prompts: Sequence[str], limit: int) -> Outcome:
        texts: list[str] = []
        tokens = 0
        began = time.perf_counter()
        for start in range(0, len(prompts), batch):
            result = pipeline.generate(list(prompts[start : start + batch]), max_new_tokens=limit, do_sample=False)
            texts += list(result.texts)
            tokens += int(result.perf_metrics.get_num_generated_tokens())
        return Outcome(texts=tuple(texts), tokens=tokens, seconds=time.perf_counter() - began)

    return run


def load_transformers(path: Path, dtype: str) -> tuple[Any, Any]:
    """Model and tokenizer from a GGUF file, weights dequantised to the dtype; padding on the left."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    tokenizer = AutoTokenizer.from_pretrained(**place)
    tokenizer.padding_side = "left"
    model = AutoModelForCausalLM.from_pretrained(**place, dtype=getattr(torch, dtype)).eval()
    return model, tokenizer


def encode(tokenizer: Any, prompts: Sequence[str]) -> Any:
    """Prompts through the chat template, as padded tensors."""
    chats = [[{"role": "user", "content": prompt}] for prompt in prompts]
    texts = [tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) for chat in chats]
    return tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)


def generate(model: Any, tokenizer: Any, prompts: Sequence[str], limit: int) -> list[tuple[str, int]]:
    """Greedy (text, number of new tokens) for each prompt."""
    import torch

    inputs = encode(tokenizer, prompts)
    with torch.inference_mode():
        out = model.generate(**inputs, max_new_tokens=limit, do_sample=False, pad_token_id=tokenizer.pad_token_id)
    fresh = out[:, inputs["input_ids"].shape[1] :]
    ends = {tokenizer.eos_token_id, tokenizer.pad_token_id}
    kept = [[int(token) for token in row if int(token) not in ends] for row in fresh]
    return [(tokenizer.decode(row, skip_special_tokens=True), len(row)) for row in kept]
