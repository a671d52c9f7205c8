"""What the workbook library does not tell of an XLSX sheet, from the sheet's own XML.

python-calamine reads a formula without a value and an error such as #DIV/0! as blank, where
a blank can mean zero; and it lays a sheet out to its last corner, so that one stray cell far
away takes all memory and ends the process. A sheet is looked through for these, by patterns
and not by a parser: that is half the time.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from vrn_metrics.sources import _archive
from vrn_metrics.sources._cells import cell_name, column_number
from vrn_metrics.sources._damage import CALCULATE, WITH_VALUES, refusal

LARGEST_AREA: Final = 1 << 25  # a million rows of 32 columns: 32 bytes a cell, blank or not
NARROW: Final = 26  # columns named by one letter are not looked for: there are too many
LONGEST_CELL: Final = 1 << 20  # Excel holds 32,767 characters in one
LONGEST_TAG: Final = 1 << 12

_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
# Cells with something in them, in columns from AA or rows from 1,000,000; and any cell.
_FAR: Final = re.compile(
    rb"""r\s*=\s*["']([A-Za-z]{2,9}|[A-Za-z](?=\d{7}))(\d{1,20})["'][^>/]*>\s*<[^/]"""
)
_ANY_ROW: Final = re.compile(rb"""r\s*=\s*["'][A-Za-z]+(\d{1,20})["'][^>/]*>\s*<[^/]""")
_SHEET_ROOT: Final = re.compile(rb"<([\w.-]+:)?worksheet\b")


def parts(path: Path, name: str) -> dict[str, str]:
    """The member of the zip that holds each sheet, by the sheet's name."""
    members = {each.lower().replace("\\", "/"): each for each in _archive.members(path, name)}
    targets = {
        each["Id"]: posixpath.normpath(posixpath.join("/xl", each["Target"])).lstrip("/").lower()
        for each in _elements(path, name, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    found: dict[str, str] = {}
    for sheet in _elements(path, name, "xl/workbook.xml", "sheet"):
        link = next((sheet[key] for key in sheet if key.endswith(" id")), "")
        if targets.get(link) in members:
            found[sheet["name"]] = members[targets[link]]
    return found


def errors(path: Path, name: str, sheet: str, part: str) -> dict[int, dict[int, str]]:
    """The error values of a sheet by row and column, both from 1.

    Raises
    ------
    BadInputError
        If a formula has no value, or the sheet is too large to be laid out.
    """
    look: _Look | None = None
    rest = b""
    for chunk in _archive.chunks(path, name, part):
        rest += chunk
        if look is None and (root := _SHEET_ROOT.search(rest)) is not None:
            look = _Look(root[1] or b"", _asks_for_calculation(path, name))
        if look is not None:
            rest = look.through(rest)
        if len(rest) > LONGEST_CELL + _archive.CHUNK:
            raise refusal(name, "a sheet of cells", "something else in its place", sheet=sheet)
    if look is None:
        return {}
    if look.uncalculated:
        raise refusal(
            name,
            WITH_VALUES,
            f"a formula without a value in cell {next(iter(look.uncalculated))} "
            f"({len(look.uncalculated)} in all)",
            CALCULATE,
            sheet=sheet,
        )
    if look.columns > NARROW:
        look.rows = max(look.rows, _furthest_row(path, name, part))
    if look.rows * look.columns > LARGEST_AREA:
        raise refusal(
            name,
            f"a sheet of at most {LARGEST_AREA:,} cells",
            f"one that reaches to cell {cell_name(look.rows, look.columns)}",
            "Delete the stray cells outside the table, or save the sheet as CSV.",
            sheet=sheet,
        )
    return look.errors


@dataclass
class _Look:
    """Looking through a sheet whose tags have this prefix."""

    prefix: bytes
    asks_for_calculation: bool
    rows: int = 0
    columns: int = NARROW
    uncalculated: dict[str, None] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tags = {b"c": self.prefix + b"c", b"f": self.prefix + b"f", b"v": self.prefix + b"v"}
        cell = rb"<%(c)b\b([^>]*[^>/])>\s*" % tags
        formula = rb"<%(f)b\b[^>]*(?:/>|>[^<]*</%(f)b>)\s*" % tags
        value = rb"(?:<%(v)b\b[^>]*(?:/>|>([^<]*)</%(v)b>)\s*)?" % tags
        self._formula = re.compile(cell + formula + value + rb"</%(c)b>" % tags)
        self._error = re.compile(
            rb"""<%(c)b\b([^>]*\bt=["']e["'][^>]*[^>/]|[^>]*\bt=["']e["'])>\s*""" % tags
            + rb"(?:%b)?" % formula
            + value
            + rb"</%(c)b>" % tags
        )
        self._row = re.compile(rb"""<%brow\b[^>]*?\br\s*=\s*["'](\d+)["'][^>/]*>""" % self.prefix)
        self._cell_start = b"<" + self.prefix + b"c "
        self._formula_start = b"<" + self.prefix + b"f"

    def through(self, content: bytes) -> bytes:
        """Take what is complete in this piece of the sheet; return the rest."""
        self.rows = max(self.rows, max(map(int, self._row.findall(content)), default=0))
        for letters, row in set(_FAR.findall(content)):
            self.columns = max(self.columns, column_number(letters.decode().upper()))
            self.rows = max(self.rows, int(row))
        if self._formula_start in content:
            self._find_uncalculated(content)
        if b't="e"' in content or b"t='e'" in content:
            self._find_errors(content)
        last = max(content.rfind(self._cell_start), content.rfind(b"<" + self.prefix + b"row "))
        return content[last:] if last >= 0 else content[-LONGEST_TAG:]

    def _find_uncalculated(self, content: bytes) -> None:
        for attributes, value in self._formula.findall(content):
            is_words = b't="str"' in attributes or b"t='str'" in attributes  # may be ""
            stands_in = value == b"0" and self.asks_for_calculation
            if stands_in or not (value or is_words):
                column, row = self._place(attributes)
                self.uncalculated[cell_name(row, column)] = None

    def _find_errors(self, content: bytes) -> None:
        for attributes, value in self._error.findall(content):
            column, row = self._place(attributes)
            self.errors.setdefault(row, {})[column] = value.decode() or "#ERROR"

    @staticmethod
    def _place(attributes: bytes) -> tuple[int, int]:
        found = _REFERENCE.search(attributes)
        return (column_number(found[1].decode().upper()), int(found[2])) if found else (0, 0)


def _furthest_row(path: Path, name: str, part: str) -> int:
    """The last row that any cell names, whatever row it stands in."""
    furthest, rest = 0, b""
    for chunk in _archive.chunks(path, name, part):
        rest += chunk
        furthest = max(furthest, max(map(int, _ANY_ROW.findall(rest)), default=0))
        rest = rest[-LONGEST_TAG:]
    return furthest


def _asks_for_calculation(path: Path, name: str) -> bool:
    """Whether the file says that its values are not worked out yet.

    Libraries that write formulas put a 0 as value and this mark beside it.
    """
    marks = _elements(path, name, "xl/workbook.xml", "calcPr")
    return any(each.get("fullCalcOnLoad") in ("1", "true") for each in marks)


def _elements(path: Path, name: str, member: str, tag: str) -> list[dict[str, str]]:
    """The attributes of all elements of one name, whatever their namespace."""
    found: list[dict[str, str]] = []

    def start(each: str, attributes: dict[str, str]) -> None:
        if each.rpartition(" ")[2] == tag:
            found.append(attributes)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    for chunk in _archive.chunks(path, name, member):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return found
