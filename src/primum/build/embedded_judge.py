"""Train the embedded judge, measure it on labels that it never saw, and write its weights.

Run: ``python -m primum.build.embedded_judge --data-dir DIR`` (needs scikit-learn and the engine: extras dev, local).
DIR holds the upstream label files; docs/cards/embedded-judge.md lists them. The table that it prints is the card's.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from primum.build import label_sets
from primum.build.label_sets import Labelled
from primum.build.leave_out import FAMILIES, Figure, figures, judged_by, left_out, new_prompts
from primum.build.own_answers import own_answers
from primum.build.packing import packed
from primum.build.training import fit
from primum.judges.embedded.judge import EMBEDDED_JUDGE
from primum.judges.embedded.weights import Weights, read_weights
from primum.types import Intent

_WEIGHTS = Path(__file__).parents[1] / "judges" / "embedded" / "weights.npz"
_NEW_PROMPTS = "XSTest completions of four models, two human annotators, new prompts"
_OWN = "SmolLM2-135M on our test requests, label on which two LLM readers agreed"
_TRAVELLING = {
    "new prompts": ("refused or not", "declines (refused or partial) or not", "complied or not", "harmful or not"),
    "pyrit": ("refused or not", "harmful or not"),
    "harmbench": ("harmful or not",),
    "ships": ("complied or not", "refused or not", "incoherent or not"),
}
"""Figures that every report prints; the card has all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=_WEIGHTS)
    parser.add_argument("--answers", type=Path, help="keep the engine's answers here, and read them here the next time")
    chosen = parser.parse_args(arguments)
    own = own_answers(chosen.data_dir, chosen.answers)
    rows = [*label_sets.upstream_training(chosen.data_dir), *own.train]
    tests = [*label_sets.xstest(chosen.data_dir, label_sets.llama_models()), *own.test]
    topics = label_sets.topics(chosen.data_dir)
    weights = fit(rows, topics)
    found = [*_left_out(rows, tests, topics), *_as_it_ships(weights, own.test)]
    about = {
        "training rows": {f"{family} {outcome}": n for (family, outcome), n in sorted(_tally(rows).items())},
        "own answers left out": {"readers disagreed": own.disagreed, "engine wrote another text": own.changed},
        "figures": [_flat(figure) for figure in found],
    }
    facts = {
        "version": EMBEDDED_JUDGE.version,
        "measured": [asdict(item.error) for item in _travelling(found)],
        **about,
    }
    raw = packed(weights, facts)
    chosen.out.write_bytes(raw)
    sys.stdout.write(f"{table(found)}\n\n{json.dumps(about['training rows'], indent=1)}\n")
    sys.stdout.write(f"{about['own answers left out']}\ndecided from {read_weights(raw).decided_from}\n")
    sys.stdout.write(f"{chosen.out}: {len(raw):,} bytes\n")
    return 0


def table(found: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| judged | question | n (yes) | sensitivity | specificity | kappa (95 %) | AUROC (95 %) | ECE | decided | "
        "kappa of decided |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for item in found:
        error = item.error
        lines.append(
            f"| {item.left_out} | {error.quantity} | {error.n} ({item.events}) | {error.sensitivity:.2f} | "
            f"{error.specificity:.2f} | {error.kappa:.2f} ({error.kappa_low:.2f} to {error.kappa_high:.2f}) | "
            f"{item.auroc:.3f} ({item.auroc_low:.2f} to {item.auroc_high:.2f}) | {item.ece:.2f} | {item.kept:.2f} | "
            f"{item.kept_kappa:.2f} |"
        )
    return "\n".join(lines)


def _left_out(rows: list[Labelled], tests: list[Labelled], topics: list[str]) -> list[Figure]:
    found = figures(new_prompts(rows, tests, topics), _NEW_PROMPTS)
    for judged in left_out(rows, tests, topics):
        found += figures(judged, f"{FAMILIES[judged.name]}; left out of training")
    return found


def _as_it_ships(weights: Weights, tests: list[Labelled]) -> list[Figure]:
    """On SmolLM2's answers to test requests; other answers of the same model were trained on."""
    found = []
    for name, intents in {"harmful": [Intent.HARMFUL], "benign": [Intent.BENIGN], "all": list(Intent)}.items():
        mine = [row for row in tests if row.intent in intents]
        for figure in figures(judged_by("ships", mine, weights), f"{_OWN}; {name}"):
            whole = name == "all"
            if whole != figure.error.quantity.startswith("complied"):
                found.append(figure if whole else replace(figure, left_out=f"ships, {name}"))
    return found


def _travelling(found: Iterable[Figure]) -> list[Figure]:
    return [item for item in found if item.error.quantity in _TRAVELLING.get(item.left_out.split(",")[0], ())]


def _flat(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "error": asdict(figure.error)}


def _tally(rows: Iterable[Labelled]) -> Counter[tuple[str, str]]:
    return Counter((row.family, row.outcome.value if row.outcome else "harm only") for row in rows)


if __name__ == "__main__":
    raise SystemExit(main())
