"""A cleaned set: what had to go is gone, nothing else is, and the log says why."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.audit import Cleaned, Dropped, audit, clean, load_limits
from primum.audit.near import near_duplicates, near_duplicates_across
from primum.audit.wording import normalised
from primum.datasets import Row
from tests.audit.made_up import clean_rows, loaded, row, rows, text, twin_rows

NEAR = 0.8


def cleaned(*texts: str, held_out: Sequence[Row] = ()) -> Cleaned:
    """Twenty clean rows with these behind them, in rows 21 and on."""
    return clean(rows(*(item.request.text for item in clean_rows(20)), *texts), held_out, NEAR)


def place(number: int) -> str:
    return f"made_up.csv, row {number}"


def kept(found: Cleaned) -> list[str]:
    return [item.place for item in found.rows]


def test_a_clean_set_stays_as_it_is() -> None:
    for said in (clean_rows(30), twin_rows(30), []):
        assert clean(said, clean_rows(30, start=500), NEAR) == Cleaned(rows=tuple(said), dropped=(), mended=())


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("?!", "empty"),
        ("<|eot_id|>", "empty"),
        ("request one for [patient name]", "placeholder"),
        ("request \ufffd one", "damaged"),
        ("Ich habe seit drei Tagen Fieber und Husten, was soll ich tun?", "other language"),
    ],
)
def test_a_faulty_row_goes_with_its_reason(said: str, reason: str) -> None:
    found = cleaned(said)
    assert found.dropped == (Dropped(place=place(21), reason=reason),)
    assert kept(found) == [place(number) for number in range(1, 21)]


def test_a_repeat_goes_and_the_first_one_stays() -> None:
    found = cleaned(text(3), f"{text(3).upper()}!", text(3))
    assert found.dropped == tuple(
        Dropped(place=place(number), reason="normalised duplicate", like=place(4)) for number in (21, 22, 23)
    )
    assert len(found.rows) == 20


def test_a_near_duplicate_goes_and_the_earlier_one_stays() -> None:
    found = cleaned(f"{text(3)} please")
    assert found.dropped == (Dropped(place=place(21), reason="near-duplicate", like=place(4)),)


BETWEEN = 0.63
"""A threshold that neighbours in a chain are above and its ends are below."""


def chain() -> list[str]:
    """Three texts: the middle one is near to both ends, the ends are not near to one another."""
    words = text(77).split()
    return [" ".join(words[at : at + 8]) for at in (0, 2, 4)]


def test_of_a_chain_the_middle_goes_and_both_ends_stay() -> None:
    said = rows(*chain(), *(item.request.text for item in clean_rows(20)))
    near = near_duplicates([item.request.text for item in said], BETWEEN)
    assert list(zip(near.left.tolist(), near.right.tolist(), strict=True)) == [(0, 1), (1, 2)]
    assert clean(said, [], BETWEEN).dropped == (Dropped(place=place(2), reason="near-duplicate", like=place(1)),)


def test_what_is_near_to_a_held_out_row_goes_as_a_leak() -> None:
    held_out = clean_rows(20, start=100, file="test.csv")
    found = cleaned(f"{text(103)} please", text(105), held_out=held_out)
    assert found.dropped == (
        Dropped(place=place(21), reason="leak", like="test.csv, row 4"),
        Dropped(place=place(22), reason="leak", like="test.csv, row 6"),
    )


def test_a_held_out_repeat_of_words_too_short_to_weigh_is_a_leak_too() -> None:
    found = cleaned("a b c", held_out=[row("A, b, c!", 9, "test.csv")])
    assert found.dropped == (Dropped(place=place(21), reason="leak", like="test.csv, row 9"),)


def test_a_row_that_is_near_only_to_a_leak_stays() -> None:
    """The leak goes, so nothing that stays repeats it."""
    first, middle, _ = chain()
    held_out = [row(f"{first} north", 1, "test.csv")]
    said = rows(first, middle, *(item.request.text for item in clean_rows(20)))
    texts = [item.request.text for item in said]
    assert near_duplicates_across(texts, [held_out[0].request.text], BETWEEN).left.tolist() == [0]
    assert near_duplicates(texts, BETWEEN).right.tolist() == [1]
    assert clean(said, held_out, BETWEEN).dropped == (Dropped(place=place(1), reason="leak", like="test.csv, row 1"),)


def test_leaked_tokens_are_cut_and_the_row_stays() -> None:
    found = cleaned(f"{text(50)}<|eot_id|>", f"[INST] {text(51)} [/INST]")
    assert found.dropped == ()
    assert found.mended == (place(21), place(22))
    assert [item.request.text for item in found.rows[20:]] == [text(50), text(51)]
    assert found.rows[20] == replace(row(text(50), 21))


def test_a_row_that_repeats_another_once_its_tokens_are_cut_goes_and_was_not_mended() -> None:
    found = cleaned(f"{text(3)}<|eot_id|>")
    assert found.dropped == (Dropped(place=place(21), reason="normalised duplicate", like=place(4)),)
    assert found.mended == ()


def test_cleaning_does_not_change_the_rows_it_was_given() -> None:
    said = [*clean_rows(5), row("request one<|eot_id|>", 6)]
    before = list(said)
    clean(said, [], NEAR)
    assert said == before


def test_if_one_of_a_pair_goes_its_twin_goes_too() -> None:
    twins = twin_rows(20)
    twins[6] = replace(twins[6], request=replace(twins[6].request, text="request \ufffd one"))
    found = clean(twins, [], NEAR)
    assert found.dropped == (
        Dropped(place=twins[6].place, reason="damaged"),
        Dropped(place=twins[7].place, reason="its twin was dropped", like=twins[6].place),
    )
    assert len(found.rows) == 38


def test_a_pair_that_is_near_to_an_earlier_pair_goes_whole() -> None:
    twins = twin_rows(20)
    copies = [
        replace(
            item, place=place(90 + at), request=replace(item.request, text=f"{item.request.text} please", pair="copy")
        )
        for at, item in enumerate(twins[:2])
    ]
    found = clean([*twins, *copies], [], NEAR)
    assert [item.place for item in found.dropped] == [place(90), place(91)]
    assert found.rows == tuple(twins)


def test_a_pair_that_stands_twice_in_the_file_stays_once() -> None:
    """The repeats go; the pair still has both its requests, so it is not broken."""
    twins = twin_rows(20)
    found = clean([*twins, twins[0], twins[1]], [], NEAR)
    assert found.rows == tuple(twins)
    assert [item.reason for item in found.dropped] == ["normalised duplicate"] * 2


def test_a_cleaned_set_passes_the_audit() -> None:
    spoiled = rows(
        *(item.request.text for item in clean_rows(40)), text(3), f"{text(4)} please", "?!", "request \ufffd one",
        f"{text(60)}<|eot_id|>", "request one for [patient name]", f"{text(105)} please",
    )  # fmt: skip
    held_out = clean_rows(20, start=100, file="test.csv")
    found = clean(spoiled, held_out, NEAR)
    assert len(found.dropped) == 6
    after = audit(
        "made-up", "1.0", {"test": loaded(held_out), "train": loaded(list(found.rows))}, {}, load_limits("default")
    )
    assert after.failed == ()


SALADS = st.lists(
    st.lists(st.sampled_from(["aa", "bb", "cc", "dd", "ee", "ff"]), min_size=1, max_size=4).map(" ".join), max_size=15
)
"""Too short for a guess at their language, so that only likeness decides."""


@settings(deadline=None)
@given(SALADS, st.sampled_from([0.5, 0.8]))
def test_every_row_either_stays_or_is_in_the_log_with_what_it_is_like(texts: list[str], threshold: float) -> None:
    said = rows(*texts)
    found = clean(said, [], threshold)
    stays, goes = {item.place for item in found.rows}, {item.place: item for item in found.dropped}
    assert stays | goes.keys() == {item.place for item in said}
    assert not stays & goes.keys()
    assert all(item.like in stays | goes.keys() - {item.place} for item in goes.values())
    assert list(found.rows) == [item for item in said if item.place in stays]


@settings(deadline=None)
@given(SALADS, st.sampled_from([0.5, 0.8]))
def test_no_repeat_and_no_near_duplicate_remains(texts: list[str], threshold: float) -> None:
    """Looked at anew: rare words weigh differently in what is left."""
    left = [item.request.text for item in clean(rows(*texts), [], threshold).rows]
    assert len({normalised(said) for said in left}) == len(left)
    assert len(near_duplicates(left, threshold)) == 0


@settings(deadline=None)
@given(SALADS)
def test_cleaning_twice_drops_nothing_more(texts: list[str]) -> None:
    once = clean(rows(*texts), [], NEAR)
    assert clean(once.rows, [], NEAR) == replace(once, dropped=())
