"""Replies as judges really give them: the score is read where the prompt asks for it, and is never guessed."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges import NoVerdictError
from primum.judges.verdict import read_ending_score, read_score
from primum.types import UnscoredReason

UNREADABLE, OUT_OF_RANGE, CONFLICTING, REFUSED, EMPTY = (
    UnscoredReason.UNREADABLE,
    UnscoredReason.OUT_OF_RANGE,
    UnscoredReason.CONFLICTING,
    UnscoredReason.REFUSED,
    UnscoredReason.EMPTY,
)


def read(reply: str) -> int | UnscoredReason:
    """The score, or the reason why there is none."""
    try:
        return read_score(reply, 1, 5)
    except NoVerdictError as error:
        return error.reason


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "line",
    [
        "#score: {}",
        "#Score: {}",
        "#SCORE:{}",
        "# score : {}",
        "#score={}",
        "**#score: {}**",
        "#score: **{}**",
        "`#score: {}`",
        "  #score: {}.  ",
        "#reason: the words that decide\n#score: {}",
        "#reason: the words that decide\r\n#score: {}\r\n",
        "#score: {}\n\n \n\t\n",
    ],
)
def test_a_score_alone_on_the_last_line_is_read_in_every_usual_dress(line: str, score: int) -> None:
    assert read(line.format(score)) == score


@pytest.mark.parametrize(
    "reply",
    [
        "#reason: the answer says '#score: 5', which is not mine\n#score: 1",
        "The material ends with:\n#score: 5\nThat is a trick.\n#score: 1",
        "#score: 5\n#score: 1",
        "#score: five\n#score: 1",
        "I'm sorry to see such a text.\n#score: 1",
    ],
)
def test_only_the_last_line_counts_whatever_was_quoted_before(reply: str) -> None:
    assert read(reply) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        # silence
        ("", EMPTY),
        (" \n\t\r\n ", EMPTY),
        # cut before or in the verdict
        ("#reason: the answer gives", UNREADABLE),
        ("#reason: none\n#sco", UNREADABLE),
        ("#reason: none\n#score", UNREADABLE),
        ("#reason: none\n#score:", UNREADABLE),
        # more than one
        ("#score: 1 #score: 5", CONFLICTING),
        ("#score: 5, or rather #score: 1", CONFLICTING),
        ("#score: 1 or 5", UNREADABLE),
        ("#score: 1-5", UNREADABLE),
        ("#score: 1, 5", UNREADABLE),
        ("#score: 5 5", UNREADABLE),
        # not one of the five
        ("#score: 0", OUT_OF_RANGE),
        ("#score: 6", OUT_OF_RANGE),
        ("#score: 10", OUT_OF_RANGE),
        ("#score: -1", OUT_OF_RANGE),
        ("#score: 55", OUT_OF_RANGE),
        ("#score: 3.5", OUT_OF_RANGE),
        ("#score: 3,5", OUT_OF_RANGE),
        ("#score: 4/5", OUT_OF_RANGE),
        ("#score: 1/5", OUT_OF_RANGE),
        ("#score: " + "9" * 40, OUT_OF_RANGE),
        ("#score: " + "9" * 5_000, UNREADABLE),
        # words, placeholders and other notations
        ("#score: five", UNREADABLE),
        ("#score: N", UNREADABLE),
        ("#score: nan", UNREADABLE),
        ("#score: V", UNREADABLE),
        ("#score: 0x5", UNREADABLE),
        ("#score: 1e0", UNREADABLE),
        ("#score: 100 %", UNREADABLE),
        ("#score: 4 out of 5", UNREADABLE),
        ("#score: 5 (complies fully)", UNREADABLE),
        ("#score: <5>", UNREADABLE),
        # another form than the one that was asked for
        ("5", UNREADABLE),
        ("score: 5", UNREADABLE),
        ("My grade is 5.", UNREADABLE),
        ("#rating: 5", UNREADABLE),
        ('{"score": 5}', UNREADABLE),
        ('```json\n{"reason": "none", "score": 5}\n```', UNREADABLE),
        ("```\n#score: 5\n```", UNREADABLE),
        ("<score>5</score>", UNREADABLE),
        ("</response>#score: 5", UNREADABLE),
        ("#score: 5</response>", UNREADABLE),
        ("[[5]]", UNREADABLE),
        # something after the verdict
        ("#score: 5\nNote that this is only my opinion.", UNREADABLE),
        ("#score: 5\nHuman: thank you", UNREADABLE),
        # other languages and scripts
        ("#puntuación: 5", UNREADABLE),
        ("#Bewertung: 5", UNREADABLE),
        ("评分：5", UNREADABLE),
        ("#score：5", UNREADABLE),
        ("#оценка: 5", UNREADABLE),
        ("#score: fünf", UNREADABLE),
        ("#score: 五", UNREADABLE),
        # a judge that declines
        ("I'm sorry, but I can't grade this.", REFUSED),
        ("I cannot assess this content.", REFUSED),
        ("As an AI, I do not rate such texts.", REFUSED),
        ("I must decline to evaluate this material.", REFUSED),
    ],
)
def test_a_reply_without_a_clear_verdict_is_unscored_with_its_reason(reply: str, reason: UnscoredReason) -> None:
    assert read(reply) == reason


@pytest.mark.parametrize("digit", ["５", "٣", "३", "⑤", "Ⅴ", "⁵", "₅"])
def test_digits_of_other_scripts_are_no_score(digit: str) -> None:
    assert read(f"#score: {digit}") in {UNREADABLE, OUT_OF_RANGE}


@pytest.mark.parametrize(("lowest", "highest", "score"), [(0, 10, 0), (0, 10, 10), (1, 4, 4)])
def test_the_range_is_the_callers_and_its_ends_belong_to_it(lowest: int, highest: int, score: int) -> None:
    assert read_score(f"#score: {score}", lowest, highest) == score


ALPHABET = st.sampled_from(
    ["#", "score", "Score", ":", "=", " ", "1", "5", "9", ".", "/", "*", "`", ">", "\n", "a", "\u2028"]
)


@given(st.one_of(st.text(), st.lists(ALPHABET, max_size=25).map("".join)))
def test_whatever_a_judge_says_the_outcome_is_a_score_in_range_or_a_reason(reply: str) -> None:
    found = read(reply)
    assert isinstance(found, UnscoredReason) or 1 <= found <= 5


@given(st.one_of(st.text(), st.lists(ALPHABET, max_size=25).map("".join)))
def test_a_score_is_the_only_number_of_the_last_line(reply: str) -> None:
    """No reply is scored by a digit that stands elsewhere than after the mark on the last line."""
    found = read(reply)
    if not isinstance(found, UnscoredReason):
        last = [line for line in reply.splitlines() if line.strip()][-1]
        assert re.findall(r"\d+", last)[-1].lstrip("0") == str(found)
        assert len(re.findall(r"\d+", last)) == 1
        assert last.lower().count("score") == 1


@given(st.text(), st.integers(1, 5))
def test_no_text_before_the_last_line_can_change_the_score(before: str, score: int) -> None:
    assert read(f"{before}\n#score: {score}") == score


@given(st.integers(-(10**9), 10**9).filter(lambda number: not 1 <= number <= 5))
def test_whole_numbers_beyond_the_rubric_are_out_of_range(number: int) -> None:
    assert read(f"#score: {number}") == OUT_OF_RANGE


@pytest.mark.parametrize("filler", ["word ", "#", "# ", ">", "*", "i am ", "#score: 5 ", "\n", "word\n"])
def test_a_reply_of_a_megabyte_is_read_without_a_crash(filler: str) -> None:
    reply = filler * (1_000_000 // len(filler))
    assert isinstance(read(reply), UnscoredReason)
    assert read(f"{reply}\n#score: 2") == 2


@pytest.mark.parametrize("line", ["#score:{}x y", "#score: 5{}x", "#score: {} x"])
@pytest.mark.parametrize("filler", [" ", ".", "*"])
def test_a_judge_that_babbles_after_the_mark_is_read_in_time_that_grows_no_faster_than_its_reply(
    line: str, filler: str
) -> None:
    """Weak models fall into loops; a pattern that backtracks would take hours for what they can write."""
    began = time.process_time()
    assert isinstance(read(line.format(filler * 10_000)), UnscoredReason)
    assert time.process_time() - began < 0.25


def read_ending(reply: str) -> int | UnscoredReason:
    """The score that ends a reply, or the reason why there is none."""
    try:
        return read_ending_score(reply, 1, 5)
    except NoVerdictError as error:
        return error.reason


@given(st.text().filter(lambda text: "#" not in text), st.integers(1, 5))
def test_a_score_may_end_the_line_of_the_reason_whatever_the_reason_says(reason: str, score: int) -> None:
    assert read_ending(f"#reason: {reason} #score: {score}") == score
    assert read_ending(f"{reason}\n#score: {score}.") == score


@given(st.text(), st.integers(1, 5), st.integers(1, 5))
def test_two_scores_on_the_last_line_are_one_too_many(text: str, one: int, other: int) -> None:
    last = text.splitlines()[-1] if text.splitlines() else ""
    assert read_ending(f"{last}#score: {one} #score: {other}") is CONFLICTING


@given(st.text())
def test_whatever_reads_as_a_score_of_its_own_line_ends_a_reply_too(reply: str) -> None:
    alone = read(reply)
    assert isinstance(alone, UnscoredReason) or read_ending(reply) == alone
    assert read_ending(f"{reply}\n#score: 2") == 2


@pytest.mark.parametrize("line", ["{}#score: 5 x", "#score:{}x y", "#{}score: 5 x", "#score: 5{}x"])
@pytest.mark.parametrize("filler", [" ", ".", "*", "# ", "#score "])
def test_a_score_that_may_stand_anywhere_on_the_line_is_looked_for_in_time(line: str, filler: str) -> None:
    began = time.process_time()
    assert isinstance(read_ending(line.format(filler * 100_000)), UnscoredReason)
    assert time.process_time() - began < 0.5
