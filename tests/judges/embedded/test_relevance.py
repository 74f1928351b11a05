from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.relevance import MEASURES, relevance

RARITY = {"fever": 4.0, "child": 2.0}
words = st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=9), max_size=12)


def test_an_answer_to_the_question_shares_its_words_and_one_on_tides_does_not() -> None:
    near = relevance(["fever", "child"], ["fever", "passes"], RARITY, 8.0)
    far = relevance(["fever", "child"], ["tides", "rise"], RARITY, 8.0)
    assert near[0] == 4 / 7
    assert near[1] == 4 / 8
    assert near[3] == 0
    assert far[:4] == [0, 0, 0, 1]


def test_a_rare_word_that_comes_back_says_more_than_a_common_one() -> None:
    rare = relevance(["fever", "child"], ["fever"], RARITY, 8.0)
    common = relevance(["fever", "child"], ["child"], RARITY, 8.0)
    assert rare[0] > common[0]


def test_words_match_by_their_first_six_letters() -> None:
    assert relevance(["vaccination"], ["vaccinate"], {}, 1.0)[0] > 0
    assert relevance(["vaccination"], ["vacuum"], {}, 1.0)[0] == 0


@given(words, words)
def test_the_order_of_words_changes_nothing(asked: list[str], said: list[str]) -> None:
    found = relevance(asked, said, RARITY, 8.0)
    assert len(found) == MEASURES
    assert found == relevance(asked[::-1], said[::-1], RARITY, 8.0)
