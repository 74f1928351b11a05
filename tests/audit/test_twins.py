"""Twins: words that tell the sides apart are found, and words that do not are not."""

import numpy as np
import pytest

from primum.audit.twins import Separability, separability
from tests.audit.made_up import text


def sides(count: int, keyword: str = "") -> tuple[list[str], list[str]]:
    """Twins that share their scene; half of the pairs have their last words the other way round."""
    ends = [("north", "south") if number % 2 else ("south", "north") for number in range(count)]
    harmful = [f"{text(number)} {keyword} {ends[number][0]}" for number in range(count)]
    return harmful, [f"{text(number)} {ends[number][1]}" for number in range(count)]


def found(count: int, keyword: str = "") -> Separability:
    said = separability(*sides(count, keyword))
    assert said is not None
    return said


def test_sides_drawn_by_chance_cannot_be_told_apart() -> None:
    """Texts without a twin's shared scene: what is left is chance, and the interval holds it."""
    draws = [separability([text(2 * n) for n in range(at, at + 60)], [text(2 * n + 1) for n in range(at, at + 60)])
             for at in range(0, 300, 60)]  # fmt: skip
    values = [draw.auroc for draw in draws if draw is not None]
    assert len(values) == 5
    assert np.mean(values) == pytest.approx(0.5, abs=0.08)
    assert sum(draw.low <= 0.5 <= draw.high for draw in draws if draw is not None) >= 4


def test_a_keyword_that_one_side_uses_is_found() -> None:
    assert found(40, "planted").auroc > 0.99


def test_a_keyword_in_some_of_the_requests_is_found_in_proportion() -> None:
    harmful, benign = sides(100)
    marked = [f"{said} planted" if number < 50 else said for number, said in enumerate(harmful)]
    half = separability(marked, benign)
    assert half is not None
    assert 0.6 < half.auroc < 0.9


def test_a_keyword_of_the_other_side_is_found_too() -> None:
    harmful, benign = sides(40, "planted")
    turned = separability(benign, harmful)
    assert turned is not None
    assert turned.auroc > 0.99


@pytest.mark.parametrize("count", [0, 1, 19])
def test_fewer_than_twenty_pairs_say_nothing(count: int) -> None:
    assert separability(*sides(count)) is None


def test_twenty_pairs_are_enough() -> None:
    assert found(20, "planted").pairs == 20


@pytest.mark.parametrize("keyword", ["", "planted"])
def test_the_interval_holds_the_value_and_is_a_share(keyword: str) -> None:
    said = found(50, keyword)
    assert 0 <= said.low <= said.auroc <= said.high <= 1


def test_more_pairs_make_the_interval_narrower() -> None:
    harmful, benign = [text(2 * n) for n in range(200)], [text(2 * n + 1) for n in range(200)]
    few, many = separability(harmful[:30], benign[:30]), separability(harmful, benign)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_the_same_seed_gives_the_same_value() -> None:
    assert found(30) == found(30)


def test_twins_without_a_word_cannot_be_told_apart_and_do_not_stop_the_audit() -> None:
    """A set as damaged as this is what an audit is for."""
    said = separability(["?"] * 20, ["!"] * 20)
    assert said is None or said.auroc == 0.5
