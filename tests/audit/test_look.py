"""Each finding finds what was planted in a clean set, counts it and names its place."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from primum.audit.faults import FAULTS
from primum.audit.finding import Finding
from primum.audit.limits import load_limits
from primum.audit.look import SHOWN, look_across, look_inside
from primum.datasets import Row
from primum.types import Intent
from tests.audit.made_up import clean_rows, row, rows, text, twin_rows

LIMITS = load_limits("default")


def inside(found: Sequence[Row], name: str) -> Finding:
    (finding,) = (item for item in look_inside(found, LIMITS) if item.name == name)
    return finding


def across(found: Sequence[Row], others: Sequence[Row], name: str, kind: str = "splits") -> Finding:
    (finding,) = (item for item in look_across(found, others, "train", kind, LIMITS) if item.name == name)
    return finding


def planted(*texts: str) -> list[Row]:
    """Twenty clean rows, then these, in rows 21 and on."""
    return rows(*(item.request.text for item in clean_rows(20)), *texts)


def place(number: int) -> str:
    return f"made_up.csv, row {number}"


def test_nothing_is_found_in_a_clean_set() -> None:
    findings = look_inside(clean_rows(60), LIMITS)
    assert [finding.name for finding in findings if finding.passed is False] == []
    assert [finding.name for finding in findings if finding.places] == []


def test_every_finding_says_how_it_was_looked_for_and_has_a_name_of_its_own() -> None:
    findings = look_inside(clean_rows(20), LIMITS)
    assert all(finding.how and finding.of >= 0 for finding in findings)
    assert len({finding.name for finding in findings}) == len(findings)


def test_the_same_text_is_a_duplicate_once_for_each_repeat() -> None:
    found = inside(planted(text(3), text(3), text(4)), "exact duplicates")
    assert (found.value, found.of, found.passed) == (3, 23, False)
    assert found.places == (place(21), place(22), place(23))


def test_the_same_letters_are_a_normalised_duplicate_and_not_an_exact_one() -> None:
    said = planted(f"{text(3).upper()}?!")
    assert inside(said, "exact duplicates").value == 0
    found = inside(said, "normalised duplicates")
    assert (found.value, found.passed, found.places) == (1, False, (place(21),))


@pytest.mark.parametrize("measure", ["cosine", "jaccard"])
def test_a_changed_copy_is_a_near_duplicate_and_both_rows_are_named(measure: str) -> None:
    found = inside(planted(f"{text(3)} please"), f"near-duplicates ({measure})")
    assert found.value == pytest.approx(1 / 21)
    assert found.places == (place(4), place(21))
    assert found.detail == "2 rows have such a neighbour, in 1 pairs"
    assert found.passed is False


def test_the_surplus_counts_rows_beyond_the_first_of_each_cluster() -> None:
    copies = [f"{text(3)} please", f"{text(3)} thanks", f"{text(5)} please"]
    found = inside(planted(*copies), "near-duplicates (cosine)")
    assert found.value == pytest.approx(3 / 23)
    assert found.places == (place(4), place(6), place(21), place(22), place(23))


@pytest.mark.parametrize("measure", ["cosine", "jaccard"])
def test_twins_of_one_pair_are_not_near_duplicates_and_those_of_two_pairs_are(measure: str) -> None:
    twins = twin_rows(20)
    assert inside(twins, f"near-duplicates ({measure})").value == 0
    strangers = [replace(item, request=replace(item.request, pair=f"{n}")) for n, item in enumerate(twins)]
    assert inside(strangers, f"near-duplicates ({measure})").value == pytest.approx(0.5)


def test_a_request_that_repeats_another_of_its_own_pair_and_intent_is_a_near_duplicate() -> None:
    """Only the other side of a pair shares its words on purpose."""
    twins = twin_rows(20)
    again = replace(twins[0], request=replace(twins[0].request, text=f"{twins[0].request.text} please"))
    assert inside([*twins, again], "near-duplicates (cosine)").value == pytest.approx(1 / 41)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("leaked tokens", "request one<|eot_id|>"),
        ("placeholders", "request one for [patient name]"),
        ("empty", "?!"),
        ("damaged", "request \ufffd one"),
    ],
)
def test_a_fault_of_one_text_is_counted_and_named(name: str, said: str) -> None:
    found = inside(planted(said), name)
    assert (found.value, found.of, found.passed, found.places) == (1, 21, False, (place(21),))
    assert inside(planted(), name).passed is True


def test_every_fault_in_the_table_is_looked_for() -> None:
    names = {finding.name for finding in look_inside(clean_rows(5), LIMITS)}
    assert {name.replace("_", " ") for name in FAULTS} <= names


def test_another_language_is_a_share_of_the_rows() -> None:
    found = inside(planted("Ich habe seit drei Tagen Fieber und Husten, was soll ich tun?"), "other language")
    assert found.value == pytest.approx(1 / 21)
    assert (found.places, found.passed) == ((place(21),), False)


def test_a_text_that_is_far_longer_or_shorter_than_the_rest_is_an_outlier() -> None:
    said = rows(
        *(text(number, 8 + number % 8) for number in range(40)), "short", " ".join([text(99), text(98), text(97)])
    )
    found = inside(said, "length outliers")
    assert found.value == pytest.approx(1 / 42)
    assert found.places == (place(42),)
    assert "range 1 to 36" in found.detail


def test_an_outlier_begins_beyond_three_interquartile_ranges() -> None:
    """Quartiles of 10 and 14 words: the fence is at 26."""
    lengths = [10, 14] * 20
    assert inside(rows(*map(text, range(41), [*lengths, 26])), "length outliers").value == 0
    assert inside(rows(*map(text, range(41), [*lengths, 27])), "length outliers").places == (place(41),)


def test_no_length_is_an_outlier_among_equals() -> None:
    assert inside(clean_rows(30), "length outliers").value == 0


def test_balance_is_the_smallest_category_over_the_largest() -> None:
    said = [row(text(n), n, category="topic-1" if n < 30 else "topic-2") for n in range(40)]
    found = inside(said, "category balance")
    assert found.value == pytest.approx(1 / 3)
    assert (found.of, found.passed) == (2, False)
    assert found.detail == "smallest topic-2: 10; largest topic-1: 30"
    assert inside(clean_rows(10), "category balance").value == 1


def test_twins_that_a_keyword_tells_apart_are_found_with_an_interval() -> None:
    found = inside(twin_rows(30, keyword="planted"), "twin separability")
    assert found.value is not None
    assert found.value > 0.99
    assert (found.of, found.passed) == (30, False)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high


def test_twins_that_no_word_tells_apart_pass() -> None:
    assert inside(twin_rows(30), "twin separability").passed is True


def test_without_twins_there_is_no_separability_and_no_verdict() -> None:
    half = [item for item in twin_rows(30) if item.request.intent is Intent.HARMFUL]
    for said in (clean_rows(30), half, twin_rows(19)):
        found = inside(said, "twin separability")
        assert (found.value, found.passed) == (None, None)


def test_variety_is_told_for_each_intent_and_never_judged() -> None:
    said = [row("one two one two one two", n) for n in range(3)]
    harmful, benign = inside(said, "distinct-2, harmful"), inside(said, "distinct-2, benign")
    assert harmful.value == pytest.approx(2 / 15)
    assert (harmful.of, harmful.passed) == (15, None)
    assert (benign.value, benign.of, benign.passed) == (None, 0, None)


def test_references_that_open_alike_are_a_share_of_those_to_harmful_requests() -> None:
    answers = ["I cannot one", "i CANNOT two", "Please ask three", None]
    said = [row(text(n), n, reference=answer) for n, answer in enumerate(answers)]
    said += [row(text(9), 9, reference="I cannot nine", intent=Intent.BENIGN)]
    found = inside(said, "stock opening")
    assert found.value == pytest.approx(2 / 3)
    assert (found.of, found.passed) == (3, False)
    assert inside(clean_rows(5), "stock opening").value is None


def test_only_the_first_places_are_named() -> None:
    found = inside(rows(*["request one"] * 50), "exact duplicates")
    assert found.value == 49
    assert len(found.places) == SHOWN


def test_what_two_sets_share_is_counted_in_the_first_one() -> None:
    train = clean_rows(20, start=100, file="train.csv")
    mine = planted(text(105), text(105), f"{text(106).upper()}!", f"{text(107)} please")
    exact, normalised = (
        across(mine, train, "exact duplicates of train"),
        across(mine, train, "normalised duplicates of train"),
    )
    assert (exact.value, exact.of, exact.places) == (2, 24, (place(21), place(22)))
    assert (normalised.value, normalised.places) == (3, (place(21), place(22), place(23)))
    for measure in ("cosine", "jaccard"):
        near = across(mine, train, f"near-duplicates of train ({measure})")
        assert near.value == pytest.approx(4 / 24)
        assert near.places == (place(21), place(22), place(23), place(24))
        assert near.passed is False


def test_sets_that_share_nothing_pass() -> None:
    found = look_across(clean_rows(20), clean_rows(20, start=100), "train", "splits", LIMITS)
    assert [item.value for item in found] == [0, 0, 0, 0]
    assert all(item.passed for item in found)


@pytest.mark.parametrize("kind", ["splits", "sets"])
def test_splits_and_sets_have_limits_of_their_own(kind: str) -> None:
    values = {"exact_across_splits": 1.0, "exact_across_sets": 2.0, "near_across_splits": 0.1, "near_across_sets": 0.2}
    found = look_across(clean_rows(5), clean_rows(5), "train", kind, replace(LIMITS, values=values))
    expected = (1.0, 0.1) if kind == "splits" else (2.0, 0.2)
    assert [item.at_most for item in found] == [expected[0], expected[0], expected[1], expected[1]]
