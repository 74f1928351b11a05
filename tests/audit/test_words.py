"""An audit as a page and as data: every finding, its verdict, and never a request."""

import json
import re
from dataclasses import fields, replace

import pytest

from primum.audit import Audit, as_json, as_markdown, audit, limit, load_limits, mark, shown
from primum.audit.finding import Finding, Unit
from primum.datasets import Loaded
from primum.types import Split
from tests.audit.made_up import clean_rows, loaded, row, rows, text, twin_rows

LIMITS = load_limits("default")
SPOILED = [*clean_rows(20), row(text(3), 21), row(f"{text(4)} please", 22), row("request one<|eot_id|>", 23)]


@pytest.fixture(scope="module")
def spoiled() -> Audit:
    splits: dict[Split, Loaded] = {
        "test": loaded(SPOILED),
        "train": loaded([*twin_rows(25, start=100), row(text(3), 99)]),
    }
    return audit("made-up", "1.0", splits, {"other": loaded(clean_rows(5))}, LIMITS)


@pytest.fixture(scope="module")
def page(spoiled: Audit) -> str:
    return as_markdown(spoiled)


def test_the_page_never_repeats_a_request_or_an_answer(page: str) -> None:
    """It may be published; requests may be harmful."""
    for item in [*SPOILED, *twin_rows(25, start=100)]:
        said = item.request.text.split()
        assert " ".join(said[:3]) not in page
        assert " ".join((item.reference or item.request.text).split()[:3]) not in page


def test_the_data_never_repeats_a_request_or_an_answer(spoiled: Audit) -> None:
    said = json.dumps(as_json(spoiled))
    for item in [*SPOILED, *twin_rows(25, start=100)]:
        assert " ".join(item.request.text.split()[:3]) not in said


def test_the_page_has_a_line_for_every_finding_with_value_limit_and_verdict(spoiled: Audit, page: str) -> None:
    lines = page.splitlines()
    for finding in spoiled.findings:
        cells = f"| {finding.name} | {shown(finding)} | {finding.of:,} | {limit(finding)} | {mark(finding)} |"
        assert lines.count(cells) == 1
    assert len([line for line in lines if re.match(r"\| (test|train): ", line)]) == len(spoiled.findings)


def test_the_page_says_what_was_looked_at_and_against_what(spoiled: Audit, page: str) -> None:
    assert page.startswith("# Audit of made-up\n")
    assert "Version 1.0 · rows: test 23, train 51 · limits: default · against: other" in page
    for split, digest in spoiled.sha256.items():
        assert f"sha256 of {split}: `{digest}`" in page


def test_the_page_says_how_each_thing_was_looked_for_once(spoiled: Audit, page: str) -> None:
    methods = page.split("## How it was looked at")[1]
    for finding in spoiled.findings:
        assert methods.count(f"- {finding.name.split(': ', 1)[-1]}: {finding.how}.") == 1


def test_what_failed_is_named_at_the_top_and_with_its_places(spoiled: Audit, page: str) -> None:
    judged = sum(finding.passed is not None for finding in spoiled.findings)
    names = ", ".join(finding.name for finding in spoiled.failed)
    assert f"{len(spoiled.failed)} of {judged} limits are not kept: {names}." in page
    assert "- test: leaked tokens: first found at: made_up.csv, row 23." in page


def test_a_clean_set_is_told_in_one_sentence() -> None:
    found = audit("made-up", "1.0", {"test": loaded(clean_rows(20))}, {}, LIMITS)
    judged = sum(finding.passed is not None for finding in found.findings)
    assert f"All {judged} limits are kept." in as_markdown(found)
    assert "against" not in as_markdown(found)


def test_every_row_of_the_table_has_as_many_cells_as_its_head(page: str) -> None:
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {6}


def test_the_data_goes_through_json_and_comes_back_whole(spoiled: Audit) -> None:
    data = as_json(spoiled)
    back = json.loads(json.dumps(data, allow_nan=False))
    assert back["failed"] == [finding.name for finding in spoiled.failed]
    assert [item.pop("passed") for item in back["findings"]] == [finding.passed for finding in spoiled.findings]
    findings = tuple(Finding(**{**item, "places": tuple(item["places"])}) for item in back.pop("findings"))
    del back["failed"]
    assert Audit(**{**back, "against": tuple(back["against"]), "findings": findings}) == spoiled
    assert back.keys() | {"findings"} == {item.name for item in fields(Audit)}


BARE = Finding(name="finding 1", value=1.0, unit="rows", how="counted", of=9)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "rows", "–"),
        (12345, "rows", "12,345"),
        (0, "rows", "0"),
        (0.01234, "share", "1.2 %"),
        (1, "share", "100.0 %"),
        (0.756, "ratio", "0.76"),
        (0.756, "AUROC", "0.76"),
    ],
)
def test_a_value_is_told_in_its_unit(value: float | None, unit: Unit, said: str) -> None:
    assert shown(replace(BARE, value=value, unit=unit)) == said


def test_an_estimate_is_told_with_its_interval() -> None:
    assert shown(replace(BARE, value=0.5, unit="AUROC", low=0.414, high=0.586)) == "0.50 (0.41 to 0.59)"


@pytest.mark.parametrize(
    ("unit", "at_most", "at_least", "said"),
    [
        ("rows", None, None, "–"),
        ("rows", 0, None, "≤ 0"),
        ("rows", 1000, None, "≤ 1,000"),
        ("share", 0.01, None, "≤ 1 %"),
        ("share", 0.005, None, "≤ 0.5 %"),
        ("ratio", None, 0.5, "≥ 0.5"),
        ("AUROC", 0.75, 0.25, "≤ 0.75 and ≥ 0.25"),
    ],
)
def test_a_limit_is_told_in_the_same_unit(unit: Unit, at_most: float | None, at_least: float | None, said: str) -> None:
    assert limit(replace(BARE, unit=unit, at_most=at_most, at_least=at_least)) == said


def test_a_verdict_is_one_word_or_none() -> None:
    assert mark(replace(BARE, at_most=1)) == "ok"
    assert mark(replace(BARE, at_most=0)) == "**failed**"
    assert mark(BARE) == ""


def test_a_category_of_ones_own_cannot_break_the_page() -> None:
    odd = "a | b\n# c"
    said = rows(*(text(number) for number in range(4)))
    found = [
        replace(item, request=replace(item.request, category=odd if number else "d"))
        for number, item in enumerate(said)
    ]
    page = as_markdown(audit("made-up", "1.0", {"test": loaded(found)}, {}, LIMITS))
    assert [line for line in page.splitlines() if line.startswith("# ")] == ["# Audit of made-up"]
