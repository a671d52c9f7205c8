"""Sheets of an ODS workbook, a row at a time, in memory that does not grow with the file.

Written because nothing maintained does this: the Home Office's CSP workbook holds 1.4 GB of
XML. On a made-up one of 265 MB and 180,000 rows (one core, in rows a second): this reader
22,000 to 27,000 in constant memory, so some 55 seconds for the whole; lxml's iterparse 25,600;
stream-read-ods 12,500, but 460 where rows end in the blank cells that Excel writes, and it
reads a repeated row once; python-calamine 140,000 to 170,000, but with every sheet in memory
(125 MB here); pandas with odfpy 1,600, and 440 MB for 17 MB of XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Final, NoReturn
from xml.parsers import expat

from vrn_metrics.sources import _archive
from vrn_metrics.sources._cells import Cell, Row, cell_name
from vrn_metrics.sources._damage import (
    AGAIN,
    CALCULATE,
    WITH_VALUES,
    damage_is_refused,
    refusal,
)

MOST_ROWS: Final = 1 << 20  # what LibreOffice and Excel can hold
MOST_COLUMNS: Final = 1 << 14

_COMPLETE: Final = "a complete ODS file"
_MANIFEST: Final = "META-INF/manifest.xml"
_URN: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE: Final = f"{_URN}table:1.0 table"
_ROW: Final = f"{_URN}table:1.0 table-row"
_CELL: Final = f"{_URN}table:1.0 table-cell"
_COVERED: Final = f"{_URN}table:1.0 covered-table-cell"
_TABLE_NAME: Final = f"{_URN}table:1.0 name"
_FORMULA: Final = f"{_URN}table:1.0 formula"
_COLUMNS_REPEATED: Final = f"{_URN}table:1.0 number-columns-repeated"
_ROWS_REPEATED: Final = f"{_URN}table:1.0 number-rows-repeated"
_PARAGRAPH: Final = f"{_URN}text:1.0 p"
_SPACES: Final = {f"{_URN}text:1.0 {each}" for each in ("s", "tab", "line-break")}
_KIND: Final = f"{_URN}office:1.0 value-type"
_VALUE: Final = f"{_URN}office:1.0 value"
_WORDS: Final = f"{_URN}office:1.0 string-value"
_DATE: Final = f"{_URN}office:1.0 date-value"
_TIME: Final = f"{_URN}office:1.0 time-value"
_TRUTH: Final = f"{_URN}office:1.0 boolean-value"
# Words and tables that are not cells of the sheet: comments, shapes, deleted rows.
_ASIDE: Final = {
    f"{_URN}office:1.0 annotation",
    f"{_URN}table:1.0 shapes",
    f"{_URN}table:1.0 tracked-changes",
}
_DRAWN: Final = f"{_URN}drawing:1.0 "
_DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?")
_PREFIX: Final = re.compile(
    rb"""xmlns:([\w.-]+)=["']urn:oasis:names:tc:opendocument:xmlns:table:1\.0["']"""
)
_LARGEST_STYLES: Final = 1 << 25

Found = tuple[str, Row | None]  # a row with its sheet's name; None once where a sheet starts


def is_protected(path: Path, name: str) -> bool:
    """Whether the workbook's content is encrypted; the zip itself then is not."""
    if _MANIFEST not in _archive.members(path, name):
        return False
    return b"encryption-data" in b"".join(_archive.chunks(path, name, _MANIFEST))


def sheets(path: Path, name: str) -> Iterator[tuple[str, Iterator[Row]]]:
    """Every sheet with its rows, in one pass; a sheet's rows end when the next is asked for."""
    for sheet, found in groupby(_found(path, name), key=itemgetter(0)):
        yield sheet, map(itemgetter(1), islice(found, 1, None))


def heads(path: Path, name: str, most: int) -> dict[str, list[Row]]:
    """The names of all sheets and their first rows.

    Between those the content is unpacked but not parsed: 1.3 GB take some four seconds.
    """
    found: dict[str, list[Row]] = {}
    with damage_is_refused(name, _COMPLETE):
        content = _archive.chunks(path, name, "content.xml")
        above, tag, rest = _above_tables(name, content)
        reader: _Reader | None = None
        for chunk in chain([b""], content):
            seen, rest = rest + chunk, b""
            if reader is None:
                at = seen.find(tag)
                if at < 0:
                    rest = seen[1 - len(tag) :]
                    continue
                reader = _Reader(name)
                reader.take(above)  # what the tables stand in, so that all tags match
                seen = seen[at:]
            for sheet, row in reader.take(seen):
                rows = found.setdefault(sheet, [])
                if row is not None and len(rows) < most:
                    rows.append(row)
            if len(found.get(reader.sheet, ())) >= most:
                reader, rest = None, seen[1 - len(tag) :]
    return found


def _above_tables(name: str, content: Iterator[bytes]) -> tuple[bytes, bytes, bytes]:
    """All before the first table, how the tag of a table begins, and what was unpacked after."""
    seen = b""
    for chunk in content:
        seen += chunk
        if (prefix := _PREFIX.search(seen)) is not None:
            tag = b"<" + prefix[1] + b":table "
            at = seen.find(tag)
            if at >= 0:
                return seen[:at], tag, seen[at:]
        if len(seen) > _LARGEST_STYLES:
            break
    raise refusal(name, _COMPLETE, "content without a table")


def _found(path: Path, name: str) -> Iterator[Found]:
    with damage_is_refused(name, _COMPLETE):
        reader = _Reader(name)
        for chunk in _archive.chunks(path, name, "content.xml"):
            yield from reader.take(chunk)
        reader.finish()


class _Reader:
    """The rows in pieces of XML, by the events of expat."""

    def __init__(self, name: str) -> None:
        self.sheet = ""
        self._name = name
        self._found: list[Found] = []
        self._aside = 0  # how deep in something that is no cell
        self._in_table = False
        self._number = 0
        self._width = 1
        self._blank_rows = 0  # held back: at the end of a sheet there may be a million
        self._blank_cells = 0
        self._cells: list[Cell] = []
        self._row: dict[str, str] = {}
        self._cell: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._pieces.append

    def take(self, content: bytes) -> list[Found]:
        """The rows that end in this piece."""
        self._parser.Parse(content, False)
        found = self._found.copy()
        self._found.clear()
        return found

    def finish(self) -> None:
        """Raise if the content is not complete."""
        self._parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._aside:
            self._aside += 1
        elif tag == _PARAGRAPH:
            self._pieces.clear()
        elif tag == _CELL:
            self._cell = attributes
            self._paragraphs.clear()
        elif tag == _ROW:
            self._row = attributes
            self._cells.clear()
            self._blank_cells = 0
            self._pieces.clear()
        elif tag == _COVERED:
            self._cell = attributes
        elif tag in _SPACES:
            self._pieces.append(" ")
        elif tag in _ASIDE or tag.startswith(_DRAWN) or (tag == _TABLE and self._in_table):
            self._aside = 1
        elif tag == _TABLE:
            self._in_table = True
            self.sheet = attributes.get(_TABLE_NAME, "")
            self._number = self._blank_rows = 0
            self._width = 1
            self._found.append((self.sheet, None))

    def _end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
        elif tag == _PARAGRAPH:
            self._paragraphs.append("".join(self._pieces))
        elif tag == _CELL:
            self._end_cell()
        elif tag == _ROW:
            self._end_row()
        elif tag == _COVERED:
            self._blank_cells += self._times(self._cell, _COLUMNS_REPEATED)
        elif tag == _TABLE:
            self._in_table = False

    def _end_cell(self) -> None:
        value = self._value()
        times = self._times(self._cell, _COLUMNS_REPEATED)
        if value is None:
            self._blank_cells += times
            return
        cells = self._cells
        if len(cells) + self._blank_cells + times > MOST_COLUMNS:
            self._fail(f"at most {MOST_COLUMNS:,} columns", "more")
        if self._blank_cells:
            cells.extend([None] * self._blank_cells)
            self._blank_cells = 0
        cells.extend([value] * times)

    def _end_row(self) -> None:
        times = self._times(self._row, _ROWS_REPEATED)
        if not self._cells:
            self._blank_rows += times
            return
        if self._number + self._blank_rows + times > MOST_ROWS:
            self._fail(f"at most {MOST_ROWS:,} rows", "more")
        self._width = max(self._width, len(self._cells))
        blanks: Row = (None,) * self._width
        row = (*self._cells, *blanks[len(self._cells) :])
        self._found += [(self.sheet, blanks)] * self._blank_rows + [(self.sheet, row)] * times
        self._number += self._blank_rows + times
        self._blank_rows = 0

    def _value(self) -> Cell:
        cell = self._cell
        kind = cell.get(_KIND)
        if kind == "string" or (kind is None and _FORMULA not in cell):
            return cell.get(_WORDS) or "\n".join(self._paragraphs) or None
        if kind in ("float", "percentage", "currency"):
            return float(cell[_VALUE])
        if kind == "date":
            moment = datetime.fromisoformat(cell[_DATE])
            return moment if moment.time() != time() else moment.date()
        if kind == "boolean":
            return cell[_TRUTH] == "true"
        if kind == "time":
            return self._duration(cell[_TIME])
        if kind is None:
            self._fail(WITH_VALUES, f"a formula without a value in cell {self._place}", CALCULATE)
        return self._fail("cells of the kinds that ODS has", f"'{kind}' in cell {self._place}")

    def _duration(self, words: str) -> time | timedelta:
        found = _DURATION.fullmatch(words)
        if found is None:
            self._fail("times such as PT08H30M00S", f"'{words}' in cell {self._place}")
        sign, *parts = found.groups(default="0")
        days, hours, minutes, seconds = map(float, parts)
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if sign == "-":
            return -length
        return length if length >= timedelta(days=1) else (datetime.min + length).time()

    def _times(self, attributes: dict[str, str], name: str) -> int:
        """How often a cell or row stands there."""
        return max(1, int(attributes[name])) if name in attributes else 1

    @property
    def _place(self) -> str:
        row = self._number + self._blank_rows + 1
        return cell_name(row, len(self._cells) + self._blank_cells + 1)

    def _fail(self, expected: str, found: str, fix: str = AGAIN) -> NoReturn:
        raise refusal(self._name, expected, found, fix, sheet=self.sheet)

    def _doctype(self, *_: object) -> NoReturn:
        self._fail("content without a document type", "one: no spreadsheet program writes that")
