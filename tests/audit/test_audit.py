"""A whole set: each split, test against train, and against other sets."""

from pathlib import Path

import pytest

from primum.audit import Audit, audit, load_limits
from primum.audit.faults import has_special_token
from primum.audit.finding import Finding
from primum.audit.look import look_across, look_inside
from primum.audit.near import clusters, near_duplicates
from primum.audit.wording import normalised
from primum.datasets import Loaded, LoadOptions, Row, find_dataset
from primum.errors import UserError
from primum.types import ExamQuestion, Split
from tests.audit.made_up import clean_rows, loaded, row, rows, text, twin_rows

LIMITS = load_limits("default")
SPLITS: tuple[Split, ...] = ("test", "train")


def audited(test: Loaded, train: Loaded | None = None, **against: Loaded) -> Audit:
    return audit("made-up", "1.0", {"test": test, **({"train": train} if train else {})}, against, LIMITS)


def named(found: Audit, name: str) -> Finding:
    (finding,) = (item for item in found.findings if item.name == name)
    return finding


def test_an_audit_says_what_it_looked_at() -> None:
    found = audited(
        loaded(clean_rows(20), "a" * 64), loaded(clean_rows(30, 100), "b" * 64), other=loaded(clean_rows(5, 900))
    )
    assert (found.dataset, found.version, found.limits, found.against) == ("made-up", "1.0", "default", ("other",))
    assert found.splits == {"test": 20, "train": 30}
    assert found.sha256 == {"test": "a" * 64, "train": "b" * 64}


def test_a_clean_set_keeps_every_limit() -> None:
    found = audited(loaded(clean_rows(20)), loaded(clean_rows(20, 100)), other=loaded(clean_rows(20, 200)))
    assert found.failed == ()
    assert any(item.passed for item in found.findings)


def test_each_split_is_looked_at_by_itself_and_its_findings_bear_its_name() -> None:
    found = audited(loaded(clean_rows(20)), loaded(rows(text(100), text(100))))
    assert named(found, "test: exact duplicates").value == 0
    assert named(found, "train: exact duplicates").value == 1
    assert found.failed
    assert all(item.name.startswith("train: ") for item in found.failed)


def test_a_test_row_that_is_in_train_is_found_once_and_as_the_tests() -> None:
    test = [*clean_rows(20), row(text(105), 21)]
    found = audited(loaded(test), loaded(clean_rows(20, 100, "train.csv")))
    shared = named(found, "test: exact duplicates of train")
    assert (shared.value, shared.places) == (1, ("made_up.csv, row 21",))
    assert not any(item.name.startswith("train: ") and "of test" in item.name for item in found.findings)


def test_one_split_alone_is_compared_with_no_other() -> None:
    names = [item.name for item in audited(loaded(clean_rows(20))).findings]
    assert len(names) == len(look_inside(clean_rows(20), LIMITS))
    assert not any("of train" in name for name in names)


def test_every_split_is_compared_with_every_other_set() -> None:
    other, third = loaded(clean_rows(3, 500)), loaded(clean_rows(3, 600))
    found = audited(
        loaded([*clean_rows(20), row(text(500), 21)]), loaded(clean_rows(20, 100)), other=other, third=third
    )
    assert named(found, "test: exact duplicates of other").value == 1
    assert [named(found, f"{split}: exact duplicates of third").value for split in ("test", "train")] == [0, 0]


def test_findings_have_names_of_their_own() -> None:
    found = audited(loaded(clean_rows(20)), loaded(clean_rows(20, 100)), other=loaded(clean_rows(20, 200)))
    assert len({item.name for item in found.findings}) == len(found.findings)


def test_twins_of_one_pair_are_no_fault_inside_a_split_or_across() -> None:
    found = audited(loaded(twin_rows(20)), loaded(twin_rows(20, start=100)))
    near = [item for item in found.findings if "near-duplicates" in item.name]
    assert [item.value for item in near] == [0] * 6


EXAM = Loaded(
    questions=(
        ExamQuestion(text="question 1", choices=("one", "two"), answer=0, subject="anatomy", dataset="made-up"),
    ),
    sha256="0" * 64,
)


def test_exam_questions_are_refused_in_place_of_an_audit_of_nothing() -> None:
    with pytest.raises(UserError, match="'made-up' holds exam questions, no requests"):
        audited(EXAM)
    with pytest.raises(UserError, match="'made-up' holds exam questions, no requests"):
        audited(loaded(clean_rows(5)), EXAM)


def test_exam_questions_are_refused_as_the_other_set_too() -> None:
    """Else the set would pass against something that it was never compared with."""
    with pytest.raises(UserError, match="exam questions"):
        audited(loaded(clean_rows(5)), other=EXAM)


def finding(value: float | None, at_most: float | None = None, at_least: float | None = None) -> Finding:
    return Finding(name="x", value=value, unit="rows", how="counted", of=9, at_most=at_most, at_least=at_least)


@pytest.mark.parametrize(
    ("value", "at_most", "at_least", "passed"),
    [
        (1, 1, None, True),
        (1.01, 1, None, False),
        (0, 0, None, True),
        (0.5, None, 0.5, True),
        (0.49, None, 0.5, False),
        (0.5, 0.6, 0.4, True),
        (0.7, 0.6, 0.4, False),
        (0.3, 0.6, 0.4, False),
        (5, None, None, None),
        (None, 1, None, None),
        (None, None, 1, None),
    ],
)
def test_a_limit_is_kept_up_to_itself_and_nothing_is_judged_without_one(
    value: float | None, at_most: float | None, at_least: float | None, passed: bool | None
) -> None:
    assert finding(value, at_most, at_least).passed is passed


def real(data_dir: Path, name: str, split: Split, *inside: str) -> list[Row]:
    return list(
        find_dataset(name).load(LoadOptions(split=split, folder=data_dir.joinpath("medsafetybench", *inside))).rows
    )


@pytest.mark.real_data
def test_the_known_defects_of_medsafetybenchs_llama_3_part_are_found(data_dir: Path) -> None:
    found = real(data_dir, "medsafetybench-llama3", "train", "llama3")
    texts = [item.request.text for item in found]
    assert len(texts) - len({normalised(said) for said in texts}) == 288
    assert sum(map(has_special_token, texts)) == 981
    surplus = len(texts) - len(set(clusters(near_duplicates(texts, 0.8), len(texts)).tolist()))
    assert 0.35 < surplus / len(texts) < 0.37


@pytest.mark.real_data
def test_no_request_of_medsafetybenchs_gpt_4_half_is_in_both_splits(data_dir: Path) -> None:
    test, train = (real(data_dir, "medsafetybench", split) for split in SPLITS)
    found = {item.name: item.value for item in look_across(test, train, "train", "splits", LIMITS)}
    assert found["exact duplicates of train"] == 0
