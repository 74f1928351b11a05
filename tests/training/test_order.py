"""The order of rows is decided before the training."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.training.order import micro_batch, row_order, steps_of


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(1, 9), st.integers(1, 9), st.integers(0, 5))
def test_every_row_is_drawn_before_any_is_drawn_again(lengths: list[int], batch: int, steps: int, seed: int) -> None:
    order = row_order(lengths, batch, steps, seed, by_length=False)
    assert len(order) == batch * steps
    for start in range(0, len(order), len(lengths)):
        one_pass = order[start : start + len(lengths)]
        assert len(set(one_pass)) == len(one_pass)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), st.integers(1, 9), st.integers(1, 9), st.integers(0, 5))
def test_sorting_by_length_leaves_each_step_its_rows(lengths: list[int], batch: int, steps: int, seed: int) -> None:
    drawn = row_order(lengths, batch, steps, seed, by_length=False)
    for_speed = row_order(lengths, batch, steps, seed, by_length=True)
    for start in range(0, len(drawn), batch):
        step = for_speed[start : start + batch]
        assert Counter(step) == Counter(drawn[start : start + batch])
        assert [lengths[row] for row in step] == sorted((lengths[row] for row in step), reverse=True)


def test_another_seed_gives_another_order() -> None:
    assert row_order([1] * 50, 5, 10, 0, by_length=False) != row_order([1] * 50, 5, 10, 1, by_length=False)


def test_the_same_seed_gives_longer_trainings_the_same_beginning() -> None:
    """So a longer training can be compared with a shorter one."""
    assert row_order([1] * 50, 5, 30, 0, by_length=False)[:50] == row_order([1] * 50, 5, 10, 0, by_length=False)


@pytest.mark.parametrize(
    ("rows", "batch", "epochs", "steps", "expected"),
    [(450, 128, 3.0, 0, 11), (450, 128, 3.0, 40, 40), (10, 128, 1.0, 0, 1), (64, 32, 1.0, 0, 2)],
)
def test_steps_are_those_that_were_said_or_the_nearest_to_the_epochs(
    rows: int, batch: int, epochs: float, steps: int, expected: int
) -> None:
    assert steps_of(rows, batch, epochs, steps) == expected


@pytest.mark.parametrize(
    ("batch", "wanted", "processes", "expected"),
    [(128, 16, 1, 16), (128, 16, 2, 16), (12, 8, 1, 6), (7, 4, 1, 1), (8, 16, 2, 4), (9, 4, 2, 0)],
)
def test_a_micro_batch_divides_each_processs_share_of_the_batch(
    batch: int, wanted: int, processes: int, expected: int
) -> None:
    assert micro_batch(batch, wanted, processes) == expected
