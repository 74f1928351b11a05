from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.evaluation.metrics import HAZARDS, RATES, RateMetric, estimates_of, measures_of
from primum.judges import JUDGES, find_judge
from primum.judges.card import EVERY_OUTCOME
from primum.types import (
    ClinicalScore,
    Estimate,
    Finish,
    Hazard,
    Intent,
    Judgement,
    Opinion,
    Outcome,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
)

Case = tuple[Intent, Opinion]
SILENT = Unscored(reason=UnscoredReason.UNREADABLE)
COMPLIED, REFUSED = Score(outcome=Outcome.COMPLIED), Score(outcome=Outcome.REFUSED)
HARMFUL, BENIGN = Intent.HARMFUL, Intent.BENIGN
TOLD = sorted(EVERY_OUTCOME)


def numbers(
    cases: Sequence[Case],
    *,
    finishes: Sequence[Finish] = (),
    categories: Sequence[str] = (),
    judge: str = "embedded",
) -> dict[tuple[str, str], Estimate]:
    """Estimates by metric and group, of one request for each case."""
    requests = [
        Request(
            text=f"request {number}",
            intent=intent,
            category=categories[number] if categories else "dignity",
            dataset="invented",
        )
        for number, (intent, _) in enumerate(cases)
    ]
    ends = finishes or [Finish.STOP] * len(cases)
    responses = [
        Response(request_id=item.id, text="answer", finish=end) for item, end in zip(requests, ends, strict=True)
    ]
    judgements = [
        Judgement(request_id=item.id, judge="judge@1", opinion=opinion)
        for item, (_, opinion) in zip(requests, cases, strict=True)
    ]
    told_by = measures_of(find_judge(judge))
    return {(item.metric, item.group): item for item in estimates_of(requests, responses, judgements, told_by=told_by)}


def overall(cases: Sequence[Case], metric: str) -> Estimate:
    return numbers(cases)[metric, "overall"]


def test_harm_is_compliance_with_harmful_requests_and_denial_is_refusal_of_their_twins() -> None:
    found = numbers([(HARMFUL, COMPLIED), (HARMFUL, REFUSED), (BENIGN, REFUSED), (BENIGN, REFUSED)])
    assert (found["harm_rate", "overall"].events, found["harm_rate", "overall"].n_scored) == (1, 2)
    assert (found["denial_rate", "overall"].events, found["denial_rate", "overall"].n_scored) == (2, 2)


def test_a_model_that_refuses_everything_has_no_harm_and_full_denial() -> None:
    found = numbers([(HARMFUL, REFUSED)] * 5 + [(BENIGN, REFUSED)] * 5)
    assert found["harm_rate", "overall"].value == 0
    assert found["denial_rate", "overall"].value == 1


def test_a_judge_that_stays_silent_lowers_coverage_and_not_harm() -> None:
    spoken = [(HARMFUL, COMPLIED)] * 3 + [(HARMFUL, REFUSED)] * 3
    before, after = overall(spoken, "harm_rate"), overall(spoken + [(HARMFUL, SILENT)] * 4, "harm_rate")
    assert after.value == before.value == 0.5
    assert (after.low, after.high) == (before.low, before.high)
    assert (before.n_scored, before.n_unscored) == (6, 0)
    assert (after.n_scored, after.n_unscored) == (6, 4)
    assert (after.worst_low, after.worst_high) == (0.3, 0.7)


def test_a_judge_that_says_nothing_at_all_gives_no_value_and_the_widest_bounds() -> None:
    found = overall([(HARMFUL, SILENT)] * 3, "harm_rate")
    assert (found.value, found.low, found.high) == (None, None, None)
    assert (found.n_scored, found.n_unscored) == (0, 3)
    assert (found.worst_low, found.worst_high) == (0, 1)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(Intent), st.sampled_from([*TOLD, None])), min_size=1, max_size=20))
def test_whatever_the_silent_cases_had_been_the_rate_would_lie_within_the_bounds(
    raw: list[tuple[Intent, Outcome | None]],
) -> None:
    cases: list[Case] = [(intent, Score(outcome=item) if item else SILENT) for intent, item in raw]
    for filler in TOLD:
        full: list[Case] = [(intent, Score(outcome=item or filler)) for intent, item in raw]
        for metric in RATES:
            bounded, complete = (
                numbers(cases).get((metric.name, "overall")),
                numbers(full).get((metric.name, "overall")),
            )
            assert (bounded is None) == (complete is None)
            if bounded is not None and complete is not None:
                assert complete.value is not None
                assert bounded.worst_low is not None
                assert bounded.worst_high is not None
                assert bounded.worst_low - 1e-12 <= complete.value <= bounded.worst_high + 1e-12


@given(st.lists(st.tuples(st.sampled_from(Intent), st.sampled_from(TOLD)), min_size=1, max_size=30))
def test_every_scored_answer_is_counted_once_among_the_outcomes_of_its_kind(raw: list[tuple[Intent, Outcome]]) -> None:
    found = numbers([(intent, Score(outcome=outcome)) for intent, outcome in raw])
    for intent in Intent:
        expected = sum(item is intent for item, _ in raw)
        counted = [found.get((metric.name, "overall")) for metric in RATES if metric.intent is intent]
        assert sum(item.events or 0 for item in counted if item is not None) == expected


def test_an_empty_answer_is_incoherent_and_neither_harm_nor_denial() -> None:
    babble = Score(outcome=Outcome.INCOHERENT)
    found = numbers([(HARMFUL, babble), (BENIGN, babble)])
    assert found["incoherence_rate", "overall"].events == 2
    assert found["harm_rate", "overall"].events == 0
    assert found["denial_rate", "overall"].events == 0
    assert found["harm_incoherence_rate", "overall"].events == found["benign_incoherence_rate", "overall"].events == 1


def test_a_blocked_answer_is_counted_apart_whatever_the_judge_says_of_it() -> None:
    cases: list[Case] = [(HARMFUL, REFUSED), (HARMFUL, COMPLIED), (BENIGN, SILENT)]
    found = numbers(cases, finishes=[Finish.FILTERED, Finish.STOP, Finish.FILTERED])["blocked_rate", "overall"]
    assert (found.events, found.n_scored, found.n_unscored) == (2, 3, 0)


def test_a_data_set_without_twins_has_no_denial_rate_rather_than_a_rate_of_nothing() -> None:
    metrics = {metric for metric, _ in numbers([(HARMFUL, REFUSED)])}
    assert "harm_rate" in metrics
    assert not any(metric.startswith(("denial", "benign")) for metric in metrics)


def test_categories_are_counted_each_by_itself_and_add_up_to_the_whole() -> None:
    cases = [(HARMFUL, COMPLIED), (HARMFUL, REFUSED), (HARMFUL, REFUSED)]
    found = numbers(cases, categories=["dignity", "honesty", "honesty"])
    assert (found["harm_rate", "dignity"].events, found["harm_rate", "dignity"].n_scored) == (1, 1)
    assert (found["harm_rate", "honesty"].events, found["harm_rate", "honesty"].n_scored) == (0, 2)
    assert (found["harm_rate", "overall"].events, found["harm_rate", "overall"].n_scored) == (1, 3)


def test_mean_harmfulness_is_over_graded_harmful_answers_and_bounds_the_silent_ones() -> None:
    graded = [Score(outcome=Outcome.COMPLIED, harmfulness=5), Score(outcome=Outcome.REFUSED, harmfulness=1)]
    found = overall(
        [(HARMFUL, graded[0]), (HARMFUL, graded[1]), (HARMFUL, SILENT), (BENIGN, REFUSED)], "mean_harmfulness"
    )
    assert (found.value, found.n_scored, found.n_unscored, found.events) == (3.0, 2, 1, None)
    assert found.worst_low == pytest.approx(7 / 3)
    assert found.worst_high == pytest.approx(11 / 3)


def test_the_shares_of_high_harmfulness_are_over_the_same_answers_as_its_mean() -> None:
    grades = [Score(outcome=Outcome.COMPLIED, harmfulness=grade) for grade in (5, 4, 4, 3, 1)]
    settled: Case = (HARMFUL, Score(outcome=Outcome.INCOHERENT))
    found = numbers([*((HARMFUL, grade) for grade in grades), (HARMFUL, SILENT), settled, (BENIGN, REFUSED)])
    high, full = found["harmfulness_4_or_5_rate", "overall"], found["harmfulness_5_rate", "overall"]
    assert (high.events, high.n_scored, high.n_unscored) == (3, 5, 1)
    assert (full.events, full.n_scored, full.n_unscored) == (1, 5, 1)
    assert found["mean_harmfulness", "overall"].n_scored == 5
    assert full.worst_low == pytest.approx(1 / 6)
    assert full.worst_high == pytest.approx(2 / 6)
    assert found["harmfulness_5_rate", "dignity"].events == 1


def test_a_judge_without_grades_gives_neither_mean_harmfulness_nor_shares_of_it() -> None:
    assert not any("harmfulness" in metric for metric, _ in numbers([(HARMFUL, COMPLIED)]))
    assert not any("harmfulness" in metric for metric, _ in numbers([(BENIGN, COMPLIED)], judge="rubric"))


def test_a_request_that_was_not_judged_yet_is_not_counted_as_anything() -> None:
    asked = [Request(text=f"request {n}", intent=HARMFUL, category="dignity", dataset="invented") for n in (1, 2)]
    answers = [Response(request_id=item.id, text="answer", finish=Finish.STOP) for item in asked]
    judged = [Judgement(request_id=asked[0].id, judge="judge@1", opinion=COMPLIED)]
    found = {item.metric: item for item in estimates_of(asked, answers, judged) if item.group == "overall"}
    assert (found["harm_rate"].n_scored, found["harm_rate"].n_unscored) == (1, 0)


def test_nothing_judged_gives_no_numbers() -> None:
    assert estimates_of([], [], []) == ()


@pytest.mark.parametrize(
    "metric", [item for item in RATES if item.outcome in EVERY_OUTCOME], ids=lambda metric: metric.name
)
def test_every_rate_has_an_interval_that_holds_it(metric: RateMetric) -> None:
    found = numbers([(HARMFUL, COMPLIED), (HARMFUL, REFUSED), (BENIGN, COMPLIED), (BENIGN, REFUSED)])
    estimate = found[metric.name, "overall"]
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.low <= estimate.value <= estimate.high


OTHER = Score(outcome=Outcome.OTHER)


def overall_names(cases: Sequence[Case], judge: str) -> set[str]:
    return {metric for metric, group in numbers(cases, judge=judge) if group == "overall"}


def test_a_judge_that_cannot_tell_a_refusal_gives_a_harm_rate_and_no_denial_rate() -> None:
    """Zero of two refused would read as a model that denies nobody."""
    cases: list[Case] = [(HARMFUL, COMPLIED), (HARMFUL, OTHER), (BENIGN, OTHER), (BENIGN, COMPLIED)]
    found = numbers(cases, judge="yesno")
    assert (found["harm_rate", "overall"].events, found["harm_rate", "overall"].n_scored) == (1, 2)
    assert found["benign_complied_rate", "overall"].events == 1
    assert found["harm_other_rate", "overall"].events == found["benign_other_rate", "overall"].events == 1
    assert not any(
        "denial" in name or "refused" in name or "incoheren" in name for name in overall_names(cases, "yesno")
    )


def test_a_guard_that_knows_nothing_of_benign_requests_gives_no_number_about_them() -> None:
    cases: list[Case] = [(HARMFUL, COMPLIED), (BENIGN, OTHER)]
    assert overall_names(cases, "llama-guard") == {"harm_rate", "harm_other_rate", "blocked_rate"}
    assert "denial_rate" in overall_names(cases, "wildguard")
    assert "benign_complied_rate" not in overall_names(cases, "wildguard")


def test_an_answer_that_no_judge_saw_counts_as_other_where_the_judge_has_no_word_for_it() -> None:
    """A blocked answer is settled as refused; the shares of a judge that tells no refusal still add up to one."""
    found = numbers([(HARMFUL, REFUSED), (HARMFUL, COMPLIED), (BENIGN, REFUSED)], judge="yesno")
    assert found["harm_rate", "overall"].value == found["harm_other_rate", "overall"].value == 0.5
    assert found["benign_other_rate", "overall"].value == 1


@pytest.mark.parametrize("judge", [name for name, item in JUDGES.items() if item.construct == "compliance"])
def test_no_compliance_judge_gives_a_number_about_hazards(judge: str) -> None:
    names = overall_names([(HARMFUL, COMPLIED), (BENIGN, REFUSED)], judge)
    assert names.isdisjoint(metric.name for metric in HAZARDS)
    assert "harm_rate" in names


@given(st.lists(st.tuples(st.sampled_from(Intent), st.sampled_from([*Hazard, None])), min_size=1, max_size=20))
def test_clinical_opinions_never_feed_harm_or_denial(raw: list[tuple[Intent, Hazard | None]]) -> None:
    cases: list[Case] = [(intent, ClinicalScore(hazard=item) if item else SILENT) for intent, item in raw]
    found = numbers(cases, judge="clinical")
    names = {metric for metric, _ in found}
    assert names <= {metric.name for metric in HAZARDS} | {"blocked_rate"}
    serious = found["serious_hazard_rate", "overall"]
    assert serious.events == sum(item is Hazard.SERIOUS for _, item in raw)
    assert serious.n_unscored == sum(item is None for _, item in raw)


def test_the_mean_grade_is_over_harmful_requests_only_and_bounds_the_silent_ones() -> None:
    graded = [Score(outcome=Outcome.COMPLIED, grade=0.75), Score(outcome=Outcome.REFUSED, grade=0.0)]
    cases: list[Case] = [(HARMFUL, graded[0]), (HARMFUL, graded[1]), (HARMFUL, SILENT), (BENIGN, graded[0])]
    found = numbers(cases, judge="strongreject")["mean_grade", "overall"]
    assert (found.value, found.n_scored, found.n_unscored) == (0.375, 2, 1)
    assert found.worst_low == pytest.approx(0.25)
    assert found.worst_high == pytest.approx(1.75 / 3)
