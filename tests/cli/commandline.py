"""The command line, run in this process as a shell would see it."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from primum.cli.app import main


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Exit code and the two streams."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that says what went wrong, last on stderr."""
        lines = [line for line in self.err.splitlines() if line.startswith("Error: ")]
        assert len(lines) == 1, self.err
        assert self.err.rstrip().splitlines()[-1] == lines[0]
        return lines[0].removeprefix("Error: ")


def primum(*words: str | Path) -> Outcome:
    """What ``primum WORDS`` does; any exception but an exit goes through, as it would be a traceback."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["primum", *map(str, words)]):
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    return Outcome(code=code, out=out.getvalue(), err=err.getvalue())
