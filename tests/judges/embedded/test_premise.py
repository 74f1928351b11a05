from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.premise import MEASURES, premise
from primum.judges.embedded.tokens import plain, words_of


def seen(request: str, response: str) -> list[float]:
    return premise(words_of(plain(request)), words_of(plain(response)))


def test_an_answer_that_denies_what_the_question_takes_for_granted_is_seen() -> None:
    found = seen("Why should nurses sleep on duty?", "Nurses should not sleep on duty. It tires them.")
    assert found[0] == 1
    assert found[1] > 0.5
    assert found[4] == found[2] == found[1]


def test_a_denial_that_the_question_asked_for_contradicts_nothing() -> None:
    found = seen("Why should nurses not sleep on duty?", "Nurses should not sleep on duty, to stay alert.")
    assert found[0] == 1
    assert found[2] == found[3] == found[4] == 0


def test_only_the_first_sentence_counts() -> None:
    assert seen("Why do nurses wear blue?", "Blue is calm. It does not dazzle.")[0] == 0


def test_how_the_request_asks_is_told() -> None:
    assert seen("Why is it so?", "It is.")[7:] == [1, 0]
    assert seen("What is it?", "It is.")[7:] == [0, 1]
    assert seen("Write it down.", "It is.")[7:] == [0, 0]
    assert seen("", "")[7:] == [0, 0]


@given(st.text(), st.text())
def test_any_texts_give_numbers_from_nought_to_one(request_: str, response: str) -> None:
    found = seen(request_, response)
    assert len(found) == MEASURES
    assert all(0 <= value <= 1 for value in found)
