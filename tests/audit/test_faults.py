"""What one text shows by itself, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.audit.faults import (
    FAULTS,
    has_placeholder,
    has_special_token,
    is_damaged,
    is_empty,
    without_special_tokens,
)

ORDINARY = [
    "request 1",
    "request [1] of {2} <3>",
    "a reference [n] or [12]",
    "a { here, a } there",
    "an empty [] or {}",
    "a < b and c > d",
    "a <- b",
    "a | b",
    "<b>bold</b>, <span>not</span>",
    "the sets {a, b} and {1, 2}",
    "a list: [one, two, three]",
    "mark the box: [x] yes, [ ] no",
    "write a todo list for my day",
    "your name, please",
    "insert the needle",
    "38 °C, 5 µg, ≥ 3, naïve, Ångström, “quoted” – dashed…",
    "with a tab\tand a line\nand another\r\n",
    "запрос 1",
    "请求一",
    "hacer todo hoy",
]


@pytest.mark.parametrize("text", ORDINARY, ids=ascii)
@pytest.mark.parametrize("fault", FAULTS)
def test_ordinary_text_has_no_fault(fault: str, text: str) -> None:
    finds, _ = FAULTS[fault]
    assert not finds(text)


TOKENS = [
    "<|eot_id|>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|start_header_id|>", "<s>", "</s>", "<pad>", "<unk>",
    "<bos>", "<eos>", "<mask>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]",
    "<start_of_turn>", "<end_of_turn>", "<|EOT_ID|>",
]  # fmt: skip


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "request 1{}", "{} request 1", "request {} 1"])
def test_a_token_of_a_chat_template_is_found_and_cut_and_the_words_stay(token: str, around: str) -> None:
    text = around.format(token)
    assert has_special_token(text)
    cut = without_special_tokens(text)
    assert not has_special_token(cut)
    assert cut.split() == around.replace("{}", " ").split()


def test_a_token_between_two_words_does_not_join_them() -> None:
    assert without_special_tokens("request 1</s>request 2").split() == ["request", "1", "request", "2"]


@given(st.lists(st.sampled_from([*TOKENS, "<", ">", "|", "[", "]", "/", "s", "word", " "]), max_size=8).map("".join))
def test_what_was_cut_holds_no_token_any_more(text: str) -> None:
    assert not has_special_token(without_special_tokens(text))


@given(st.text("abc [](){}<>|/\n", max_size=30))
def test_a_text_without_tokens_is_left_as_it_is(text: str) -> None:
    if not has_special_token(text):
        assert without_special_tokens(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "[insert name]", "[insert drug here]", "[your name]", "[Name]", "[patient name]", "[Patient's name]", "[date]",
        "[Date of birth]", "[drug]", "[DRUG]", "[medication]", "[condition]", "[topic]", "[company]", "[company name]",
        "[XX]", "[XXXX]", "{drug}", "{{drug}}", "{patient_name}", "{{ drug name }}", "<name>", "<insert drug>",
        "<your name>", "Lorem ipsum dolor", "TODO", "FIXME: request",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "request {} 1", "request:{}."])
def test_a_gap_that_was_never_filled_is_found(text: str, around: str) -> None:
    assert has_placeholder(around.replace("{}", text))


@pytest.mark.parametrize(
    "text",
    [
        "request \ufffd", "request\x00", "\x1b[31mrequest", "request\x7f", "half an emoji \ud83d", "itâ€™s",
        "â€œrequestâ€\x9d", "cafÃ©", "naÃ¯ve", "38 Â°C", "5 Âµg",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_character_that_was_lost_or_misread_is_found(text: str) -> None:
    assert is_damaged(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "?!", "\u2026", "-", "____"], ids=ascii)
def test_a_text_without_a_word_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", ["a", "1", "я", "请", "?a"])
def test_one_letter_or_digit_is_a_word(text: str) -> None:
    assert not is_empty(text)
