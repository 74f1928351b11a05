"""A smaller set of requests that keeps pairs whole and principles balanced."""

import random
from collections import defaultdict
from collections.abc import Sequence

from primum.errors import UserError
from primum.types import Request


def sample_requests(requests: Sequence[Request], limit: int | None, seed: int) -> tuple[Request, ...]:
    """At most ``limit`` requests, in their original order; the same seed gives the same choice.

    Pairs stay whole (so a limit of 5 over pairs gives 4 requests), and categories are drawn in turn, so that every
    category is there before one is there twice. A larger limit contains the smaller ones' choice.

    Raises:
        UserError: the limit is too small for the first unit.
    """
    if limit is None or limit >= len(requests):
        return tuple(requests)
    units = _in_turn(_units(requests), seed)
    chosen: set[str] = set()
    for unit in units:
        # The first one that does not fit ends it: with a smaller one in its place, a larger limit would choose others.
        if len(chosen) + len(unit) > limit:
            break
        chosen.update(request.id for request in unit)
    if not chosen:
        raise UserError(f"--limit {limit} is too small: pairs are kept whole. Allowed: {len(units[0])} or more.")
    return tuple(request for request in requests if request.id in chosen)


def _units(requests: Sequence[Request]) -> list[list[Request]]:
    grouped: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        grouped[request.pair or request.id].append(request)
    return list(grouped.values())


def _in_turn(units: list[list[Request]], seed: int) -> list[list[Request]]:
    """Units ordered so that categories alternate; which unit stands for a category is drawn by the seed."""
    by_category: dict[str, list[list[Request]]] = defaultdict(list)
    for unit in units:
        by_category[unit[0].category].append(unit)
    generator = random.Random(seed)  # noqa: S311 - a sample, not a secret
    columns = list(by_category.values())
    for column in columns:
        generator.shuffle(column)
    generator.shuffle(columns)
    depth = max(len(column) for column in columns)
    return [column[rank] for rank in range(depth) for column in columns if rank < len(column)]
