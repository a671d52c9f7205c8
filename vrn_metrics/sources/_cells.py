"""What a cell of a sheet can be, whichever kind of file it was in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Row = tuple[Cell, ...]


def text(cell: Cell) -> str:
    r"""A cell as words: line breaks and runs of blanks folded, whole numbers without `.0`.

    Examples
    --------
    >>> text("Police Force\nArea  name ")
    'Police Force Area name'
    >>> text(2024.0)
    '2024'
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets name it; both count from 1.

    Examples
    --------
    >>> cell_name(7, 28)
    'AB7'
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def column_number(letters: str) -> int:
    """The place of a column by its letters, from 1.

    Examples
    --------
    >>> column_number("AB")
    28
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
