"""Exam questions with what the model made of them, for the report."""

from string import ascii_uppercase

from primum.evaluation.run import Run
from primum.report import Sample
from primum.types import ExamQuestion, Likelihood, Mark


def exam_samples(run: Run) -> list[Sample]:
    """One sample for each question that was answered, in the order of the requests."""
    responses = {item.request_id: item for item in run.responses}
    weights = {item.request_id: item for item in run.likelihoods}
    marks = {item.request_id: item for item in run.marks}
    found = []
    for request, question in zip(run.requests, run.questions, strict=True):
        mark, response = marks.get(request.id), responses.get(request.id)
        if mark is not None:
            said = response.text if response else _weights(weights.get(request.id))
            found.append(
                Sample(
                    id=request.id,
                    category=request.category,
                    intent=request.intent.value,
                    pair="",
                    request=request.text,
                    response=said,
                    finish=response.finish.value if response else "",
                    verdict="unscored" if mark.choice is None else "right" if mark.right else "wrong",
                    detail=_detail(question, mark),
                    raw="",
                )
            )
    return found


def _weights(found: Likelihood | None) -> str:
    """The log-probability of each letter, for a reader."""
    pairs = zip(ascii_uppercase, found.logprobs if found else (), strict=False)
    return ", ".join(f"{letter} {value:.3f}" for letter, value in pairs)


def _detail(question: ExamQuestion, mark: Mark) -> str:
    right = f"right is {ascii_uppercase[question.answer]}"
    if mark.choice is not None:
        return f"chose {ascii_uppercase[mark.choice]}, {right}"
    return f"{mark.unread.value if mark.unread else 'unread'}, {right}"
