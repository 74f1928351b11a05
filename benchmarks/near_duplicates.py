"""Near-duplicates among many requests: our exact join against two MinHash libraries, on one file, in one run.

Run: ``python benchmarks/near_duplicates.py FOLDER`` with a folder of MedSafetyBench's Llama-3 part (74,374 requests), after
``pip install datasketch rensa``. Every contestant gets the same pieces (words and pairs of neighbouring words), the same
Jaccard threshold and a process of its own; rounds go in turn and the median counts. What each finds among 5,000 requests is
held against all pairs, compared one by one.

Targets: under 30 s and 1 GB on two cores for all requests.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from primum.audit.near import near_duplicates
from primum.audit.wording import words
from primum.datasets import LoadOptions, find_dataset

Pairs = set[tuple[int, int]]
SAMPLE = 5_000
PERMUTATIONS = 128
BANDS = 16


def pieces(text: str) -> list[str]:
    """What scikit-learn's vectorizer makes of a text: words of two letters or more, and pairs of neighbours."""
    found = [word for word in words(text) if len(word) > 1]
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def ours(texts: Sequence[str], threshold: float) -> Pairs:
    """The exact join."""
    found = near_duplicates(texts, threshold, "jaccard")
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def ours_cosine(texts: Sequence[str], threshold: float) -> Pairs:
    """The exact join over TF-IDF cosines, which is the audit's first measure."""
    found = near_duplicates(texts, threshold, "cosine")
    return set(zip(found.left.tolist(), found.right.tolist(), strict=True))


def datasketch(texts: Sequence[str], threshold: float) -> Pairs:
    """MinHash LSH; candidates count if their estimated Jaccard is above the threshold."""
    from datasketch import MinHash, MinHashLSH

    sketches = MinHash.bulk([[piece.encode() for piece in pieces(text)] for text in texts], num_perm=PERMUTATIONS)
    lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    found: Pairs = set()
    for index, sketch in enumerate(sketches):
        for other in lsh.query(sketch):
            if sketch.jaccard(sketches[other]) > threshold:
                found.add((other, index))
        lsh.insert(index, sketch, check_duplication=False)
    return found


def rensa(texts: Sequence[str], threshold: float) -> Pairs:
    """R-MinHash LSH; candidates count if their estimated Jaccard is above the threshold."""
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=BANDS)
    sketches = []
    for index, text in enumerate(texts):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=0)
        sketch.update(pieces(text))
        sketches.append(sketch)
        lsh.insert(index, sketch)
    found: Pairs = set()
    for index, sketch in enumerate(sketches):
        for other in lsh.query(sketch):
            if other < index and sketch.jaccard(sketches[other]) > threshold:
                found.add((other, index))
    return found


def every_pair(texts: Sequence[str], threshold: float) -> Pairs:
    """All pairs, one by one: the truth."""
    sets = [frozenset(pieces(text)) for text in texts]
    return {
        (left, right)
        for left, one in enumerate(sets)
        for right in range(left + 1, len(sets))
        if (union := len(one | sets[right])) and len(one & sets[right]) / union > threshold
    }


CONTESTANTS: dict[str, Callable[[Sequence[str], float], Pairs]] = {
    "primum, Jaccard": ours,
    "primum, cosine": ours_cosine,
    "datasketch": datasketch,
    "rensa": rensa,
}


def load(folder: Path) -> list[str]:
    """The requests."""
    rows = find_dataset("medsafetybench-llama3").load(LoadOptions(split="train", folder=folder)).rows
    return [row.request.text for row in rows]


def measure(folder: Path, name: str, threshold: float) -> None:
    """In a process of its own: seconds, memory and pairs over all requests, as JSON."""
    texts = load(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    found = CONTESTANTS[name](texts, threshold)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "megabytes": peak / 1024, "before": before / 1024, "pairs": len(found)}))


def main() -> None:
    """All contestants in turn, then the recall on a sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=list(CONTESTANTS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        measure(asked.folder, asked.only, asked.threshold)
        return
    results: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    for _ in range(asked.rounds):
        for name, rounds in results.items():
            command = [sys.executable, __file__, str(asked.folder), "--threshold", str(asked.threshold), "--only", name]
            rounds.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    sample = random.Random(0).sample(load(asked.folder), SAMPLE)
    truth = every_pair(sample, asked.threshold)
    reference = median(item["seconds"] for item in results["primum, Jaccard"])
    print(f"threshold {asked.threshold:g}; {len(truth)} pairs among {SAMPLE:,} requests")
    for name, rounds in results.items():
        seconds, memory = median(item["seconds"] for item in rounds), max(item["megabytes"] for item in rounds)
        print(
            f"{name:<16} {seconds:6.1f} s  ratio {seconds / reference:5.2f}  {memory:6.0f} MB  "
            f"{rounds[0]['pairs']:>7,.0f} pairs  {_agreement(name, sample, asked.threshold, truth)}"
        )


def _agreement(name: str, sample: Sequence[str], threshold: float, truth: Pairs) -> str:
    if name == "primum, cosine":
        return "another measure"
    found = CONTESTANTS[name](sample, threshold)
    right = len(found & truth)
    precision = f"{right / len(found):.3f}" if found else "–"
    return f"recall {right / len(truth):.3f}, precision {precision}"


if __name__ == "__main__":
    main()
