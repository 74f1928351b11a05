"""The numbers of a run that needs no judge, read from what the model said or how likely it held it."""

from collections.abc import Sequence

from primum.evaluation.exam_marking import exam_estimates, exam_notes, mark_answer, mark_letters
from primum.evaluation.instrument import instrument_of
from primum.evaluation.kinds import LIKELIHOOD, Kind
from primum.evaluation.reference import reference_estimates, reference_notes
from primum.store import RunFolder
from primum.types import Estimate, Mark


def score_run(folder: RunFolder, kind: Kind, method: str) -> None:
    """Compute and store the numbers; nothing is asked, and the caller holds the folder's lock."""
    numbers, notes = _exam(folder, method) if kind is Kind.EXAM else _references(folder)
    instrument = instrument_of(kind, method)
    folder.write_estimates(instrument.key, numbers, instrument.about(notes))


def _exam(folder: RunFolder, method: str) -> tuple[Sequence[Estimate], list[str]]:
    requests, questions = folder.requests, folder.questions
    by_id = {request.id: question for request, question in zip(requests, questions, strict=True)}
    responses = {item.request_id: item for item in folder.responses if item.request_id in by_id}
    marks: list[Mark] = (
        [mark_letters(by_id[item.request_id], item) for item in folder.likelihoods if item.request_id in by_id]
        if method == LIKELIHOOD
        else [mark_answer(by_id[key], item) for key, item in responses.items()]
    )
    folder.write_marks(marks)
    return exam_estimates(requests, marks), exam_notes(questions, marks, responses)


def _references(folder: RunFolder) -> tuple[Sequence[Estimate], list[str]]:
    likelihoods = folder.likelihoods
    return reference_estimates(folder.requests, likelihoods), reference_notes(likelihoods)
