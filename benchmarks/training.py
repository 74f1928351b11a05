"""How fast an adapter is trained, over TRL's defaults on the same rows in one run; and that both learn the same.

Run: ``make bench`` or ``python benchmarks/training.py``. The settings are the paper's (LoRA r 8 on q and v, loss on the
prompt too, cut at 256 tokens), the rows refusals from PrimumPairs train, in the same order, with the same seed; batch and
steps are smaller so that it ends. Compared:

* *primum*: ``primum train sft --recipe paper``, from the first step to the last;
* *TRL's defaults*: ``SFTTrainer`` on the same base with those settings and nothing else said.

Target: primum is 3 times as fast, and no step's loss differs by more than 2 % (the dropout of the two falls otherwise).
Each has a process of its own, in turn, so that a machine whose speed drifts favours neither; the median counts. The seconds
are those of the processors that the process itself used, so that a neighbour's work is not counted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from primum.training import Silent, read_recipe
from primum.training.base import find_base, load_base
from primum.training.encode import encode
from primum.training.fit import Setting, fit
from primum.training.libraries import require_libraries
from primum.training.machine import pick_dtype
from primum.training.mixture import blend, chat
from primum.training.order import row_order
from primum.training.recipe import Recipe
from primum.training.sft import sft_trainer

TARGET, TOLERANCE = 3.0, 0.02
Result = dict[str, Any]
"""tokens, processor seconds, losses."""


def settings(batch: int, loss_on: str) -> Recipe:
    """The paper's, over our own demonstrations, which ship."""
    return replace(read_recipe("paper", demonstrations=["pairs"], n=4 * batch, loss_on=loss_on), batch=batch)


def primum_run(model: str, recipe: Recipe, steps: int) -> Result:
    """Our trainer."""
    device = "cpu"
    dtype = pick_dtype(recipe, device)
    base = load_base(find_base(model), dtype)
    encoded = encode(base.tokenizer, blend(recipe).examples, recipe.max_length, recipe.loss_on)
    make = sft_trainer(encoded)
    clock: dict[str, float] = {}

    def timed(*rest: Any) -> Any:
        trainer = make(*rest)
        clock["began"] = time.process_time()
        return trainer

    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(
            recipe=recipe, steps=steps, folder=Path(folder) / "checkpoints", device=device, dtype=dtype, processes=1,
            resume=False,
        )  # fmt: skip
        losses = fit(timed, base, setting, Silent(), Path(folder) / "adapter")
        seconds = time.process_time() - clock["began"]
    return {"tokens": _tokens(encoded, recipe, steps), "seconds": seconds, "losses": [item.loss for item in losses]}


def trl_run(model: str, recipe: Recipe, steps: int) -> Result:
    """TRL's trainer as its documentation writes it; the batch is made of its default of 8 rows at once."""
    import trl
    from datasets import Dataset
    from peft import LoraConfig

    base = load_base(find_base(model), "float32")
    examples = blend(recipe).examples
    encoded = encode(base.tokenizer, examples, recipe.max_length, recipe.loss_on)
    order = row_order([1] * len(examples), recipe.batch, steps, recipe.seed, by_length=False)
    rows = [
        {"prompt": chat(examples[row]), "completion": [{"role": "assistant", "content": examples[row].answer}]}
        for row in order
    ]
    with tempfile.TemporaryDirectory() as folder:
        trainer = trl.SFTTrainer(
            model=base.model,
            args=trl.SFTConfig(
                output_dir=folder, max_steps=steps, gradient_accumulation_steps=recipe.batch // 8,
                learning_rate=recipe.learning_rate, lr_scheduler_type=recipe.schedule, warmup_steps=0,
                max_length=recipe.max_length, completion_only_loss=recipe.loss_on == "completion",
                seed=recipe.seed, logging_steps=1,
                train_sampling_strategy="sequential", report_to="none", use_cpu=True, disable_tqdm=True,
            ),
            train_dataset=Dataset.from_list(rows),
            processing_class=base.tokenizer,
            peft_config=LoraConfig(
                r=recipe.lora.r, lora_alpha=recipe.lora.alpha, lora_dropout=recipe.lora.dropout,
                target_modules=list(recipe.lora.targets), task_type="CAUSAL_LM",
            ),
        )  # fmt: skip
        began = time.process_time()
        trainer.train()
        seconds = time.process_time() - began
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return {"tokens": _tokens(encoded, recipe, steps), "seconds": seconds, "losses": losses}


def _tokens(encoded: Sequence[dict[str, list[int]]], recipe: Recipe, steps: int) -> int:
    """Tokens of the rows, padding not counted."""
    order = row_order([1] * len(encoded), recipe.batch, steps, recipe.seed, by_length=False)
    return sum(len(encoded[row]["input_ids"]) for row in order)


RUNS: dict[str, Callable[[str, Recipe, int], Result]] = {"primum": primum_run, "TRL's defaults": trl_run}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure in turn, print medians, ratio and losses; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="gguf/smollm2-135m")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--loss-on", choices=["all", "completion"], default="all", help="all is the paper's")
    parser.add_argument("--only", choices=list(RUNS), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.only:
        require_libraries()
        sys.stdout.write(
            json.dumps(RUNS[chosen.only](chosen.model, settings(chosen.batch, chosen.loss_on), chosen.steps)) + "\n"
        )
        return 0
    found: dict[str, list[Result]] = {name: [] for name in RUNS}
    for number in range(chosen.rounds):
        for name in RUNS:
            result = _in_a_process_of_its_own(name, chosen)
            found[name].append(result)
            speed = result["tokens"] / result["seconds"]
            sys.stdout.write(f"round {number + 1} of {chosen.rounds}: {name} {speed:.1f} tokens a processor second\n")
            sys.stdout.flush()
    return _verdict(found)


def _in_a_process_of_its_own(name: str, chosen: argparse.Namespace) -> Result:
    words = [sys.executable, __file__, "--only", name, "--model", chosen.model]
    words += ["--batch", str(chosen.batch), "--steps", str(chosen.steps), "--loss-on", chosen.loss_on]
    # TRL tells its makers about a training unless it runs in CI.
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "CI": "1"})
    result: Result = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def _verdict(found: dict[str, list[Result]]) -> int:
    speeds = {name: median(item["tokens"] / item["seconds"] for item in results) for name, results in found.items()}
    ours, theirs = (found[name][0]["losses"] for name in RUNS)
    for name, results in found.items():
        losses = ", ".join(f"{loss:.4f}" for loss in results[0]["losses"])
        sys.stdout.write(f"{name:<15} {speeds[name]:7.1f} tokens a processor second, losses {losses}\n")
    ratio = speeds["primum"] / speeds["TRL's defaults"]
    apart = max(abs(one - other) / other for one, other in zip(ours, theirs, strict=True))
    sys.stdout.write(
        f"primum is {ratio:.2f} times as fast (target {TARGET}: {'met' if ratio >= TARGET else 'MISSED'}); losses differ by "
        f"{apart:.2%} at most (target {TOLERANCE:.0%}: {'met' if apart <= TOLERANCE else 'MISSED'})\n"
    )
    return 0 if ratio >= TARGET and apart <= TOLERANCE else 1


if __name__ == "__main__":
    raise SystemExit(main())
