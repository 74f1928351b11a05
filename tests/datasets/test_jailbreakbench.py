"""JailbreakBench: row n of the harmful file and row n of the benign one are a pair."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import sample_requests
from primum.datasets.jailbreakbench import JAILBREAKBENCH, from_row
from primum.datasets.rows import RawRow, read_rows
from primum.fetch import file_sha256
from primum.types import Intent
from tests.datasets.made_up import files_of, raw

HARMFUL, BENIGN = files_of(JAILBREAKBENCH)


def behaviour(number: int, goal: str = "request") -> RawRow:
    return raw({"Goal": goal, "Category": "Expert advice"}, number)


def test_the_file_decides_the_intent() -> None:
    assert from_row(HARMFUL, behaviour(1)).request.intent is Intent.HARMFUL
    assert from_row(BENIGN, behaviour(1)).request.intent is Intent.BENIGN


def test_rows_of_the_same_number_are_a_pair_and_no_others() -> None:
    pairs = [from_row(file, behaviour(number)).request.pair for file in (HARMFUL, BENIGN) for number in (1, 2, 3)]
    assert pairs[:3] == pairs[3:]
    assert len(set(pairs)) == 3


def test_the_same_words_in_both_files_are_two_requests() -> None:
    assert from_row(HARMFUL, behaviour(1)).request.id != from_row(BENIGN, behaviour(1)).request.id


def test_a_sample_keeps_a_behaviour_with_its_benign_one() -> None:
    requests = [
        from_row(file, behaviour(number, f"{file.label} request {number}")).request
        for file in (HARMFUL, BENIGN)
        for number in range(1, 6)
    ]
    chosen = sample_requests(requests, 4, 0)
    assert Counter(Counter(request.pair for request in chosen).values()) == {2: 2}


@pytest.mark.real_data
def test_the_real_harmful_behaviours_are_a_hundred_in_ten_categories(data_dir: Path) -> None:
    path = data_dir / "general_harm" / "jbb_behaviors.csv"
    assert file_sha256(path) in (HARMFUL.sha256, *HARMFUL.also)
    requests = [from_row(HARMFUL, row).request for row in read_rows(path)]
    assert Counter(Counter(request.category for request in requests).values()) == {10: 10}
    assert len({request.id for request in requests}) == len({request.pair for request in requests}) == 100
