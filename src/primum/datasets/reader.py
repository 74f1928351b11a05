"""How an adapter becomes a data set: its files, one by one, each row through the adapter's own function."""

from collections.abc import Callable
from contextlib import closing

from primum.datasets.card import Loaded, LoadOptions, Row
from primum.datasets.origin import DataFile, Origin, content_digest
from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError
from primum.types import ExamQuestion

FromRow = Callable[[DataFile, RawRow], Row | ExamQuestion | None]
"""What an adapter makes of a raw row; None leaves the row out (another split or part)."""


_UNCHECKED = "local copy, not checked: upstream's hash is not known"


def reader(origin: Origin, from_row: FromRow) -> Callable[[LoadOptions], Loaded]:
    """The function that loads a split."""

    def read(options: LoadOptions) -> Loaded:
        files = origin.of_split(options.split)
        if options.folder is not None and options.folder.is_file() and len(files) > 1:
            raise UserError(
                f"Split '{options.split}' is {len(files)} files, but --data-dir names the file {options.folder}. "
                "Name the folder that holds them."
            )
        paths = [origin.obtain(file, options.folder, options.progress) for file in files]
        found: list[Row | ExamQuestion] = []
        for file, path in zip(files, paths, strict=True):
            with closing(read_rows(path, file.header)) as raws:
                found += [item for raw in raws if (item := from_row(file, raw)) is not None]
        if not found:
            raise UserError(f"No row of split '{options.split}' in {', '.join(map(str, paths))}. Check the files.")
        return Loaded(
            rows=tuple(item for item in found if isinstance(item, Row)),
            questions=tuple(item for item in found if isinstance(item, ExamQuestion)),
            sha256=content_digest(paths),
            note=_UNCHECKED if options.folder is not None and any(file.sha256 is None for file in files) else "",
        )

    return read
