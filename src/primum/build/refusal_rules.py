"""Measure the refusal rules on labels that they were not written on, and write the figures that travel with them.

Run: ``python -m primum.build.refusal_rules --data-dir DIR``. DIR holds the upstream label files that
docs/cards/refusal-judges.md names. The rules were written while looking at half 0 of XSTest's prompts; half 1 is measured.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from primum.build import label_sets
from primum.build.label_sets import Labelled
from primum.build.measure import measured_error
from primum.judges.card import MeasuredError
from primum.judges.refusal.rules import load_rules, outcome_by_rules
from primum.types import Outcome

_UNSEEN_HALF = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write, and print figures and confusions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "judges" / "refusal" / "measured.json")
    chosen = parser.parse_args(arguments)
    found = [item for name, rows in _label_sets(chosen.data_dir).items() for item in _figures(name, rows)]
    chosen.out.write_text(json.dumps([asdict(item) for item in found], indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("".join(f"{item}\n" for item in found))
    return 0


def _label_sets(folder: Path) -> dict[str, list[Labelled]]:
    return {
        "XSTest completions of four models, two human annotators, unseen prompts": list(
            label_sets.xstest(folder, label_sets.all_models(), _UNSEEN_HALF)
        ),
        "PyRIT refusal sets, human labels": list(label_sets.pyrit(folder)),
        "MedSafetyBench train, safe responses (refusals), and MedQuAD answers (answers), by construction": [
            *label_sets.safe_responses(folder),
            *label_sets.medquad(folder),
        ],
    }


def _figures(name: str, rows: Sequence[Labelled]) -> list[MeasuredError]:
    true = [row.outcome for row in rows if row.outcome is not None]  # every row of these sets has one
    said = [outcome_by_rules(row.response, load_rules()) for row in rows]
    sys.stdout.write(f"{name}: {_confusion(true, said)}\n")
    return [
        measured_error(
            labels=name,
            quantity=f"{outcome.value} or not",
            requests=[row.request for row in rows],
            true=[item is outcome for item in true],
            said=[item is outcome for item in said],
        )
        for outcome in (Outcome.REFUSED, Outcome.COMPLIED)
    ]


def _confusion(true: Sequence[Outcome], said: Sequence[Outcome]) -> str:
    agreed = sum(one is other for one, other in zip(true, said, strict=True))
    pairs = Counter((one.value, other.value) for one, other in zip(true, said, strict=True))
    cells = ", ".join(f"{one} called {other} {n}" for (one, other), n in sorted(pairs.items()))
    return f"{agreed} of {len(true)} the same ({agreed / len(true):.3f}); {cells}"


if __name__ == "__main__":
    raise SystemExit(main())
