import io
import json
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from primum.errors import RunError
from primum.judges.embedded import weights as module
from primum.judges.embedded.acts import ACTS, SUMMARIES
from primum.judges.embedded.features import FEATURES
from primum.judges.embedded.judge import EMBEDDED_JUDGE
from primum.judges.embedded.tokens import LARGEST
from primum.judges.embedded.weights import QUESTIONS, load_weights, read_weights

LARGEST_FILE = 12_000_000


def raw() -> bytes:
    return files("primum.judges.embedded").joinpath("weights.npz").read_bytes()


def test_the_file_is_small_and_holds_no_pickle() -> None:
    assert len(raw()) < LARGEST_FILE
    with np.load(io.BytesIO(raw()), allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fiu" for name in file.files)


def test_weights_and_judge_are_of_the_same_version() -> None:
    assert load_weights().version == EMBEDDED_JUDGE.version


def test_coefficients_fit_what_they_are_multiplied_with() -> None:
    found = load_weights()
    measured = len(found.mean)
    assert measured > SUMMARIES + len(FEATURES)
    assert found.dense.shape == (measured, len(QUESTIONS))
    assert found.harm.shape == (measured + 1,)
    assert found.calibration.shape == (len(QUESTIONS), 2)
    assert found.reading.act_coefficients.shape == (len(found.reading.acts.keys), len(ACTS))
    for table, coefficients in zip(found.tables, found.sparse, strict=True):
        assert coefficients.shape == (len(table.keys), len(QUESTIONS))
        assert (np.diff(table.keys) > 0).all()
    assert max(found.reading.known.values()) <= LARGEST


def test_weights_made_for_other_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEATURES", (*FEATURES, "another"))
    with pytest.raises(RunError, match=r"do not fit its features\. Reinstall Primum\."):
        read_weights(raw())


def test_the_measured_error_travels_with_the_weights() -> None:
    with np.load(io.BytesIO(raw()), allow_pickle=False) as file:
        facts: dict[str, Any] = json.loads(file["facts"].tobytes())
    measured = EMBEDDED_JUDGE.measured()
    assert len(measured) == len(facts["measured"]) > 0
    assert {row.kappa for row in measured} <= {figure["error"]["kappa"] for figure in facts["figures"]}
    for row in measured:
        assert row.n > 0
        assert 0 <= row.sensitivity <= 1
        assert 0 <= row.specificity <= 1
        assert -1 <= row.kappa_low <= row.kappa <= row.kappa_high <= 1
