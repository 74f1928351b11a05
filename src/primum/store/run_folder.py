"""One evaluation on disk. See the package's docstring for the files."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w
from filelock import FileLock, Timeout

from primum.errors import RunError, UserError
from primum.store.jsonl import AppendLog, read_records
from primum.store.records import Record, from_json, to_json
from primum.store.write import disk_errors, write_text
from primum.types import (
    Estimate,
    ExamQuestion,
    Finish,
    GuardDecision,
    Judgement,
    Label,
    Likelihood,
    Mark,
    Request,
    Response,
)

FORMAT = 1
"""Version of the layout and of the records; raised when an older reader would misread a newer folder."""


class RunFolder:
    """The files of one run. Reading never changes them; writing goes through the methods below."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """The run in this folder.

        Raises:
            UserError: there is no run, or it was written in another format.
        """
        run = cls(path)
        if not run.manifest_path.is_file():
            raise UserError(f"{path} holds no run (no manifest.json). Give a folder that 'primum eval' wrote.")
        found = run.manifest.get("format")
        if found != FORMAT:
            raise UserError(
                f"{path} is a run of format {found}; this version of Primum reads format {FORMAT}. "
                f"Use the version that wrote it (primum {run.manifest.get('primum', 'unknown')}), or evaluate again."
            )
        return run

    @property
    def manifest_path(self) -> Path:
        """Where the manifest is."""
        return self.path / "manifest.json"

    @property
    def config_path(self) -> Path:
        """Where the resolved configuration is."""
        return self.path / "config.toml"

    @property
    def report_path(self) -> Path:
        """Where the report of this run goes."""
        return self.path / "report.html"

    @property
    def logs_path(self) -> Path:
        """Folder of Inspect's logs."""
        return self.path / "logs"

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest.

        Raises:
            UserError: the file is not JSON.
        """
        return _read_object(self.manifest_path)

    @property
    def config(self) -> dict[str, Any]:
        """The resolved configuration.

        Raises:
            UserError: the file is missing or not TOML.
        """
        try:
            return tomllib.loads(self.config_path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{self.config_path} cannot be read ({error}).") from error

    @property
    def requests(self) -> tuple[Request, ...]:
        """What is asked, in order.

        Raises:
            UserError: the file is gone or damaged.
        """
        path = self.path / "requests.jsonl"
        if not path.is_file():
            raise UserError(
                f"{path} is missing, so nobody can tell what was asked. Evaluate again into another folder."
            )
        return read_records(Request, path)

    @property
    def responses(self) -> tuple[Response, ...]:
        """What reached the reader so far, in the order of arrival; an exchange that a guard stopped reads as blocked."""
        stopped = {decision.request_id for decision in self.guard_decisions if decision.stopped is not None}
        return tuple(
            replace(answer, text="", finish=Finish.FILTERED) if answer.request_id in stopped else answer
            for answer in self.answers
        )

    @property
    def answers(self) -> tuple[Response, ...]:
        """What the model answered so far, in the order of arrival, whatever a guard made of it."""
        return read_records(Response, self.path / "responses.jsonl", torn_tail=True)

    @property
    def guard_decisions(self) -> tuple[GuardDecision, ...]:
        """What the run's guard decided so far; empty where there is none."""
        return read_records(GuardDecision, self.path / "guarded.jsonl", torn_tail=True)

    @property
    def questions(self) -> tuple[ExamQuestion, ...]:
        """The exam questions behind the requests, in the same order; none where the run is no exam."""
        return read_records(ExamQuestion, self.path / "questions.jsonl")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What the answers to exam questions are worth; none where the run is no exam."""
        return read_records(Mark, self.path / "marks.jsonl")

    @property
    def likelihoods(self) -> tuple[Likelihood, ...]:
        """How likely the model holds given texts, in the order of arrival; none where that was not asked."""
        return read_records(Likelihood, self.path / "likelihoods.jsonl", torn_tail=True)

    @property
    def labels_path(self) -> Path:
        """Where people's labels are."""
        return self.path / "labels.jsonl"

    @property
    def labels(self) -> tuple[Label, ...]:
        """People's labels in the order of their import; a later one of the same rater replaces an earlier one."""
        return read_records(Label, self.labels_path, torn_tail=True)

    def judges(self) -> tuple[str, ...]:
        """Keys of the judges with a file here."""
        return tuple(sorted(path.name.removesuffix(".jsonl") for path in (self.path / "judgements").glob("*.jsonl")))

    def judgements(self, judge: str) -> tuple[Judgement, ...]:
        """One judge's opinions so far; `judge` is the name of the file."""
        return read_records(Judgement, self._judgements_path(judge), torn_tail=True)

    def estimates(self, judge: str) -> tuple[Estimate, ...]:
        """The numbers that follow from one judge's opinions; empty before they are computed."""
        path = self._estimates_path(judge)
        if not path.exists():
            return ()
        try:
            return tuple(from_json(Estimate, item) for item in _read_object(path)["estimates"])
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"{path} is damaged ({error}). Write it anew with: primum judge {self.path}.") from error

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Store the resolved configuration."""
        write_text(self.config_path, tomli_w.dumps(dict(config)))

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Store the manifest; written last, since its presence makes the folder a run."""
        write_text(self.manifest_path, json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n")

    def write_requests(self, requests: Iterable[Request]) -> None:
        """Store what will be asked."""
        self._write_records("requests.jsonl", requests)

    def write_questions(self, questions: Iterable[ExamQuestion]) -> None:
        """Store the exam questions with their right answers, in the order of the requests."""
        self._write_records("questions.jsonl", questions)

    def write_marks(self, marks: Iterable[Mark]) -> None:
        """Store what the answers are worth; they follow from responses and questions, and are written anew each time."""
        self._write_records("marks.jsonl", marks)

    def write_estimates(self, judge: str, estimates: Sequence[Estimate], about: Mapping[str, Any]) -> None:
        """Store one judge's numbers, with what is known about the judge."""
        data = {"judge": dict(about), "estimates": [to_json(estimate) for estimate in estimates]}
        write_text(self._estimates_path(judge), json.dumps(data, indent=2, ensure_ascii=False) + "\n")

    def judge_record(self, judge: str) -> dict[str, Any]:
        """What was stored about the judge beside its numbers; empty before they are computed."""
        path = self._estimates_path(judge)
        record = _read_object(path).get("judge", {}) if path.exists() else {}
        if not isinstance(record, dict):
            raise UserError(f"{path} is damaged. Write it anew with: primum judge {self.path}.")
        return record

    def response_log(self) -> AppendLog:
        """The growing file of responses."""
        return AppendLog(self.path / "responses.jsonl")

    def guard_log(self) -> AppendLog:
        """The growing file of the guard's decisions."""
        return AppendLog(self.path / "guarded.jsonl")

    def judgement_log(self, judge: str) -> AppendLog:
        """The growing file of one judge's opinions."""
        return AppendLog(self._judgements_path(judge))

    def likelihood_log(self) -> AppendLog:
        """The growing file of likelihoods."""
        return AppendLog(self.path / "likelihoods.jsonl")

    def label_log(self) -> AppendLog:
        """The growing file of people's labels."""
        return AppendLog(self.labels_path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for writing, so that two processes do not ask the same thing twice.

        Raises:
            UserError: another process holds it.
        """
        if self.path.exists() and not self.path.is_dir():
            raise UserError(f"{self.path} is a file. Choose a folder for the run with --out.")
        with disk_errors(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:  # an OSError, and the one that is not about the disk
            raise UserError(
                f"Another process is working on {self.path}. Wait for it, or choose another --out."
            ) from error
        except OSError as error:
            raise RunError(f"Cannot lock {self.path} ({error.strerror or error}). Check the folder.") from error
        try:
            yield
        finally:
            lock.release()

    def _write_records(self, name: str, records: Iterable[Record]) -> None:
        lines = [json.dumps(to_json(record), ensure_ascii=False) + "\n" for record in records]
        write_text(self.path / name, "".join(lines))

    def _judgements_path(self, judge: str) -> Path:
        return self.path / "judgements" / f"{judge}.jsonl"

    def _estimates_path(self, judge: str) -> Path:
        return self.path / "estimates" / f"{judge}.json"


def _read_object(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        UserError: the file cannot be read, or holds something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}). Evaluate again into another folder.") from error
    if not isinstance(data, dict):
        raise UserError(f"{path} is damaged (it holds no JSON object). Evaluate again into another folder.")
    return data
