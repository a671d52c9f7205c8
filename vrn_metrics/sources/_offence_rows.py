"""Rows of offences by quarter and place, each kept as a few small numbers.

The largest of these tables has over a million rows in 1.4 GB of XML, so a row is not an
object: what its labels mean is worked out once for each spelling, and the row keeps the
positions. A million rows take about 30 MB.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar

import numpy as np
import pandas as pd

from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.periods import Period, parse_financial_year
from vrn_metrics.sources import refuse
from vrn_metrics.sources._document import HEAD_ROWS, Cell, Document, Row, text
from vrn_metrics.sources._published_counts import count_of, words_of

AS_PUBLISHED: Final = "Load the table exactly as the Home Office publishes it."

# The same column is `Force Name` in one release, `Force_Name` or `Police Force` in another.
ALIASES: Final = {
    "year": ("financialyear",),
    "quarter": ("financialquarter", "quarter"),
    "force": ("forcename", "policeforce", "policeforcename", "force"),
    "csp": ("cspname", "csp", "communitysafetypartnershipname", "communitysafetypartnership"),
    "description": ("offencedescription", "offencename", "offencetype", "offence"),
    "group": ("offencegroup",),
    "subgroup": ("offencesubgroup",),
    "code": ("offencecode",),
    "count": ("numberofoffences", "offencecount", "offences", "count"),
}

_QUARTER = re.compile(r"(?:q|quarter ?)?([1-4])", re.IGNORECASE)
_UNREADABLE: Final = float("inf")


@dataclass(frozen=True)
class Header:
    """Where a table starts and which column plays which role (`ALIASES`)."""

    row: int
    names: tuple[str, ...]
    at: Mapping[str, int]

    def named(self, *roles: str) -> str:
        """The columns of these roles as the file writes them."""
        return ", ".join(f"'{self.names[self.at[role]]}'" for role in roles if role in self.at)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that play no role."""
        used = set(self.at.values())
        return tuple(name for at, name in enumerate(self.names) if name and at not in used)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a label; the row is found when it is met."""

    expected: str
    found: str
    fix: str


@dataclass(frozen=True)
class Place:
    """Where offences were recorded; `aside` is the reason for not keeping its rows."""

    code: str
    name: str
    aside: str = ""


@dataclass(frozen=True)
class Offence:
    """What was recorded, the series it counts towards, or the reason for not keeping it.

    `known` is whether this project knows its group, and its subgroup where that matters.
    """

    name: str
    code: str
    series: frozenset[str]
    group: str = ""
    aside: str = ""
    known: bool = True

    @property
    def parts(self) -> int:
        """How many rows may bear this label.

        Homicide is `1/4.1/4.10/4.2`: murder, manslaughter, corporate manslaughter and
        infanticide come as four rows of one label, and the four add up.
        """
        return self.code.count("/") + 1


T = TypeVar("T", Period, Place, Offence)


class Codes(dict[tuple[Cell, ...], int], Generic[T]):
    """Positions of what raw cells mean, worked out once for each spelling."""

    def __init__(self, meaning: Callable[..., T | Fault]) -> None:
        super().__init__()
        self._meaning: Callable[..., T | Fault] = meaning
        self._known: dict[T | Fault, int] = {}

    def __missing__(self, cells: tuple[Cell, ...]) -> int:
        found = self._meaning(*(text(cell) for cell in cells))
        position = self[cells] = self._known.setdefault(found, len(self._known))
        return position

    @property
    def faults(self) -> dict[int, Fault]:
        """The positions that mean nothing, and why."""
        return {at: each for each, at in self._known.items() if isinstance(each, Fault)}

    @property
    def meanings(self) -> list[T]:
        """What each position means, once there are no faults."""
        return [each for each in self._known if not isinstance(each, Fault)]


@dataclass(frozen=True)
class Met:
    """One row again, for a message."""

    period: Period
    place: Place
    offence: Offence
    sheet: str | None
    row: int


@dataclass(frozen=True)
class OffenceRows:
    """A whole file, read and without a fault in any single row.

    `table` has the columns period, place, offence (positions in the lists beside it),
    count (not a number where nothing was published), row and sheet.
    """

    table: pd.DataFrame
    periods: list[Period]
    places: list[Place]
    offences: list[Offence]
    headers: Mapping[str, Header]
    lines: tuple[str, ...]

    def met(self, index: int) -> Met:
        """What the row with this index in `table` says, and where it stands."""
        period, place, offence, row, sheet = (
            int(self.table[column].to_numpy()[index])
            for column in ("period", "place", "offence", "row", "sheet")
        )
        return Met(
            self.periods[period],
            self.places[place],
            self.offences[offence],
            list(self.headers)[sheet] or None,
            row,
        )


FindHeader = Callable[[Sequence[Row]], Header | None]


def plain(cell: Cell) -> str:
    """A column name without case, blanks and underscores."""
    return re.sub(r"[^a-z0-9]", "", text(cell).lower())


def header_of(number: int, row: Row) -> Header:
    """The roles that the cells of a row name; the first column of a role takes it."""
    names = [plain(cell) for cell in row]
    at = {
        role: found[0]
        for role, aliases in ALIASES.items()
        if (found := [names.index(alias) for alias in aliases if alias in names])
    }
    return Header(number, tuple(text(cell) for cell in row), at)


def heads(document: Document) -> Iterator[tuple[str, list[Row]]]:
    """The first rows of each sheet, lazily, so that recognition stops at the first that fits."""
    if document.kind in ("csv", "xlsx", "xls", "ods"):
        for sheet in document.sheets:
            yield sheet, document.head(sheet)


def read_rows(
    document: Document,
    find_header: FindHeader,
    place: tuple[Sequence[str], Callable[..., Place | Fault]],
    offence: tuple[Sequence[str], Callable[..., Offence | Fault]],
) -> OffenceRows:
    """Every row of every sheet that has the header, in one pass.

    Parameters
    ----------
    find_header
        Given the first rows of a sheet, its header; `None` for a sheet that is no table.
    place, offence
        Roles of the columns, and what their cells mean.

    Raises
    ------
    BadInputError
        With every kind of cell that cannot be read.
    """
    columns = _Columns(Codes(_quarter), Codes(place[1]), Codes(offence[1]))
    headers: dict[str, Header] = {}
    lines: list[str] = []
    for sheet, rows in document.each_sheet():
        following = iter(rows)
        head = list(islice(following, HEAD_ROWS))
        header = find_header(head)
        if header is None:
            lines += map(words_of, head)
            deque(following, maxlen=0)  # a streamed workbook goes on only from a sheet's end
            continue
        lines += map(words_of, head[: header.row - 1])
        headers[sheet] = header
        keys = (("year", "quarter"), tuple(place[0]), tuple(offence[0]))
        columns.take(
            enumerate(chain(head[header.row :], following), header.row + 1),
            header,
            keys,
            cut_rows_show=document.kind == "csv",
        )
        columns.end_sheet()
    if problems := columns.problems(list(headers)):
        raise refuse(document, *problems)
    if not len(columns.count):
        raise refuse(
            document,
            Problem("rows of offences under the header", "none", "Download the file again."),
        )
    return OffenceRows(
        columns.table(),
        columns.periods.meanings,
        columns.places.meanings,
        columns.offences.meanings,
        headers,
        tuple(line for line in lines if line),
    )


class _Counts(dict[Cell, float]):
    """The number in a raw cell, worked out once for each spelling."""

    def __missing__(self, cell: Cell) -> float:
        try:
            number = count_of(cell)
        except ValueError:
            number = _UNREADABLE
        self[cell] = number
        return number


@dataclass
class _Columns:
    """The rows as they are met."""

    periods: Codes[Period]
    places: Codes[Place]
    offences: Codes[Offence]
    period: array[int] = field(default_factory=lambda: array("i"))
    place: array[int] = field(default_factory=lambda: array("i"))
    offence: array[int] = field(default_factory=lambda: array("i"))
    count: array[float] = field(default_factory=lambda: array("d"))
    row: array[int] = field(default_factory=lambda: array("i"))
    ends: list[int] = field(default_factory=list)
    numbers: _Counts = field(default_factory=_Counts)
    cut: list[tuple[int, int, int]] = field(default_factory=list)  # sheet, row, cells

    def take(
        self,
        rows: Iterable[tuple[int, Row]],
        header: Header,
        keys: tuple[tuple[str, ...], ...],
        cut_rows_show: bool,
    ) -> None:
        """Keep the rows of one sheet; the loop a million rows go through."""
        width = len(header.names)
        blanks: Row = (None,) * width
        period_of, place_of, offence_of = (_getter([header.at[r] for r in key]) for key in keys)
        force_at, count_at = header.at["force"], header.at["count"]
        periods, places, offences = self.periods, self.places, self.offences
        for number, row in rows:
            if len(row) != width:
                if cut_rows_show and any(cell is not None for cell in row):
                    self.cut.append((len(self.ends), number, len(row)))
                    continue
                row += blanks[len(row) :]
            if row[force_at] is None and sum(cell is not None for cell in row) <= 1:
                continue  # a blank row, or a line of words below the table
            self.period.append(periods[period_of(row)])
            self.place.append(places[place_of(row)])
            self.offence.append(offences[offence_of(row)])
            self.count.append(self.numbers[row[count_at]])
            self.row.append(number)

    def end_sheet(self) -> None:
        """Remember where the rows of the next sheet begin."""
        self.ends.append(len(self.count))

    def table(self) -> pd.DataFrame:
        """The rows as columns."""
        lengths = np.diff([0, *self.ends])
        return pd.DataFrame(
            {
                "period": np.frombuffer(self.period, dtype=np.int32),
                "place": np.frombuffer(self.place, dtype=np.int32),
                "offence": np.frombuffer(self.offence, dtype=np.int32),
                "count": np.frombuffer(self.count),
                "row": np.frombuffer(self.row, dtype=np.int32),
                "sheet": np.repeat(np.arange(len(lengths), dtype=np.int16), lengths),
            }
        )

    def problems(self, sheets: list[str]) -> list[Problem]:
        """Every cell that cannot be read, each rule once."""
        problems = []
        if self.cut:
            sheet, row, cells = self.cut[0]
            expected, fix = "as many cells as the header has", "The file is cut off or damaged."
            problems.append(
                Problem(expected, f"{cells}", fix, sheets[sheet] or None, row, len(self.cut))
            )
        if not len(self.count):
            return problems
        table = self.table()
        for column, codes in (
            ("period", self.periods),
            ("place", self.places),
            ("offence", self.offences),
        ):
            for position, fault in codes.faults.items():
                met = table[table[column] == position]
                problems.append(_problem(fault, met, sheets))
        if (unreadable := np.isinf(table["count"])).any():
            cell = next(raw for raw, number in self.numbers.items() if number == _UNREADABLE)
            fault = Fault("a whole number of offences", f"'{text(cell)}'", "Correct the cell.")
            problems.append(_problem(fault, table[unreadable], sheets))
        return problems


def _problem(fault: Fault, met: pd.DataFrame, sheets: list[str]) -> Problem:
    first = met.iloc[0]
    sheet = sheets[int(first["sheet"])] or None
    return Problem(fault.expected, fault.found, fault.fix, sheet, int(first["row"]), len(met))


def _getter(positions: Sequence[int]) -> Callable[[Any], tuple[Cell, ...]]:
    """The cells at these positions, always as a tuple."""
    if len(positions) == 1:
        only = positions[0]
        return lambda row: (row[only],)
    return itemgetter(*positions)


def _quarter(year: str, quarter: str) -> Period | Fault:
    found = _QUARTER.fullmatch(quarter)
    try:
        start_year = parse_financial_year(year).start.year
    except UnknownNameError:
        return Fault("a financial year such as 2024/25", f"'{year}'", "Correct the cell.")
    if found is None:
        return Fault("a quarter from 1 to 4, or Q1 to Q4", f"'{quarter}'", "Correct the cell.")
    period = Period.quarter(start_year, int(found[1]))
    if period.start > date.today():
        fix = "Correct the year or the quarter: offences cannot be recorded ahead."
        return Fault("a quarter that has begun", f"{year} {quarter}", fix)
    return period
