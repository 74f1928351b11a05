"""Data that ships inside the package."""

import hashlib
import json
from importlib.resources import files
from typing import TypeVar

from primum.datasets.card import LoadOptions
from primum.errors import UserError
from primum.store import from_json
from primum.types import OrdinaryRequest, Pair

R = TypeVar("R", Pair, OrdinaryRequest)


def read_shipped(kind: type[R], name: str, options: LoadOptions | None = None) -> tuple[tuple[R, ...], str]:
    """The records of a shipped file, in order, with the SHA-256 of its content.

    Raises:
        UserError: the options name another place to read from.
    """
    if options is not None and options.folder is not None:
        raise UserError(f"{name} ships with Primum and is not read from {options.folder}. Leave --data-dir out.")
    content = files("primum.datasets").joinpath("data", name).read_bytes()
    records = tuple(from_json(kind, json.loads(line)) for line in content.decode().splitlines())
    return records, hashlib.sha256(content).hexdigest()
