"""What the base model itself says, as the wrong side of a preference.

The answers are made when they are needed and stay in the training's folder: a base that complies writes what nobody should
publish. They are kept there so that a resumed training learns from the same ones.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from primum.store import write_text
from primum.training.base import LoadedBase
from primum.training.mixture import OwnAnswers
from primum.training.watch import Watch

OWN_FILE = "own-answers.json"
_TOKENS = 128
"""New tokens at most: the beginning of an answer decides what it is."""
_TOGETHER = 16


def own_answers(base: LoadedBase, folder: Path, watch: Watch) -> OwnAnswers:
    """How to ask the base for its greedy answers; those that the folder holds are not asked for again."""

    def ask(prompts: Sequence[str]) -> list[str]:
        with FileLock(folder / ".own.lock"):  # of several processes the first asks, the others read
            return answered(prompts)

    def answered(prompts: Sequence[str]) -> list[str]:
        path = folder / OWN_FILE
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        missing = [prompt for prompt in dict.fromkeys(prompts) if prompt not in known]
        watch.start("asking the base model", len(prompts), len(prompts) - len(missing))
        for start in range(0, len(missing), _TOGETHER):
            part = missing[start : start + _TOGETHER]
            known |= dict(zip(part, _generate(base, part), strict=True))
            write_text(path, json.dumps(known, ensure_ascii=False) + "\n")
            watch.advance(len(part))
        return [known[prompt] for prompt in prompts]

    return ask


def _generate(base: LoadedBase, prompts: Sequence[str]) -> list[str]:
    import torch

    tokenizer, model = base.tokenizer, base.model.eval()
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
        for prompt in prompts
    ]
    inputs = tokenizer(texts, return_tensors="pt", padding=True, padding_side="left", add_special_tokens=False)
    inputs = inputs.to(model.device)
    with torch.inference_mode():
        made = model.generate(**inputs, max_new_tokens=_TOKENS, do_sample=False, pad_token_id=tokenizer.pad_token_id)
    return [
        text.strip()
        for text in tokenizer.batch_decode(made[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    ]
