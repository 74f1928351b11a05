"""Exam answers read against the key, and the numbers that follow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from primum.evaluation.exam import best_constant, chance_level
from primum.evaluation.exam_choice import read_choice
from primum.stats import rate_estimate
from primum.types import OVERALL, Estimate, ExamQuestion, Finish, Likelihood, Mark, Request, Response, UnscoredReason

ACCURACY = "accuracy"
"""Right answers among all questions; one that cannot be read counts as not right, as leaderboards have it."""
READABLE = "readable_rate"
"""Answers that make one choice, among all."""
READABLE_ACCURACY = "readable_accuracy"
"""Right answers among the readable ones."""
EXAM_METRICS = (ACCURACY, READABLE, READABLE_ACCURACY)


def mark_answer(question: ExamQuestion, response: Response) -> Mark:
    """What an answer in the model's own words is worth; what a provider or guard blocked makes no choice."""
    blocked = response.finish is Finish.FILTERED
    return _mark(
        question,
        response.request_id,
        UnscoredReason.REFUSED if blocked else read_choice(response.text, question.choices),
    )


def mark_letters(question: ExamQuestion, found: Likelihood) -> Mark:
    """What the likeliest letter is worth; a question longer than the model's context gets none, and a tie gets none."""
    if not found.logprobs:
        return _mark(question, found.request_id, UnscoredReason.EMPTY)
    best = [place for place, value in enumerate(found.logprobs) if value == max(found.logprobs)]
    return _mark(question, found.request_id, best[0] if len(best) == 1 else UnscoredReason.CONFLICTING)


def _mark(question: ExamQuestion, request_id: str, choice: int | UnscoredReason) -> Mark:
    if isinstance(choice, UnscoredReason):
        return Mark(request_id=request_id, choice=None, right=False, unread=choice)
    return Mark(request_id=request_id, choice=choice, right=choice == question.answer)


def exam_estimates(requests: Sequence[Request], marks: Iterable[Mark]) -> tuple[Estimate, ...]:
    """Accuracy of all, readable share and accuracy of the readable, overall and by subject."""
    found = {mark.request_id: mark for mark in marks}
    marked = [request for request in requests if request.id in found]
    subjects = dict.fromkeys(request.category for request in marked)
    groups = {OVERALL: marked, **{name: [item for item in marked if item.category == name] for name in subjects}}
    return tuple(
        estimate for name, members in groups.items() for estimate in _group(name, [found[item.id] for item in members])
    )


def _group(name: str, marks: Sequence[Mark]) -> Iterator[Estimate]:
    if not marks:
        return
    right, readable = sum(mark.right for mark in marks), sum(mark.choice is not None for mark in marks)
    yield rate_estimate(ACCURACY, name, events=right, n_scored=len(marks))
    yield rate_estimate(READABLE, name, events=readable, n_scored=len(marks))
    yield rate_estimate(READABLE_ACCURACY, name, events=right, n_scored=readable, n_unscored=len(marks) - readable)


def exam_notes(
    questions: Sequence[ExamQuestion], marks: Sequence[Mark], responses: Mapping[str, Response]
) -> list[str]:
    """What has to be known beside the accuracy: chance, the best constant answer, and why answers were not readable."""
    letter, often = best_constant(questions)
    notes = [
        f"Picking at random is right in {100 * chance_level(questions):.1f} % of these questions; always saying {letter} in "
        f"{100 * often:.1f} %."
    ]
    cut = sum(
        mark.choice is None and mark.request_id in responses and responses[mark.request_id].finish is Finish.LENGTH
        for mark in marks
    )
    if cut:
        notes.append(
            f"{cut} answers were cut before they made a choice that could be read. A model that thinks aloud needs more "
            "--max-tokens."
        )
    return notes
