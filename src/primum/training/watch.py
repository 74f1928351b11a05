"""How a training tells that it moves; whatever shows the progress of an evaluation fits."""

import os
from typing import Protocol


class Watch(Protocol):
    """Receives what a training has to say. Calls come from one thread."""

    def note(self, text: str) -> None:
        """One line worth reading."""

    def start(self, stage: str, total: int, done: int = 0) -> None:
        """A stage of ``total`` steps begins, of which ``done`` were done by an earlier run."""

    def advance(self, steps: int = 1) -> None:
        """Steps of the current stage are finished."""

    def download(self, name: str, done: int, total: int) -> None:
        """Bytes of a file have arrived."""


class Silent:
    """Shows nothing; also what every process but the first one shows."""

    def note(self, text: str) -> None:
        """Ignore the line."""

    def start(self, stage: str, total: int, done: int = 0) -> None:
        """Ignore the stage."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""

    def download(self, name: str, done: int, total: int) -> None:
        """Ignore the bytes."""


def is_first_process() -> bool:
    """Whether this is the process that writes and tells, of those that ``torchrun`` or ``accelerate launch`` started."""
    return os.environ.get("RANK", "0") == "0"
