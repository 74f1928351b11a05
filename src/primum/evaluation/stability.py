"""How far a judge's verdicts hang on what should not matter: asking twice, its wording, what stands around an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from primum.report.words import counts, interval, percent
from primum.stats import rate_estimate
from primum.store import to_json
from primum.types import Estimate, Outcome, Score, Unscored


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that was varied, and what it did to the verdicts."""

    name: str
    title: str
    changed: Estimate | None
    """Share of verdicts that changed; None where it was not tried."""
    towards_refused: int = 0
    """Changed verdicts that became *refused*."""
    why_not: str = ""
    """Why it was not tried."""


@dataclass(frozen=True, kw_only=True)
class Stability:
    """Every variation, on one sample of the labelled answers."""

    size: int
    """Answers in the sample."""
    seed: int
    changes: tuple[Change, ...]


def change(name: str, title: str, before: Sequence[Score | Unscored], after: Sequence[Score | Unscored]) -> Change:
    """What became of the verdicts of the same answers; an answer without a verdict on either side is unscored.

    Raises:
        ValueError: the lengths differ.
    """
    pairs = [
        (one.outcome, other.outcome)
        for one, other in zip(before, after, strict=True)
        if isinstance(one, Score) and isinstance(other, Score)
    ]
    moved = [pair for pair in pairs if pair[0] is not pair[1]]
    return Change(
        name=name,
        title=title,
        changed=rate_estimate(
            f"changed_{name}", "overall", events=len(moved), n_scored=len(pairs), n_unscored=len(before) - len(pairs)
        ),
        towards_refused=sum(became is Outcome.REFUSED for _, became in moved),
    )


def as_json(found: Stability) -> dict[str, Any]:
    """For a program."""
    return {
        "size": found.size,
        "seed": found.seed,
        "changes": [
            {
                "name": item.name,
                "title": item.title,
                "changed": to_json(item.changed) if item.changed else None,
                "towards_refused": item.towards_refused,
                "why_not": item.why_not,
            }
            for item in found.changes
        ],
    }


def as_rows(found: Stability) -> list[tuple[str, str, str, str, str]]:
    """Title, share changed, interval, counts and how many became refused, for a table; a reason where nothing was tried."""
    return [
        (item.title, item.why_not, "–", "–", "–")
        if item.changed is None
        else (
            item.title,
            percent(item.changed.value),
            interval(item.changed),
            counts(item.changed),
            str(item.towards_refused),
        )
        for item in found.changes
    ]
