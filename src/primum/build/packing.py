"""Weights as the bytes of the file that ships: plain arrays, most of half precision, and names as JSON bytes."""

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from primum.judges.embedded.features import FEATURES
from primum.judges.embedded.ngrams import Table
from primum.judges.embedded.tokens import FIRST_WORD
from primum.judges.embedded.weights import Weights


def packed(weights: Weights, facts: Mapping[str, Any]) -> bytes:
    """An ``.npz`` file that ``weights.read_weights`` reads; the same weights give the same bytes."""
    reading = weights.reading
    stems = sorted(reading.rarity)
    arrays: dict[str, NDArray[Any]] = {
        "mean": weights.mean.astype(np.float32),
        "spread": weights.spread.astype(np.float32),
        "dense": weights.dense.astype(np.float32),
        "intercepts": weights.intercepts,
        "calibration": weights.calibration,
        "harm": weights.harm.astype(np.float32),
        "acts_coefficients": reading.act_coefficients.astype(np.float16),
        "acts_intercepts": reading.act_intercepts,
        "rarity": np.array([reading.rarity[part] for part in stems], np.float16),
        **_arrays("acts", reading.acts),
    }
    for place, (table, coefficients) in enumerate(zip(weights.tables, weights.sparse, strict=True)):
        arrays |= _arrays(f"piece{place}", table)
        arrays[f"piece{place}_coefficients"] = coefficients.astype(np.float16)
    names = {
        "features": list(FEATURES),
        "vocabulary": [word for word, number in reading.known.items() if number >= FIRST_WORD],
        "stems": stems,
        "unknown_rarity": reading.unknown_rarity,
        "harm_intercept": weights.harm_intercept,
        "decided_from": weights.decided_from,
        **facts,
    }
    arrays["facts"] = np.frombuffer(json.dumps(names, ensure_ascii=False).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]  # numpy takes any name but its own two
    return buffer.getvalue()


def _arrays(name: str, table: Table) -> dict[str, NDArray[Any]]:
    return {f"{name}_keys": table.keys, f"{name}_weight": table.weight.astype(np.float16)}
