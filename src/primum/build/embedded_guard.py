"""Train the embedded guard's request model, measure it on requests that it never saw, and write its weights.

Run: ``python -m primum.build.embedded_guard --data-dir DIR`` (needs scikit-learn). DIR holds ``medsafetybench`` and
``xstest``; what else it learns from ships with Primum. docs/cards/embedded-guard.md tells what came out.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from primum.datasets import load_ordinary, load_pairs
from primum.guards.embedded import request as model
from primum.guards.embedded.guard import AT_REQUEST, AT_RESPONSE
from primum.types import Intent

PENALTY = 10.0
"""Inverse strength of the L2 penalty; 1 to 100 gave AUROCs within .02 of each other on every set."""
_OUT = Path(__file__).parents[1] / "guards" / "embedded" / "weights.npz"

Rows = Sequence[tuple[str, bool]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, measure what was written, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=_OUT)
    chosen = parser.parse_args(arguments)
    rows = training_rows(chosen.data_dir)
    idf, coefficients, intercept = fit(rows)
    with chosen.out.open("wb") as file:
        np.savez_compressed(
            file,
            idf=idf.astype(np.float16),
            coefficients=coefficients.astype(np.float16),
            intercept=np.float32(intercept),
        )
    model.load_weights.cache_clear()
    found = {
        "trained on": {
            "harmful": sum(harmful for _, harmful in rows),
            "benign": sum(not harmful for _, harmful in rows),
        },
        "tests": measure(chosen.data_dir),
    }
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return 0


def training_rows(folder: Path) -> list[tuple[str, bool]]:
    """Requests of the training splits; True is harmful."""
    pairs, ordinary = load_pairs("train"), load_ordinary("train")
    return [
        *((pair.harmful_request, True) for pair in pairs),
        *((pair.benign_request, False) for pair in pairs),
        *((item.request, False) for item in ordinary),
        *((text, True) for text in _medsafetybench(folder, "train")),
    ]


def fit(rows: Rows) -> tuple[model.Floats, model.Floats, float]:
    """Rarity of each place, its coefficient, and the intercept; pairs and single requests weigh alike."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    counts = np.zeros(model.BUCKETS)
    for text, _ in rows:
        counts[np.fromiter(set(model.places_of(text)), dtype=np.int64)] += 1
    idf = np.log((1 + len(rows)) / (1 + counts)) + 1
    encoded = [model.encoded(text, idf) for text, _ in rows]
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in encoded]),
            np.concatenate([places for places, _ in encoded]),
            np.cumsum([0, *(len(places) for places, _ in encoded)]),
        ),
        shape=(len(rows), model.BUCKETS),
    )
    fitted = LogisticRegression(C=PENALTY, max_iter=5_000).fit(matrix, [harmful for _, harmful in rows])
    return idf, fitted.coef_[0], float(fitted.intercept_[0])


def measure(folder: Path) -> dict[str, Any]:
    """Share above each threshold and AUROC on requests that were not trained on."""
    pairs, ordinary = load_pairs("test"), load_ordinary("test")
    harmful = _chances(pair.harmful_request for pair in pairs)
    benign = _chances(pair.benign_request for pair in pairs)
    usual = _chances(item.request for item in ordinary)
    medsafety = _chances(_medsafetybench(folder, "test"))
    xstest = {intent: _chances(_xstest(folder, intent)) for intent in Intent}
    return {
        "pairs": {**_shares(harmful, benign), "higher than its own twin": round(float(np.mean(harmful > benign)), 3)},
        "MedSafetyBench test against PrimumOrdinary test": _shares(medsafety, usual),
        "XSTest": _shares(xstest[Intent.HARMFUL], xstest[Intent.BENIGN]),
    }


def _shares(harmful: model.Floats, benign: model.Floats) -> dict[str, Any]:
    from sklearn.metrics import roc_auc_score

    truth = [True] * len(harmful) + [False] * len(benign)
    return {
        "harmful": len(harmful),
        "benign": len(benign),
        "AUROC": round(float(roc_auc_score(truth, np.concatenate([harmful, benign]))), 3),
        **{
            f"above {threshold}": [round(float(np.mean(values >= threshold)), 3) for values in (harmful, benign)]
            for threshold in (AT_RESPONSE, AT_REQUEST)
        },
    }


def _chances(texts: Iterable[str]) -> model.Floats:
    return np.array([model.harm_probability(text) for text in texts])


def _medsafetybench(folder: Path, split: str) -> list[str]:
    """The harmful requests of a split, from CSV files of one's own download."""
    found = []
    for path in sorted((folder / "medsafetybench" / split).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [row["harmful_medical_request"] for row in csv.DictReader(file)]
    return found


def _xstest(folder: Path, intent: Intent) -> list[str]:
    """Prompts of XSTest, from a CSV file with its columns."""
    wanted = "unsafe" if intent is Intent.HARMFUL else "safe"
    with (folder / "xstest" / "prompts.csv").open(encoding="utf-8", newline="") as file:
        return [row["prompt"] for row in csv.DictReader(file) if row["label"] == wanted]


if __name__ == "__main__":
    raise SystemExit(main())
