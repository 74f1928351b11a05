"""Corrected numbers: the formulas by hand, what they gain, what they refuse, and the scale they stay on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.stats import (
    CannotCorrect,
    JudgeError,
    NoCorrection,
    ppi_estimate,
    rogan_gladen_estimate,
    weighted_ppi_estimate,
)
from primum.stats.bootstrap import Floats
from primum.types import Estimate


def run(n: int = 450, labels: int = 100, rate: float = 0.3, right: float = 0.9, seed: int = 0) -> tuple[Floats, Floats]:
    """Verdicts on n responses, and people's labels of some drawn at random."""
    generator = np.random.default_rng(seed)
    truth = (generator.random(n) < rate).astype(float)
    judged = np.where(generator.random(n) < right, truth, 1 - truth)
    human = np.full(n, np.nan)
    chosen = generator.permutation(n)[:labels]
    human[chosen] = truth[chosen]
    return judged, human


def limits(found: Estimate) -> tuple[float, float, float]:
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return found.value, found.low, found.high


def test_ppi_is_the_formula_done_by_hand() -> None:
    """Angelopoulos et al. 2023: value, and Wilson's interval at the size that their variance is worth."""
    judged, human = run()
    f, y, rest = judged[~np.isnan(human)], human[~np.isnan(human)], judged[np.isnan(human)]
    power = np.cov(y, f)[0, 1] / ((1 + len(y) / len(rest)) * judged.var(ddof=1))
    value = power * rest.mean() + (y - power * f).mean()
    variance = power**2 * rest.var(ddof=1) / len(rest) + (y - power * f).var(ddof=1) / len(y)
    found = ppi_estimate("harm_rate", "overall", judged, human)
    assert found.value == pytest.approx(value)
    _, low, high = limits(found)
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.05)
    assert (found.method, found.n_scored, found.events) == ("ppi++", 450, None)


def test_ppi_with_a_useless_judge_is_the_labels_alone() -> None:
    judged, human = run(right=0.5, seed=4)
    labels = human[~np.isnan(human)]
    assert ppi_estimate("harm_rate", "overall", np.ones_like(judged), human).value == pytest.approx(labels.mean())


def test_a_good_judge_makes_labels_worth_more() -> None:
    _, low, high = limits(ppi_estimate("harm_rate", "overall", *run(right=0.97)))
    _, less, more = limits(ppi_estimate("harm_rate", "overall", *run(right=0.6)))
    assert high - low < 0.75 * (more - less)


def test_one_stratum_is_no_stratum() -> None:
    judged, human = run()
    one = weighted_ppi_estimate("harm_rate", "overall", judged, human, ["all"] * 450)
    assert limits(one) == pytest.approx(limits(ppi_estimate("harm_rate", "overall", judged, human)))


def test_weights_undo_that_positives_were_labelled_more_often() -> None:
    """All 50 judge-positives (40 true) and 80 of 400 judge-negatives (4 true): each of these stands for five."""
    judged = np.repeat([1.0, 0.0], [50, 400])
    human = np.concatenate([np.repeat([1.0, 0.0], [40, 10]), np.repeat([1.0, 0.0], [4, 76]), np.full(320, np.nan)])
    found = weighted_ppi_estimate("harm_rate", "overall", judged, human, judged.tolist())
    assert found.value == pytest.approx((40 + 5 * 4) / 450)
    assert found.method == "ppi++ weighted"


def test_negatives_without_harm_leave_room_for_harm_among_the_rest() -> None:
    judged = np.repeat([1.0, 0.0], [50, 400])
    human = np.concatenate([np.repeat([1.0, 0.0], [40, 10]), np.zeros(60), np.full(340, np.nan)])
    value, _, high = limits(weighted_ppi_estimate("harm_rate", "overall", judged, human, judged.tolist()))
    assert value == pytest.approx(40 / 450)
    assert high > value + 0.04


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95), st.floats(0.5, 1.0), st.integers(30, 200))
def test_a_corrected_mean_lies_in_its_interval_and_on_the_scale(seed: int, rate: float, right: float, n: int) -> None:
    judged, human = run(n=300, labels=n, rate=rate, right=right, seed=seed)
    if np.ptp(human[~np.isnan(human)]) == 0:
        assert refusal(judged, human) is NoCorrection.NO_VARIANCE
        return
    found = ppi_estimate("harmfulness", "overall", 1 + 4 * judged, 1 + 4 * human, lowest=1, highest=5, n_unscored=20)
    value, low, high = limits(found)
    assert 1 <= low <= value <= high <= 5
    assert found.worst_low is not None
    assert found.worst_high is not None
    assert 1 <= found.worst_low < value + 1e-9
    assert value - 1e-9 < found.worst_high <= 5


def test_answers_to_one_request_widen_the_interval() -> None:
    truth = np.repeat(np.random.default_rng(0).random(90) < 0.3, 5).astype(float)
    human = np.where(np.random.default_rng(1).random(450) < 0.4, truth, np.nan)
    _, low, high = limits(ppi_estimate("harm_rate", "overall", truth, human))
    together = ppi_estimate("harm_rate", "overall", truth, human, clusters=[str(n // 5) for n in range(450)])
    _, less, more = limits(together)
    assert more - less > 1.5 * (high - low)


def refusal(judged: Floats, human: Floats, strata: list[float] | None = None) -> NoCorrection:
    with pytest.raises(CannotCorrect) as refused:
        weighted_ppi_estimate("harm_rate", "overall", judged, human, strata or [0] * len(judged))
    return refused.value.reason


def test_few_labels_or_labels_that_are_all_the_same_are_refused() -> None:
    judged, human = run(labels=29)
    assert refusal(judged, human) is NoCorrection.FEW_LABELS
    assert refusal(judged, np.full(450, np.nan)) is NoCorrection.FEW_LABELS
    assert refusal(judged, np.zeros(450)) is NoCorrection.NO_VARIANCE
    judged, human = np.repeat([1.0, 0.0], [60, 40]), np.concatenate([np.repeat([1.0, 0.0], 30), np.full(40, np.nan)])
    assert refusal(judged, human, judged.tolist()) is NoCorrection.FEW_LABELS


def test_values_off_the_scale_and_missing_verdicts_are_refused() -> None:
    judged, human = run()
    with pytest.raises(ValueError, match="outside"):
        ppi_estimate("harm_rate", "overall", judged * 2, human)
    with pytest.raises(ValueError, match="missing"):
        ppi_estimate("harm_rate", "overall", np.where(judged == 1, np.nan, judged), human)
    with pytest.raises(ValueError, match="for every response"):
        ppi_estimate("harm_rate", "overall", judged[:-1], human)
    with pytest.raises(ValueError, match="strata"):
        weighted_ppi_estimate("harm_rate", "overall", judged, human, [0])
    with pytest.raises(ValueError, match="clusters"):
        ppi_estimate("harm_rate", "overall", judged, human, clusters=["a"])


def error(hits: int, misses: int, rejections: int, alarms: int) -> JudgeError:
    return JudgeError(true_positives=hits, false_negatives=misses, true_negatives=rejections, false_positives=alarms)


def test_rogan_gladen_is_the_formula_done_by_hand() -> None:
    """Sensitivity 90.5/101, specificity 190.5/201, judge's rate 0.2."""
    found = rogan_gladen_estimate("harm_rate", "overall", events=90, n_scored=450, error=error(90, 10, 190, 10))
    assert found.value == pytest.approx((0.2 + 190.5 / 201 - 1) / (90.5 / 101 + 190.5 / 201 - 1))
    assert found.method == "rogan-gladen"


def test_rogan_gladen_with_a_large_perfect_study_is_the_judges_rate() -> None:
    """With nothing to correct, Lang and Reiczigel's interval is that of Agresti and Coull 1998."""
    sure = error(10**7, 0, 10**7, 0)
    value, low, high = limits(rogan_gladen_estimate("harm_rate", "overall", events=45, n_scored=450, error=sure))
    z = 1.959964
    n, p = 450 + z * z, (45 + z * z / 2) / (450 + z * z)
    assert value == pytest.approx(0.1, abs=1e-6)
    assert (low, high) == pytest.approx((p - z * (p * (1 - p) / n) ** 0.5, p + z * (p * (1 - p) / n) ** 0.5), abs=1e-5)


def test_less_known_about_the_judge_is_less_known_about_the_model() -> None:
    widths = []
    for times in (1, 4, 16):
        found = rogan_gladen_estimate(
            "harm_rate", "overall", events=90, n_scored=450, error=error(18 * times, 2 * times, 19 * times, times)
        )
        _, low, high = limits(found)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 1.5 * widths[-1]


def test_labels_that_share_requests_cover_only_with_their_design_effect() -> None:
    """Five answers to each of 40 requests, on which the judge errs on all five or on none; the run has 450 answers."""
    generator, held = np.random.default_rng(0), {1.0: 0, 5.0: 0}
    for _ in range(400):
        hits, rejections = 5 * generator.binomial(20, 0.9), 5 * generator.binomial(20, 0.9)
        events = generator.binomial(450, 0.3 * 0.9 + 0.7 * 0.1)
        for effect in held:
            found = rogan_gladen_estimate(
                "harm_rate", "overall", events=int(events), n_scored=450, error_design_effect=effect,
                error=error(int(hits), int(100 - hits), int(rejections), int(100 - rejections)),
            )  # fmt: skip
            _, low, high = limits(found)
            held[effect] += low <= 0.3 <= high
    assert held[5.0] >= 0.93 * 400
    assert held[1.0] < 0.85 * 400


@given(st.integers(0, 200), st.integers(0, 40), st.integers(0, 40))
def test_rogan_gladen_stays_on_the_scale_or_refuses(events: int, hits: int, rejections: int) -> None:
    counts = error(hits, 40 - hits, rejections, 40 - rejections)
    if counts.sensitivity + counts.specificity < 1.2:
        with pytest.raises(CannotCorrect, match=r"below 1\.2"):
            rogan_gladen_estimate("harm_rate", "overall", events=events, n_scored=200, error=counts)
        return
    value, low, high = limits(rogan_gladen_estimate("harm_rate", "overall", events=events, n_scored=200, error=counts))
    assert 0 <= low <= value <= high <= 1


def test_rogan_gladen_refuses_weak_judges_and_few_labels() -> None:
    for counts, reason in (
        (error(50, 50, 65, 35), NoCorrection.WEAK_JUDGE),
        (error(10, 2, 10, 2), NoCorrection.FEW_LABELS),
        (error(40, 2, 0, 0), NoCorrection.NO_VARIANCE),
    ):
        with pytest.raises(CannotCorrect) as refused:
            rogan_gladen_estimate("harm_rate", "overall", events=9, n_scored=45, error=counts)
        assert refused.value.reason is reason
        assert len(str(refused.value).splitlines()) == 1


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="impossible counts"):
        rogan_gladen_estimate("harm_rate", "overall", events=5, n_scored=4, error=error(90, 10, 90, 10))
