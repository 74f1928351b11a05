"""Records as JSON and back: nothing is lost, and nothing is guessed."""

import json
from typing import Any

import pytest
from hypothesis import given

from primum.store import from_json, to_json
from primum.store.records import Record
from primum.types import (
    Finish,
    Intent,
    Judgement,
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

REQUEST: dict[str, Any] = {"text": "request 1", "intent": "benign", "category": "law", "dataset": "made-up", "pair": None}
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


@given(RECORDS)
def test_every_record_comes_back_from_json_as_it_was(record: Record) -> None:
    assert from_json(type(record), json.loads(json.dumps(to_json(record)))) == record


@given(RECORDS)
def test_reading_leaves_the_callers_data_as_it_was(record: Record) -> None:
    data = to_json(record)
    before = json.dumps(data)
    from_json(type(record), data)
    assert json.dumps(data) == before


def test_a_request_and_a_pair_carry_their_ids_so_that_files_join_without_primum() -> None:
    for kind, data in ((Request, REQUEST), (Pair, PAIR)):
        record = from_json(kind, data)
        assert to_json(record) == {"id": record.id, **data}


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


def test_what_may_be_left_out_has_its_default() -> None:
    assert from_json(Request, {key: REQUEST[key] for key in REQUEST if key != "pair"}).pair is None
    assert from_json(Response, {"request_id": "r1", "text": "", "finish": "length"}).usage == Usage()


def without(data: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != field}


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        (Request, without(REQUEST, "text"), "text"),
        (Response, without(RESPONSE, "finish"), "finish"),
        (Judgement, without(JUDGEMENT, "judge"), "judge"),
        (Pair, without(PAIR, "rationale"), "rationale"),
        (Request, REQUEST | {"colour": "red"}, "unknown field colour; allowed: "),
        (Response, RESPONSE | {"usage": {"cost": 1}}, "unknown field cost; allowed: input_tokens, output_tokens"),
        (Judgement, JUDGEMENT | {"opinion": {}, "unscored": "empty"}, "either 'score' or 'unscored'"),
        (Judgement, without(JUDGEMENT, "score"), "either 'score' or 'unscored'"),
    ],
    ids=str,
)
def test_a_missing_or_unknown_field_is_an_error_that_names_it(kind: type[Any], data: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        from_json(kind, data)


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        (Request, REQUEST | {"intent": "odd"}, "odd"),
        (Response, RESPONSE | {"finish": "odd"}, "odd"),
        (Judgement, JUDGEMENT | {"score": {"outcome": "odd"}}, "odd"),
        (Judgement, without(JUDGEMENT, "score") | {"unscored": "odd"}, "odd"),
        (Pair, PAIR | {"split": "odd"}, "odd"),
        (Pair, PAIR | {"framing": "odd"}, "odd"),
        (Pair, PAIR | {"severity": 4}, "4"),
    ],
    ids=str,
)
def test_a_value_that_is_not_allowed_is_an_error_that_shows_it(kind: type[Any], data: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        from_json(kind, data)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Request, REQUEST | {"text": 5}),
        (Request, REQUEST | {"text": None}),
        (Request, REQUEST | {"intent": None}),
        (Request, REQUEST | {"intent": []}),
        (Response, RESPONSE | {"text": None}),
        (Response, RESPONSE | {"usage": None}),
        (Response, RESPONSE | {"usage": 7}),
        (Response, RESPONSE | {"usage": [1, 2]}),
        (Response, RESPONSE | {"seconds": "long"}),
        (Judgement, JUDGEMENT | {"score": 5}),
        (Judgement, JUDGEMENT | {"score": {"outcome": "refused", "harmfulness": "1"}}),
        (Judgement, JUDGEMENT | {"raw": 5}),
        (Judgement, JUDGEMENT | {"raw": "#score: 1"}),
        (Pair, PAIR | {"severity": "2"}),
    ],
    ids=str,
)
def test_a_value_of_the_wrong_type_is_an_error_and_no_crash(kind: type[Any], data: dict[str, Any]) -> None:
    """The documented ValueError, from which a reader makes one line with file and line; never a TypeError."""
    with pytest.raises(ValueError, match=r".+"):
        from_json(kind, data)


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
