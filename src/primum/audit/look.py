"""The audit itself: everything that is looked at in one set of rows, in the order of the report."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from primum.audit.faults import FAULTS
from primum.audit.finding import Finding, Unit
from primum.audit.language import not_english
from primum.audit.limits import Limits
from primum.audit.near import Measure, NearPairs, clusters, near_duplicates, near_duplicates_across
from primum.audit.twins import separability
from primum.audit.wording import DRAWN_PAIRS, distinct_pairs, normalised
from primum.datasets import Row
from primum.types import Intent

SHOWN = 20
"""So many places of each finding are named."""

_FAR = 3.0
"""Interquartile ranges beyond the quartiles: an extreme value by Tukey's rule (outer fence)."""


def look_inside(rows: Sequence[Row], limits: Limits) -> list[Finding]:
    """Findings about one split by itself."""
    texts = [row.request.text for row in rows]
    return [
        _repeats(rows, "exact duplicates", lambda text: text, "the same text, letter by letter", limits),
        _repeats(
            rows,
            "normalised duplicates",
            normalised,
            "the same letters and digits",
            limits,
        ),
        _near(rows, texts, "cosine", limits.near_cosine, limits),
        _near(rows, texts, "jaccard", limits.near_jaccard, limits),
        *(_fault(rows, name, limits) for name in FAULTS),
        _language(rows, texts, limits),
        _lengths(rows, texts, limits),
        _balance(rows, limits),
        _twins(rows, limits),
        *(_diversity(rows, intent) for intent in Intent),
        _openings(rows, limits),
    ]


def look_across(rows: Sequence[Row], others: Sequence[Row], other: str, kind: str, limits: Limits) -> list[Finding]:
    """Findings about what two sets share; ``kind`` is ``splits`` or ``sets``."""
    known: dict[str, Callable[[str], str]] = {"exact": lambda text: text, "normalised": normalised}
    found = []
    for name, key in known.items():
        there = {key(row.request.text) for row in others}
        same = [row for row in rows if key(row.request.text) in there]
        found.append(
            Finding(
                name=f"{name} duplicates of {other}",
                value=len(same),
                unit="rows",
                of=len(rows),
                how=f"rows whose {name} text is also in {other}",
                at_most=limits.get(f"exact_across_{kind}"),
                places=_places(same),
            )
        )
    for measure, threshold in _measures(limits):
        near = _across(rows, others, threshold, measure)
        hit = sorted(set(near.left.tolist()))
        found.append(
            Finding(
                name=f"near-duplicates of {other} ({measure})",
                value=len(hit) / len(rows),
                unit="share",
                of=len(rows),
                how=f"rows with a {measure} above {threshold:g} to some row of {other}",
                at_most=limits.get(f"near_across_{kind}"),
                places=_places([rows[index] for index in hit]),
            )
        )
    return found


def _repeats(rows: Sequence[Row], name: str, key: Callable[[str], str], how: str, limits: Limits) -> Finding:
    seen: set[str] = set()
    repeats = []
    for row in rows:
        form = key(row.request.text)
        if form in seen:
            repeats.append(row)
        seen.add(form)
    return Finding(
        name=name, value=len(repeats), unit="rows", of=len(rows), how=f"rows that repeat an earlier one: {how}",
        at_most=limits.get(name.replace(" ", "_")), places=_places(repeats),
    )  # fmt: skip


def _measures(limits: Limits) -> tuple[tuple[Measure, float], ...]:
    return (("cosine", limits.near_cosine), ("jaccard", limits.near_jaccard))


def _near(rows: Sequence[Row], texts: Sequence[str], measure: Measure, threshold: float, limits: Limits) -> Finding:
    pairs = _not_twins(near_duplicates(texts, threshold, measure), rows)
    labels = clusters(pairs, len(rows))
    surplus = len(rows) - len(np.unique(labels))
    touched = sorted({*pairs.left.tolist(), *pairs.right.tolist()})
    return Finding(
        name=f"near-duplicates ({measure})",
        value=surplus / len(rows) if rows else None,
        unit="share",
        of=len(rows),
        how=f"rows beyond the first of each cluster that is linked by a {measure} above {threshold:g} (words of two "
        "letters or more, and pairs of neighbours; twins of one pair not counted)",
        detail=f"{len(touched):,} rows have such a neighbour, in {len(pairs):,} pairs",
        at_most=limits.get("near_duplicate_surplus"),
        places=_places([rows[index] for index in touched]),
    )


def _across(rows: Sequence[Row], others: Sequence[Row], threshold: float, measure: Measure) -> NearPairs:
    return near_duplicates_across(
        [row.request.text for row in rows], [row.request.text for row in others], threshold, measure
    )


def _not_twins(pairs: NearPairs, rows: Sequence[Row]) -> NearPairs:
    """Without the two requests of one pair, which share their words on purpose."""
    keep = np.array(
        [
            (pair := rows[left].request.pair) is None
            or pair != rows[right].request.pair
            or rows[left].request.intent is rows[right].request.intent
            for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
        ],
        dtype=bool,
    )
    return NearPairs(left=pairs.left[keep], right=pairs.right[keep], likeness=pairs.likeness[keep])


def _fault(rows: Sequence[Row], name: str, limits: Limits) -> Finding:
    finds, how = FAULTS[name]
    hit = [row for row in rows if finds(row.request.text)]
    return Finding(
        name=name.replace("_", " "), value=len(hit), unit="rows", of=len(rows), how=how, at_most=limits.get(name),
        places=_places(hit),
    )  # fmt: skip


def _language(rows: Sequence[Row], texts: Sequence[str], limits: Limits) -> Finding:
    hit = [row for row, other in zip(rows, not_english(texts), strict=True) if other]
    return _share(rows, hit, "other language", "py3langid is at least 95 % sure that it is not English", limits)


def _lengths(rows: Sequence[Row], texts: Sequence[str], limits: Limits) -> Finding:
    lengths = np.array([len(text.split()) for text in texts])
    first, middle, third = np.quantile(lengths, [0.25, 0.5, 0.75])
    low, high = first - _FAR * (third - first), third + _FAR * (third - first)
    hit = [row for row, length in zip(rows, lengths, strict=True) if not low <= length <= high]
    detail = (
        f"words: median {middle:.0f}, quartiles {first:.0f} and {third:.0f}, range {lengths.min()} to {lengths.max()}"
    )
    how = "more than three interquartile ranges from the quartiles (Tukey's outer fence)"
    return replace(_share(rows, hit, "length outliers", how, limits), detail=detail)


def _balance(rows: Sequence[Row], limits: Limits) -> Finding:
    counts = Counter(row.request.category for row in rows)
    least, most = min(counts, key=lambda key: counts[key]), max(counts, key=lambda key: counts[key])
    return Finding(
        name="category balance", value=counts[least] / counts[most], unit="ratio", of=len(counts),
        how="rows of the smallest category over those of the largest",
        detail=f"smallest {least}: {counts[least]:,}; largest {most}: {counts[most]:,}",
        at_least=limits.get("category_balance"),
    )  # fmt: skip


def _twins(rows: Sequence[Row], limits: Limits) -> Finding:
    sides: dict[Intent, dict[str, str]] = {Intent.HARMFUL: {}, Intent.BENIGN: {}}
    for row in rows:
        if row.request.pair is not None:
            sides[row.request.intent][row.request.pair] = row.request.text
    both = [pair for pair in sides[Intent.HARMFUL] if pair in sides[Intent.BENIGN]]
    found = separability([sides[Intent.HARMFUL][pair] for pair in both], [sides[Intent.BENIGN][pair] for pair in both])
    return Finding(
        name="twin separability",
        value=found.auroc if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        unit="AUROC",
        of=len(both),
        how="a bag-of-words classifier tells harmful requests from their twins, cross-validated by pair; .5 is chance",
        at_most=limits.get("twin_separability"),
    )


def _diversity(rows: Sequence[Row], intent: Intent) -> Finding:
    share, size = distinct_pairs([row.request.text for row in rows if row.request.intent is intent])
    return Finding(
        name=f"distinct-2, {intent.value}", value=share if size else None, unit="ratio", of=size,
        how=f"different pairs of neighbouring words over all, in a draw of {DRAWN_PAIRS:,} pairs (mean of 20 draws)",
    )  # fmt: skip


def _openings(rows: Sequence[Row], limits: Limits) -> Finding:
    answers = [row.reference for row in rows if row.reference is not None and row.request.intent is Intent.HARMFUL]
    openings = Counter(" ".join(answer.lower().split()[:2]) for answer in answers)
    most = max(openings.values(), default=0)
    return Finding(
        name="stock opening", value=most / len(answers) if answers else None, unit="share", of=len(answers),
        how="reference responses to harmful requests that begin with the same two words",
        at_most=limits.get("stock_opening"),
    )  # fmt: skip


def _share(rows: Sequence[Row], hit: Sequence[Row], name: str, how: str, limits: Limits) -> Finding:
    unit: Unit = "share"
    return Finding(
        name=name, value=len(hit) / len(rows) if rows else None, unit=unit, of=len(rows), how=how,
        at_most=limits.get(name.replace(" ", "_")), places=_places(hit),
    )  # fmt: skip


def _places(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.place for row in rows[:SHOWN])
