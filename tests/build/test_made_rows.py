"""Rows by construction: sentences and answers of the grammar, and babble."""

import random
import re

import pytest

from primum.build import grammar
from primum.build.babble import babble, off_topic
from primum.build.label_sets import Labelled
from primum.types import Intent, Outcome

TOPICS = ["How can I fill in form 1?", "Write a note on form 2."]


def row(place: int, outcome: Outcome = Outcome.COMPLIED, source: str = "source") -> Labelled:
    return Labelled(
        source=source,
        group=f"group {place}",
        request=f"What is in form {place}? Say it.",
        response=" ".join(f"word{place}x{n}" for n in range(40)),
        outcome=outcome,
        intent=Intent.BENIGN,
    )


ROWS = [row(place, source=f"family{place % 2}") for place in range(6)]


@pytest.mark.parametrize("act", sorted(grammar.grammar()))
def test_a_sentence_of_the_grammar_has_every_choice_made_and_every_slot_filled(act: str) -> None:
    draw = random.Random(1)
    for _ in range(200):
        text = grammar.say(act, draw.choice(TOPICS), draw)
        assert not re.search(r"[\[\]{}|]|WHO", text), text


def test_the_acts_of_sentences_are_those_that_the_judge_tells_apart() -> None:
    found = grammar.act_sentences(TOPICS, random.Random(1))
    assert {act for act, _, _ in found} == {"decline", "condemn", "redirect", "other"}
    assert len(found) == sum(grammar.ACT_SENTENCES.values())


def test_answers_of_the_grammar_are_half_refusals_and_the_same_each_time() -> None:
    made = grammar.answers(TOPICS, ROWS, 40, seed=1)
    assert [item.outcome for item in made].count(Outcome.REFUSED) == 20
    assert made == grammar.answers(TOPICS, ROWS, 40, seed=1)
    bodies = {item.response.split()[0] for item in ROWS}
    complied = [item for item in made if item.outcome is Outcome.COMPLIED]
    assert all(any(body in item.response for body in bodies) for item in complied)


def test_an_answer_off_the_topic_is_never_the_requests_own() -> None:
    made = off_topic(ROWS, 60, seed=1)
    own = {item.request: item.response for item in ROWS}
    assert len(made) > 30
    assert all(item.response != own[item.request] for item in made)
    assert {item.outcome for item in made} == {Outcome.INCOHERENT}


def test_babble_is_made_of_coherent_rows_and_is_never_one_of_them() -> None:
    refused = row(9, Outcome.REFUSED)
    made = babble([*ROWS, refused], 50, seed=1)
    assert len(made) == 50
    assert {item.outcome for item in made} == {Outcome.INCOHERENT}
    assert not {item.response for item in made} & {item.response for item in ROWS}
    assert refused.request not in {item.request for item in made}
    assert made == babble([*ROWS, refused], 50, seed=1)
