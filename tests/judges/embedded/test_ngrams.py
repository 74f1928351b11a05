import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.ngrams import Table, look_up, runs, split_keys

texts = st.lists(st.lists(st.integers(1, 8190), min_size=1, max_size=12), min_size=1, max_size=5)


def slow_runs(said: list[int], longest: int) -> Counter[tuple[int, ...]]:
    return Counter(tuple(said[at : at + size]) for size in range(1, longest + 1) for at in range(len(said) - size + 1))


def key(run: tuple[int, ...]) -> int:
    value = 0
    for number in run:
        value = (value << 13) + number + 1
    return value


def table_of(said: list[list[int]], longest: int) -> Table:
    _, found, _ = split_keys(runs(said, longest))
    keys = np.unique(found)
    return Table(longest=longest, keys=keys, weight=np.linspace(1, 2, len(keys)))


@given(texts, st.sampled_from([2, 3]))
def test_runs_are_those_that_one_counts_by_hand(said: list[list[int]], longest: int) -> None:
    row, run, count = split_keys(runs(said, longest))
    expected = {
        (place, key(each)): n for place, text in enumerate(said) for each, n in slow_runs(text, longest).items()
    }
    assert {(int(a), int(b)): int(c) for a, b, c in zip(row, run, count, strict=True)} == expected


@given(texts)
def test_what_is_found_in_a_text_does_not_depend_on_its_neighbours(said: list[list[int]]) -> None:
    table = table_of(said, 3)
    coefficients = np.linspace(-1, 1, len(table.keys))[:, None]
    together = look_up(said, table).times(coefficients)
    alone = [look_up([text], table).times(coefficients)[0] for text in said]
    assert np.array_equal(together, np.array(alone))


def test_values_grow_with_the_logarithm_of_the_count_and_have_length_one() -> None:
    said = [[5, 5, 5, 6]]
    table = Table(longest=2, keys=np.array([key((5,)), key((6,))]), weight=np.array([1.0, 2.0]))
    hits = look_up(said, table)
    raw = np.array([1 + math.log(3), 2.0])
    assert hits.value == pytest.approx(raw / np.sqrt(raw @ raw))


def test_unknown_runs_count_nothing() -> None:
    table = Table(longest=2, keys=np.array([key((5,))]), weight=np.array([1.0]))
    assert look_up([[7, 8], [5]], table).times(np.array([[3.0]])).tolist() == [[0.0], [3.0]]
