"""A smaller set of requests: never over the limit, pairs whole, categories balanced, the same for the same seed."""

import itertools
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.datasets import sample_requests
from primum.errors import UserError
from primum.types import Intent, Request

SEEDS = st.integers(0, 2**32)


def singles(counts: Sequence[int]) -> list[Request]:
    """So many harmful requests of each category."""
    return [
        Request(text=f"request {number}", intent=Intent.HARMFUL, category=f"c{category}", dataset="made-up")
        for category, count in enumerate(counts)
        for number in range(count)
    ]


def pairs(counts: Sequence[int]) -> list[Request]:
    """So many pairs of each category: two requests each."""
    return [
        Request(
            text=f"{intent} request {number}",
            intent=intent,
            category=single.category,
            dataset="made-up",
            pair=f"p{number}",
        )
        for number, single in enumerate(singles(counts))
        for intent in (Intent.HARMFUL, Intent.BENIGN)
    ]


COUNTS = st.lists(st.integers(1, 6), min_size=1, max_size=6)
REQUESTS = st.one_of(
    COUNTS.map(singles), COUNTS.map(pairs), COUNTS.map(lambda counts: [*pairs(counts), *singles(counts)])
).flatmap(st.permutations)
PAIRS = COUNTS.map(pairs)


def sample(requests: Sequence[Request], limit: int | None, seed: int) -> tuple[Request, ...]:
    """The sample, or nothing where the limit is too small for one unit."""
    try:
        return sample_requests(requests, limit, seed)
    except UserError:
        return ()


@settings(deadline=None)
@given(REQUESTS, st.integers(0, 80), SEEDS)
def test_a_sample_keeps_the_order_and_the_limit(requests: list[Request], limit: int, seed: int) -> None:
    chosen = sample(requests, limit, seed)
    assert len(chosen) <= limit
    places = [requests.index(request) for request in chosen]
    assert places == sorted(set(places))


@settings(deadline=None)
@given(REQUESTS, st.integers(0, 80), SEEDS)
def test_a_pair_is_in_the_sample_with_both_requests_or_not_at_all(
    requests: list[Request], limit: int, seed: int
) -> None:
    both = Counter(request.pair for request in requests if request.pair)
    chosen = Counter(request.pair for request in sample(requests, limit, seed) if request.pair)
    assert all(both[pair] == count for pair, count in chosen.items())


@settings(deadline=None)
@given(REQUESTS, st.integers(0, 80), SEEDS)
def test_the_same_seed_gives_the_same_sample(requests: list[Request], limit: int, seed: int) -> None:
    assert sample(requests, limit, seed) == sample(tuple(requests), limit, seed)


@settings(deadline=None)
@given(REQUESTS, st.integers(0, 80), st.integers(0, 80), SEEDS)
def test_a_larger_limit_contains_the_choice_of_a_smaller_one(
    requests: list[Request], one: int, two: int, seed: int
) -> None:
    """So that a run can be made larger without asking again."""
    small, large = sorted((one, two))
    assert set(sample(requests, small, seed)) <= set(sample(requests, large, seed))


@settings(deadline=None)
@given(COUNTS, st.integers(1, 40), SEEDS)
def test_no_category_is_ahead_of_one_that_still_has_requests(counts: list[int], limit: int, seed: int) -> None:
    requests = singles(counts)
    chosen = Counter(request.category for request in sample_requests(requests, limit, seed))
    most = max(chosen.values())
    for category, there in Counter(request.category for request in requests).items():
        assert chosen[category] >= min(there, most - 1)


@settings(deadline=None)
@given(PAIRS, st.integers(2, 80), SEEDS)
def test_a_sample_of_pairs_uses_the_limit_up_to_the_last_whole_pair(
    requests: list[Request], limit: int, seed: int
) -> None:
    assert len(sample_requests(requests, limit, seed)) == min(len(requests), limit - limit % 2)


@settings(deadline=None)
@given(REQUESTS, SEEDS)
def test_without_a_limit_or_with_a_large_one_everything_is_there(requests: list[Request], seed: int) -> None:
    assert sample_requests(requests, None, seed) == tuple(requests)
    assert sample_requests(requests, len(requests), seed) == tuple(requests)
    assert sample_requests(requests, len(requests) + 5, seed) == tuple(requests)


def test_no_requests_give_an_empty_sample() -> None:
    assert sample_requests([], None, 0) == ()
    assert sample_requests([], 5, 0) == ()


def test_the_seed_decides_the_choice() -> None:
    requests = singles([20, 20, 20])
    assert len({sample_requests(requests, 6, seed) for seed in range(10)}) == 10


@pytest.mark.parametrize("limit", [-1, 0, 1])
def test_a_limit_below_one_pair_is_a_users_mistake_that_names_the_least(limit: int) -> None:
    with pytest.raises(UserError, match=rf"--limit {limit} is too small: .*Allowed: 2 or more"):
        sample_requests(pairs([2, 2]), limit, 0)


@settings(deadline=None)
@given(REQUESTS, st.integers(-3, 3), SEEDS)
def test_a_limit_that_a_refusal_calls_allowed_is_not_refused(requests: list[Request], limit: int, seed: int) -> None:
    try:
        sample_requests(requests, limit, seed)
    except UserError as error:
        allowed = int(str(error).split("Allowed: ")[1].split()[0])
        assert sample_requests(requests, allowed, seed)


def test_a_single_request_does_not_take_the_place_of_a_pair_that_is_drawn_first() -> None:
    """Where it did, a limit of 1 chose the single request, and a limit of 2 the pair instead of it."""
    mixed = [*singles([1]), *pairs([1])]
    for seed in range(20):
        chosen = [set(sample(mixed, limit, seed)) for limit in range(4)]
        assert all(small <= large for small, large in itertools.pairwise(chosen))
