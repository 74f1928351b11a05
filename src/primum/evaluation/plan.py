"""What an evaluation would do, without doing it."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from primum.datasets import PLAIN, Loaded, LoadOptions, find_dataset, sample_requests
from primum.errors import UserError
from primum.evaluation.config import EvalConfig
from primum.evaluation.progress import Progress
from primum.store import RunFolder
from primum.types import Request

RUNS = Path("runs")
"""Where runs go unless told otherwise."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A configuration with the requests that it means and the folder that it fills."""

    config: EvalConfig
    folder: Path
    loaded: Loaded
    requests: tuple[Request, ...]

    @property
    def already_answered(self) -> int:
        """Responses that an earlier run left in the folder."""
        folder = RunFolder(self.folder)
        ids = {request.id for request in self.requests}
        found = folder.responses if folder.manifest_path.is_file() else ()
        return sum(response.request_id in ids for response in found)

    def lines(self) -> list[str]:
        """The plan for a reader."""
        config, counts = self.config, Counter(request.intent.value for request in self.requests)
        judge = f"{config.judge} ({config.judge_model})" if config.judge_model else config.judge
        sampling = "greedy" if config.temperature == 0 else f"temperature {config.temperature}, seed {config.seed}"
        dataset = config.data_dir if config.dataset == PLAIN.name else config.dataset
        return [
            f"model      {config.model}",
            f"data set   {dataset}, split {config.split}: {len(self.requests)} requests "
            f"({', '.join(f'{number} {intent}' for intent, number in sorted(counts.items(), reverse=True))})",
            f"asking     up to {config.max_tokens} new tokens each, {sampling}, attack {config.attack}, "
            f"system prompt {'yes' if config.system_prompt else 'none'}",
            f"at most    {len(self.requests) * config.max_tokens:,} new tokens in all",
            f"judge      {judge}",
            f"folder     {self.folder}",
            f"done       {self.already_answered} of {len(self.requests)} already answered there",
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
    if not loaded.requests:
        raise UserError(
            f"Data set '{config.dataset}' holds exam questions, no requests: it measures capability. Allowed here: "
            "data sets that measure harm or over-refusal; see 'primum data list'."
        )
    requests = sample_requests(loaded.requests, config.limit, config.seed)
    return Plan(config=config, folder=out or RUNS / config.folder_name, loaded=loaded, requests=requests)
