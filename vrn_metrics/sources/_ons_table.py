"""A table keyed by ONS codes: found by its column names, whatever their vintage.

ONS writes `LAD24CD`; the same table passed on by others has `ltla24_code`. A reader names
the columns it needs by pattern, and gets them as text with every fault of the file told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note
from vrn_metrics.sources._document import Document, Row, text

CODE: Final = re.compile(r"[EWSN]\d{8}")
AGAIN: Final = "Download the table again and load it unchanged."

Patterns = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class OnsTable:
    """The columns a reader asked for.

    Parameters
    ----------
    cells
        One column a role, as text; the index is the row as a spreadsheet counts.
    headers
        What each role's column is called in the file.
    """

    sheet: str
    cells: pd.DataFrame
    headers: Mapping[str, str]

    def matched(self) -> Note:
        """How the columns were understood."""
        return Note(
            "matched", "; ".join(f"{role}: '{header}'" for role, header in self.headers.items())
        )

    def problem(self, broken: pd.Series, expected: str, role: str, fix: str = AGAIN) -> Problem:
        """The first row where `broken` holds, and how many there are."""
        first = int(broken.to_numpy().argmax())
        found = f"'{self.cells[role].iloc[first]}' as {self.headers[role]}"
        row = int(self.cells.index[first])
        return Problem(expected, found, fix, self.sheet or None, row, int(broken.sum()))


def code_and_name(role: str, prefixes: str) -> dict[str, re.Pattern[str]]:
    """Patterns for a code column and its name column, of any vintage.

    Examples
    --------
    >>> bool(code_and_name("district", "LAD|LTLA")["district code"].fullmatch("ltla24_code"))
    True
    """
    return {
        f"{role} code": re.compile(rf"(?:{prefixes})(\d\d)_?(?:CD|code)", re.IGNORECASE),
        f"{role} name": re.compile(rf"(?:{prefixes})(\d\d)_?(?:NM|name)", re.IGNORECASE),
    }


def has_columns(document: Document, patterns: Patterns) -> bool:
    """Whether a sheet has a row with all of these columns."""
    return _find(document, patterns) is not None


def read_table(
    document: Document, patterns: Patterns, codes: Sequence[str], key: Sequence[str]
) -> OnsTable:
    """The wanted columns of the first sheet that has them.

    Parameters
    ----------
    patterns
        What each role's column is called.
    codes
        Roles that hold ONS codes.
    key
        The roles that together must differ on every row.

    Raises
    ------
    BadInputError
        If a row is cut, a cell is empty, a code is no ONS code, or a key comes twice.
    """
    found = _find(document, patterns)
    if found is None:
        raise document.refusal("the columns " + ", ".join(patterns), document.first_words(), AGAIN)
    sheet, top, header = found
    positions = {role: _position(header, pattern) for role, pattern in patterns.items()}
    width = len(header)
    numbers, records, problems = [], [], []
    for number, row in enumerate(document.rows(sheet), start=1):
        if number <= top or not any(cell is not None for cell in row):
            continue
        if len(row) != width:
            problems.append((number, len(row)))
            continue
        numbers.append(number)
        records.append([text(row[position]) for position in positions.values()])
    cells = pd.DataFrame(records, columns=list(patterns), index=numbers, dtype=object)
    table = OnsTable(sheet, cells, {role: text(header[at]) for role, at in positions.items()})
    faults = (
        [
            Problem(
                f"{width} cells in every row",
                f"{problems[0][1]}",
                f"The file is cut off or was edited. {AGAIN}",
                sheet or None,
                problems[0][0],
                len(problems),
            )
        ]
        if problems
        else []
    )
    if not records:
        faults.append(Problem("at least one row", "a header only", AGAIN, sheet or None))
    faults += _broken_cells(table, codes, key)
    if faults:
        raise BadInputError(document.name, faults)
    return table


def latest_vintage(table: OnsTable, patterns: Patterns) -> int:
    """The newest year in the names of the matched columns."""
    years = [
        int(found[1])
        for role, header in table.headers.items()
        if (found := patterns[role].fullmatch(header)) and found.lastindex
    ]
    return 2000 + max(years)


def end_of_year(year: int) -> date:
    """The edition of a table of which only the year is known: its last day, or today."""
    return min(date(year, 12, 31), date.today())


def links(table: OnsTable, relation: str, child: str, parent: str) -> pd.DataFrame:
    """Rows of `area_links`: each child once with its parent."""
    columns = {
        "child_code": table.cells[f"{child} code"],
        "child_name": table.cells[f"{child} name"],
        "parent_code": table.cells[f"{parent} code"],
        "parent_name": table.cells[f"{parent} name"],
    }
    frame = pd.DataFrame(columns).drop_duplicates()
    return frame.assign(relation=relation)[["relation", *columns]].reset_index(drop=True)


def broken_links(table: OnsTable, child: str, parent: str) -> list[Problem]:
    """A child with two parents, or a code with two names."""
    cells, problems = table.cells, []
    for role, other, expected in (
        (f"{child} code", f"{parent} code", f"one {parent} for each {child}"),
        (f"{child} code", f"{child} name", f"one name for each {child} code"),
        (f"{parent} code", f"{parent} name", f"one name for each {parent} code"),
    ):
        broken = cells[other] != cells.groupby(role)[other].transform("first")
        if broken.any():
            problems.append(table.problem(broken, expected, role))
    return problems


def _broken_cells(table: OnsTable, codes: Sequence[str], key: Sequence[str]) -> list[Problem]:
    problems = []
    for role in table.headers:
        column = table.cells[role]
        if role in codes:
            broken = ~column.map(lambda cell: CODE.fullmatch(cell) is not None).astype(bool)
            expected = "an ONS code such as E06000016"
        else:
            broken, expected = column == "", f"a {role}"
        if broken.any():
            problems.append(table.problem(broken, expected, role))
    twice = table.cells.duplicated(list(key))
    if twice.any():
        problems.append(table.problem(twice, f"each {' with '.join(key)} once", key[0]))
    return problems


def _find(document: Document, patterns: Patterns) -> tuple[str, int, Row] | None:
    """The sheet, the number and the cells of the first row that has every wanted column."""
    for sheet in document.sheets:
        for number, row in enumerate(document.head(sheet), start=1):
            if all(_position(row, pattern) >= 0 for pattern in patterns.values()):
                return sheet, number, row
    return None


def _position(header: Row, pattern: re.Pattern[str]) -> int:
    return next(
        (at for at, cell in enumerate(header) if pattern.fullmatch(text(cell).lstrip("\ufeff"))), -1
    )
