"""Does the embedded engine write what the model would write? Its greedy text against fp32 transformers on 50 prompts.

Run: ``python benchmarks/conformance.py`` (needs torch, transformers, gguf). The reference is the same file with weights
dequantised to fp32, so that only the engine's arithmetic differs. It prints

* the share of prompts whose whole text is identical,
* the share of the engine's tokens that are the reference's first choice after the same prefix (teacher forcing), and
* how far below its first choice the reference puts the others, in logits: a wrong engine shows large gaps here,

and with ``--write`` renews ``tests/models/fp32_greedy.jsonl``, against which the tests hold the engine without torch.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from candidates import encode, generate, load_transformers, raw_engine

from primum.models import resolve_local

HERE = Path(__file__).parent
FIXTURE = HERE.parent / "tests" / "models" / "fp32_greedy.jsonl"
TOKENS = 48


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and write the fixture if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--model", default="gguf/smollm2-135m")
    chosen = parser.parse_args(arguments)
    local = resolve_local(chosen.model)
    prompts = (HERE / "prompts.txt").read_text(encoding="utf-8").splitlines()
    model, tokenizer = load_transformers(local.path, "float32")
    reference = [generate(model, tokenizer, [prompt], TOKENS)[0][0] for prompt in prompts]
    written = raw_engine(local)(prompts, TOKENS).texts
    same = [ours.strip() == theirs.strip() for ours, theirs in zip(written, reference, strict=True)]
    gaps = [gap for prompt, text in zip(prompts, written, strict=True) for gap in _gaps(model, tokenizer, prompt, text)]
    others = sorted(gap for gap in gaps if gap > 0)
    sys.stdout.write(
        f"{chosen.model}: {len(prompts)} prompts, {TOKENS} tokens each\n"
        f"identical texts               {sum(same)} of {len(same)}\n"
        f"first choice of the reference {1 - len(others) / len(gaps):.4f} of {len(gaps)} tokens\n"
        f"gap of the others in logits   median {others[len(others) // 2] if others else 0:.3f}, "
        f"largest {others[-1] if others else 0:.3f}\n"
    )
    if chosen.write:
        FIXTURE.parent.mkdir(parents=True, exist_ok=True)
        rows = [{"prompt": prompt, "text": text} for prompt, text in zip(prompts, reference, strict=True)]
        FIXTURE.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return 0


def _gaps(model: Any, tokenizer: Any, prompt: str, text: str) -> list[float]:
    """For each token of the text: the reference's best logit there minus this token's."""
    import torch

    head = encode(tokenizer, [prompt])["input_ids"]
    tail = tokenizer(text, return_tensors="pt", add_special_tokens=False)["input_ids"]
    if not tail.shape[1]:
        return []
    with torch.inference_mode():
        logits = model(torch.cat([head, tail], dim=1)).logits[0, head.shape[1] - 1 : -1]
    chosen = logits.gather(1, tail[0].unsqueeze(1)).squeeze(1)
    return [float(gap) for gap in logits.max(dim=1).values - chosen]


if __name__ == "__main__":
    raise SystemExit(main())
