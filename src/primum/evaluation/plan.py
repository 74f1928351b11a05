"""What an evaluation would do, without doing it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from primum.datasets import PLAIN, Loaded, LoadOptions, find_dataset, sample_requests
from primum.errors import UserError
from primum.evaluation.config import EvalConfig
from primum.evaluation.exam import exam_request
from primum.evaluation.kinds import LIKELIHOOD, Kind
from primum.evaluation.progress import Progress
from primum.evaluation.reference import references_of
from primum.store import RunFolder
from primum.types import ExamQuestion, Request

RUNS = Path("runs")
"""Where runs go unless told otherwise."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A configuration with the requests that it means and the folder that it fills."""

    config: EvalConfig
    folder: Path
    loaded: Loaded
    requests: tuple[Request, ...]
    kind: Kind = Kind.SAFETY
    questions: Mapping[str, ExamQuestion] = field(default_factory=dict)
    """The exam question behind each request, by the request's id; empty where the data set is no exam."""
    references: Mapping[str, str] = field(default_factory=dict)
    """The answer whose likelihood is asked for, by the request's id; empty where none is."""

    @property
    def already_answered(self) -> int:
        """Responses that an earlier run left in the folder."""
        folder = RunFolder(self.folder)
        ids = {request.id for request in self.requests}
        if not folder.manifest_path.is_file():
            return 0
        found = folder.likelihoods if self.config.method == LIKELIHOOD else folder.responses
        return sum(item.request_id in ids for item in found)

    def lines(self) -> list[str]:
        """The plan for a reader."""
        config = self.config
        dataset = config.data_dir if config.dataset == PLAIN.name else config.dataset
        return [
            f"model      {config.model}",
            f"data set   {dataset}, split {config.split}: {self._what()}",
            *(self._weighing() if config.method == LIKELIHOOD else self._asking()),
            f"folder     {self.folder}",
            f"done       {self.already_answered} of {len(self.requests)} already answered there",
        ]

    def _what(self) -> str:
        if self.kind is Kind.SAFETY:
            counts = Counter(request.intent.value for request in self.requests)
            intents = ", ".join(f"{number} {intent}" for intent, number in sorted(counts.items(), reverse=True))
            return f"{len(self.requests)} requests ({intents})"
        subjects = len({request.category for request in self.requests})
        things = "exam questions" if self.kind is Kind.EXAM else "requests with a reference answer"
        return f"{len(self.requests)} {things} ({subjects} {'subject' if subjects == 1 else 'subjects'})"

    def _asking(self) -> list[str]:
        config = self.config
        sampling = "greedy" if config.temperature == 0 else f"temperature {config.temperature}, seed {config.seed}"
        judge = f"{config.judge} ({config.judge_model})" if config.judge_model else config.judge
        return [
            f"asking     up to {config.max_tokens} new tokens each, {sampling}, attack {config.attack}, "
            f"system prompt {'yes' if config.system_prompt else 'none'}",
            f"at most    {len(self.requests) * config.max_tokens:,} new tokens in all",
            f"judge      {judge if self.kind is Kind.SAFETY else 'none: answers are read against the key'}",
        ]

    def _weighing(self) -> list[str]:
        what = "the letter of each choice" if self.kind is Kind.EXAM else "each reference answer"
        return [
            f"weighing   {what}, system prompt {'yes' if self.config.system_prompt else 'none'}; nothing is written",
            "judge      none",
        ]


def make_plan(config: EvalConfig, out: Path | None, progress: Progress) -> Plan:
    """Load the requests and choose the folder; a data set may be downloaded, no model is touched.

    Raises:
        UserError: the data set is not where it was said to be, or the limit is too small.
        RunError: a download failed.
    """
    options = LoadOptions(
        split="train" if config.split == "train" else "test",
        folder=Path(config.data_dir) if config.data_dir else None,
        columns=config.columns,
        progress=progress.download,
    )
    loaded = find_dataset(config.dataset).load(options)
    if config.dataset == PLAIN.name and "intent" not in config.columns:
        raise UserError(
            f"Are the requests in {config.data_dir} harmful or benign? Add --column intent=harmful, intent=benign, or the "
            "column that says it: rates over the wrong kind mean nothing."
        )
    return _plan(config, out or RUNS / config.folder_name, loaded)


def _plan(config: EvalConfig, folder: Path, loaded: Loaded) -> Plan:
    kind, questions, references = Kind.SAFETY, {}, {}
    if loaded.questions:
        kind, questions = Kind.EXAM, {exam_request(question): question for question in loaded.questions}
    elif config.method == LIKELIHOOD:
        kind, references = Kind.REFERENCE, references_of(loaded, config.dataset)
    requests = sample_requests(tuple(questions or references or loaded.requests), config.limit, config.seed)
    return Plan(
        config=config,
        folder=folder,
        loaded=loaded,
        requests=requests,
        kind=kind,
        questions={request.id: questions[request] for request in requests if questions},
        references={request.id: references[request] for request in requests if references},
    )
