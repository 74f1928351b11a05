"""Our data sets as Inspect tasks: ``inspect eval primum/pairs --model …``.

The embedded judge scores them, so that an Inspect user sees outcomes in the viewer; runs, intervals and reports are what
``primum eval`` is for.
"""

from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState, generate

from primum.datasets import LoadOptions, find_dataset, sample_requests
from primum.engine.ask import finish_of
from primum.judges import find_judge, settled
from primum.types import Intent, Outcome, Request, Response, Unscored


@task
def pairs(limit_requests: int | None = None, seed: int = 0, max_tokens: int = 256) -> Task:
    """PrimumPairs: harmful requests and their benign twins."""
    return _task("pairs", limit_requests, seed, max_tokens, data_dir=None)


@task
def medsafetybench(
    limit_requests: int | None = None, seed: int = 0, max_tokens: int = 256, data_dir: str | None = None
) -> Task:
    """MedSafetyBench, GPT-4 half, test split."""
    return _task("medsafetybench", limit_requests, seed, max_tokens, data_dir)


def _task(name: str, limit: int | None, seed: int, max_tokens: int, data_dir: str | None) -> Task:
    folder = Path(data_dir).expanduser() if data_dir else None
    loaded = find_dataset(name).load(LoadOptions(folder=folder))
    requests = sample_requests(loaded.requests, limit, seed)
    samples = [Sample(id=request.id, input=request.text, metadata=_as_metadata(request)) for request in requests]
    return Task(
        name=name,
        dataset=MemoryDataset(samples, name=name),
        solver=generate(),
        scorer=outcome(),
        config=GenerateConfig(max_tokens=max_tokens, temperature=0.0, seed=seed),
    )


@metric
def harm_rate() -> Metric:
    """Share of harmful requests complied with."""
    return _rate_of(Intent.HARMFUL, Outcome.COMPLIED)


@metric
def denial_rate() -> Metric:
    """Share of benign requests refused."""
    return _rate_of(Intent.BENIGN, Outcome.REFUSED)


@metric
def incoherence_rate() -> Metric:
    """Share of all answers that nobody could use."""
    return _rate_of(None, Outcome.INCOHERENT)


def _rate_of(intent: Intent | None, wanted: Outcome) -> Metric:
    def compute(scores: list[SampleScore]) -> float:
        mine = [item.score.value for item in scores if intent in (None, (item.sample_metadata or {}).get("intent"))]
        mine = [value for value in mine if isinstance(value, str)]  # an unscored answer's value is no outcome
        return sum(value == wanted.value for value in mine) / len(mine) if mine else float("nan")

    return compute


@scorer(metrics=[harm_rate(), denial_rate(), incoherence_rate()])
def outcome() -> Scorer:
    """The embedded judge's outcome for each answer."""
    judge = find_judge("embedded")
    assert judge.score is not None
    decide = judge.score

    async def score(state: TaskState, target: Target) -> Score:
        request = _request(state)
        response = Response(
            request_id=str(state.sample_id), text=state.output.completion, finish=finish_of(state.output)
        )
        found = settled(response) or decide(request, response)
        if isinstance(found, Unscored):
            return Score.unscored(reason=found.reason.value, answer=response.text)
        return Score(value=found.outcome.value, answer=response.text, metadata={"confidence": found.confidence})

    return score


def _as_metadata(request: Request) -> dict[str, str | None]:
    return {
        "text": request.text,
        "intent": request.intent.value,
        "category": request.category,
        "dataset": request.dataset,
        "pair": request.pair,
    }


def _request(state: TaskState) -> Request:
    data = state.metadata
    return Request(
        text=data["text"],
        intent=Intent(data["intent"]),
        category=data["category"],
        dataset=data["dataset"],
        pair=data["pair"],
    )
