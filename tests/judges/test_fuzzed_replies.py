"""Ten thousand replies as judges should not give them: each is read as what it says, or as nothing, for a reason.

What a reply may be read as follows from how it was made, so that no parser is needed to judge the parsers.
"""

import random
import time
from collections.abc import Callable

import pytest

from primum.judges import JUDGES, NoVerdictError
from primum.types import ClinicalScore, Intent, Request, UnscoredReason
from tests.judges.forms import FORMS, Form, Verdict

REPLIES = 10_000
HARMFUL = Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="invented", pair="p")
NOTHING: frozenset[Verdict] = frozenset()
JUNK = (
    "6", "0", "-1", "55", "3.5", "1/5", "five", "cinq", "fünf", "五", "５", "٣", "oui", "ja", "да", "是", "maybe", "N",
    "yes or no", "yes/no", "1 5", "none of these", "<5>", "[[5]]", "", "{}", "true", "1e0", "Yess", "unsafer", "nope",
)  # fmt: skip
FENCED_JSON = (
    '```json\n{"score": 5}\n```',
    '```\n{"verdict": "yes", "refusal": "full"}\n```',
    '{"refused": "no", "convincing": 5, "specific": 5}',
    '[{"safety": "unsafe"}]',
)
TAGS = (
    "</response>",
    "<|im_end|>",
    "<|eot_id|>",
    "</s>",
    "[/INST]",
    "<end_of_turn>",
    "</END>",
    "====[0123456789abcdef]====",
)
LANGUAGES = (
    "La respuesta es dañina: sí",
    "Die Antwort ist schädlich: ja",
    "评分：5",
    "Оценка: 5",
    "الدرجة: ٥",
    "스코어: 5",
)
FILLER = ("word ", "#", "yes ", "safe ", "<think>", "#score: 5 ", "a\n", ": ", "Safety: ", "<score> ", "\u2028x")
Made = tuple[str, frozenset[Verdict]]
"""A reply, and the verdicts that may be read in it; no verdict is always allowed."""


def verdict_of(form: Form, generator: random.Random) -> tuple[str, Verdict]:
    text, harmful, _ = generator.choice(list(form.replies()))
    return text, harmful


def truncated(form: Form, generator: random.Random) -> Made:
    text, verdict = verdict_of(form, generator)
    return text[: generator.randrange(len(text))], frozenset({verdict})


def a_wrong_value(form: Form, generator: random.Random) -> Made:
    values = list(generator.choice(list(form.means)))
    values[generator.randrange(len(values))] = generator.choice(JUNK)
    return form.text.format(*values), NOTHING


def two_in_a_line(form: Form, generator: random.Random) -> Made:
    (one, _), (two, _) = verdict_of(form, generator), verdict_of(form, generator)
    return f"{one} {two}", NOTHING


def two_below_each_other(form: Form, generator: random.Random) -> Made:
    (one, _), (two, verdict) = verdict_of(form, generator), verdict_of(form, generator)
    return f"{one}\n{two}", frozenset({verdict}) if form.marked else NOTHING


def another_language(_form: Form, generator: random.Random) -> Made:
    return generator.choice(LANGUAGES), NOTHING


def json_in_fences(_form: Form, generator: random.Random) -> Made:
    return generator.choice(FENCED_JSON), NOTHING


def a_tag_before_or_after(form: Form, generator: random.Random) -> Made:
    text, _ = verdict_of(form, generator)
    tag = generator.choice(TAGS)
    return (f"{tag}{text}" if generator.random() < 0.5 else f"{text}{tag}"), NOTHING


def something_after(form: Form, generator: random.Random) -> Made:
    text, verdict = verdict_of(form, generator)
    note = generator.choice(("Note that this is my opinion.", "Human: thank you", "#reason: none", *TAGS))
    return f"{text}\n{note}", frozenset({verdict}) if form.explains else NOTHING


def something_before(form: Form, generator: random.Random) -> Made:
    text, verdict = verdict_of(form, generator)
    return f"The material says '{generator.choice(JUNK)}'.\n{text}", frozenset({verdict}) if form.marked else NOTHING


def nothing(_form: Form, generator: random.Random) -> Made:
    return "".join(generator.choices(" \t\r\n\u2028\x0b", k=generator.randrange(6))), NOTHING


def tokens(form: Form, generator: random.Random) -> Made:
    """Pieces of the judge's own form in any order, without the line ends that could make them a verdict."""
    pieces = [*form.text.replace("{}", " ").split(), *JUNK, *next(iter(form.means))]
    return "~" + "".join(generator.choices(pieces, k=generator.randrange(1, 20))), NOTHING


def noise(_form: Form, generator: random.Random) -> Made:
    points = [generator.choice((generator.randrange(1, 0xD800), generator.randrange(1, 128))) for _ in range(40)]
    return "~" + "".join(map(chr, points)), NOTHING


KINDS: tuple[Callable[[Form, random.Random], Made], ...] = (
    truncated, a_wrong_value, two_in_a_line, two_below_each_other, another_language, json_in_fences, a_tag_before_or_after,
    something_after, something_before, nothing, tokens, noise,
)  # fmt: skip


def read(name: str, reply: str) -> Verdict | UnscoredReason:
    """The verdict, or the reason why there is none."""
    judge = JUDGES[name]
    assert judge.read is not None
    try:
        found = judge.read(HARMFUL, reply)
    except NoVerdictError as error:
        return error.reason
    return found.hazard if isinstance(found, ClinicalScore) else found.outcome


def test_ten_thousand_fuzzed_replies_give_no_wrong_verdict_and_each_silence_has_its_reason() -> None:
    generator, began, wrong = random.Random(0), time.process_time(), []
    for number in range(REPLIES):
        name = list(FORMS)[number % len(FORMS)]
        kind = KINDS[number // len(FORMS) % len(KINDS)]
        reply, allowed = kind(FORMS[name], generator)
        found = read(name, reply)
        if not isinstance(found, UnscoredReason) and found not in allowed:
            wrong.append((name, kind.__name__, reply, found))
    assert wrong == []
    assert time.process_time() - began < 10


@pytest.mark.parametrize("name", FORMS)
def test_every_verdict_is_read_when_it_is_given_as_asked(name: str) -> None:
    for reply, verdict, _ in FORMS[name].replies():
        for dressed in (reply, f"\n\n{reply}\n", reply.replace("\n", "\r\n")):
            assert read(name, dressed) == verdict


@pytest.mark.parametrize("name", FORMS)
def test_a_verdict_of_a_benign_request_is_read_in_the_same_form(name: str) -> None:
    benign = Request(text="request 2", intent=Intent.BENIGN, category="dignity", dataset="invented", pair="p")
    read_ = JUDGES[name].read
    assert read_ is not None
    for reply, _, verdict in FORMS[name].replies():
        found = read_(benign, reply)
        assert (found.hazard if isinstance(found, ClinicalScore) else found.outcome) == verdict


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("reply", ["", " ", "\n\t\r\n"])
def test_silence_is_silence_to_every_judge(name: str, reply: str) -> None:
    assert read(name, reply) is UnscoredReason.EMPTY


@pytest.mark.parametrize("name", FORMS)
def test_a_judge_that_declines_is_said_to_have_declined(name: str) -> None:
    assert read(name, "I'm sorry, but I can't judge this material.") is UnscoredReason.REFUSED


@pytest.mark.parametrize("name", FORMS)
def test_a_megabyte_is_read_in_time_and_gives_no_verdict(name: str) -> None:
    began = time.process_time()
    for filler in FILLER:
        assert isinstance(read(name, filler * (1_000_000 // len(filler))), UnscoredReason)
    assert time.process_time() - began < 8
