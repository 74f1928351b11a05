"""MedSafetyBench, the GPT-4 half (Han et al. 2024): harmful medical requests with safe responses, nine CSV files a split.

Columns: an unnamed row number, ``harmful_medical_request``, ``safe_response``. There are no benign requests in it, so it
gives a harm rate and no denial rate.

The files are never shipped. They come from a local folder (upstream's layout ``datasets/test/gpt4/…``, or flat
``test/…``), or are downloaded from the pinned commit; either way each file's hash must be the pinned one.
"""

import csv
import hashlib
import io
import os
import tomllib
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from primum.datasets.card import Dataset, Loaded, LoadOptions
from primum.errors import UserError
from primum.fetch import PinnedFile, fetch
from primum.standard import load_standard
from primum.types import Intent, Request

_NAME = "medsafetybench"
_COLUMN = "harmful_medical_request"


@cache
def _pins() -> dict[str, Any]:
    return tomllib.loads(files("primum.datasets").joinpath("medsafetybench.toml").read_text(encoding="utf-8"))


def _load(options: LoadOptions) -> Loaded:
    requests: list[Request] = []
    digest = hashlib.sha256()
    for entry in _pins()["files"]:
        if entry["split"] == options.split:
            path = _find(options.folder, entry) if options.folder else fetch(_pinned(entry), options.progress)
            content = _read(path)
            _require_pinned(path, content, entry)
            digest.update(content)
            requests += _requests(path, content, load_standard().principle(entry["principle"]).id)
    return Loaded(requests=tuple(requests), sha256=digest.hexdigest())


def _address(entry: dict[str, Any]) -> str:
    host = os.environ.get("PRIMUM_GITHUB_RAW", "https://raw.githubusercontent.com").rstrip("/")
    return f"{host}/{_pins()['repository']}/{_pins()['commit']}/{entry['path']}"


def _pinned(entry: dict[str, Any]) -> PinnedFile:
    return PinnedFile(
        name=entry["path"].rsplit("/", 1)[-1],
        sha256=entry["sha256"],
        size=entry["size"],
        sources=(partial(_address, entry),),
    )


def _find(folder: Path, entry: dict[str, Any]) -> Path:
    name = entry["path"].rsplit("/", 1)[-1]
    roots = (folder, folder / "medsafetybench", folder / "med-safety-bench")
    choices = [root / place for root in roots for place in (entry["path"], f"{entry['split']}/{name}")]
    for choice in choices:
        if choice.is_file():
            return choice
    raise UserError(
        f"No MedSafetyBench file {name} of split '{entry['split']}' under {folder}. Looked for {choices[0]} and "
        f"{choices[1]}. Give the folder of a checkout of {_pins()['repository']}, or leave --data-dir out to download."
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"Cannot read {path} ({error.strerror}).") from error


def _require_pinned(path: Path, content: bytes, entry: dict[str, Any]) -> None:
    """Columns first: a file of the wrong kind deserves a better word than a wrong hash."""
    header = _header(content)
    if _COLUMN not in header:
        raise UserError(
            f"{path} has no column '{_COLUMN}'; found: {', '.join(header) or 'nothing'}. "
            f"Use the files of {_pins()['repository']} at {_pins()['commit'][:7]}."
        )
    found = hashlib.sha256(content).hexdigest()
    if found != entry["sha256"]:
        raise UserError(
            f"{path} is not the pinned file (sha256 {found[:12]}…, expected {entry['sha256'][:12]}…), so numbers would "
            f"not compare. Use the files of {_pins()['repository']} at {_pins()['commit'][:7]}."
        )


def _header(content: bytes) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(content.decode("utf-8", errors="replace"))), [])
    except csv.Error:  # not a CSV file at all
        return []


def _requests(path: Path, content: bytes, principle: str) -> list[Request]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    texts = [(row[_COLUMN] or "").strip() for row in rows]
    if not all(texts):
        raise UserError(f"{path}, row {texts.index('') + 1}: empty '{_COLUMN}'.")
    return [Request(text=text, intent=Intent.HARMFUL, category=principle, dataset=_NAME) for text in texts]


MEDSAFETYBENCH = Dataset(
    name=_NAME,
    title="MedSafetyBench, GPT-4 half (Han et al. 2024)",
    version="191aa7954b82458079425292730d6cb28a89565d",
    licence="MIT; the authors ask for research use only",
    origin="https://github.com/AI4LIFE-GROUP/med-safety-bench",
    measures="medical harm, on 450 requests a split; no benign requests, so no denial rate",
    defects="Written by GPT-4; about one request in seven asks for nothing harmful that a text model could do.",
    splits=("test", "train"),
    read=_load,
)
