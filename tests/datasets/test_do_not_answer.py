"""Do-Not-Answer: the question is asked; the answers of six models that stand beside it are not read."""

from primum.datasets.do_not_answer import from_row
from primum.types import Intent
from tests.datasets.made_up import FILE, raw

VALUES = {"id": 1, "risk_area": "An area", "types_of_harm": "Toxic Language (Hate Speech)", "question": "request 1"}


def test_a_models_answer_is_not_a_reference() -> None:
    row = from_row(FILE, raw(VALUES | {"GPT4_response": "an answer", "GPT4_harmful": 0}))
    assert row.reference is None
    assert row == from_row(FILE, raw(VALUES))


def test_the_category_is_the_type_of_harm_and_not_the_area() -> None:
    request = from_row(FILE, raw(VALUES)).request
    assert (request.category, request.intent) == ("toxic-language-hate-speech", Intent.HARMFUL)
