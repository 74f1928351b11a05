"""What an improvement is asked to do: the mitigations, the instruments, and the margins stated beforehand."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from primum.errors import UserError, unknown_name
from primum.evaluation.compared import MARGINS
from primum.evaluation.kinds import Kind
from primum.improve.mitigations import find_chain
from primum.training import OnOverlap

INSTRUMENTS = ("default", "shipped")
"""Sets of instruments that ship, each a file ``instruments/NAME.toml``."""
_RESERVED = ("model", "system_prompt", "demonstrations", "demonstrations_mix", "guard", "guard_model")
"""Keys of an evaluation that the subject decides, never an instrument."""


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Changes for the worse that would not matter; state them before looking.

    Raises:
        UserError: one is not above 0 and below 1.
    """

    denial: float = MARGINS[Kind.SAFETY]
    """Rise of a denial rate."""
    accuracy: float = MARGINS[Kind.EXAM]
    """Fall of the share of exam questions answered right."""
    likelihood: float = MARGINS[Kind.REFERENCE]
    """Relative rise of the negative log-likelihood of reference answers."""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not 0 < value < 1:
                raise UserError(f"The margin of {item.name} has the value {value}; allowed: above 0 and below 1.")


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One evaluation that every subject goes through."""

    name: str
    options: Mapping[str, Any]
    """Keys of its configuration."""


@dataclass(frozen=True, kw_only=True)
class ImproveConfig:
    """The resolved configuration of an improvement."""

    model: str
    mitigations: tuple[str, ...] = ("sft",)
    instruments: tuple[Instrument, ...]
    margins: Margins = Margins()
    training: Mapping[str, Any] = field(default_factory=dict)
    """Changes of every recipe: ``n``, ``steps``, ``twins``, ``ordinary`` …"""
    on_overlap: OnOverlap = "refuse"
    guard: str = "embedded"
    guard_model: str | None = None
    common: Mapping[str, Any] = field(default_factory=dict)
    """Keys that every evaluation shares: judge, max_tokens, seed …"""
    seed: int = 0
    data_dir: Path | None = None
    """A local copy of the data sets that recipes name and that do not ship."""


def read_instruments(name: str, places: Mapping[str, str] | None = None) -> tuple[Instrument, ...]:
    """The instruments of a shipped set or of a TOML file.

    Args:
        name: ``default``, ``shipped`` or the path of a file.
        places: Local copies: the name of a data set and its folder.

    Raises:
        UserError: no such set or file, no instrument in it, a name given twice, or a key that an instrument may not set.
    """
    text = _text(name)
    try:
        tables = tomllib.loads(text).get("instruments", [])
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"The instruments {name} are not TOML ({error}).") from error
    if not isinstance(tables, list) or not tables:
        raise UserError(f"{name} holds no instrument. Add [[instruments]] with name and dataset.")
    found = tuple(_instrument(table, name, places or {}) for table in tables)
    names = [item.name for item in found]
    if twice := {item for item in names if names.count(item) > 1}:
        raise UserError(f"{name} names {', '.join(sorted(twice))} twice. Each instrument needs a name of its own.")
    return found


def check_mitigations(names: Sequence[str]) -> tuple[str, ...]:
    """The names, if each is a chain of known mitigations.

    Raises:
        UserError: one is not, or a chain comes twice.
    """
    if not names:
        raise UserError("No mitigation was given. Write for example --with sft; see 'primum improve --help'.")
    for name in names:
        find_chain(name)
    if len(set(names)) < len(names):
        raise UserError(f"A mitigation is given twice: {', '.join(names)}. Name each once.")
    return tuple(names)


def _text(name: str) -> str:
    if name in INSTRUMENTS:
        return files("primum.improve").joinpath("instruments", f"{name}.toml").read_text(encoding="utf-8")
    if not name.endswith(".toml"):
        raise unknown_name("set of instruments", name, INSTRUMENTS, "Or give the path of a .toml file.")
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"Cannot read the instruments {name} ({error}).") from error


def _instrument(table: Any, place: str, places: Mapping[str, str]) -> Instrument:
    if (
        not isinstance(table, dict)
        or not isinstance(table.get("name"), str)
        or not isinstance(table.get("dataset"), str)
    ):
        raise UserError(f"{place} has an instrument without name or dataset. Give both as texts.")
    if taken := [key for key in _RESERVED if key in table]:
        raise UserError(f"The instrument '{table['name']}' in {place} sets {taken[0]}, which the mitigations decide.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", table["name"]):
        raise UserError(f"The instrument '{table['name']}' in {place} names a folder: letters, digits and . _ - only.")
    options = {key: value for key, value in table.items() if key != "name"}
    if (folder := places.get(options["dataset"])) is not None:
        options["data_dir"] = folder
    return Instrument(name=table["name"], options=options)
