"""A finished (or half-finished) evaluation, read from its folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.store import RunFolder
from primum.types import OVERALL, Estimate, Judgement, Request, Response


@dataclass(frozen=True, kw_only=True)
class Run:
    """Everything that one judge has to say about one model's answers."""

    path: Path
    config: dict[str, Any]
    manifest: dict[str, Any]
    judge: str
    """Key of the judge whose judgements and estimates these are."""
    judge_record: dict[str, Any]
    """What is known about that judge, its measured error among it."""
    requests: tuple[Request, ...]
    responses: tuple[Response, ...]
    judgements: tuple[Judgement, ...]
    estimates: tuple[Estimate, ...]

    @property
    def report_path(self) -> Path:
        """Where the HTML report is."""
        return RunFolder(self.path).report_path

    @property
    def complete(self) -> bool:
        """Whether every request has its response and judgement."""
        return len(self.requests) == len(self.responses) == len(self.judgements)

    def estimate(self, metric: str, group: str = OVERALL) -> Estimate:
        """One number of this run.

        Raises:
            UserError: there is none of that name.
        """
        for estimate in self.estimates:
            if (estimate.metric, estimate.group) == (metric, group):
                return estimate
        known = sorted({item.metric for item in self.estimates})
        raise UserError(
            f"{self.path} has no '{metric}' for '{group}'. Allowed metrics: {', '.join(known) or 'none yet'}."
        )


def open_run(path: str | Path, judge: str | None = None) -> Run:
    """The run in a folder, under its own judge or the one named.

    Raises:
        UserError: no run there, another format, or a judge that did not judge it.
    """
    folder = RunFolder.open(Path(path))
    manifest = folder.manifest
    keys = folder.judges()
    chosen = manifest.get("judge", "") if judge is None else _match(judge, keys, folder.path)
    return Run(
        path=folder.path,
        config=folder.config,
        manifest=manifest,
        judge=chosen,
        judge_record=folder.judge_record(chosen),
        requests=folder.requests,
        responses=folder.responses,
        judgements=folder.judgements(chosen),
        estimates=folder.estimates(chosen),
    )


def _match(judge: str, keys: tuple[str, ...], path: Path) -> str:
    found = [key for key in keys if key == judge or key.startswith(f"{judge}@")]
    if not found:
        raise UserError(f"Judge '{judge}' has not judged {path}. Judged by: {', '.join(keys) or 'none'}.")
    return found[-1]
