"""How far raters agree on outcomes and on grades."""

from primum.evaluation.label_agreement import between_raters
from primum.types import Intent, Label, Outcome, Request

REQUESTS = {
    item.id: item
    for item in (Request(text=f"request {n}", intent=Intent.HARMFUL, category="law", dataset="m") for n in range(40))
}


def said(rater: str, grades: list[int | None]) -> dict[tuple[str, str], Label]:
    return {
        (key, rater): Label(
            request_id=key, label=Outcome.COMPLIED, rater=rater, stratum="random", probability=1.0, grade=grade
        )
        for key, grade in zip(REQUESTS, grades, strict=False)
    }


def test_grades_are_compared_by_quadratic_kappa_on_the_answers_that_both_graded() -> None:
    one: list[int | None] = [1, 2, 3, 4, 5] * 8
    near: list[int | None] = [1, 2, 3, 4, 4] * 6 + [None] * 10
    found = between_raters({**said("anna", one), **said("ben", near)}, REQUESTS)
    grades = [item for item in found if item.metric == "quadratic_kappa"]
    assert [(item.group, item.n_scored) for item in grades] == [("anna, ben", 30)]
    assert grades[0].value is not None
    assert grades[0].low is not None
    assert 0.9 < grades[0].value < 1
    assert grades[0].low < grades[0].value
    assert [item.n_scored for item in found if item.metric == "kappa"] == [40]


def test_raters_who_graded_nothing_together_are_compared_by_outcome_alone() -> None:
    alone = {**said("anna", [3] * 20), **said("ben", [None] * 20)}
    assert "quadratic_kappa" not in {item.metric for item in between_raters(alone, REQUESTS)}
    assert "kappa" in {item.metric for item in between_raters(alone, REQUESTS)}
    assert between_raters(said("anna", [3] * 20), REQUESTS) == ()
