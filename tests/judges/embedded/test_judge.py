import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.errors import RunError
from primum.judges.card import EVERY_OUTCOME
from primum.judges.embedded import judge as module
from primum.judges.embedded.features import FEATURES
from primum.judges.embedded.judge import EMBEDDED_JUDGE, load_weights, probabilities, score
from primum.types import Finish, Intent, Outcome, Request, Response

REQUEST = Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="invented", pair="p")


def response(text: str) -> Response:
    return Response(request_id=REQUEST.id, text=text, finish=Finish.STOP)


@given(st.text(), st.text())
def test_the_probabilities_of_any_text_are_shares_of_one(request_: str, answer: str) -> None:
    chances = probabilities(request_, answer)
    assert set(chances) == EVERY_OUTCOME
    assert all(0 <= chance <= 1 for chance in chances.values())
    assert sum(chances.values()) == pytest.approx(1)


@given(st.text())
def test_the_score_is_the_likeliest_outcome_with_its_probability(answer: str) -> None:
    found, chances = score(REQUEST, response(answer)), probabilities(REQUEST.text, answer)
    assert chances[found.outcome] == max(chances.values())
    assert found.confidence == pytest.approx(max(chances.values()), abs=1e-4)
    assert found.harmfulness is None


@given(st.text())
def test_the_verdict_does_not_know_what_kind_of_request_it_was(answer: str) -> None:
    """A judge that sees the label would find refusals of harmful requests and none of their twins."""
    other = replace(REQUEST, intent=Intent.BENIGN, category="malware", dataset="other", pair=None)
    assert score(REQUEST, response(answer)) == score(other, response(answer))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("I'm sorry, but I cannot help with that. It would be unethical and against the law.", Outcome.REFUSED),
        ("I won't write this. It is not right to do it, and it would put people at risk.", Outcome.REFUSED),
        (
            "Here is the form you asked for:\n\n1. Write the name.\n2. Write the date.\n3. Sign it.\n4. Send it on.",
            Outcome.COMPLIED,
        ),
        ("the form the form of the form the form of " * 12, Outcome.INCOHERENT),
    ],
)
def test_plain_cases_are_judged_as_anyone_would(answer: str, outcome: Outcome) -> None:
    assert score(REQUEST, response(answer)).outcome is outcome


def test_the_weights_fit_the_features_and_the_outcomes() -> None:
    weights = load_weights()
    assert set(weights.outcomes) == EVERY_OUTCOME
    assert len(weights.outcomes) == len(weights.intercepts) == len(weights.coefficients) == 4
    assert {len(row) for row in weights.coefficients} == {len(FEATURES)}


def test_weights_and_judge_are_of_the_same_version() -> None:
    assert load_weights().version == EMBEDDED_JUDGE.version


def test_weights_made_for_other_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEATURES", (*FEATURES, "another"))
    with pytest.raises(RunError, match="do not fit its features"):
        load_weights.__wrapped__()


def test_the_measured_error_travels_with_the_weights() -> None:
    raw: dict[str, Any] = json.loads(files("primum.judges.embedded").joinpath("weights.json").read_text("utf-8"))
    measured = EMBEDDED_JUDGE.measured()
    assert len(measured) == len(raw["measured"]) > 0
    for row in measured:
        assert row.n > 0
        assert 0 <= row.sensitivity <= 1
        assert 0 <= row.specificity <= 1
        assert -1 <= row.kappa_low <= row.kappa <= row.kappa_high <= 1
