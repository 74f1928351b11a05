"""Limits: two sets that ship, and the user's own over the first."""

from pathlib import Path

import pytest

from primum.audit import load_limits
from primum.audit.limits import Limits
from primum.errors import UserError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_the_two_sets_that_ship_judge_the_same_findings() -> None:
    default, strict = load_limits("default"), load_limits("strict")
    assert (default.name, strict.name) == ("default", "strict")
    assert default.values.keys() == strict.values.keys()


def test_strict_is_nowhere_milder() -> None:
    default, strict = load_limits("default"), load_limits("strict")
    assert strict.near_cosine < default.near_cosine
    assert strict.near_jaccard < default.near_jaccard
    for name, value in default.values.items():
        if name == "category_balance":
            assert strict.values[name] >= value
        else:
            assert strict.values[name] <= value, name


def test_what_has_no_limit_is_not_judged() -> None:
    assert load_limits("default").get("distinct-2, harmful") is None
    assert load_limits("default").get("leaked_tokens") == 0


def test_the_users_own_limits_go_over_the_default_ones(file: Path) -> None:
    file.write_text("near_cosine = 0.7\nexact_duplicates = 3\n")
    mine, default = load_limits(str(file)), load_limits("default")
    changed = {**default.values, "exact_duplicates": 3.0}
    assert mine == Limits(name="mine.toml", near_cosine=0.7, near_jaccard=default.near_jaccard, values=changed)


def test_an_empty_file_is_the_default_limits_by_another_name(file: Path) -> None:
    file.write_text("")
    assert load_limits(str(file)).values == load_limits("default").values


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("near_cosin = 0.7", r"Unknown limit in .*mine\.toml 'near_cosin'\. Did you mean 'near_cosine'\?"),
        ("[default]\nempty = 0", r"Unknown limit in .*mine\.toml 'default'"),
        ('empty = "none"', r"'empty' in .*mine\.toml has the value 'none'; allowed: a number of 0 or more"),
        ("empty = true", r"'empty' in .*mine\.toml has the value True; allowed: a number"),
        ("empty = -1", r"'empty' in .*mine\.toml has the value -1; allowed: a number of 0 or more"),
        ("empty = nan", r"'empty' in .*mine\.toml has the value nan; allowed: a number"),
        ("empty = [0]", r"'empty' in .*mine\.toml has the value \[0\]; allowed: a number"),
        ("near_cosine = 0", r"'near_cosine' has the value 0\.0; allowed: above 0 and below 1"),
        ("near_cosine = 1", r"'near_cosine' has the value 1\.0; allowed: above 0 and below 1"),
        ("near_jaccard = 80", r"'near_jaccard' has the value 80\.0; allowed: above 0 and below 1"),
        ("near_jaccard = nan", r"'near_jaccard' .*has the value nan"),
        ("empty = ", r"mine\.toml are not TOML"),
    ],
)
def test_a_mistake_in_the_users_limits_is_named(file: Path, content: str, message: str) -> None:
    file.write_text(content)
    with pytest.raises(UserError, match=message) as caught:
        load_limits(str(file))
    assert "\n" not in str(caught.value)


def test_limits_that_cannot_be_read_are_a_users_mistake(file: Path) -> None:
    with pytest.raises(UserError, match=r"Cannot read the limits .*mine\.toml \(No such file"):
        load_limits(str(file))
    file.mkdir()
    with pytest.raises(UserError, match=r"Cannot read the limits .*mine\.toml \(Is a directory"):
        load_limits(str(file))


def test_limits_that_are_not_text_are_a_users_mistake(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="are not TOML"):
        load_limits(str(file))


def test_an_unknown_name_is_told_with_what_is_allowed() -> None:
    with pytest.raises(UserError, match=r"Unknown limits 'strickt'\. Did you mean 'strict'\?.*Or name a TOML file"):
        load_limits("strickt")
