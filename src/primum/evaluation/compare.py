"""Two runs or more on the same requests, under the same judge: what changed, by how much, and whether it may be chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.evaluation.compared import COMPARED, DENIAL, MARGINS, NAMES, RIGHT, Compared, nats_change
from primum.evaluation.kinds import Kind
from primum.evaluation.run import Run, open_run
from primum.stats import (
    Difference,
    Effect,
    McNemar,
    NonInferiority,
    RelativeChange,
    cohens_h,
    discordant_odds_ratio,
    holm,
    mcnemar,
    non_inferior,
    paired_difference,
    rate_estimate,
)
from primum.types import OVERALL, Estimate, Request

_SETTINGS = ("attack", "max_tokens", "temperature")
"""What changes answers without being part of the model that is compared."""
_SAMPLING = ("limit", "seed")
"""What decides, with the data set, which requests are asked; a seed alone changes none where all of them are."""


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One rate of two runs, over the requests that the judge scored in both; differences are run minus baseline."""

    metric: str
    group: str
    baseline: Estimate
    run: Estimate
    table: McNemar
    """``first`` is the run, ``second`` the baseline."""
    difference: Difference
    cohens_h: Effect
    odds_ratio: Effect
    p_holm: float | None = None
    """The p-value adjusted over the principles; None overall."""

    @property
    def independent(self) -> bool:
        """Whether no two of its requests belong to one pair, as McNemar's test and the effect sizes assume."""
        return self.difference.n_clusters == self.difference.n_items

    @property
    def p(self) -> float:
        """McNemar's mid-p; where both twins of a pair count, the p-value from flipped signs of whole pairs."""
        return self.table.mid_p if self.independent else self.difference.p

    @property
    def left_out(self) -> int:
        """Requests that are not scored in both runs."""
        return self.difference.n_unscored


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One run against the baseline."""

    run: str
    """Its folder."""
    changed: Mapping[str, tuple[Any, Any]]
    """What differs between the two runs: the baseline's value and the run's."""
    contrasts: tuple[Contrast, ...]
    denial: NonInferiority | None
    """Whether denial is worse than the baseline's by less than the margin; None where it was not measured."""
    notes: tuple[str, ...]
    accuracy: NonInferiority | None = None
    """The same of the accuracy in an exam."""
    reference: RelativeChange | None = None
    """The same of the nats per token of reference answers, as a share of the baseline's."""


@dataclass(frozen=True, kw_only=True)
class Comparisons:
    """Every run against the baseline."""

    baseline: str
    judge: str
    warnings: tuple[str, ...]
    """What the judge's record warns of."""
    dataset: Mapping[str, Any]
    models: Mapping[str, str]
    """Model of each run, by folder."""
    comparisons: tuple[Comparison, ...]


def compare(runs: Sequence[str | Path], *, judge: str | None = None, margin: float | None = None) -> Comparisons:
    """Every further run against the first one.

    Args:
        runs: Folders of runs, the baseline first.
        judge: Name or key of the judge whose judgements are compared; by default each run's own.
        margin: What would not matter; state it before looking. The rise of the denial rate or the fall of the accuracy (by
            default 0.05, 5 points), or the rise of the nats per token as a share of the baseline's (0.02).

    Raises:
        UserError: fewer than two runs, a margin outside 0 to 1, or runs that cannot be compared.
    """
    if len(runs) < 2:
        raise UserError(f"{len(runs)} run was given; a comparison needs two or more. Write: primum compare BASE RUN.")
    if margin is not None and not 0 < margin < 1:
        raise UserError(
            f"--margin has the value {margin}. Allowed: above 0 and below 1, for example 0.05 for 5 points."
        )
    opened = [open_run(path, judge) for path in runs]
    if len({run.path.resolve() for run in opened}) < len(opened):
        raise UserError(f"A run is given twice: {', '.join(map(str, runs))}. Name each folder once.")
    for run in opened:
        _require_judged(run)
    base, *others = opened
    for run in others:
        _require_comparable(base, run)
    return Comparisons(
        baseline=str(base.path),
        judge=base.judge,
        warnings=tuple(dict.fromkeys(text for run in opened for text in run.judge_record.get("warnings", ()))),
        dataset=base.manifest["dataset"],
        models={str(run.path): run.config["model"] for run in opened},
        comparisons=tuple(_comparison(base, run, margin or MARGINS[base.kind]) for run in others),
    )


def _require_judged(run: Run) -> None:
    if not run.judge_record or not run.estimates:
        raise UserError(
            f"{run.path} has no numbers by the judge '{run.judge}'. Write them with: primum judge {run.path}."
        )
    if not _measured(run):
        raise UserError(
            f"The judge '{run.judge}' of {run.path} gives none of {', '.join(NAMES[run.kind])}. Choose another with --judge."
        )


def _require_comparable(base: Run, run: Run) -> None:
    """Refuse numbers whose difference would not be the model's.

    Raises:
        UserError: says in what the runs differ.
    """
    kinds = {
        "requests": (_requests_differ(base, run), "Evaluate both on the same data set, split, --limit and --seed."),
        "judge": (
            _differing(base.judge_record, run.judge_record, ("name", "version", "fingerprint", "model")),
            "Judge both by the same one (primum judge RUN --judge NAME), or name it with --judge.",
        ),
        "settings": (
            _differing(base.manifest["identity"], run.manifest["identity"], _SETTINGS),
            "Evaluate both with the same settings; model, system prompt and adapter may differ.",
        ),
    }
    if found := {kind: (what, mend) for kind, (what, mend) in kinds.items() if what}:
        said = "; ".join(f"{kind}: {', '.join(_told(what))}" for kind, (what, _) in found.items())
        mends = " ".join(mend for _, mend in found.values())
        raise UserError(f"{base.path} and {run.path} cannot be compared, for they differ in {said}. {mends}")


def _requests_differ(base: Run, run: Run) -> dict[str, tuple[Any, Any]]:
    one, other = base.manifest["dataset"], run.manifest["dataset"]
    if one["requests_sha256"] == other["requests_sha256"]:
        return {}
    found = _differing(one, other, ("name", "version", "split", "sha256", "requests", "requests_sha256"))
    return {**found, **_differing(base.manifest["identity"], run.manifest["identity"], _SAMPLING)}


def _differing(one: Mapping[str, Any], other: Mapping[str, Any], keys: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    return {key: (one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)}


def _told(differing: Mapping[str, tuple[Any, Any]]) -> list[str]:
    def short(value: Any) -> str:
        return (
            "none" if value is None else str(value)[:16] if isinstance(value, str) and len(value) > 40 else str(value)
        )

    return [f"{key} ({short(one)} and {short(other)})" for key, (one, other) in differing.items()]


def _measured(run: Run) -> set[str]:
    """Which of the compared metrics the run's judge gives for its requests."""
    return {item.metric for item in run.estimates if item.group == OVERALL} & set(NAMES[run.kind])


def _comparison(base: Run, run: Run, margin: float) -> Comparison:
    both = _measured(base) & _measured(run)
    notes = [f"{name} was not measured, and is not compared." for name in NAMES[base.kind] if name not in both]
    notes += [
        f"{item.path} is not complete: only what was answered and judged counts."
        for item in (base, run)
        if not item.complete
    ]
    contrasts: list[Contrast] = []
    for metric in COMPARED[base.kind]:
        if metric.name in both:
            found = _contrasts(metric, base, run)
            contrasts += found
            notes += [] if found else [f"{metric.name} is not compared: no request is scored in both runs."]
    told = {contrast.metric for contrast in contrasts}
    return Comparison(
        run=str(run.path),
        changed=_changed(base, run),
        contrasts=tuple(contrasts),
        denial=_not_worse(DENIAL, base, run, margin) if DENIAL.name in told else None,
        notes=tuple(notes),
        accuracy=_not_worse(RIGHT, base, run, margin) if RIGHT.name in told else None,
        reference=nats_change(base, run, margin) if base.kind is Kind.REFERENCE else None,
    )


def _changed(base: Run, run: Run) -> dict[str, tuple[Any, Any]]:
    one, other = base.manifest["identity"], run.manifest["identity"]
    keys = [key for key in dict.fromkeys([*one, *other]) if key not in ("dataset", "data_dir", "columns")]
    found = _differing(one, other, keys)
    old, new = base.manifest["model"], run.manifest["model"]
    about = {title: (old.get(key), new.get(key)) for key, title in (("sha256", "model file"), ("engine", "engine"))}
    return found | {title: pair for title, pair in about.items() if pair[0] != pair[1]}


def _contrasts(metric: Compared, base: Run, run: Run) -> list[Contrast]:
    """Overall, then each principle in the order of the requests, their p-values adjusted for their number."""
    members = _members(base, metric)
    categories = list(dict.fromkeys(request.category for request in members))
    whole = _contrast(metric, OVERALL, members, base, run)
    each = [
        _contrast(metric, name, [request for request in members if request.category == name], base, run)
        for name in categories
    ]
    kept = [contrast for contrast in each if contrast is not None]
    adjusted = holm([contrast.p for contrast in kept])
    parts = [replace(contrast, p_holm=p) for contrast, p in zip(kept, adjusted, strict=True)]
    return [whole, *parts] if whole is not None else []


def _contrast(metric: Compared, group: str, members: Sequence[Request], base: Run, run: Run) -> Contrast | None:
    """None where no request is scored in both."""
    old, new = _values(metric, members, base), _values(metric, members, run)
    scored = [(one, other) for one, other in zip(new, old, strict=True) if not isnan(one + other)]
    if not scored:
        return None
    table = mcnemar([one for one, _ in scored], [other for _, other in scored])

    def rate(events: int) -> Estimate:
        return rate_estimate(metric.name, group, events=events, n_scored=table.n)

    return Contrast(
        metric=metric.name,
        group=group,
        baseline=rate(table.both + table.only_second),
        run=rate(table.both + table.only_first),
        table=table,
        difference=paired_difference(new, old, [request.pair for request in members]),
        cohens_h=cohens_h(table),
        odds_ratio=discordant_odds_ratio(table),
    )


def _not_worse(metric: Compared, base: Run, run: Run, margin: float) -> NonInferiority:
    members = _members(base, metric)
    old, new = _values(metric, members, base), _values(metric, members, run)
    pairs = [request.pair for request in members]
    return non_inferior(new, old, pairs, margin=margin, higher_is_better=metric is RIGHT)


def _members(run: Run, metric: Compared) -> list[Request]:
    return [
        request for request in {item.id: item for item in run.requests}.values() if request.intent in metric.intents
    ]


def _values(metric: Compared, members: Sequence[Request], run: Run) -> list[float]:
    """1 where the answer was the metric's event, 0 where it was not, NaN where nobody can say."""
    events = metric.events(run)
    return [events.get(request.id, nan) for request in members]
