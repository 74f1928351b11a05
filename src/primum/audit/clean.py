"""A cleaned version of a request set, with a log of what was dropped and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from primum.audit.faults import has_placeholder, is_damaged, is_empty, without_special_tokens
from primum.audit.language import not_english
from primum.audit.near import Measure, near_duplicates, near_duplicates_across
from primum.audit.wording import normalised
from primum.datasets import Row


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A row that was left out."""

    place: str
    reason: str
    like: str | None = None
    """Place of the row that it repeats, if it does."""


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """What stays, what went, and what was mended on the way."""

    rows: tuple[Row, ...]
    dropped: tuple[Dropped, ...]
    mended: tuple[str, ...]
    """Places of rows from which leaked tokens were cut."""


def clean(rows: Sequence[Row], held_out: Sequence[Row], threshold: float) -> Cleaned:
    """The rows without faults and repeats, and without what is near to ``held_out`` rows (a test split, other sets).

    Leaked tokens are cut, and the row stays. A near-duplicate (TF-IDF cosine or Jaccard above the threshold) goes if an
    earlier row that it is near to stays. If one request of a pair goes, its twin goes too. Weights depend on what is there,
    so this is repeated until nothing more goes: no two rows that stay are near, and none is near to a held-out row.
    """
    mended, changed = _mend(rows)
    dropped = _faulty(mended)
    dropped |= _repeats(mended, dropped)
    dropped |= _widowed(mended, dropped)
    # Leaks first: a row should not go for being near to one that leaks.
    while more := _leaks(mended, held_out, dropped, threshold) or _near(mended, dropped, threshold):
        dropped |= more
        dropped |= _widowed(mended, dropped)
    return Cleaned(
        rows=tuple(row for index, row in enumerate(mended) if index not in dropped),
        dropped=tuple(dropped[index] for index in sorted(dropped)),
        mended=tuple(place for index, place in changed.items() if index not in dropped),
    )


_Drops = dict[int, Dropped]
_MEASURES: tuple[Measure, ...] = ("cosine", "jaccard")


def _mend(rows: Sequence[Row]) -> tuple[list[Row], dict[int, str]]:
    out, changed = [], {}
    for index, row in enumerate(rows):
        text = without_special_tokens(row.request.text)
        if text != row.request.text:
            changed[index] = row.place
            row = replace(row, request=replace(row.request, text=text))
        out.append(row)
    return out, changed


def _faulty(rows: Sequence[Row]) -> _Drops:
    found: _Drops = {}
    others = not_english([row.request.text for row in rows])
    for index, (row, other) in enumerate(zip(rows, others, strict=True)):
        text = row.request.text
        faults = {
            "empty": is_empty(text), "placeholder": has_placeholder(text), "damaged": is_damaged(text),
            "other language": other,
        }  # fmt: skip
        if reason := next((name for name, there in faults.items() if there), None):
            found[index] = Dropped(place=row.place, reason=reason)
    return found


def _repeats(rows: Sequence[Row], gone: _Drops) -> _Drops:
    found: _Drops = {}
    first: dict[str, str] = {}
    for index, row in enumerate(rows):
        if index not in gone:
            key = normalised(row.request.text)
            if key in first:
                found[index] = Dropped(place=row.place, reason="normalised duplicate", like=first[key])
            first.setdefault(key, row.place)
    return found


def _near(rows: Sequence[Row], gone: _Drops, threshold: float) -> _Drops:
    kept = [index for index in range(len(rows)) if index not in gone]
    texts = [rows[index].request.text for index in kept]
    couples = {couple for measure in _MEASURES for couple in near_duplicates(texts, threshold, measure).couples()}
    found: _Drops = {}
    # By the later row: whether the earlier one stays is settled by then.
    for left, right in sorted(couples, key=lambda couple: (couple[1], couple[0])):
        earlier, later = kept[left], kept[right]
        if earlier not in found and later not in found and not _are_twins(rows[earlier], rows[later]):
            found[later] = Dropped(place=rows[later].place, reason="near-duplicate", like=rows[earlier].place)
    return found


def _are_twins(one: Row, two: Row) -> bool:
    pair = one.request.pair
    return pair is not None and pair == two.request.pair and one.request.intent is not two.request.intent


def _leaks(rows: Sequence[Row], held_out: Sequence[Row], gone: _Drops, threshold: float) -> _Drops:
    kept = [index for index in range(len(rows)) if index not in gone]
    if not held_out or not kept:
        return {}
    texts, others = [rows[index].request.text for index in kept], [row.request.text for row in held_out]
    found = {
        kept[left]: Dropped(place=rows[kept[left]].place, reason="leak", like=held_out[right].place)
        for measure in _MEASURES
        for left, right in near_duplicates_across(texts, others, threshold, measure).couples()
    }
    there = {normalised(row.request.text): row.place for row in held_out}  # a text without words is near to nothing
    for index in kept:
        if (same := there.get(normalised(rows[index].request.text))) is not None:
            found[index] = Dropped(place=rows[index].place, reason="leak", like=same)
    return found


def _widowed(rows: Sequence[Row], gone: _Drops) -> _Drops:
    stays = {(row.request.pair, row.request.intent) for index, row in enumerate(rows) if index not in gone}
    lost = {
        rows[index].request.pair: rows[index].place
        for index in sorted(gone)
        if rows[index].request.pair is not None and (rows[index].request.pair, rows[index].request.intent) not in stays
    }
    return {
        index: Dropped(place=row.place, reason="its twin was dropped", like=lost[row.request.pair])
        for index, row in enumerate(rows)
        if index not in gone and row.request.pair in lost
    }
