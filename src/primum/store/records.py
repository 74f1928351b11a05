"""Every record as plain JSON, and back, strictly: an unknown or missing field is an error, not a guess."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, TypeVar

from primum.types import (
    Estimate,
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

Record = Request | Response | Judgement | Estimate | Pair
R = TypeVar("R", Request, Response, Judgement, Estimate, Pair)


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
    if isinstance(record, Request | Pair):
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


def _opinion_to_json(opinion: Score | Unscored) -> dict[str, Any]:
    return {"score": asdict(opinion)} if isinstance(opinion, Score) else {"unscored": opinion.reason.value}


def _request(data: dict[str, Any]) -> Request:
    stated = data.pop("id", None)
    request = _build(Request, data, intent=Intent)
    if stated is not None and stated != request.id:
        raise ValueError(f"id {stated} does not belong to this request ({request.id})")
    return request


def _response(data: dict[str, Any]) -> Response:
    return _build(Response, data, finish=Finish, usage=lambda value: _build(Usage, value))


def _judgement(data: dict[str, Any]) -> Judgement:
    score, unscored = data.pop("score", None), data.pop("unscored", None)
    if (score is None) == (unscored is None):
        raise ValueError("a judgement has either 'score' or 'unscored'")
    data["opinion"] = (
        _build(Score, score, outcome=Outcome) if score is not None else Unscored(reason=UnscoredReason(unscored))
    )
    return _build(Judgement, data, raw=tuple)


def _pair(data: dict[str, Any]) -> Pair:
    stated = data.pop("id", None)
    pair = _build(Pair, data)
    if stated is not None and stated != pair.id:
        raise ValueError(f"id {stated} does not belong to this pair ({pair.id})")
    return pair


def _estimate(data: dict[str, Any]) -> Estimate:
    return _build(Estimate, data)


_READERS: dict[type, Callable[[dict[str, Any]], Record]] = {
    Request: _request,
    Response: _response,
    Judgement: _judgement,
    Estimate: _estimate,
    Pair: _pair,
}

T = TypeVar("T")


def _build(kind: type[T], data: dict[str, Any], **convert: Callable[[Any], Any]) -> T:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if extra := set(data) - known:
        raise ValueError(f"unknown field {', '.join(sorted(extra))}; allowed: {', '.join(sorted(known))}")
    values = {name: convert[name](value) if name in convert else value for name, value in data.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(str(error).split(".__init__() ")[-1]) from error
