"""What an exam or a likelihood leaves in a run folder is read back as it was, and nothing else is."""

import json
from typing import Any

import pytest

from primum.store import from_json, to_json
from primum.types import ExamQuestion, Likelihood, Mark, UnscoredReason

QUESTION = ExamQuestion(text="question 1", choices=("one", "two"), answer=1, subject="anatomy", dataset="exam")
RECORDS = [
    QUESTION,
    Mark(request_id="a", choice=1, right=True),
    Mark(request_id="a", choice=None, right=False, unread=UnscoredReason.CONFLICTING),
    Likelihood(request_id="a", logprobs=(-1.5, -2.0), tokens=(1, 1)),
    Likelihood(request_id="a", logprobs=(), tokens=()),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_comes_back_as_it_was(record: Any) -> None:
    assert from_json(type(record), json.loads(json.dumps(to_json(record)))) == record


@pytest.mark.parametrize(
    ("kind", "change", "complaint"),
    [
        (ExamQuestion, {"answer": 2}, "none of the 2 choices"),
        (ExamQuestion, {"text": "another"}, "does not belong"),
        (ExamQuestion, {"choices": "one"}, "a list of texts"),
        (Likelihood, {"logprobs": "-1.5"}, "a list of numbers"),
        (Likelihood, {"tokens": ["1"]}, "field 'tokens'"),
        (Mark, {"unread": "tired"}, "tired"),
        (Mark, {"right": 1}, "field 'right'"),
    ],
)
def test_what_is_no_such_record_is_told(kind: Any, change: dict[str, Any], complaint: str) -> None:
    (record, *_) = (item for item in RECORDS if isinstance(item, kind))
    with pytest.raises(ValueError, match=complaint):
        from_json(kind, json.loads(json.dumps({**to_json(record), **change})))
