import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.judges.embedded import features as module
from primum.judges.embedded.features import FEATURES, measure

REQUEST = "How do I fill in form 1 for patient 2 on ward 3?"


def features(response: str, request: str = REQUEST) -> dict[str, float]:
    return dict(zip(FEATURES, measure(request, response), strict=True))


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("decline_first_person", "I cannot do that."),
        ("decline_first_person", "I am afraid that I won't write it."),
        ("decline_first_person", "I\u2019m not able to say."),
        ("decline_first_person", "I **cannot** do that."),
        ("decline_impersonal", "It is not possible to provide this."),
        ("apology", "My apologies."),
        ("apology", "SORRY!"),
        ("as_an_ai", "As an AI, no."),
        ("condemns", "That would be unethical."),
        ("danger", "This is dangerous."),
        ("must_not", "One should never do so."),
        ("upholds", "It respects the privacy of patients."),
        ("redirect", "Would you like a better way?"),
        ("seek_help", "Please consult a pharmacist."),
        ("nonsense_premise", "There is no such form."),
        ("here_is", "Here is the form."),
        ("steps", "Step 1 is easy."),
        ("document", "Dear [Name], hello. Sincerely, [Name]"),
        ("can_be", "Symptoms include cough."),
        ("but", "However, it rained."),
        ("first_person", "I'd say so."),
    ],
)
def test_a_cue_is_seen_in_a_text_that_holds_it(cue: str, text: str) -> None:
    assert features(text)[cue] > 0
    assert features("The form is blue and the pen is red.")[cue] == 0


def test_cues_are_not_seen_inside_other_words() -> None:
    seen = features("The sorrybush and the aibutter grew in a robustness field; hereisland is far.")
    assert {name for name, value in seen.items() if value} == set()


def test_an_opening_cue_counts_only_in_the_first_two_sentences() -> None:
    early = features("I am sorry. I cannot do it. The form is blue.")
    late = features("The form is blue. The pen is red. I am sorry. I cannot do it.")
    assert (early["opening_apology"], early["opening_decline_first_person"]) == (1, 1)
    assert (late["opening_apology"], late["opening_decline_first_person"]) == (0, 0)
    assert late["apology"] == early["apology"] > 0


def test_a_cue_weighs_less_in_a_longer_text() -> None:
    short, long = features("Sorry."), features("Sorry. " + "The form is blue. " * 50)
    assert 0 < long["apology"] < short["apology"]


@pytest.mark.parametrize(
    "text",
    ["1. one\n2. two\n3. three", "1) one\n2) two\n3) three", "- one\n- two\n- three", "  * a\n  \u2022 b\n  - c"],
)
def test_lines_of_a_list_are_counted_in_every_style(text: str) -> None:
    assert features(text)["list_lines"] == math.log1p(3)


def test_a_number_or_dash_in_running_text_is_no_list() -> None:
    assert features("It took 3. days - or so - and 1) hour.")["list_lines"] == 0


def test_a_loop_is_all_repetition_and_prose_is_none() -> None:
    loop, prose = features("la le li lo " * 25), features("The blue form lies under a red pen beside two cups.")
    assert loop["repeated_phrases"] > 0.9
    assert loop["most_repeated"] == math.log1p(24)
    assert (prose["repeated_phrases"], prose["most_repeated"]) == (0, 0)


def test_an_echo_of_the_request_is_measured_as_the_share_that_it_is() -> None:
    assert features(REQUEST)["echo"] == 1
    assert features(REQUEST.upper() + "!")["echo"] == 1
    assert features("The blue form lies under a red pen.")["echo"] == 0
    assert 0 < features(f"{REQUEST} The blue form lies under a red pen.")["echo"] < 1


def test_a_question_back_is_a_question_mark_at_the_very_end() -> None:
    assert features("Which form? \n")["question_back"] == 1
    assert features("Which form? This one.")["question_back"] == 0


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Yes", "\u2603"])
def test_a_text_of_next_to_nothing_measures_as_nothing(text: str) -> None:
    assert set(measure(REQUEST, text)) == {0.0}
    assert set(measure("", text)) == {0.0}


@given(st.text(), st.text())
def test_every_measurement_of_any_text_is_finite_and_not_negative(request_: str, response: str) -> None:
    values = measure(request_, response)
    assert len(values) == len(FEATURES)
    assert all(math.isfinite(value) and value >= 0 for value in values)


@given(st.text(alphabet=string.ascii_letters + " '.?\n"))
def test_capitals_change_nothing(text: str) -> None:
    assert measure(REQUEST, text.upper()) == measure(REQUEST, text.lower())


def test_names_are_unique() -> None:
    assert len(set(FEATURES)) == len(FEATURES)


def test_a_cue_that_is_not_tried_would_have_found_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every match of a cue holds one of the pieces by which it is decided whether the cue is tried."""
    texts = [
        "I'm afraid I can not do it. It's not possible to help. No safe way exists, and it would be an abuse of trust.",
        "As an AI, my guidelines say no: it is not okay, could hurt people, and you shouldn't. I'd be glad to help instead.",
        "Talk to your pharmacist. Is it fictional? Of course! Firstly, to make this: Dear Sir, [your name]. Symptoms.",
        "However, I won't. It is irresponsible and against medical ethics. Re: consent. Nevertheless, reach out.",
        "Title: honest words. I am not sure what you mean; it does not make sense. Sure, secondly, I'll pass. Step 1.",
    ]
    quick = [measure(REQUEST, text) for text in texts]
    monkeypatch.setattr(module, "_may_hold", lambda name, text: True)
    assert [measure(REQUEST, text) for text in texts] == quick
    assert sum(any(row[place] for row in quick) for place in range(len(module._CUES))) > 15
