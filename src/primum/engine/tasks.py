"""Our data sets as Inspect tasks: ``inspect eval primum/pairs --model …``.

The embedded judge scores them, so that an Inspect user sees outcomes in the viewer; runs, intervals and reports are what
``primum eval`` is for.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import Generate, Solver, TaskState, generate, solver

from primum.datasets import LoadOptions, find_dataset, sample_requests
from primum.judges import find_judge, settled
from primum.types import Finish, Intent, Outcome, Request, Response


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
