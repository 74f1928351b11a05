"""How long ``primum --help`` and ``import primum`` take, as medians over fresh processes, beside Python's own start.

Run: ``python benchmarks/startup.py``. Targets: help under 0.4 s, import under 0.2 s.
"""

import subprocess
import sys
import time
from statistics import median

RUNS = 15
COMMANDS = {
    "python -c pass": (["-c", "pass"], None),
    "import primum": (["-c", "import primum"], 0.2),
    "primum --help": (["-m", "primum", "--help"], 0.4),
}


def main() -> int:
    """Measure in turn, print medians; 1 if a target is missed."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS + 1):
        for name, (arguments, _target) in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - began)
    missed = 0
    for name, (_, target) in COMMANDS.items():
        value = median(times[name][1:])
        verdict = "" if target is None else f"  target {target} s: {'met' if value < target else 'MISSED'}"
        missed += target is not None and value >= target
        sys.stdout.write(f"{name:<16} {value:.3f} s (from {min(times[name][1:]):.3f}){verdict}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
