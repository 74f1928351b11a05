"""Progress bars and numbers in the terminal."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from primum.evaluation import Run
from primum.evaluation.corrections import corrections_of
from primum.evaluation.kinds import Kind
from primum.evaluation.validation_words import lines
from primum.report.words import correction, counts, interval, percent
from primum.types import OVERALL, Estimate

_ENOUGH = 10
"""Finished steps from which the time left is told."""
_TELL_EVERY = 10
"""Seconds between lines where there is no terminal."""


class TerminalProgress:
    """Bars with an estimate of the time left, on stderr; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("·"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._stage: TaskID | None = None
        self._files: dict[str, TaskID] = {}
        self._name, self._total, self._done, self._first = "", 0, 0, 0
        self._began = self._told = time.monotonic()

    def note(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def start(self, stage: str, total: int, done: int = 0) -> None:
        """Begin a bar."""
        self._name, self._total, self._done, self._first = stage, total, done, done
        self._began = self._told = time.monotonic()
        resumed = f" ({done} done before)" if done else ""
        if not self._console.is_terminal:
            self.note(f"{stage}: {total}{resumed}")
        self._stage = self._progress.add_task(stage + resumed, total=total, completed=done)

    def advance(self, steps: int = 1) -> None:
        """Move the bar; without a terminal, a line every ten seconds and at the end."""
        self._done += steps
        if self._stage is not None:
            self._progress.advance(self._stage, steps)
        now = time.monotonic()
        if not self._console.is_terminal and (now - self._told >= _TELL_EVERY or self._done == self._total):
            self._told = now
            self.note(f"{self._name}: {self._done} of {self._total}{self._left(now)}")

    def download(self, name: str, done: int, total: int) -> None:
        """Move the bar of a file, in megabytes."""
        if name not in self._files:
            self._files[name] = self._progress.add_task(f"fetching {name} (MB)", total=total / 1e6)
            if not self._console.is_terminal:
                self.note(f"fetching {name}, {total / 1e6:.0f} MB")
        self._progress.update(self._files[name], completed=round(done / 1e6, 1))

    def _left(self, now: float) -> str:
        finished, left = self._done - self._first, self._total - self._done
        # The first answers wait for the model to load, so that they say little about the rest.
        seconds = (now - self._began) / finished * left if finished >= _ENOUGH else 0.0
        return f", about {seconds:.0f} s left" if seconds >= 1 else ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._progress.stop()


def print_estimates(run: Run) -> None:
    """The main numbers, each with interval and counts, on stdout, and what people's labels say of the judge."""
    console = Console(highlight=False, markup=False, width=100 if not Console().is_terminal else None)
    how = "judged" if run.kind is Kind.SAFETY else "measured"
    console.print(f"{run.config['model']} on {run.config['dataset']}, {how} by {run.judge}")
    for estimate in run.estimates:
        if estimate.group == OVERALL:
            console.print(f"  {estimate.metric:<26} {_value(estimate):>8}  {interval(estimate):<18} {counts(estimate)}")
    for found in corrections_of(run):
        if found.judged.group == OVERALL:
            console.print(f"  {found.judged.metric:<26} {correction(found)}")
    for warning in run.judge_record.get("warnings", ()):
        console.print(f"  Note: {warning}")
    for line in lines(run.validated, run.judge_record) if run.kind is Kind.SAFETY else ():
        console.print(f"  {line}")


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return percent(estimate.value) if estimate.events is not None else f"{estimate.value:.2f}"
