"""Your own requests: any CSV, TSV, JSON, JSON Lines, Parquet or text file, here or on the Hugging Face hub.

``--column`` says what is where::

    text=prompt            the request (needed; a text file has the one column "text")
    intent=label           harmful, unsafe, benign or safe; or one of these words for all rows (default: harmful)
    principle=principle    ids of the standard's principles; or
    category=topic         any category of your own (default: all rows "uncategorised")
    pair=scene             rows with the same value are twins
    reference=answer       a reference response
    id=row_id              checked to be unique

A place is a path, or ``hf:OWNER/NAME[@REVISION][/FILE]``.
"""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from primum.datasets.card import Dataset, Loaded, LoadOptions, Row
from primum.datasets.origin import DataFile, Origin, content_digest
from primum.datasets.requests import INTENTS, intent_of
from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError, unknown_name
from primum.fetch import Progress, hub_files
from primum.standard import load_standard
from primum.types import Intent, Request

NAME = "plain"
_ROLES = ("text", "intent", "principle", "category", "pair", "reference", "id")
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".parquet", ".txt")
_HUB = re.compile(r"hf:(?P<repository>[\w-][\w.-]*/[\w-][\w.-]*)(?:@(?P<revision>[^/]+))?(?:/(?P<file>.+))?")


def is_place(text: str) -> bool:
    """Whether a data set's name is rather the place of a plain file."""
    return text.startswith("hf:") or Path(text).suffix.lower() in _SUFFIXES


def check_columns(columns: Mapping[str, str]) -> None:
    """Nothing, if every role is known and the request has its column.

    Raises:
        UserError: it is not so.
    """
    for role in columns:
        if role not in _ROLES:
            raise unknown_name("column role", role, _ROLES)
    if "principle" in columns and "category" in columns:
        raise UserError("Both --column principle=… and category=… were given. Keep one of them.")


def _load(options: LoadOptions) -> Loaded:
    if options.folder is None:
        raise UserError(
            "A plain data set needs its place. Name a file, or hf:OWNER/NAME, where a data set's name goes."
        )
    columns = {"text": "text", **options.columns}
    check_columns(columns)
    path = _obtain(str(options.folder), options.progress)
    if path.is_dir():
        raise UserError(f"{path} is a folder. Name one file: {', '.join(_SUFFIXES)}.")
    seen: dict[str, int] = {}
    with closing(read_rows(path)) as raws:
        rows = [_row(raw, columns, seen) for raw in raws]
    if not rows:
        raise UserError(f"{path} holds no rows. Check the file.")
    return Loaded(rows=tuple(rows), sha256=content_digest([path]))


def _row(raw: RawRow, columns: Mapping[str, str], seen: dict[str, int]) -> Row:
    if "id" in columns:
        key = raw.text(columns["id"])
        if key in seen:
            raise UserError(
                f"{raw.path}, row {raw.number}: id '{key}' is that of row {seen[key]} too. Ids must differ."
            )
        seen[key] = raw.number
    request = Request(
        text=raw.text(columns["text"]),
        intent=_intent(raw, columns["intent"]) if "intent" in columns else Intent.HARMFUL,
        category=_category(raw, columns),
        dataset=NAME,
        pair=_pair(said) if (said := _optional(raw, columns.get("pair"))) else None,
    )
    return Row(request=request, place=raw.place, reference=_optional(raw, columns.get("reference")))


def _optional(raw: RawRow, column: str | None) -> str | None:
    """What a column holds; None where there is no such role, or nothing in it."""
    if column is None or not str(raw.value(column) or "").strip():
        return None
    return raw.text(column)


def _intent(raw: RawRow, column: str) -> Intent:
    return INTENTS[column] if column not in raw.values and column in INTENTS else intent_of(raw, column)


def _category(raw: RawRow, columns: Mapping[str, str]) -> str:
    if "category" in columns:
        return raw.text(columns["category"])
    if "principle" not in columns:
        return "uncategorised"
    found, known = raw.text(columns["principle"]), [item.id for item in load_standard().principles]
    if found not in known:
        error = unknown_name("principle", found, known)
        raise UserError(f"{raw.path}, row {raw.number}: {error}")
    return found


def _pair(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _obtain(place: str, progress: Progress | None) -> Path:
    """The file, fetched first where it is on the hub."""
    if not place.startswith("hf:"):
        return Path(place)
    found = _HUB.fullmatch(place)
    if found is None:
        raise UserError(
            f"'{place}' is no place on the hub. Write hf:OWNER/NAME, with @REVISION and /FILE where needed."
        )
    repository = found["repository"]
    commit, listed = hub_files(repository, found["revision"] or "main")
    file = DataFile(path=_choose(place.removesuffix("/"), repository, found["file"], listed))
    origin = Origin(host="hub", repository=repository, revision=commit, files=(file,))
    return origin.obtain(file, None, progress)


def _choose(place: str, repository: str, wanted: str | None, listed: tuple[str, ...]) -> str:
    choices = [path for path in listed if Path(path).suffix.lower() in _SUFFIXES and not path.startswith(".")]
    if wanted is not None:
        if wanted not in listed:
            raise unknown_name(f"file of '{repository}'", wanted, choices)
        return wanted
    if len(choices) != 1:
        raise UserError(
            f"'{repository}' holds {len(choices)} data files; name one: "
            f"{', '.join(f'{place}/{path}' for path in choices[:12]) or 'none of a known format is there'}."
        )
    return choices[0]


PLAIN = Dataset(
    name=NAME,
    title="Your own file, or any data set on the Hugging Face hub",
    measures="your own",
    version="-",
    licence="yours",
    size="-",
    columns="named by --column: " + ", ".join(_ROLES),
    defects="Not looked at: say 'primum data check FILE'.",
    splits=("test", "train"),
    read=_load,
)
