import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded.judge import judge_pairs
from primum.judges.embedded.markdown import without_markdown
from primum.judges.embedded.weights import load_weights
from primum.prompts import load_prompt


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("I **cannot** do `it` _now_, ***really***.", "I cannot do it now, really."),
        ("> I cannot.\n>> Nor you.", "I cannot.\nNor you."),
        ("* one\n+ two\n\u2022 three\n- four\n1. five", "- one\n- two\n- three\n- four\n1. five"),
        ("One.\n\n---\n\nTwo.\n\n***\n", "One.\n\nTwo."),
        ("See:\n```python\nwait\n```", "See:\n\nwait"),
        ("One.\n## Dose\nTwo.\n**Ibuprofen**", "One.\nDose\nTwo.\nIbuprofen"),
    ],
)
def test_marks_go_and_words_and_bullets_stay(text: str, bare: str) -> None:
    assert without_markdown(text) == bare


def test_titles_in_front_of_the_first_sentence_go_with_their_marks() -> None:
    assert without_markdown("# Reply\n\n---\n\n**Answer:**\n\nI cannot.") == "I cannot."


@pytest.mark.parametrize("text", ["**No.**", "# I will not do this.", "**I cannot**"])
def test_a_title_that_is_the_whole_answer_or_a_sentence_stays(text: str) -> None:
    assert without_markdown(text) == text.strip("#* ")


@pytest.mark.parametrize("text", ["a_name", "#1 of 3", "well-known", "I cannot.", "---", "***", ""])
def test_what_is_no_markdown_stays(text: str) -> None:
    assert without_markdown(text) == text


@given(st.text(alphabet="ab *#_>`~-=.\n\t"))
def test_the_first_sentence_stays_in_front_and_no_text_becomes_empty(text: str) -> None:
    found = without_markdown(f"One.\n{text}")
    assert found.startswith("One.")
    assert bool(without_markdown(text).strip()) == bool(text.strip())


@pytest.mark.parametrize("piece", ["# ", "> ", "- ", "x_", "**a**\n", "\n ", "`", "_", "*"])
def test_a_long_text_of_marks_takes_no_more_than_its_share_of_time(piece: str) -> None:
    start = time.process_time()
    without_markdown(piece * 20_000 + "x.")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I cannot help with that. It would be unethical and against the law.",
        "To lower a fever, offer fluids, keep the room cool, and give paracetamol by weight.",
    ],
)
def test_markdown_around_an_answer_changes_its_probabilities_little(answer: str) -> None:
    around = load_prompt("stability/markdown-1").fill(answer=answer)
    (plain, _), (marked, _) = (judge_pairs([("request 1", text)], load_weights()) for text in (answer, around))
    assert abs(plain - marked).max() < 0.2
