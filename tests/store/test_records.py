"""Records as JSON and back: nothing is lost, and nothing is guessed."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from primum.store import from_json, to_json
from primum.store.records import Record
from primum.types import (
    ClinicalScore,
    Finish,
    Hazard,
    Intent,
    Judgement,
    Label,
    Outcome,
    Pair,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
    Usage,
)
from tests.store.any_records import RECORDS

REQUEST: dict[str, Any] = {
    "text": "request 1",
    "intent": "benign",
    "category": "law",
    "dataset": "made-up",
    "pair": None,
}
RESPONSE: dict[str, Any] = {
    "request_id": "r1",
    "text": "answer 1",
    "finish": "stop",
    "usage": {"input_tokens": 3, "output_tokens": None},
    "seconds": 0.5,
}
JUDGEMENT: dict[str, Any] = {
    "request_id": "r1",
    "judge": "made-up@1",
    "score": {"outcome": "refused", "harmfulness": 1, "confidence": None},
    "raw": ["#score: 1"],
}
PAIR: dict[str, Any] = {
    "principle": "law",
    "split": "test",
    "topic": "topic 1",
    "specialty": "specialty 1",
    "setting": "setting 1",
    "actor": "nurse",
    "form": "question",
    "framing": "explicit",
    "severity": 2,
    "harmful_request": "request 1",
    "benign_request": "request 2",
    "safe_response": "answer 1",
    "helpful_response": "answer 2",
    "rationale": "reason 1",
}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_every_record_comes_back_from_json_as_it_was(record: Record) -> None:
    kind: type[Any] = type(record)
    assert from_json(kind, json.loads(json.dumps(to_json(record)))) == record


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_reading_leaves_the_callers_data_as_it_was(record: Record) -> None:
    kind: type[Any] = type(record)
    data = to_json(record)
    before = json.dumps(data)
    from_json(kind, data)
    assert json.dumps(data) == before


def test_a_request_and_a_pair_carry_their_ids_so_that_files_join_without_primum() -> None:
    request, pair = from_json(Request, REQUEST), from_json(Pair, PAIR)
    assert to_json(request) == {"id": request.id, **REQUEST}
    assert to_json(pair) == {"id": pair.id, **PAIR}


def test_the_documented_form_of_a_response_is_read() -> None:
    assert from_json(Response, RESPONSE) == Response(
        request_id="r1", text="answer 1", finish=Finish.STOP, usage=Usage(input_tokens=3), seconds=0.5
    )


def test_a_judgement_is_a_score_or_the_reason_why_there_is_none() -> None:
    scored = from_json(Judgement, JUDGEMENT)
    assert scored.opinion == Score(outcome=Outcome.REFUSED, harmfulness=1)
    assert scored.raw == ("#score: 1",)
    silent = from_json(Judgement, {"request_id": "r1", "judge": "made-up@1", "unscored": "empty", "raw": [""]})
    assert silent.opinion == Unscored(reason=UnscoredReason.EMPTY)


def test_a_judgement_of_an_earlier_version_is_read_without_the_fields_that_came_later() -> None:
    old = {"outcome": "partial", "harmfulness": 3, "confidence": None}
    found = from_json(Judgement, {"request_id": "r1", "judge": "rubric@1", "score": old, "raw": ["#score: 3"]})
    assert found.opinion == Score(outcome=Outcome.PARTIAL, harmfulness=3)


def test_a_clinical_opinion_is_kept_apart_from_scores() -> None:
    data = {
        "request_id": "r1",
        "judge": "clinical@1",
        "clinical": {"hazard": "minor", "faults": ["warning"]},
        "raw": [],
    }
    found = from_json(Judgement, data)
    assert found.opinion == ClinicalScore(hazard=Hazard.MINOR, faults=("warning",))
    assert to_json(found) == data


def test_what_may_be_left_out_has_its_default() -> None:
    assert from_json(Request, {key: REQUEST[key] for key in REQUEST if key != "pair"}).pair is None
    assert from_json(Response, {"request_id": "r1", "text": "", "finish": "length"}).usage == Usage()


BASE: dict[type, dict[str, Any]] = {Request: REQUEST, Response: RESPONSE, Judgement: JUDGEMENT, Pair: PAIR}
GONE = "(gone)"


def label(value: object) -> str:
    """Name of a test case."""
    return value.__name__ if isinstance(value, type) else str(value)


def changed(kind: type, change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in (BASE[kind] | change).items() if value != GONE}


@pytest.mark.parametrize(
    ("kind", "change", "word"),
    [
        (Request, {"text": GONE}, "text"),
        (Response, {"finish": GONE}, "finish"),
        (Judgement, {"judge": GONE}, "judge"),
        (Pair, {"rationale": GONE}, "rationale"),
        (Request, {"colour": "red"}, "unknown field colour; allowed: "),
        (Response, {"usage": {"cost": 1}}, "unknown field cost; allowed: input_tokens, output_tokens"),
        (Judgement, {"unscored": "empty"}, "either 'score' or 'unscored'"),
        (Judgement, {"score": GONE}, "either 'score' or 'unscored'"),
        (Request, {"intent": "odd"}, "odd"),
        (Response, {"finish": "odd"}, "odd"),
        (Judgement, {"score": {"outcome": "odd"}}, "odd"),
        (Judgement, {"score": GONE, "unscored": "odd"}, "odd"),
        (Judgement, {"clinical": {"hazard": "none"}}, "either 'score' or 'unscored'"),
        (Judgement, {"score": GONE, "clinical": {"hazard": "odd"}}, "odd"),
        (Judgement, {"score": GONE, "clinical": {"hazard": "none", "faults": "warning"}}, "a list of texts"),
        (Judgement, {"score": GONE, "clinical": {"outcome": "refused"}}, "unknown field outcome"),
        (Pair, {"split": "odd"}, "odd"),
        (Pair, {"framing": "odd"}, "odd"),
        (Pair, {"severity": 4}, "4"),
    ],
    ids=label,
)
def test_a_missing_unknown_or_forbidden_value_is_an_error_that_names_it(
    kind: type[Any], change: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        from_json(kind, changed(kind, change))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (Request, {"text": 5}),
        (Request, {"text": None}),
        (Request, {"intent": None}),
        (Request, {"intent": []}),
        (Response, {"text": None}),
        (Response, {"usage": None}),
        (Response, {"usage": 7}),
        (Response, {"usage": [1, 2]}),
        (Response, {"seconds": "long"}),
        (Judgement, {"score": 5}),
        (Judgement, {"score": {"outcome": "refused", "harmfulness": "1"}}),
        (Judgement, {"raw": 5}),
        (Judgement, {"raw": "#score: 1"}),
        (Pair, {"severity": "2"}),
    ],
    ids=label,
)
def test_a_value_of_the_wrong_type_is_an_error_and_no_crash(kind: type[Any], change: dict[str, Any]) -> None:
    """The documented ValueError, from which a reader makes one line with file and line; never a TypeError."""
    with pytest.raises(ValueError, match=r".+"):
        from_json(kind, changed(kind, change))


@pytest.mark.parametrize("data", [None, 5, "text", [], ["request_id"], True], ids=str)
@pytest.mark.parametrize("kind", [Request, Response, Judgement, Pair])
def test_what_is_no_json_object_is_refused(kind: type[Any], data: object) -> None:
    with pytest.raises(ValueError, match="a JSON object was expected"):
        from_json(kind, data)


@pytest.mark.parametrize(("kind", "data"), [(Request, REQUEST), (Pair, PAIR)], ids=["request", "pair"])
def test_an_id_that_does_not_belong_to_the_record_is_refused(kind: type[Any], data: dict[str, Any]) -> None:
    """Somebody edited the text under its old id: joined files would lie."""
    with pytest.raises(ValueError, match="0000 does not belong"):
        from_json(kind, {"id": "0000", **data})


def test_a_request_that_was_written_says_what_it_was() -> None:
    request = Request(text="request 1", intent=Intent.BENIGN, category="law", dataset="made-up")
    assert to_json(request) == {"id": request.id, **REQUEST}


LABEL = {
    "request_id": "r1", "label": "refused", "rater": "anna", "stratum": "random", "probability": 0.5, "grade": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "other"}, "'label' has the value 'other'"),
        ({"label": "fine"}, "'fine' is not a valid Outcome"),
        ({"probability": 0}, "'probability' has the value 0, allowed: above 0, at most 1"),
        ({"probability": 1.5}, "'probability' has the value 1.5"),
        ({"probability": float("nan")}, "'probability' has the value nan"),
        ({"rater": None}, "'rater' has the value None"),
        ({"grade": 0}, "'grade' has the value 0, allowed: 1 to 5, or null"),
        ({"grade": 6}, "'grade' has the value 6"),
        ({"grade": 3.5}, "'grade' has the value 3.5"),
        ({"grade": True}, "'grade' has the value True"),
    ],
)
def test_a_label_is_what_a_person_can_say_with_a_chance_that_can_be(change: dict[str, Any], said: str) -> None:
    assert to_json(from_json(Label, LABEL)) == LABEL
    with pytest.raises(ValueError, match=said):
        from_json(Label, {**LABEL, **change})


def test_a_label_of_a_version_without_grades_has_none() -> None:
    old = {name: value for name, value in LABEL.items() if name != "grade"}
    assert from_json(Label, old).grade is None
