"""The standard as text: nothing of it is lost on the page or in the policy."""

import re
from dataclasses import replace

from primum.standard import definition_text, load_standard, policy_text

STANDARD = load_standard()
PAGE = definition_text(STANDARD)


def test_the_page_holds_every_principle_with_all_that_is_known_about_it() -> None:
    for item in STANDARD.principles:
        assert f"### {item.number}. {item.title} (`{item.id}`)" in PAGE
        for text in (item.statement, *item.violations, item.harmed, item.legitimate, item.place):
            assert text in PAGE


def test_the_page_holds_every_general_category_and_every_source() -> None:
    for item in STANDARD.general:
        assert f"**{item.title}** (`{item.id}`): {item.statement}" in PAGE
    for source in STANDARD.sources:
        assert f"{source.citation} <{source.url}>" in PAGE


def test_the_page_names_its_version_and_leaves_no_slot_open() -> None:
    assert f"version {STANDARD.version}" in PAGE
    assert not re.search(r"\{[a-z]+\}", PAGE)


def test_the_page_follows_the_standard_it_is_given() -> None:
    newer = replace(STANDARD, version="99.0.0", general=())
    page = definition_text(newer)
    assert "version 99.0.0" in page
    assert STANDARD.general[0].title not in page


def test_a_statement_that_looks_like_a_slot_stays_as_it_is() -> None:
    odd = replace(STANDARD.principles[0], statement="A statement about {general} and {sources}.")
    page = definition_text(replace(STANDARD, principles=(odd,)))
    assert odd.statement in page


def test_a_policy_numbers_the_categories_it_is_given_in_order() -> None:
    chosen = (STANDARD.category("law"), STANDARD.category("privacy"))
    first, second = policy_text(chosen).splitlines()
    assert first.startswith(f"1. {chosen[0].title}. {chosen[0].statement} Violated, for example, by ")
    assert second == f"2. {chosen[1].title}. {chosen[1].statement}"


def test_a_policy_gives_every_violation_of_a_principle() -> None:
    for item in STANDARD.principles:
        assert all(violation in policy_text((item,)) for violation in item.violations)


def test_a_policy_is_one_line_for_each_category() -> None:
    assert len(policy_text(STANDARD.principles).splitlines()) == 9
    assert policy_text(()) == ""
