"""The sheets of ONS Table C2 as labels and counts, before what they mean is decided.

Header cells hold line breaks, numbers are text with commas and trailing blanks, names carry
note tags, and the same sheet comes in a workbook among others or alone as CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.periods import Period, parse_month
from vrn_metrics.sources import Note
from vrn_metrics.sources._document import Cell, Document, Row, text
from vrn_metrics.sources._offence_rows import heads
from vrn_metrics.sources._published_counts import count_of, words_of

LABELS: Final = (
    "police force area code",
    "police force area name",
    "community safety partnership code",
    "community safety partnership name",
    "local authority code",
    "local authority name",
)
FORCE_CODE, FORCE, CSP_CODE, CSP, LAD_CODE, _ = LABELS

AS_PUBLISHED: Final = "Load the table exactly as published."

# Where a series has another key than its column's own words.
KEYS: Final = {
    "total-recorded-crime-excluding-fraud": "total-crime",
    "possession-of-weapons-offences": "weapon-possession",
}

_NOTE = re.compile(r"\s*\[note \d+\]", re.IGNORECASE)
_YEAR_ENDING = re.compile(r"year ending ([a-z]+ \d{4})", re.IGNORECASE)
_NO_COUNTS = re.compile(r"percentage change|% change|\brates?\b|per 1,000|population", re.I)


@dataclass(frozen=True)
class Table:
    """One sheet of counts; `labels` and `counts` are indexed by the row of the sheet."""

    sheet: str
    period: Period
    labels: pd.DataFrame
    counts: pd.DataFrame


@dataclass
class Contents:
    """All that a document holds of these tables, with what is wrong with it."""

    tables: list[Table] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def series_key(title: str) -> str:
    """The key of a column.

    Examples
    --------
    >>> series_key("Total recorded crime (excluding fraud)")
    'total-crime'
    >>> series_key("Violence with injury")
    'violence-with-injury'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return KEYS.get(slug, slug)


def header_row(head: Sequence[Row]) -> int | None:
    """The position of the header, found by its words."""
    for at, row in enumerate(head):
        names = [text(cell).lower() for cell in row]
        if set(LABELS) <= set(names) and any(n.startswith("total recorded crime") for n in names):
            return at
    return None


def contents_of(document: Document) -> Contents:
    """Every sheet of counts; sheets of rates and of changes are set aside."""
    found = Contents()
    for sheet, head in heads(document):
        at = header_row(head)
        found.lines += [words_of(row) for row in head[:at]]
        if at is None:
            continue
        title = " ".join(map(words_of, head[:at]))
        if _NO_COUNTS.search(title + words_of(head[at])):
            found.notes.append(Note("set-aside", f"sheet '{sheet}' holds rates or changes"))
        elif table := _table(document, sheet, at, title, found.problems):
            found.tables.append(table)
    if not (found.tables or found.problems):
        problem = Problem("a sheet of counts", "rates or changes only", AS_PUBLISHED)
        found.problems.append(problem)
    if len({table.period for table in found.tables}) < len(found.tables):
        two = "two sheets for the same year"
        found.problems.append(Problem("one sheet of counts a year", two, AS_PUBLISHED))
    return found


def _table(
    document: Document, sheet: str, at: int, title: str, problems: list[Problem]
) -> Table | None:
    """The rows under the header; what is wrong goes to `problems`."""
    where = sheet or None
    period = _period(title, where, problems)
    names = [_NOTE.sub("", text(cell)) for cell in document.head(sheet)[at]]
    lines = list(_lines(document, sheet, at, names, problems))
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems += [Problem("each column once", f"'{n}' twice", AS_PUBLISHED, where) for n in twice]
    if not lines:
        problems.append(Problem("rows of areas", "none", "Download the file again.", where))
    if period is None or twice or not lines:
        return None
    frame = pd.DataFrame([row[: len(names)] for _, row in lines], columns=names, dtype=object)
    frame.index = pd.Index([number for number, _ in lines])
    lower = {name: name.lower() for name in names}
    labels = frame[[name for name in names if lower[name] in LABELS]].rename(columns=lower)
    labels = labels.map(lambda cell: _NOTE.sub("", text(cell)).strip())
    cells = frame[[name for name in names if name and lower[name] not in LABELS]]
    counts = _counts(cells, where, problems)
    counts.columns = pd.Index([series_key(name) for name in cells.columns])
    return Table(sheet, period, labels, counts)


def _period(title: str, where: str | None, problems: list[Problem]) -> Period | None:
    found = _YEAR_ENDING.search(title)
    try:
        end = parse_month(found[1] if found else "").end
    except UnknownNameError:
        expected = "a title above the header with the year, such as 'year ending June 2025'"
        problems.append(Problem(expected, f"'{title[:80]}'", AS_PUBLISHED, where, 1))
        return None
    period = Period.year_ending(end.month, end.year)
    if period.end > date.today():
        expected, fix = "a year that has ended", "Correct the title."
        problems.append(Problem(expected, period.label, fix, where, 1))
    return period


def _lines(
    document: Document, sheet: str, at: int, names: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[int, Row]]:
    """The rows of areas with their numbers; a line of words below the table is none."""
    cut = []
    for number, row in enumerate(document.rows(sheet), 1):
        if number <= at + 1 or not any(cell is not None for cell in row):
            continue
        if document.kind == "csv" and len(row) != len(names):
            cut.append((number, len(row)))
        elif sum(bool(text(cell)) for cell in row) > 1:
            yield number, row + (None,) * (len(names) - len(row))
    if cut:
        number, cells = cut[0]
        fix = "The file is cut off or damaged: download it again."
        expected = f"{len(names)} cells in every row"
        problems.append(Problem(expected, f"{cells}", fix, sheet or None, number, len(cut)))


def _counts(cells: pd.DataFrame, where: str | None, problems: list[Problem]) -> pd.DataFrame:
    wrong: list[tuple[int, str]] = []

    def number(row: int, cell: Cell) -> float:
        try:
            return count_of(cell)
        except ValueError:
            wrong.append((row, text(cell)))
            return np.nan

    counts = {
        at: [number(row, cell) for row, cell in zip(cells.index, cells.iloc[:, at], strict=True)]
        for at in range(cells.shape[1])
    }
    if wrong:
        row, found = min(wrong)
        expected, fix = "a whole number, or [x]", "Correct the cell."
        problems.append(Problem(expected, f"'{found}'", fix, where, row, len(wrong)))
    return pd.DataFrame(counts, index=cells.index)
