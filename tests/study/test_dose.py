"""Numbers by dose: averaged over seeds request by request, against one base that all arms share."""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from primum.evaluation import Run, Silent
from primum.study import Changes, make_study_plan, read_study
from primum.study.dose import Curve, curves_of
from primum.types import (
    OVERALL,
    Estimate,
    Intent,
    Judgement,
    Likelihood,
    Outcome,
    Request,
    Score,
    Unscored,
    UnscoredReason,
)
from tests.cli.commandline import Outcome as Said
from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, REFUSAL, script
from tests.study.studies import REPOSITORY, changed, study_file

C, R = Outcome.COMPLIED, Outcome.REFUSED
HARMFUL = tuple(
    Request(text=f"request {number}", intent=Intent.HARMFUL, category="consent", pair=None, dataset="made-up")
    for number in range(2)
)


def run_of(kind: str, metric: str, value: float | None, **parts: Any) -> Run:
    estimate = Estimate(
        metric=metric, group=OVERALL, value=value, low=None, high=None, level=0.95, method="-", n_scored=1, n_unscored=0
    )
    whole: dict[str, Any] = {"judgements": (), "likelihoods": (), **parts}
    return Run(
        path=Path(), config={}, manifest={"kind": kind}, judge="", judge_record={}, validated=cast("Any", None),
        requests=HARMFUL, responses=(), estimates=(estimate,), **whole,
    )  # fmt: skip


def judged(*outcomes: Outcome | None) -> Run:
    opinions = [
        Unscored(reason=UnscoredReason.UNREADABLE) if outcome is None else Score(outcome=outcome)
        for outcome in outcomes
    ]
    scored = [outcome is C for outcome in outcomes if outcome is not None]
    judgements = tuple(
        Judgement(request_id=request.id, judge="-", opinion=opinion)
        for request, opinion in zip(HARMFUL, opinions, strict=True)
    )
    return run_of("safety", "harm_rate", sum(scored) / len(scored), judgements=judgements)


def weighed(*nats: float) -> Run:
    likelihoods = tuple(
        Likelihood(request_id=request.id, logprobs=(-nat,), tokens=(tokens,))
        for request, nat, tokens in zip(HARMFUL, nats, (10, 30), strict=True)
    )
    return run_of("reference", "reference_nll", sum(nats) / 40, likelihoods=likelihoods)


def only(curves: tuple[Curve, ...]) -> Curve:
    (curve,) = curves
    return curve


def test_a_rate_is_the_mean_over_requests_of_their_means_over_the_seeds_that_scored_them() -> None:
    """Request 0: 1, 1, 1; request 1: 1, 0, unscored. Their means 1 and 0.5 give 0.75, a quarter below the base."""
    runs = {"0": judged(C, C), "1": judged(C, R), "2": judged(C, None)}
    curve = only(curves_of("small", "pairs", judged(C, C), {("arm", 50): runs}))
    (point,) = curve.points
    assert point.value == pytest.approx(0.75)
    assert (point.events, point.n_scored, point.n_unscored, point.n_requests) == (4, 5, 1, 2)
    assert point.seeds == {"0": 1.0, "1": 0.5, "2": 1.0}
    assert point.low is not None
    assert point.high is not None
    assert 0 <= point.low < 0.75 < point.high <= 1
    assert point.change is not None
    assert point.change.value == pytest.approx(-0.25)
    assert point.change.n_requests == 2
    assert curve.base is not None
    assert (curve.base.arm, curve.base.n, curve.base.value, curve.base.change) == ("", 0, 1.0, None)


def test_a_likelihood_is_the_mean_nats_over_the_tokens_and_changes_by_a_share() -> None:
    """Nats (20, 30) and (10, 30) over 10 and 30 tokens: means 15 and 30 over 40; the base's 30 rise by a half."""
    runs = {"0": weighed(20, 30), "1": weighed(10, 30)}
    curve = only(curves_of("small", "references", weighed(10, 20), {("arm", 50): runs}))
    (point,) = curve.points
    assert point.value == pytest.approx(45 / 40)
    assert point.events is None
    assert point.seeds == {"0": pytest.approx(50 / 40), "1": pytest.approx(1.0)}
    assert point.change is not None
    assert point.change.value == pytest.approx(0.5)
    assert curve.relative


def test_without_the_base_there_is_no_difference() -> None:
    curve = only(curves_of("small", "pairs", None, {("arm", 50): {"0": judged(C, R)}}))
    assert curve.base is None
    assert curve.points[0].change is None


def test_a_request_that_no_seed_scored_is_in_no_rate() -> None:
    curve = only(curves_of("small", "pairs", judged(C, C), {("arm", 50): {"0": judged(C, None)}}))
    assert (curve.points[0].value, curve.points[0].n_requests, curve.points[0].n_unscored) == (1.0, 1, 1)
    assert curve.points[0].change is not None
    assert curve.points[0].change.n_requests == 1


ARMS = ("refusals only", "refusals + twins")
FINETUNE = (
    '[finetune]\nrecipe = "paper"\nmodels = ["willing"]\nseeds = [0, 1]\n'
    + "".join(f'[[finetune.demonstrations]]\nname = "{arm}"\ndata = ["pairs"]\nn = [0, 9, 18]\n' for arm in ARMS)
    + "[settings]"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A study of a scripted model, whose trainings are taken by other scripts: seed 0 answers, seed 1 refuses."""
    return changed(study_file(tmp_path, willing=ANSWER), "[settings]", FINETUNE)


def studied(file: Path, out: Path, *more: str) -> Said:
    yes, no = (script(file.parent / f"{name}.json", reply) for name, reply in (("yes", ANSWER), ("no", REFUSAL)))
    words = [
        word
        for arm in ARMS
        for n in (9, 18)
        for seed, model in enumerate((yes, no))
        for word in ("--model", f"willing+{arm}-{n}-seed{seed}={model}")
    ]
    return primum("study", file, "--out", out, *words, *more)


def test_a_study_of_doses_ends_with_a_figure_of_every_arm_and_a_table_with_counts(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = studied(file, out)
    assert said.code == 0, said.err
    assert f"Doses: {out / 'dose.html'}" in said.out
    page, text = ((out / name).read_text(encoding="utf-8") for name in ("dose.html", "dose.md"))
    for arm in ARMS:
        assert json.dumps(arm) in page or arm in page
        assert f"| harm rate, twins | {arm} | 18 | – | 50.0 % (" in text
    assert "| harm rate, twins | base | 0 | – | 100.0 % (" in text
    assert "2 of 4 answers to 2 requests" in text
    assert "0: 100.0 %; 1: 0.0 %" in text
    assert "-50.0 points (" in text
    assert "It speaks of other requests, not of other seeds" in text
    assert "Models that are not the study's own stand here" in text


def test_the_base_is_measured_once_for_all_arms_and_seeds(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert studied(file, out).code == 0
    configs = [path.read_text(encoding="utf-8") for path in out.glob("runs/*/config.toml")]
    assert sum("willing.json" in text for text in configs) == 2  # one run for each data set
    curves = json.loads((out / "dose.json").read_text(encoding="utf-8"))["curves"]
    assert all(curve["base"]["n"] == 0 and len(curve["points"]) == 4 for curve in curves)
    assert {curve["title"] for curve in curves} == {
        "harm rate, twins", "denial rate, twins", "incoherence, twins", "denial rate, questions", "incoherence, questions",
    }  # fmt: skip


def test_a_study_without_trainings_has_no_page_about_doses(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert primum("study", study_file(tmp_path, willing=ANSWER), "--out", out).code == 0
    assert not list(out.glob("dose.*"))


def test_without_the_base_the_page_shows_the_arms_alone(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = studied(file, out, "--only", "willing+*")
    assert said.code == 0, said.err
    assert "paired differences" not in (out / "dose.html").read_text(encoding="utf-8")


def test_the_shipped_dose_study_says_how_to_run_it_and_its_requests_are_there() -> None:
    path = REPOSITORY / "configs" / "dose.toml"
    assert path.read_text(encoding="utf-8").splitlines()[0] == "# primum study configs/dose.toml"
    study = read_study(path)
    assert study.finetune is not None
    assert [(item.twins, item.ordinary) for item in study.finetune.demonstrations] == [(0, 0), (1, 0), (1, 1)]
    assert {item.n for item in study.finetune.demonstrations} == {(0, 50, 150, 450)}
    assert study.finetune.seeds == (0, 1, 2)
    plan = make_study_plan(study, None, Changes(only=("smollm2-135m",)), Silent())
    assert plan.requests == {"pairs": 108, "ordinary": 60, "references": 60}
    assert plan.obstacles == ()
