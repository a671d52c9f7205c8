"""A file of any of the published kinds, read without trusting its name.

CSV, XLSX, XLS, ODS, JSON, and zips of CSVs look the same to a reader: sheets of rows.
What cannot be a document (a web page saved as CSV, an encrypted or cut-off workbook, a
zip bomb) is refused here, once, for every source.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from python_calamine import CalamineWorkbook
from stream_read_ods import stream_read_ods

from vrn_metrics.errors import BadInputError, Problem, VrnMetricsError
from vrn_metrics.sources._formulas import formulas_without_values

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Row = tuple[Cell, ...]
Kind = Literal["csv", "xlsx", "xls", "ods", "json", "zip"]

_SHEET_NAME = re.compile(rb'<table:table [^>]*table:name="([^"]*)"')

HEAD_ROWS = 60
STREAMED_HEADS = 2  # a sheet of notes and the first of the table
LARGEST_MEMBER = 8 * 1024**3  # the CSP workbook of the Home Office is 1.4 GB of XML
LARGEST_RATIO = 250  # that workbook is 28 : 1
SMALL_MEMBER = 100 * 1024**2
STREAM_ODS_ABOVE = 64 * 1024**2  # calamine holds all sheets of an ODS in memory


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


@dataclass(frozen=True)
class Document:
    """One offered file.

    `rows` streams; `head` is the first rows, for recognition. Row numbers that a reader
    reports count from 1 over `rows`, as a spreadsheet shows them.
    """

    path: Path
    name: str
    kind: Kind
    encoding: str = "utf-8"
    _heads: dict[str, list[Row]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def sha256(self) -> str:
        """The hash that says whether two files are the same bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @cached_property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, as written; one empty name for a CSV, none for JSON and zip."""
        if self.kind == "csv":
            return ("",)
        if self.kind in ("json", "zip"):
            return ()
        if self._streams_ods:
            return self._ods_sheet_names()
        return tuple(self._workbook.sheet_names)

    def rows(self, sheet: str = "") -> Iterator[Row]:
        """Every row of a sheet, blank ones included, as tuples of cells; a blank is None."""
        if self.kind == "csv":
            with self.open_text() as file:
                try:
                    for row in csv.reader(file, strict=True):
                        yield tuple(cell if cell != "" else None for cell in row)
                except csv.Error as error:
                    raise self.refusal(
                        "complete comma-separated text", f"{error}: it may have been cut off"
                    ) from error
        elif self._streams_ods:
            for name, rows in self.each_sheet():
                if name == sheet:
                    yield from rows
                    return
        else:
            yield from self._workbook_rows(sheet)

    def each_sheet(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Every sheet with its rows, in one pass over the file."""
        if not self._streams_ods:
            for name in self.sheets:
                yield name, self.rows(name)
            return
        with self._damage_is_refused():
            for name, rows in self._ods_sheets():
                yield name, (tuple(map(_streamed, row)) for row in rows)
                for _ in rows:  # what the caller left, or the next sheet cannot start
                    pass

    def head(self, sheet: str = "") -> list[Row]:
        """The first rows of a sheet; read once.

        Of a streamed workbook only the first sheets have one: the head of a later sheet costs
        reading all before it, and to recognise a file must not take minutes.
        """
        if self._streams_ods and sheet not in self.sheets[:STREAMED_HEADS]:
            return []
        if sheet not in self._heads:
            found = []
            for row in self.rows(sheet):
                found.append(row)
                if len(found) >= HEAD_ROWS:
                    break
            self._heads[sheet] = found
        return self._heads[sheet]

    @contextmanager
    def open_text(self) -> Iterator[io.TextIOWrapper]:
        """The decoded text of a CSV or JSON file."""
        with self.path.open(encoding=self.encoding, newline="", errors="strict") as file:
            try:
                yield file
            except UnicodeDecodeError as error:
                raise self.refusal(
                    f"text in {self.encoding} throughout", f"other bytes at position {error.start}"
                ) from error

    @cached_property
    def json(self) -> Any:
        """The parsed content of a JSON file."""
        with self.open_text() as file:
            try:
                return json.load(file)
            except (json.JSONDecodeError, RecursionError) as error:
                raise self.refusal("complete JSON", f"a fault: {error}") from error

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the files in a zip."""
        if self.kind != "zip":
            return ()
        with zipfile.ZipFile(self.path) as archive:
            return tuple(info.filename for info in archive.infolist() if not info.is_dir())

    def first_words(self, most: int = 120) -> str:
        """The beginning of the content, to show a person what was found."""
        if self.kind == "zip":
            words = "zip of " + ", ".join(self.members[:3])
        elif self.kind == "json":
            words = "JSON"
        else:
            first = self.sheets[0] if self.sheets else ""
            filled = (row for row in self.head(first) if any(row))
            words = ", ".join(text(cell) for cell in next(filled, ()) if cell is not None)
            words = f"{self.kind.upper()} that begins '{words}'"
        return words if len(words) <= most else words[: most - 1] + "…"

    def refusal(
        self, expected: str, found: str, fix: str = "Download the file again."
    ) -> BadInputError:
        """The error for a file that is not what its kind promises."""
        return BadInputError(self.name, [Problem(expected, found, fix)])

    @cached_property
    def _workbook(self) -> Any:
        with self._damage_is_refused():
            return CalamineWorkbook.from_path(str(self.path))

    @cached_property
    def _streams_ods(self) -> bool:
        if self.kind != "ods":
            return False
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo("content.xml").file_size > STREAM_ODS_ABOVE

    def _workbook_rows(self, sheet: str) -> Iterator[Row]:
        """Rows as the spreadsheet numbers them, leading blank columns included."""
        if self._uncalculated:
            raise self.refusal(
                "numbers, or formulas saved with their values",
                f"a formula without a value in cell {self._uncalculated[0]} "
                f"({len(self._uncalculated)} in all)",
                "Open the file in a spreadsheet program, save it, and load it again.",
            )
        with self._damage_is_refused():
            found = self._workbook.get_sheet_by_name(sheet)
            blank = (None,) * (found.start or (0, 0))[1]
            for cells in found.iter_rows():
                yield blank + tuple(cell if cell != "" else None for cell in cells)

    @contextmanager
    def _damage_is_refused(self) -> Iterator[None]:
        """Any fault of a parser is a fault of the file.

        On damaged bytes the libraries for zip, XML and workbooks raise some twenty kinds of
        exception between them, so they are not listed; what we raise ourselves passes.
        """
        try:
            yield
        except VrnMetricsError:
            raise
        except Exception as error:
            words = str(error) or type(error).__name__
            raise self.refusal(f"a complete {self.kind.upper()} file", words) from error

    @cached_property
    def _uncalculated(self) -> list[str]:
        if self.kind != "xlsx":
            return []
        with self._damage_is_refused():
            return formulas_without_values(self.path)

    def _ods_sheets(self) -> Iterator[tuple[str, Iterator[Row]]]:
        def chunks() -> Iterator[bytes]:
            with self.path.open("rb") as file:
                while chunk := file.read(1 << 16):
                    yield chunk

        yield from stream_read_ods(chunks())

    def _ods_sheet_names(self) -> tuple[str, ...]:
        """Names from the tags alone: seconds, where reading all rows takes two minutes."""
        names: list[bytes] = []
        rest = b""
        with (
            self._damage_is_refused(),
            zipfile.ZipFile(self.path) as archive,
            archive.open("content.xml") as content,
        ):
            while chunk := content.read(1 << 20):
                text_so_far = rest + chunk
                names += _SHEET_NAME.findall(text_so_far)
                last = text_so_far.rfind(b"<")
                rest = text_so_far[last:] if last >= 0 else b""
        return tuple(html.unescape(name.decode("utf-8")) for name in names)


def _streamed(cell: object) -> Cell:
    """A cell of the streaming reader as the other readers give it."""
    if isinstance(cell, str):
        return cell or None
    return float(cell) if isinstance(cell, Decimal) else cast(Cell, cell)


def open_document(path: Path | str, name: str | None = None) -> Document:
    """Find out what a file is from its first bytes.

    Raises
    ------
    BadInputError
        If it is empty, encrypted, cut off, a web page, a picture, or a zip bomb.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise _refuse(name, "a file", "nothing at that place", "Check the path.")
    with path.open("rb") as file:
        start = file.read(8192)
    if not start.strip():
        raise _refuse(name, "a file with content", "an empty file")
    if start.startswith(b"PK"):
        return Document(path, name, _kind_of_zip(path, name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return Document(path, name, _kind_of_ole(path, name))
    encoding = _encoding(path, name, start)
    opening = start.decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t")[:200].lower()
    if opening.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise _refuse(
            name,
            "a data file",
            "a web page",
            "The publisher's site answered with a page; download the file itself.",
        )
    return Document(path, name, "json" if opening.startswith(("{", "[{")) else "csv", encoding)


def _kind_of_zip(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _refuse(name, "a complete workbook or zip", f"a damaged one: {error}") from error
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > LARGEST_MEMBER or (
            member.file_size > SMALL_MEMBER and ratio > LARGEST_RATIO
        ):
            raise _refuse(
                name,
                "a file that unpacks to a sensible size",
                f"'{member.filename}' would unpack to {member.file_size:,} bytes",
                "If this is a real publication, unpack it and load its parts.",
            )
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise _refuse(name, "a file without a password", "a password-protected one", UNLOCK)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    return "zip"


UNLOCK = "Open it, save a copy without a password, and load that."


def _kind_of_ole(path: Path, name: str) -> Kind:
    with path.open("rb") as file:
        directory = file.read(1 << 20)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        raise _refuse(name, "a file without a password", "a password-protected one", UNLOCK)
    return "xls"


def _encoding(path: Path, name: str, start: bytes) -> str:
    """UTF-8 if all of it decodes, else the Windows encoding that Excel writes."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in start:
        raise _refuse(name, "text, a workbook or a zip", "binary content")
    encoding = "utf-8-sig" if start.startswith(b"\xef\xbb\xbf") else "utf-8"
    for attempt in (encoding, "cp1252"):
        decoder = codecs.getincrementaldecoder(attempt)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    if decoder.getstate()[0] or not chunk.isascii():  # plain ASCII is both
                        decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return attempt
    raise _refuse(name, "text in UTF-8 or Windows-1252", "bytes that are neither")


def _refuse(
    name: str, expected: str, found: str, fix: str = "Download the file again."
) -> BadInputError:
    return BadInputError(name, [Problem(expected, found, fix)])
