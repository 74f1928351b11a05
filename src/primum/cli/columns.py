"""``--column ROLE=COLUMN`` as a mapping."""

from collections.abc import Sequence

from primum.errors import UserError


def column_roles(pairs: Sequence[str] | None) -> dict[str, str]:
    """Which column holds what.

    Raises:
        UserError: a value is not ROLE=COLUMN.
    """
    found: dict[str, str] = {}
    for pair in pairs or ():
        role, equals, column = pair.partition("=")
        if not equals or not role or not column:
            raise UserError(f"--column '{pair}' is not ROLE=COLUMN. Write for example --column text=prompt.")
        if role in found:
            raise UserError(f"--column {role}=… was given twice ({found[role]}, {column}). Keep one of them.")
        found[role] = column
    return found
