"""Near-duplicates against a comparison of all with all, written from the definitions."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.audit import near
from primum.audit.near import Measure, NearPairs, clusters, near_duplicates, near_duplicates_across

MEASURES: tuple[Measure, ...] = ("cosine", "jaccard")
THRESHOLDS = (0.05, 0.2, 0.5, 0.8, 0.95)
ROUNDING = 1e-5
"""Weights are single precision; nothing is claimed of pairs that are so close to the threshold."""

Pieces = Counter[str]
Found = dict[tuple[int, int], float]


def pieces(text: str) -> Pieces:
    """Words of two letters or more, and pairs of neighbouring ones, as scikit-learn counts them."""
    words = re.findall(r"\b\w\w+\b", text.lower())
    return Counter([*words, *(f"{one} {two}" for one, two in pairwise(words))])


def cosines(bags: Sequence[Pieces]) -> Iterator[tuple[int, int, float]]:
    """Every pair's TF-IDF cosine, with scikit-learn's smoothed weights: ln((1 + n) / (1 + df)) + 1."""
    common = Counter(piece for bag in bags for piece in bag)
    weights = [
        {piece: count * (log((1 + len(bags)) / (1 + common[piece])) + 1) for piece, count in bag.items()}
        for bag in bags
    ]
    lengths = [sqrt(sum(weight**2 for weight in weighted.values())) for weighted in weights]
    for left, one in enumerate(weights):
        for right in range(left + 1, len(weights)):
            shared = sum(weight * weights[right].get(piece, 0.0) for piece, weight in one.items())
            yield left, right, shared / (lengths[left] * lengths[right]) if shared else 0.0


def jaccards(bags: Sequence[Pieces]) -> Iterator[tuple[int, int, float]]:
    """Every pair's shared pieces over all its pieces."""
    for left, one in enumerate(bags):
        for right in range(left + 1, len(bags)):
            every = len(one.keys() | bags[right].keys())
            yield left, right, len(one.keys() & bags[right].keys()) / every if every else 0.0


def all_with_all(texts: Sequence[str], measure: Measure) -> Found:
    likeness = cosines if measure == "cosine" else jaccards
    return {(left, right): value for left, right, value in likeness([pieces(text) for text in texts])}


def as_found(pairs: NearPairs) -> Found:
    keys = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    found = dict(zip(keys, pairs.likeness.tolist(), strict=True))
    assert len(found) == len(pairs), "no pair comes twice"
    return found


def assert_same(found: Found, every: Found, threshold: float) -> None:
    assert {pair for pair, value in every.items() if value > threshold + ROUNDING} <= found.keys()
    for pair, value in found.items():
        assert value > threshold
        assert value == pytest.approx(every[pair], abs=ROUNDING)


def salad(count: int, seed: int) -> list[str]:
    """Texts of common and rare words, some of them altered copies of earlier ones, some empty."""
    draw = random.Random(seed)
    vocabulary = [f"word{number}" for number in range(40)]
    often = [1 / (rank + 1) for rank in range(len(vocabulary))]
    texts: list[str] = []
    for _ in range(count):
        if texts and draw.random() < 0.4:
            words = draw.choice(texts).split()
            for _ in range(draw.randint(0, 3)):
                words.insert(draw.randint(0, len(words)), draw.choice(vocabulary))
        else:
            words = draw.choices(vocabulary, often, k=draw.randint(0, 15))
        texts.append(" ".join(words))
    return texts


TEXTS = st.lists(
    st.lists(st.sampled_from(["aa", "bb", "cc", "dd", "ee", "x", "?"]), max_size=6).map(" ".join), max_size=12
)


@settings(deadline=None)  # scikit-learn is imported in the first call
@given(TEXTS, st.sampled_from(THRESHOLDS), st.sampled_from(MEASURES))
def test_no_pair_is_missed_or_invented_in_any_texts(texts: list[str], threshold: float, measure: Measure) -> None:
    assert_same(as_found(near_duplicates(texts, threshold, measure)), all_with_all(texts, measure), threshold)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_pair_is_missed_or_invented_in_a_word_salad(measure: Measure, seed: int) -> None:
    texts = salad(150, seed)
    every = all_with_all(texts, measure)
    for threshold in THRESHOLDS:
        found = as_found(near_duplicates(texts, threshold, measure))
        assert found, "a threshold at which nothing is near would test nothing"
        assert_same(found, every, threshold)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_size_of_a_step_changes_nothing(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = salad(100, 3)
    whole = as_found(near_duplicates(texts, 0.5, measure))
    monkeypatch.setattr(near, "_ROWS", 7)
    monkeypatch.setattr(near, "_PAIRS", 5)
    assert as_found(near_duplicates(texts, 0.5, measure)) == pytest.approx(whole)


@settings(deadline=None)  # scikit-learn is imported in the first call
@given(TEXTS, TEXTS, st.sampled_from(THRESHOLDS), st.sampled_from(MEASURES))
def test_across_two_collections_the_pairs_are_those_that_span_both(
    texts: list[str], others: list[str], threshold: float, measure: Measure
) -> None:
    every = {
        (left, right - len(texts)): value
        for (left, right), value in all_with_all([*texts, *others], measure).items()
        if left < len(texts) <= right
    }
    assert_same(as_found(near_duplicates_across(texts, others, threshold, measure)), every, threshold)


@settings(deadline=None)  # scikit-learn is imported in the first call
@given(TEXTS, st.sampled_from(MEASURES))
def test_pairs_are_in_order_the_earlier_text_first_and_no_text_with_itself(texts: list[str], measure: Measure) -> None:
    found = near_duplicates(texts, 0.2, measure)
    places = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert places == sorted(places)
    assert all(left < right for left, right in places)


@pytest.mark.parametrize("measure", MEASURES)
def test_copies_have_a_likeness_of_one(measure: Measure) -> None:
    found = near_duplicates(["one two three", "four five six", "one two three"], 0.99, measure)
    assert (found.left.tolist(), found.right.tolist()) == ([0], [2])
    assert found.likeness[0] == pytest.approx(1, abs=ROUNDING)


def test_jaccard_at_the_threshold_itself_is_not_above_it() -> None:
    """Pieces: {aa, bb, aa bb} and {aa, bb, aa bb, cc, bb cc}: three of five."""
    texts = ["aa bb", "aa bb cc"]
    assert len(near_duplicates(texts, 0.6, "jaccard")) == 0
    assert len(near_duplicates(texts, 0.5999, "jaccard")) == 1


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["?", "?", "!"], ["a", "b", "a"]])
def test_texts_without_words_are_near_to_nothing(texts: list[str], measure: Measure) -> None:
    assert len(near_duplicates(texts, 0.5, measure)) == 0
    assert len(near_duplicates_across(texts, texts, 0.5, measure)) == 0
    assert len(near_duplicates_across(texts, [], 0.5, measure)) == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_an_empty_text_does_not_hide_the_others(measure: Measure) -> None:
    found = near_duplicates(["", "one two three", "", "one two three"], 0.5, measure)
    assert (found.left.tolist(), found.right.tolist()) == ([1], [3])


@pytest.mark.parametrize("threshold", [0, 1, -0.1, 1.5, nan])
def test_a_threshold_that_is_no_share_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        near_duplicates(["one two", "one two"], threshold)
    with pytest.raises(ValueError, match="between 0 and 1"):
        near_duplicates_across(["one two"], ["one two"], threshold)


@pytest.mark.parametrize("measure", MEASURES)
def test_those_above_a_higher_threshold_are_what_that_threshold_finds(measure: Measure) -> None:
    texts = salad(80, 4)
    low, high = near_duplicates(texts, 0.3, measure), near_duplicates(texts, 0.7, measure)
    assert 0 < len(high) < len(low)
    above = {pair: value for pair, value in as_found(low).items() if value > 0.7}
    assert above == pytest.approx(as_found(high))
    assert set(high.couples()) == as_found(high).keys()


def pairs_of(*found: tuple[int, int]) -> NearPairs:
    left, right = (np.array([pair[side] for pair in found], dtype=np.int64) for side in (0, 1))
    return NearPairs(left=left, right=right, likeness=np.full(len(found), 0.9))


def test_a_chain_of_near_duplicates_is_one_cluster_and_the_rest_are_alone() -> None:
    labels = clusters(pairs_of((0, 2), (2, 5), (1, 4)), 6).tolist()
    assert labels[0] == labels[2] == labels[5]
    assert labels[1] == labels[4]
    assert len({labels[0], labels[1], labels[3]}) == 3


@pytest.mark.parametrize("count", [0, 1, 5])
def test_without_near_duplicates_every_text_is_its_own_cluster(count: int) -> None:
    assert len(set(clusters(pairs_of(), count).tolist())) == count
