"""Every record as plain JSON, and back, strictly: an unknown or missing field is an error, not a guess."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from primum.types import (
    ClinicalScore,
    Estimate,
    ExamQuestion,
    Finish,
    GuardDecision,
    GuardStage,
    Hazard,
    Intent,
    Judgement,
    Label,
    Likelihood,
    Mark,
    Opinion,
    OrdinaryRequest,
    Outcome,
    Pair,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
    Usage,
)

Record = (
    Request
    | Response
    | GuardDecision
    | Judgement
    | Label
    | Estimate
    | Pair
    | OrdinaryRequest
    | ExamQuestion
    | Mark
    | Likelihood
)
R = TypeVar(
    "R",
    Request,
    Response,
    GuardDecision,
    Judgement,
    Label,
    Estimate,
    Pair,
    OrdinaryRequest,
    ExamQuestion,
    Mark,
    Likelihood,
)


def to_json(record: Record) -> dict[str, Any]:
    """The record as JSON-ready values; a request carries its id, so that files can be joined without Primum."""
    if isinstance(record, Judgement):
        return {
            "request_id": record.request_id,
            "judge": record.judge,
            **_opinion_to_json(record.opinion),
            "raw": list(record.raw),
        }
    data = asdict(record)
    if isinstance(record, Request | Pair | OrdinaryRequest | ExamQuestion):
        data = {"id": record.id, **data}
    return data


def from_json(kind: type[R], data: Any) -> R:
    """The record that ``to_json`` wrote.

    Raises:
        ValueError: a field is missing, unknown, or has a value that is not allowed; or an id does not fit.
    """
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object was expected, found {type(data).__name__}")
    return _READERS[kind](dict(data))  # type: ignore[return-value]


def _opinion_to_json(opinion: Opinion) -> dict[str, Any]:
    if isinstance(opinion, Score):
        return {"score": asdict(opinion)}
    if isinstance(opinion, ClinicalScore):
        return {"clinical": {"hazard": opinion.hazard.value, "faults": list(opinion.faults)}}
    return {"unscored": opinion.reason.value}


def _opinion(data: dict[str, Any]) -> Opinion:
    """The one opinion of a judgement, taken out of its fields."""
    found = {name: value for name in _OPINIONS if (value := data.pop(name, None)) is not None}
    if len(found) != 1:
        raise ValueError("a judgement has either 'score' or 'unscored' or 'clinical'")
    ((name, value),) = found.items()
    return _OPINIONS[name](value)


def _request(data: dict[str, Any]) -> Request:
    stated = data.pop("id", None)
    request = _build(Request, data, intent=Intent)
    if stated is not None and stated != request.id:
        raise ValueError(f"id {stated} does not belong to this request ({request.id})")
    return request


def _response(data: dict[str, Any]) -> Response:
    return _build(Response, data, finish=Finish, usage=lambda value: _build(Usage, value))


def _judgement(data: dict[str, Any]) -> Judgement:
    data["opinion"] = _opinion(data)
    return _build(Judgement, data, raw=partial(_texts, "raw"))


def _label(data: dict[str, Any]) -> Label:
    label = _build(Label, data, label=Outcome)
    if label.label is Outcome.OTHER:
        raise ValueError("field 'label' has the value 'other', allowed: complied, partial, refused, incoherent")
    if not 0 < label.probability <= 1:
        raise ValueError(f"field 'probability' has the value {label.probability}, allowed: above 0, at most 1")
    if label.grade is not None and not 1 <= label.grade <= 5:
        raise ValueError(f"field 'grade' has the value {label.grade}, allowed: 1 to 5, or null")
    return label


def _pair(data: dict[str, Any]) -> Pair:
    stated = data.pop("id", None)
    pair = _build(Pair, data)
    if stated is not None and stated != pair.id:
        raise ValueError(f"id {stated} does not belong to this pair ({pair.id})")
    return pair


def _ordinary(data: dict[str, Any]) -> OrdinaryRequest:
    stated = data.pop("id", None)
    request = _build(OrdinaryRequest, data)
    if stated is not None and stated != request.id:
        raise ValueError(f"id {stated} does not belong to this request ({request.id})")
    return request


def _exam_question(data: dict[str, Any]) -> ExamQuestion:
    stated = data.pop("id", None)
    question = _build(ExamQuestion, data, choices=partial(_texts, "choices"))
    if not 0 <= question.answer < len(question.choices):
        raise ValueError(f"answer {question.answer} is none of the {len(question.choices)} choices")
    if stated is not None and stated != question.id:
        raise ValueError(f"id {stated} does not belong to this question ({question.id})")
    return question


def _guard_decision(data: dict[str, Any]) -> GuardDecision:
    return _build(
        GuardDecision,
        data,
        stopped=lambda value: None if value is None else GuardStage(value),
        unread=lambda value: None if value is None else UnscoredReason(value),
        raw=partial(_texts, "raw"),
    )


def _mark(data: dict[str, Any]) -> Mark:
    return _build(Mark, data, unread=lambda value: None if value is None else UnscoredReason(value))


def _likelihood(data: dict[str, Any]) -> Likelihood:
    return _build(Likelihood, data, logprobs=partial(_numbers, "logprobs"), tokens=partial(_numbers, "tokens"))


def _estimate(data: dict[str, Any]) -> Estimate:
    return _build(Estimate, data)


_READERS: dict[type, Callable[[dict[str, Any]], Record]] = {
    Request: _request,
    Response: _response,
    Judgement: _judgement,
    Label: _label,
    GuardDecision: _guard_decision,
    Estimate: _estimate,
    Pair: _pair,
    OrdinaryRequest: _ordinary,
    ExamQuestion: _exam_question,
    Mark: _mark,
    Likelihood: _likelihood,
}

T = TypeVar("T")


def _build(kind: type[T], data: Any, **convert: Callable[[Any], Any]) -> T:
    """The record with these fields, each of the type that its class declares."""
    if not isinstance(data, dict):
        raise ValueError(f"{kind.__name__.lower()} must be a JSON object, found {type(data).__name__}")
    hints = get_type_hints(kind)
    if extra := set(data) - set(hints):
        raise ValueError(f"unknown field {', '.join(sorted(extra))}; allowed: {', '.join(sorted(hints))}")
    values = {name: convert[name](value) if name in convert else value for name, value in data.items()}
    for name, value in values.items():
        if not _fits(value, hints[name]):
            raise ValueError(f"field '{name}' has the value {value!r}, allowed: {_said(hints[name])}")
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(str(error).split(".__init__() ")[-1]) from error


def _fits(value: object, hint: Any) -> bool:
    """Whether a value has a declared type; true is no number, and a whole number will do for a decimal one."""
    origin, options = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in options and not isinstance(value, bool)
    if origin in (Union, UnionType):
        return any(_fits(value, option) for option in options)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, options[0]) for item in value)
    if hint in (int, float):
        return isinstance(value, int | hint) and not isinstance(value, bool)
    return isinstance(value, hint)


def _said(hint: Any) -> str:
    return str(getattr(hint, "__name__", hint)).replace("typing.", "").replace("NoneType", "null")


def _texts(name: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"field '{name}' has the value {value!r}, allowed: a list of texts")
    return tuple(value)


def _numbers(name: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"field '{name}' has the value {value!r}, allowed: a list of numbers")
    return tuple(value)


_OPINIONS: dict[str, Callable[[Any], Opinion]] = {
    "score": lambda value: _build(Score, value, outcome=Outcome),
    "clinical": lambda value: _build(ClinicalScore, value, hazard=Hazard, faults=partial(_texts, "faults")),
    "unscored": lambda value: Unscored(reason=UnscoredReason(value)),
}
