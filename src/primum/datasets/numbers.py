"""Columns that hold numbers."""

from primum.datasets.rows import RawRow
from primum.errors import UserError


def whole_number(raw: RawRow, column: str) -> int:
    """A column as a whole number.

    Raises:
        UserError: it is none.
    """
    value = raw.value(column)
    try:
        number = int(value)
        if isinstance(value, float) and number != value:
            raise ValueError
        return number
    except (TypeError, ValueError, OverflowError) as error:
        raise UserError(
            f"{raw.path}, row {raw.number}: column '{column}' says {value!r}, a whole number is wanted."
        ) from error
