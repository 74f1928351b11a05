"""Which answers of a run are worth a person's time: a sample whose chances are known.

Only a sample with known chances can correct a rate. ``positives`` looks hardest where rare harm shows: among the answers
that the judge calls harm (compliance with a harmful request) or denial (refusal of a benign one). ``random`` asks no judge.
``disagreements`` shows where two judges differ; it says nothing about the rest, so no rate is corrected by it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from primum.errors import UserError, unknown_name
from primum.evaluation.run import Run, open_run
from primum.judges import Construct, find_judge
from primum.store import RunFolder
from primum.types import Intent, Opinion, Outcome, Request, Response, Score

RANDOM, DISAGREEMENT = "random", "disagreement"
EVENT = {Intent.HARMFUL: Outcome.COMPLIED, Intent.BENIGN: Outcome.REFUSED}
"""The outcome that the rate of each intent counts: harm and denial."""

_Pools = Mapping[str, Sequence[Request]]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One answer that was drawn."""

    request: Request
    response: Response
    stratum: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The answers to label, in random order, so that those labelled so far are a random sample too."""

    drawn: tuple[Drawn, ...]
    pools: Mapping[str, int]
    """How many answers there are in each stratum."""


def draw_sample(path: Path, *, design: str, judges: Sequence[str] = (), n: int = 100, seed: int = 0) -> Sample:
    """A sample of at most ``n`` answers; the same seed draws the same.

    Args:
        path: the run's folder.
        design: one of ``DESIGNS``.
        judges: for ``positives``, whose positives (none: the run's own judge); for ``disagreements``, the two judges
            (none: the two that the run has).
        n: how many.
        seed: of the draw.

    Raises:
        UserError: no run, an unknown design or judge, or nothing to draw from.
    """
    if design not in DESIGNS:
        raise unknown_name("design", design, DESIGNS)
    if n < 1:
        raise UserError(f"--n has the value {n}. Allowed: 1 or more.")
    pools = {name: pool for name, pool in DESIGNS[design](path, judges).items() if pool}
    if not pools:
        raise UserError(f"{path} has no answers to draw from for '{design}'. Allowed: a run with answers of that kind.")
    answers = {response.request_id: response for response in open_run(path).responses}
    sizes = _sizes({name: len(pool) for name, pool in pools.items()}, n)
    rng = Random(seed)  # noqa: S311 - a sample, not a secret
    drawn = [
        Drawn(request=item, response=answers[item.id], stratum=name, probability=sizes[name] / len(pool))
        for name, pool in pools.items()
        for item in rng.sample(list(pool), sizes[name])
    ]
    rng.shuffle(drawn)
    return Sample(drawn=tuple(drawn), pools={name: len(pool) for name, pool in pools.items()})


def stratum_by(judge: str, request: Request, opinion: Opinion | None) -> str:
    """The stratum of ``positives`` that an answer is in; an answer without a score is a negative."""
    return f"{request.intent.value}:{'positive' if is_event(request, opinion) else 'negative'}:{judge}"


def drawn_by(stratum: str) -> str | None:
    """The judge whose positives made this stratum; None for the other designs.

    Raises:
        ValueError: there is no such stratum.
    """
    if stratum in (RANDOM, DISAGREEMENT):
        return None
    intent, _, rest = stratum.partition(":")
    side, _, judge = rest.partition(":")
    if intent not in EVENT or side not in ("positive", "negative") or not judge:
        raise ValueError(f"no stratum of a drawn sample: {stratum!r}")
    return judge


def is_event(request: Request, opinion: Opinion | None) -> bool:
    """Whether a judge calls this answer harm (of a harmful request) or denial (of a benign one)."""
    return isinstance(opinion, Score) and opinion.outcome is EVENT[request.intent]


def open_compliance_run(path: Path, judge: str | None) -> Run:
    """The run under a judge of compliance, which is what labels are about.

    Raises:
        UserError: no run, no such judge, or a judge of something else.
    """
    run = open_run(path, judge)
    if not run.judgements:
        raise UserError(f"{path} has no judgements. Run: primum judge {path}.")
    if find_judge(run.judge_record["name"]).construct is not Construct.COMPLIANCE:
        raise UserError(
            f"Judge '{run.judge}' says nothing about compliance, and labels are about that. "
            f"Name another with --judge, or judge again: primum judge {path}."
        )
    return run


def _random(path: Path, judges: Sequence[str]) -> _Pools:
    if judges:
        raise UserError("--design random asks no judge. Leave --judge out.")
    return {RANDOM: _answered(open_run(path))}


def _positives(path: Path, judges: Sequence[str]) -> _Pools:
    if len(judges) > 1:
        raise UserError(f"--design positives takes one --judge, found {len(judges)}. Name one.")
    run = open_compliance_run(path, judges[0] if judges else None)
    opinions = {judgement.request_id: judgement.opinion for judgement in run.judgements}
    pools: dict[str, list[Request]] = {}
    for request in _answered(run):
        pools.setdefault(stratum_by(run.judge, request, opinions.get(request.id)), []).append(request)
    return dict(sorted(pools.items()))


def _disagreements(path: Path, judges: Sequence[str]) -> _Pools:
    known = RunFolder.open(path).judges()
    chosen = tuple(judges) or known
    if len(chosen) != 2:
        raise UserError(
            f"--design disagreements needs two judges of {path}, found {len(chosen)}. Name two with --judge; "
            f"judged by: {', '.join(known) or 'none'}. Another judge: primum judge {path} --judge NAME."
        )
    one, other = (open_compliance_run(path, judge) for judge in chosen)
    if one.judge == other.judge:
        raise UserError(f"--judge names '{one.judge}' twice. Name two judges; judged by: {', '.join(known)}.")
    verdicts = [_verdicts(run) for run in (one, other)]
    pool = [
        request
        for request in _answered(one)
        if all(request.id in said for said in verdicts) and verdicts[0][request.id] != verdicts[1][request.id]
    ]
    return {DISAGREEMENT: pool}


def _verdicts(run: Run) -> dict[str, bool]:
    """Event or not, of each scored answer to a request whose event this judge can tell."""
    tells = find_judge(run.judge_record["name"]).tells
    requests = {item.id: item for item in run.requests if EVENT[item.intent] in tells[item.intent]}
    return {
        judgement.request_id: is_event(requests[judgement.request_id], judgement.opinion)
        for judgement in run.judgements
        if judgement.request_id in requests and isinstance(judgement.opinion, Score)
    }


def _answered(run: Run) -> list[Request]:
    answered = {response.request_id for response in run.responses}
    return [request for request in run.requests if request.id in answered]


def _sizes(pools: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each stratum: the intents share ``n`` evenly, and positives take at most half of their intent's."""
    if len(pools) == 1:
        return {name: min(n, size) for name, size in pools.items()}
    intents = {intent: {k: v for k, v in pools.items() if k.startswith(f"{intent.value}:")} for intent in Intent}
    totals = {intent: sum(mine.values()) for intent, mine in intents.items()}
    first = max(min(totals[Intent.HARMFUL], (n + 1) // 2), min(totals[Intent.HARMFUL], n - totals[Intent.BENIGN]))
    shares = {Intent.HARMFUL: first, Intent.BENIGN: min(totals[Intent.BENIGN], n - first)}
    return {name: size for intent, mine in intents.items() for name, size in _halves(mine, shares[intent]).items()}


def _halves(pools: Mapping[str, int], n: int) -> dict[str, int]:
    negatives = sum(size for name, size in pools.items() if ":negative:" in name)
    positives = sum(pools.values()) - negatives
    taken = min(positives, max(n // 2, n - negatives))
    return {name: taken if ":positive:" in name else min(negatives, n - taken) for name in pools}


DESIGNS: Mapping[str, Callable[[Path, Sequence[str]], _Pools]] = {
    "positives": _positives,
    "random": _random,
    "disagreements": _disagreements,
}
