"""Errors say who can mend them, in one line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.errors import PrimumError, RunError, UserError, unknown_name

NAMES = ("pairs", "medsafetybench")


@pytest.mark.parametrize(("kind", "code"), [(UserError, 2), (RunError, 1), (PrimumError, 1)])
def test_a_users_mistake_exits_2_and_a_failed_run_exits_1(kind: type[PrimumError], code: int) -> None:
    assert kind("what happened").exit_code == code


@pytest.mark.parametrize("kind", [UserError, RunError])
def test_one_except_clause_catches_all_that_primum_raises_on_purpose(kind: type[PrimumError]) -> None:
    assert issubclass(kind, PrimumError)


def test_a_misspelt_name_is_answered_with_the_nearest_and_with_all_that_are_allowed() -> None:
    error = unknown_name("data set", "pair", NAMES, "See 'primum datasets list'.")
    assert str(error) == (
        "Unknown data set 'pair'. Did you mean 'pairs'? Allowed: medsafetybench, pairs. See 'primum datasets list'."
    )


def test_a_name_like_no_other_gets_no_guess() -> None:
    assert "Did you mean" not in str(unknown_name("data set", "xyz", NAMES))


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Zl", "Zp", "Cs"])))
def test_an_unknown_name_is_a_users_mistake_told_in_one_line_that_holds_it(name: str) -> None:
    error = unknown_name("data set", name, NAMES)
    assert isinstance(error, UserError)
    assert f"'{name}'" in str(error)
    assert len(str(error).splitlines()) == 1
