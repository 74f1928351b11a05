"""An exam question as it is put to a model: no examples before it, its choices under letters."""

from collections import Counter
from collections.abc import Sequence
from string import ascii_uppercase

from primum.prompts import Prompt, load_prompt
from primum.types import ExamQuestion, Intent, Request

QUESTION, CONTEXT = "exam/question-1", "exam/context-1"


def exam_prompt(question: ExamQuestion) -> Prompt:
    """The template that a question is put in: with its text to read first, or without."""
    return load_prompt(CONTEXT if question.context else QUESTION)


def exam_request(question: ExamQuestion) -> Request:
    """The question as a request, filled into its template; its category is the subject."""
    choices = "\n".join(
        f"{letter}) {choice}" for letter, choice in zip(ascii_uppercase, question.choices, strict=False)
    )
    values = {"question": question.text, "choices": choices}
    if question.context:
        values["context"] = question.context
    return Request(
        text=exam_prompt(question).fill(**values).strip(),
        intent=Intent.BENIGN,
        category=question.subject,
        dataset=question.dataset,
    )


def chance_level(questions: Sequence[ExamQuestion]) -> float:
    """The share that picking a choice at random gets right."""
    return sum(1 / len(question.choices) for question in questions) / len(questions)


def best_constant(questions: Sequence[ExamQuestion]) -> tuple[str, float]:
    """The letter that is right most often, and how often: what a model that always says it would get."""
    ((place, often),) = Counter(question.answer for question in questions).most_common(1)
    return ascii_uppercase[place], often / len(questions)
