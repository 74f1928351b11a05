"""The words of the judge of Han et al. 2024, read at run time from upstream's own files: none of them is kept here.

One file assigns the two policies and the rubric, the other the frame around them. Both are only parsed, never run.
"""

import ast
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from primum.errors import RunError, UserError
from primum.fetch import RemoteFile, fetch, file_sha256, github_address

REPOSITORY = "AI4LIFE-GROUP/med-safety-bench"
COMMIT = "191aa7954b82458079425292730d6cb28a89565d"
PLACE = "PRIMUM_MEDSAFETYBENCH_DIR"
"""Environment variable that names a checkout of the repository, to be read instead of a download."""
SLOTS = frozenset({"usage_policy", "question", "response", "rubric"})
_TEXTS = ("usage_policy_gen_harm", "usage_policy_med_harm", "rubric")
_FRAME = "eval_prompt"
T = TypeVar("T")


def _pinned(name: str, sha256: str | None) -> RemoteFile:
    path = f"exps/{name}"
    return RemoteFile(
        name=name,
        sha256=sha256,
        sources=(partial(github_address, REPOSITORY, COMMIT, path),),
        revision=f"github:{REPOSITORY}@{COMMIT}/{path}",
    )


TEXTS = _pinned("text_for_gpt_eval.py", "e71e6108bb66a18dea28e4a25eb5b6ecef134b52f7937f10721a0a9e5ff1f605")
SCRIPT = _pinned("exp02_eval_responses.py", None)
"""Pinned by its commit: its hash is written down at the first download, and is part of the judge's fingerprint."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of the frame: words as they are, or the name of what goes there."""

    text: str
    slot: bool


@dataclass(frozen=True, kw_only=True)
class PaperWords:
    """What upstream's judge says."""

    general: str
    medical: str
    rubric: str
    frame: tuple[Piece, ...]

    def fill(self, policy: str, request: str, response: str) -> str:
        """The prompt; what a text holds is never read as a slot."""
        values = {"usage_policy": policy, "question": request, "response": response, "rubric": self.rubric}
        return "".join(values[piece.text] if piece.slot else piece.text for piece in self.frame)


def paper_words() -> PaperWords:
    """Upstream's words, from the checkout that ``PRIMUM_MEDSAFETYBENCH_DIR`` names or from a pinned download.

    Raises:
        UserError: the local copy is missing, is not the pinned file, or does not hold the texts.
        RunError: the download failed.
    """
    texts = _read(TEXTS, _plain_texts)
    return PaperWords(
        general=texts["usage_policy_gen_harm"],
        medical=texts["usage_policy_med_harm"],
        rubric=texts["rubric"],
        frame=_read(SCRIPT, _frame),
    )


def paper_sha256() -> tuple[str, str]:
    """Hashes of the two files in use. Raises as ``paper_words`` does."""
    return file_sha256(_obtain(TEXTS)), file_sha256(_obtain(SCRIPT))


def _obtain(file: RemoteFile) -> Path:
    local = os.environ.get(PLACE)
    if not local:
        try:
            return fetch(file)
        except RunError as error:
            raise RunError(f"{error} Judge 'paper' reads it from a checkout where {PLACE} names one.") from error
    folder = Path(local).expanduser()
    found = next((path for path in (folder / "exps" / file.name, folder / file.name) if path.is_file()), None)
    if found is None:
        raise UserError(f"{PLACE} names {folder}, which has no exps/{file.name}. {_MEND}")
    if file.sha256 is not None and (digest := file_sha256(found)) != file.sha256:
        raise UserError(
            f"{found} is not the pinned file (sha256 {digest[:12]}…, expected {file.sha256[:12]}…), so its grades would "
            f"not be the paper's. {_MEND}"
        )
    return found


_MEND = f"Give a checkout of {REPOSITORY} at {COMMIT[:7]}, or unset {PLACE} to download."


def _read(file: RemoteFile, what: Callable[[str], T]) -> T:
    path = _obtain(file)
    try:
        return what(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}). {_MEND}") from error
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UserError(f"{path} does not hold the paper's judge: {str(error).splitlines()[0]}. {_MEND}") from error


@cache
def _plain_texts(source: str) -> Mapping[str, str]:
    """The three texts; the last assignment of a name counts, as in Python.

    Raises:
        ValueError: one is missing or made by code.
    """
    found = dict(_assigned(ast.parse(source).body))
    texts = {}
    for name in _TEXTS:
        if name not in found:
            raise ValueError(f"it assigns no '{name}'")
        pieces = _pieces(found[name])
        if pieces is None or any(piece.slot for piece in pieces):
            raise ValueError(f"'{name}' is made by code, a plain text was expected")
        texts[name] = "".join(piece.text for piece in pieces)
    return texts


@cache
def _frame(source: str) -> tuple[Piece, ...]:
    """The frame of the prompt, wherever in the file it is assigned.

    Raises:
        ValueError: there is none, or it has other slots than the four.
    """
    found = [value for name, value in _assigned(ast.walk(ast.parse(source))) if name == _FRAME]
    if len(found) != 1:
        raise ValueError(f"it assigns '{_FRAME}' {len(found)} times, once was expected")
    pieces = _pieces(found[0])
    slots = {piece.text for piece in pieces or () if piece.slot}
    if pieces is None or slots != SLOTS:
        raise ValueError(f"'{_FRAME}' is no text with the slots {', '.join(sorted(SLOTS))}")
    return pieces


def _assigned(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _pieces(value: ast.expr) -> tuple[Piece, ...] | None:
    """A text or f-string taken apart; None where it holds anything but words and bare names."""
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    found = [_piece(part) for part in parts]
    return None if None in found else tuple(piece for piece in found if piece is not None)


def _piece(part: ast.expr) -> Piece | None:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return Piece(text=part.value, slot=False)
    if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
        bare = part.conversion == -1 and part.format_spec is None
        return Piece(text=part.value.id, slot=True) if bare else None
    return None
