"""How likely a model holds text that it did not write, under the chat template that it is asked with.

Log-probabilities are natural, of the completion's tokens only. Prompt and completion are made into tokens apart, as they
are when a model answers: nothing melts at the seam. The end of the turn is not part of a completion, so that a model is
not marked down for a taste for longer answers.

Weights are float32 on a processor (bfloat16 rounds to 8 bits, which moves single answers by about one part in a hundred)
and bfloat16 on a GPU, where a float32 model of 7 billion parameters would not fit many cards; the logits are float32 in
both. Runs of different precision are not to be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from primum.errors import UserError
from primum.fetch import Progress
from primum.types import Message

_LOGITS = 50_000_000
"""Logits that a batch may hold: 200 MB."""
_TOKENS = 8_192
"""Tokens that a batch may hold, prompts and padding included."""
_UNBOUNDED = 1_000_000
"""A context length that a configuration leaves out."""

Conversation = Sequence[Message]


@dataclass(frozen=True, kw_only=True)
class Weight:
    """The log-probability of one completion."""

    logprob: float
    """Natural, summed over its tokens."""
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Weigher:
    """A loaded model that can be asked how likely it holds a text."""

    model: Any
    tokenizer: Any
    engine: str
    """Library, version and precision, for a manifest."""


@dataclass(frozen=True, kw_only=True)
class _Row:
    place: int
    prompt: list[int]
    completion: list[int]

    @property
    def length(self) -> int:
        return len(self.prompt) + len(self.completion)


def load_weigher(name: str, progress: Progress | None = None) -> Weigher:
    """The model of this name, ready to weigh texts.

    Raises:
        UserError: the libraries are not installed, no such model, or one without a chat template.
        RunError: a download broke off.
    """
    from primum.training.base import find_base, load_base
    from primum.training.libraries import require_libraries

    require_libraries()
    import torch
    import transformers

    on_gpu = torch.cuda.is_available()
    dtype = "bfloat16" if on_gpu else "float32"
    loaded = load_base(find_base(name, progress), dtype)
    model = loaded.model.to("cuda" if on_gpu else "cpu").eval()
    return Weigher(model=model, tokenizer=loaded.tokenizer, engine=f"transformers {transformers.__version__}, {dtype}")


def completion_weights(
    model: Any, tokenizer: Any, prompts: Sequence[Conversation], completions: Sequence[str]
) -> Iterator[tuple[int, Weight | None]]:
    """(place, weight) of every completion after its prompt, in batches of like length and so in no fixed order.

    None where prompt and completion together are longer than the model's context, or the completion has no token.

    Raises:
        UserError: the tokenizer has no chat template.
    """
    rows = [
        _Row(place=place, prompt=_prompt(tokenizer, prompt), completion=_tokens(tokenizer, completion))
        for place, (prompt, completion) in enumerate(zip(prompts, completions, strict=True))
    ]
    fitting = [row for row in rows if row.completion and row.length <= _context(model)]
    yield from ((place, None) for place in sorted({row.place for row in rows} - {row.place for row in fitting}))
    for batch in _batches(fitting, int(model.config.vocab_size)):
        yield from _weighed(model, batch)


def first_token_logprobs(
    model: Any, tokenizer: Any, prompts: Sequence[Conversation], texts: Sequence[Sequence[str]]
) -> Iterator[tuple[int, tuple[float, ...] | None]]:
    """(place, log-probability that the next turn begins with each of its texts), one token each, with or without a space.

    None where the prompt is longer than the model's context.

    Raises:
        UserError: a text is no single token, or the tokenizer has no chat template.
    """
    known = {text: _single_tokens(tokenizer, text) for text in {text for each in texts for text in each}}
    rows = [_Row(place=i, prompt=_prompt(tokenizer, prompt), completion=[]) for i, prompt in enumerate(prompts)]
    fitting = [row for row in rows if row.length < _context(model)]
    yield from ((place, None) for place in sorted({row.place for row in rows} - {row.place for row in fitting}))
    for batch in _batches(fitting, int(model.config.vocab_size)):
        scores = _log_softmax(model, batch, keep=1)[:, -1]
        for row, line in zip(batch, scores, strict=True):
            yield row.place, tuple(float(line[known[text]].logsumexp(0)) for text in texts[row.place])


def _prompt(tokenizer: Any, messages: Conversation) -> list[int]:
    """The tokens that the engine would be given, up to where the answer begins."""
    if not tokenizer.chat_template:
        raise UserError(
            "This model has no chat template, so nobody can tell how it is asked. Take its instruct version."
        )
    turns = [{"role": message.role, "content": message.content} for message in messages]
    return _tokens(tokenizer, str(tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)))


def _tokens(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _single_tokens(tokenizer: Any, text: str) -> list[int]:
    found = {ids[0] for written in (text, f" {text}") if len(ids := _tokens(tokenizer, written)) == 1}
    if not found:
        raise UserError(
            f"This model's vocabulary has no single token '{text}'. Leave --method out to read its answers."
        )
    return sorted(found)


def _context(model: Any) -> int:
    return int(getattr(model.config, "max_position_embeddings", None) or _UNBOUNDED)


def _batches(rows: Sequence[_Row], vocabulary: int) -> Iterator[list[_Row]]:
    """Rows of like length together, longest first, so that memory runs out at the start or never."""
    batch: list[_Row] = []
    longest = kept = 0
    for row in sorted(rows, key=lambda item: -item.length):
        longest, kept = max(longest, row.length), max(kept, len(row.completion) + 1)
        size = len(batch) + 1
        if batch and (size * longest > _TOKENS or size * kept * vocabulary > _LOGITS):
            yield batch
            batch, longest, kept = [], row.length, len(row.completion) + 1
        batch.append(row)
    if batch:
        yield batch


def _weighed(model: Any, batch: Sequence[_Row]) -> Iterator[tuple[int, Weight]]:
    scores = _log_softmax(model, batch, keep=1 + max(len(row.completion) for row in batch))
    for row, lines in zip(batch, scores, strict=True):
        size = len(row.completion)
        # Rows end at the same place; the logits before a token are its prediction, those of the last predict no token.
        said = lines[-size - 1 : -1].gather(1, lines.new_tensor(row.completion).long().unsqueeze(1))
        yield row.place, Weight(logprob=float(said.double().sum()), tokens=size)


def _log_softmax(model: Any, batch: Sequence[_Row], keep: int) -> Any:
    """Log-probabilities at the last ``keep`` places, shape (rows, keep, vocabulary); rows are padded on the left."""
    import torch

    longest = max(row.length for row in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for line, row in enumerate(batch):
        ids[line, longest - row.length :] = torch.tensor(row.prompt + row.completion)
        mask[line, longest - row.length :] = 1
    places = (mask.cumsum(1) - 1).clamp(min=0)
    with torch.inference_mode():
        given = {"input_ids": ids, "attention_mask": mask, "position_ids": places}
        on_device = {name: value.to(model.device) for name, value in given.items()}
        found = model(**on_device, logits_to_keep=keep, use_cache=False)
        return found.logits.float().log_softmax(-1)
