"""OR-Bench: three sets of one repository, two benign and one harmful, with the categories of the seeds."""

from pathlib import Path

import pytest

from primum.datasets import LoadOptions
from primum.datasets.or_bench import OR_BENCH, OR_BENCH_HARD, OR_BENCH_TOXIC
from primum.types import Intent
from tests.datasets.made_up import files_of

PARTS = (OR_BENCH, OR_BENCH_HARD, OR_BENCH_TOXIC)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The user's own copy of the two parts whose hash is not known, with the same row in both."""
    for name in ("or-bench-80k.csv", "or-bench-toxic.csv"):
        (tmp_path / name).write_text('prompt,category\n"request 1",self-harm\n', encoding="utf-8")
    return tmp_path


def test_the_parts_are_three_files_of_one_revision_of_one_repository() -> None:
    assert len({part.version for part in PARTS}) == 1
    assert {file.path for part in PARTS for file in files_of(part)} == {
        "or-bench-80k.csv",
        "or-bench-hard-1k.csv",
        "or-bench-toxic.csv",
    }


def test_the_benign_parts_measure_over_refusal_and_the_toxic_one_harm() -> None:
    assert [part.measures for part in PARTS] == ["over-refusal", "over-refusal", "general harm"]


def test_the_part_decides_the_intent_whatever_the_seeds_category(copy: Path) -> None:
    (benign,) = OR_BENCH.load(LoadOptions(folder=copy)).requests
    (harmful,) = OR_BENCH_TOXIC.load(LoadOptions(folder=copy)).requests
    assert (benign.intent, harmful.intent) == (Intent.BENIGN, Intent.HARMFUL)
    assert benign.category == harmful.category == "self-harm"
    assert benign.id != harmful.id
    assert (benign.dataset, harmful.dataset) == ("or-bench", "or-bench-toxic")
