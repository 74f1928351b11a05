import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.acts import ACTS, SUMMARIES, summarise
from primum.judges.embedded.ngrams import Floats

DECLINE, CONDEMN, REDIRECT, OTHER = np.eye(len(ACTS))


def summary(*sentences: Floats) -> list[float]:
    return summarise(np.array(sentences), np.ones(len(sentences)))


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), min_size=1, max_size=12))
def test_every_summary_is_twenty_numbers_that_are_finite(rows: list[list[float]]) -> None:
    shares = np.array(rows) / np.sum(rows, axis=1, keepdims=True)
    found = summarise(shares, np.arange(1.0, len(rows) + 1))
    assert len(found) == SUMMARIES
    assert np.isfinite(found).all()


def test_a_refusal_at_the_start_and_one_at_the_end_look_different() -> None:
    early, late = summary(DECLINE, OTHER, OTHER, OTHER), summary(OTHER, OTHER, OTHER, DECLINE)
    assert (early[0], late[0]) == (1, 0)
    assert (early[6], late[6]) == (0, 1)
    assert early[9] == late[9] == 1


def test_the_place_of_the_strongest_refusal_is_far_where_there_is_none() -> None:
    assert summary(OTHER, OTHER)[-1] == 1
    assert summary(OTHER, DECLINE)[-1] == pytest.approx(1 / 12)


def test_a_long_sentence_weighs_more_than_a_short_one() -> None:
    short = summarise(np.array([DECLINE, OTHER]), np.array([1.0, 9.0]))
    long = summarise(np.array([DECLINE, OTHER]), np.array([9.0, 1.0]))
    assert short[12] == pytest.approx(0.1)
    assert long[12] == pytest.approx(0.9)
    assert short[16] > long[16]
