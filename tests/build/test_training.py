"""Training on a few invented rows: what is fitted can be packed, read back and used, and what was left out stays out."""

from dataclasses import replace

import numpy as np
import pytest

from primum.build import grammar, training
from primum.build.label_sets import Labelled
from primum.build.leave_out import Judged, figures, judged_by, new_prompts
from primum.build.measure import auroc_interval, calibration_error
from primum.build.packing import packed
from primum.judges.embedded.judge import OUTCOMES, judge_pairs
from primum.judges.embedded.weights import Weights, read_weights
from primum.types import Intent, Outcome

TOPICS = ["How can I fill in form 1?", "Write a note on form 2.", "Please explain form 3."]
SAID = {
    Outcome.REFUSED: "I'm sorry, but I cannot help with form {n}. It would not be right.",
    Outcome.PARTIAL: "I cannot fill in form {n} for you, but in general it asks for name {n} and a date.",
    Outcome.COMPLIED: "Here is form {n}: write the name of person {n}, the date and the ward, and sign at the end.",
    Outcome.INCOHERENT: "form {n} form {n} form {n} form {n} form {n} form {n}",
}


def row(n: int, outcome: Outcome, source: str) -> Labelled:
    intent = Intent.HARMFUL if n // 4 % 2 else Intent.BENIGN
    return Labelled(
        source=source,
        group=f"{source}{n}",
        request=f"How do I fill in form {n} of kind {source}?",
        response=SAID[outcome].format(n=n),
        outcome=outcome,
        harm=intent is Intent.HARMFUL and outcome is Outcome.COMPLIED,
        intent=intent,
    )


SOURCES = ("xstest-mistral", "pyrit", "harmbench", "smollm2-train", "medquad")
ROWS = [
    row(4 * n + place, outcome, source) for source in SOURCES for place, outcome in enumerate(SAID) for n in range(8)
]
ROWS = [replace(item, request=f"{item.request} {place}") for place, item in enumerate(ROWS)]


@pytest.fixture(scope="module")
def weights() -> Weights:
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        return training.fit(ROWS, TOPICS)


def small(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grammar, "ACT_SENTENCES", dict.fromkeys(grammar.ACT_SENTENCES, 30))
    for name in ("GRAMMAR_ROWS", "BABBLE_ROWS", "OFF_TOPIC_ROWS"):
        patch.setattr(training, name, 20)


def test_what_was_trained_on_clear_rows_tells_them_apart(weights: Weights) -> None:
    chances, _ = judge_pairs([(item.request, item.response) for item in ROWS], weights)
    said = [OUTCOMES[place] for place in chances.argmax(axis=1)]
    right = [one is item.outcome for one, item in zip(said, ROWS, strict=True) if item.outcome is not Outcome.PARTIAL]
    assert np.mean(right) > 0.9


def test_the_same_rows_give_the_same_bytes(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    facts = {"version": "1", "measured": []}
    assert packed(training.fit(ROWS, TOPICS), facts) == packed(weights, facts)


def test_weights_that_were_packed_and_read_say_the_same(weights: Weights) -> None:
    again = read_weights(packed(weights, {"version": "1", "measured": []}))
    pairs = [(item.request, item.response) for item in ROWS]
    for before, after in zip(judge_pairs(pairs, weights), judge_pairs(pairs, again), strict=True):
        assert after == pytest.approx(before, abs=2e-3)
    assert again.decided_from == weights.decided_from
    assert again.version == "1"


def test_a_word_of_one_source_alone_gets_no_number_of_its_own(weights: Weights) -> None:
    assert "form" in weights.reading.known
    assert "harmbench" not in weights.reading.known


def test_few_verdicts_are_withheld(weights: Weights) -> None:
    chances, _ = judge_pairs([(item.request, item.response) for item in ROWS], weights)
    assert (chances.max(axis=1) < weights.decided_from).mean() < 0.2


def test_a_source_four_times_as_large_counts_twice_as_much() -> None:
    rows = [row(0, Outcome.REFUSED, "pyrit")] * 4 + [row(0, Outcome.REFUSED, "medquad")]
    weight = training.weights_of_rows(rows)
    assert weight[:4].sum() == pytest.approx(2 * weight[4])


def test_prompts_that_are_judged_were_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []

    def fit(rows: list[Labelled], _topics: list[str]) -> Weights:
        seen.append({item.group for item in rows})
        return replace(read_weights(packed(fitted, {"version": "1", "measured": []})), decided_from=0.4)

    small(monkeypatch)
    fitted = training.fit(ROWS, TOPICS)
    monkeypatch.setattr("primum.build.leave_out.fit", fit)
    judged = new_prompts(ROWS, [], TOPICS)
    xstest = {item.group for item in ROWS if item.family == "xstest"}
    assert {item.group for item in judged.rows} == xstest
    assert seen[0] & seen[1] & xstest == set()
    assert (seen[0] | seen[1]) >= xstest


def test_a_figure_counts_what_was_said_and_what_was_decided(weights: Weights) -> None:
    judged = judged_by("all", ROWS, weights)
    found = {figure.error.quantity: figure for figure in figures(judged, "invented")}
    refused = found["refused or not"]
    assert refused.error.n == len(ROWS)
    assert refused.events == sum(item.outcome is Outcome.REFUSED for item in ROWS)
    assert refused.auroc_low <= refused.auroc <= refused.auroc_high
    decided = (judged.chances.max(axis=1) >= weights.decided_from).mean()
    assert refused.kept == pytest.approx(decided, abs=1e-3)
    assert found["harmful or not"].error.n == sum(item.intent is Intent.HARMFUL for item in ROWS)


def test_a_question_with_too_few_answers_gives_no_figure(weights: Weights) -> None:
    few = [item for item in ROWS if item.outcome is Outcome.REFUSED]
    judged: Judged = judged_by("few", few, weights)
    assert [figure.error.quantity for figure in figures(judged, "invented")] == []


def test_the_area_under_the_curve_is_that_of_a_textbook() -> None:
    """Four of the six pairs of a yes and a no are in the right order, and one is a tie: 4.5 / 6."""
    true = np.array([True, True, False, False, False])
    chance = np.array([0.8, 0.4, 0.4, 0.6, 0.1])
    area, low, high = auroc_interval(list("abcde"), true, chance)
    assert area == pytest.approx(4.5 / 6)
    assert low <= area <= high


def test_probabilities_that_hold_have_no_calibration_error_and_the_opposite_has_all() -> None:
    true = np.array([True, False, False, False] * 25)
    assert calibration_error(true, np.full(100, 0.25)) == 0
    assert calibration_error(true, np.where(true, 0.0, 1.0)) == 1
