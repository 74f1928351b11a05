"""Doses in words and as points of a figure."""

from collections.abc import Iterator, Sequence

from primum.report.dose import DoseMark, DosePanel
from primum.report.words import percent
from primum.study.dose import Change, Curve, DosePoint
from primum.study.plan import StudyPlan
from primum.study.table import TITLES


def title(curve: Curve) -> str:
    """``denial rate, pairs``."""
    return f"{TITLES.get(curve.metric, curve.metric)}, {curve.data}"


def panel(curve: Curve, *, difference: bool = False) -> DosePanel:
    """The curve as it is drawn: values, or differences against the base."""
    points = [*([curve.base] if curve.base is not None and not difference else []), *curve.points]
    made = [_change_mark(curve, item) if difference else _mark(curve, item) for item in points]
    unit = ("% of the base's" if curve.relative else "points") if difference else _unit(curve)
    return DosePanel(
        title=title(curve),
        unit=unit,
        marks=tuple(mark for mark in made if mark is not None),
        whole=not difference and not curve.relative,
        difference=difference,
    )


def head() -> tuple[str, ...]:
    """Names of a row's cells."""
    return ("measure", "arm", "n", "learnt from", "mean over seeds", "counts", "each seed", "change against the base")


def row(curve: Curve, point: DosePoint, learnt: str) -> tuple[str, ...]:
    """A point with its interval and counts, each seed, and the paired difference."""
    each = "; ".join(f"{name}: {_number(curve, value)}" for name, value in point.seeds.items() if name)
    return (
        title(curve), point.arm or "base", str(point.n), learnt, f"{_number(curve, point.value)} ({_ends(curve, point)})",
        _counts(point), each or "–", _changed(curve, point.change),
    )  # fmt: skip


def findings(curves: Sequence[Curve]) -> Iterator[str]:
    """What the largest dose of each arm does to every measure."""
    for arm in dict.fromkeys(point.arm for curve in curves for point in curve.points):
        n = max(point.n for curve in curves for point in curve.points if point.arm == arm)
        said = []
        for curve in curves:
            point = next((item for item in curve.points if (item.arm, item.n) == (arm, n)), None)
            if point is not None:
                before = f"{_number(curve, curve.base.value)} → " if curve.base is not None else ""
                said.append(f"{title(curve)} {before}{_number(curve, point.value)}")
        yield f"{arm}, {n} demonstrations: {'; '.join(said)}."


def notes(plan: StudyPlan, curves: Sequence[Curve]) -> Iterator[str]:
    """How the numbers came about, and what they do not say."""
    yield (
        "A number is the mean over requests of each request's mean over seeds. Its 95 % interval is a bootstrap that "
        "resamples whole requests (the two of a pair together), for rates as Wilson's at the sample size that the "
        "bootstrap's variance is worth. It speaks of other requests, not of other seeds: each seed's own value stands "
        "beside it."
    )
    yield (
        "A change is paired: the same requests, arm minus base, resampled in the same way. Of reference answers it is the "
        "change of their nats as a share of the base's."
    )
    yield from _trainings(plan)
    if any(point.n_unscored for curve in curves for point in curve.points):
        yield "An answer that the judge could not score is counted as unscored and stands in no rate."
    for cell in plan.cells:
        if cell.training is not None and cell.subject.dose is not None:
            for shortage in cell.training.blend.notes:
                yield f"{cell.subject.name}: {shortage}."


def _trainings(plan: StudyPlan) -> Iterator[str]:
    trainings = list(plan.trainings.values())
    steps = sorted({(item.steps, item.recipe.batch) for item in trainings})
    if len(steps) == 1:
        yield (
            f"Every training takes {steps[0][0]} optimizer steps of {steps[0][1]} rows, whatever n: more demonstrations are "
            "other rows, not more training. Where an arm has more rows than are taken, some are not seen."
        )
    elif steps:
        told = f"{steps[0][0]} to {steps[-1][0]}"
        yield f"Trainings differ in length ({told} optimizer steps): the curves show dose and length at once."
    seeds = sorted({item.recipe.seed for item in trainings})
    if seeds:
        yield (
            f"Seeds: {', '.join(map(str, seeds))}. A seed draws the rows, their order and the adapter's first weights; all "
            "models answer the same requests."
        )
    stood_in = [cell.subject for cell in plan.cells if cell.subject.dose and cell.subject.stands_in]
    if stood_in:
        yield f"Models that are not the study's own stand here: {', '.join(dict.fromkeys(item.model for item in stood_in))}."


def _mark(curve: Curve, point: DosePoint) -> DoseMark | None:
    if point.value is None:
        return None
    scale, who = _scale(curve), f"{point.arm or 'base'}, n = {point.n}"
    low, high = (point.value if end is None else end for end in (point.low, point.high))
    return DoseMark(
        arm=point.arm,
        n=point.n,
        value=scale * point.value,
        low=scale * low,
        high=scale * high,
        text=f"{who}: {_number(curve, point.value)} ({_ends(curve, point)}), {_counts(point)}",
        seeds=tuple(scale * value for name, value in point.seeds.items() if name and value is not None),
    )


def _change_mark(curve: Curve, point: DosePoint) -> DoseMark | None:
    change = point.change
    if change is None:
        return None
    return DoseMark(
        arm=point.arm,
        n=point.n,
        value=100 * change.value,
        low=100 * change.low,
        high=100 * change.high,
        text=f"{point.arm}, n = {point.n}: {_changed(curve, change)}",
    )


def _scale(curve: Curve) -> float:
    return 1.0 if curve.relative else 100.0


def _unit(curve: Curve) -> str:
    return "nats per token" if curve.relative else "%"


def _number(curve: Curve, value: float | None) -> str:
    return percent(value) if value is None or not curve.relative else f"{value:.3f}"


def _ends(curve: Curve, point: DosePoint) -> str:
    if point.low is None or point.high is None:
        return "–"
    if curve.relative:
        return f"{point.low:.3f} to {point.high:.3f}"
    return f"{100 * point.low:.1f} to {100 * point.high:.1f} %"


def _counts(point: DosePoint) -> str:
    """``37 of 162 answers to 54 requests``."""
    unscored = f", {point.n_unscored} unscored" if point.n_unscored else ""
    events = f"{point.events} of " if point.events is not None else ""
    return f"{events}{point.n_scored} answers to {point.n_requests} requests{unscored}"


def _changed(curve: Curve, change: Change | None) -> str:
    if change is None:
        return "–"
    unit = "%" if curve.relative else "points"
    value, low, high = (f"{100 * item:+.1f}" for item in (change.value, change.low, change.high))
    return f"{value} {unit} ({low} to {high}; {change.n_requests} requests)"
