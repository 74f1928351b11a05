"""Do nominal 95 % intervals hold the truth in 93 to 97 % of simulated runs? Some cases of ``benchmarks/coverage.py``."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

DRAWS = 1_500
"""95 % is then known to ± 1.1 points."""


def load() -> Any:
    """The script as a module: it is not part of the package, and another package has its name."""
    found = spec_from_file_location("benchmark_coverage", Path(__file__).parents[2] / "benchmarks" / "coverage.py")
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


SIMULATION = load()


@pytest.mark.parametrize(
    "case",
    [
        {"method": "wilson", "n": 450, "rate": 0.1},
        {"method": "bootstrap, percentile", "n": 200, "rate": 0.3, "cluster": 2, "correlation": 0.5},
        {"method": "bootstrap, wilson", "n": 100, "rate": 0.1, "cluster": 2, "correlation": 0.3},
        {"method": "ppi++", "n": 450, "rate": 0.3, "sensitivity": 0.9, "specificity": 0.95, "labels": 60},
        {"method": "ppi++", "n": 450, "rate": 0.1, "sensitivity": 0.7, "specificity": 0.9, "labels": 100},
        {"method": "ppi++ weighted", "n": 450, "rate": 0.05, "sensitivity": 0.7, "specificity": 0.9, "labels": 60},
        {"method": "rogan-gladen", "n": 450, "rate": 0.1, "sensitivity": 0.9, "specificity": 0.95, "labels": 200},
    ],
    ids=lambda case: f"{case['method']} {case['rate']}",
)
def test_intervals_hold_what_they_promise(case: dict[str, Any]) -> None:
    found = SIMULATION.cover(SIMULATION.Case(**case), DRAWS)
    assert 0.93 <= found.held <= 0.97
    assert abs(found.bias) < 0.01


def test_the_judges_own_interval_misses_the_rate_that_people_would_find() -> None:
    """Why corrections exist: at a rate of 5 % and a specificity of 95 %, half of the judge's positives are false."""
    case = SIMULATION.Case(method="judge alone, wilson", n=450, rate=0.05, sensitivity=0.9, specificity=0.95)
    assert SIMULATION.cover(case, 300).held < 0.2


def test_wilsons_interval_forgets_that_answers_go_together() -> None:
    """And why clusters are resampled."""
    case = {"n": 450, "rate": 0.1, "cluster": 5, "correlation": 0.3}
    assert SIMULATION.cover(SIMULATION.Case(method="wilson", **case), 500).held < 0.87
    assert SIMULATION.cover(SIMULATION.Case(method="bootstrap, percentile", **case), 500).held > 0.92
