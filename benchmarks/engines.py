"""How fast the embedded model answers, as ratios against peers in one run on the same prompts.

Run: ``make bench`` or ``python benchmarks/engines.py [--all]``. Compared:

* *primum*: ``ask`` as ``primum eval`` uses it, Inspect AI and our records included;
* *raw engine*: the same engine called directly (target: primum reaches 0.9 of it);
* *transformers, batch 1*: the plain loop that most evaluation scripts run (target: primum is 5 times as fast);
* with ``--all``: the other engines that were considered.

Each measurement has a process of its own. Rounds go in turn (A B C, A B C …), so that a machine whose speed drifts does not
favour one of them; the median counts.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from candidates import Candidate, Outcome, openvino_peer, raw_engine, transformers_peer

from primum.engine import AskSettings, Question, ask
from primum.models import resolve_local
from primum.types import Message, Response

HERE = Path(__file__).parent
MODEL = "gguf/smollm2-135m"


def primum_path() -> Candidate:
    """What ``primum eval`` does, from question to stored answer; loading the model is not timed.

    Loading happens inside ``ask``, so the time of asking one question for one token is subtracted; it is measured the second
    time, when Inspect has been imported, as it has been when all questions are asked.
    """

    def timed(prompts: Sequence[str], limit: int) -> tuple[list[Response], float]:
        questions = [
            Question(id=str(number), messages=(Message(role="user", content=prompt),))
            for number, prompt in enumerate(prompts)
        ]
        found: list[Response] = []
        settings = AskSettings(max_tokens=limit, temperature=0.0, seed=0)
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            ask(MODEL, questions, settings, found.append, logs=Path(folder), name="bench")
        return found, time.perf_counter() - began

    def run(prompts: Sequence[str], limit: int) -> Outcome:
        timed(prompts[:1], 1)
        _, loading = timed(prompts[:1], 1)
        found, seconds = timed(prompts, limit)
        by_id = sorted(found, key=lambda response: int(response.request_id))
        tokens = sum(response.usage.output_tokens or 0 for response in found)
        return Outcome(texts=tuple(item.text for item in by_id), tokens=tokens, seconds=seconds - loading)

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print medians and ratios; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the engines that were not chosen")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--prompts", type=int, default=48)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--only", choices=[*MAIN, *OTHERS], help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.only:
        sys.stdout.write(f"{_one(chosen.only, chosen.prompts, chosen.tokens)}\n")
        return 0
    names = [*MAIN, *(OTHERS if chosen.all else ())]
    speeds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(chosen.rounds):
        for name in names:
            speed = _in_a_process_of_its_own(name, chosen.prompts, chosen.tokens)
            if speed is not None:
                speeds[name].append(speed)
                sys.stdout.write(f"round {number + 1} of {chosen.rounds}: {name} {speed:.1f} tokens/s\n")
                sys.stdout.flush()
    speeds = {name: values for name, values in speeds.items() if values}
    for name, values in speeds.items():
        ratio = median(speeds["primum"]) / median(values)
        sys.stdout.write(
            f"{name:<28} {median(values):7.1f} tokens/s (from {min(values):.1f} to {max(values):.1f})"
            f"  primum is {ratio:.2f} times as fast\n"
        )
    return _verdict(speeds)


def _one(name: str, count: int, tokens: int) -> float:
    """Speed of one candidate, measured here."""
    prompts = (HERE / "prompts.txt").read_text(encoding="utf-8").splitlines()[:count]
    # The plain loop is many times slower: a sixth of the prompts gives the same speed.
    share = prompts[::6] if name.endswith("batch 1") else prompts
    return {**MAIN, **OTHERS}[name]()(share, tokens).speed


def _in_a_process_of_its_own(name: str, count: int, tokens: int) -> float | None:
    """Engines loaded side by side take each other's threads: measured together, llama.cpp lost a third of its speed."""
    command = [sys.executable, __file__, "--only", name, "--prompts", str(count), "--tokens", str(tokens)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stdout.write(f"{name}: not measured ({done.stderr.strip().splitlines()[-1]})\n")
        return None
    return float(done.stdout.strip().splitlines()[-1])


MAIN: dict[str, Callable[[], Candidate]] = {
    "primum": primum_path,
    "raw engine": lambda: raw_engine(resolve_local(MODEL)),
    "transformers, batch 1": lambda: transformers_peer(resolve_local(MODEL), 1, "float32"),
}
OTHERS: dict[str, Callable[[], Candidate]] = {
    "raw engine, one slot": lambda: raw_engine(resolve_local(MODEL), slots=1),
    "transformers, batch 32, fp32": lambda: transformers_peer(resolve_local(MODEL), 32, "float32"),
    "transformers, batch 32, bf16": lambda: transformers_peer(resolve_local(MODEL), 32, "bfloat16"),
    "OpenVINO GenAI": lambda: openvino_peer(resolve_local(MODEL)),
}


def _verdict(speeds: dict[str, list[float]]) -> int:
    targets = {"raw engine": 0.9, "transformers, batch 1": 5.0}
    missed = [
        f"missed: primum / {name} is below {least}"
        for name, least in targets.items()
        if name in speeds and median(speeds["primum"]) / median(speeds[name]) < least
    ]
    sys.stdout.writelines(f"{line}\n" for line in missed)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
