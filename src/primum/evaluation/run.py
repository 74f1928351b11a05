"""A finished (or half-finished) evaluation, read from its folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primum.errors import UserError
from primum.evaluation.binding import Validated, validated
from primum.evaluation.kinds import Kind, kind_of
from primum.store import RunFolder
from primum.types import OVERALL, Estimate, ExamQuestion, Judgement, Likelihood, Mark, Request, Response


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
    validated: Validated
    """What people's labels say of that judge, by the validation record in the run's folder."""
    requests: tuple[Request, ...]
    responses: tuple[Response, ...]
    judgements: tuple[Judgement, ...]
    estimates: tuple[Estimate, ...]
    questions: tuple[ExamQuestion, ...] = ()
    """The exam questions behind the requests, in the same order; none where the run is no exam."""
    marks: tuple[Mark, ...] = ()
    """What the answers to them are worth."""
    likelihoods: tuple[Likelihood, ...] = ()
    """How likely the model holds given texts; none where that was not asked."""

    @property
    def kind(self) -> Kind:
        """What its numbers are about."""
        return kind_of(self.manifest)

    @property
    def report_path(self) -> Path:
        """Where the HTML report is."""
        return RunFolder(self.path).report_path

    @property
    def complete(self) -> bool:
        """Whether every request has its response and judgement, or its mark or likelihood where these are asked for."""
        if self.kind is not Kind.SAFETY:
            return len(self.requests) == len(self.marks if self.kind is Kind.EXAM else self.likelihoods)
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
    chosen = manifest.get("judge", "") if judge is None else _match(judge, folder)
    record = folder.judge_record(chosen)
    return Run(
        path=folder.path,
        config=folder.config,
        manifest=manifest,
        judge=chosen,
        judge_record=record,
        validated=validated(folder, chosen, record),
        requests=folder.requests,
        responses=folder.responses,
        judgements=folder.judgements(chosen),
        estimates=folder.estimates(chosen),
        questions=folder.questions,
        marks=folder.marks,
        likelihoods=folder.likelihoods,
    )


def _match(judge: str, folder: RunFolder) -> str:
    keys = folder.judges()
    panel = "+".join(sorted(judge.split("+"))) if "+" in judge else None
    found = [
        key
        for key in keys
        if key == judge or key.startswith(f"{judge}@") or (panel and folder.judge_record(key).get("name") == panel)
    ]
    if not found:
        raise UserError(f"Judge '{judge}' has not judged {folder.path}. Judged by: {', '.join(keys) or 'none'}.")
    return found[-1]
