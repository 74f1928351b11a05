"""In which order rows are learnt: fixed before the training, so that nothing that runs it can change it.

A trainer that shuffles gives another order on two processes than on one, and another again after a restart. Here the order
is part of the data: row numbers, one optimizer step after the other, read in sequence by any number of processes.
"""

import random
from collections.abc import Sequence
from itertools import chain


def steps_of(rows: int, batch: int, epochs: float, steps: int) -> int:
    """Optimizer steps: as said, or as many whole batches as come nearest to the epochs, at least one."""
    return steps or max(1, round(rows * epochs / batch))


def row_order(lengths: Sequence[int], batch: int, steps: int, seed: int, *, by_length: bool) -> list[int]:
    """Numbers of rows, ``steps * batch`` of them: every row is drawn once before any is drawn again.

    With ``by_length`` the rows of a step stand longest first. They are the same rows, so their gradient is the same, but
    those that are worked on together need little padding, and a machine without enough memory tells at once.
    """
    generator = random.Random(seed)  # noqa: S311 - an order, not a secret
    wanted = steps * batch
    passes = [generator.sample(range(len(lengths)), len(lengths)) for _ in range(-(-wanted // len(lengths)))]
    drawn = list(chain.from_iterable(passes))[:wanted]
    if not by_length:
        return drawn
    parts = [drawn[start : start + batch] for start in range(0, wanted, batch)]
    return [row for part in parts for row in sorted(part, key=lambda row: -lengths[row])]


def micro_batch(batch: int, wanted: int, processes: int) -> int:
    """Rows that one process takes at once: the largest number up to ``wanted`` that divides its share; 0 if none does."""
    share, left = divmod(batch, processes)
    return 0 if left else max(size for size in range(1, min(wanted, share) + 1) if share % size == 0)
