"""A file of any of the published kinds, read without trusting its name.

CSV, XLSX, XLS, ODS, JSON, and zips of CSVs look the same to a reader: sheets of rows.
What cannot be a document (a web page saved as CSV, an encrypted or cut-off workbook, a
zip bomb) is refused here, once, for every source.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import _archive, _ods, _text_file, _xlsx
from vrn_metrics.sources._archive import UNLOCK
from vrn_metrics.sources._cells import Cell, Row, text
from vrn_metrics.sources._damage import AGAIN, damage_is_refused, refusal

__all__ = ["HEAD_ROWS", "Cell", "Document", "Kind", "Row", "open_document", "text"]

Kind = Literal["csv", "xlsx", "xls", "ods", "json", "zip"]

HEAD_ROWS = 60
SAVE_AS_XLSX = "Open it in a spreadsheet program, save it as .xlsx, and load that."

_JSON = re.compile(r"\{|\[\s*\{")
_WEB_PAGE = ("<!doctype", "<html", "<head", "<body", "<table", "<meta")


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
    _errors: dict[str, dict[int, dict[int, str]]] = field(
        default_factory=dict, repr=False, compare=False
    )

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
        if self.kind == "ods":
            return tuple(self._ods_heads)
        return tuple(
            sheet.name
            for sheet in self._workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        )

    @cached_property
    def delimiter(self) -> str:
        """The character between the columns of a CSV."""
        with self.open_text() as file:
            return _text_file.delimiter_of(_text_file.first_lines(file, self.name, HEAD_ROWS))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was unusual about the file and understood all the same."""
        if self.kind != "csv" or self.delimiter == ",":
            return ()
        return (f"columns divided by {_text_file.OTHER_DELIMITERS[self.delimiter]}, not commas",)

    def rows(self, sheet: str = "") -> Iterator[Row]:
        """Every row of a sheet, blank ones included, as tuples of cells; a blank is None."""
        if self.kind == "csv":
            with self.open_text() as file:
                yield from _text_file.rows(file, self.name, self.delimiter)
        elif self.kind == "ods":
            for name, rows in _ods.sheets(self.path, self.name):
                if name == sheet:
                    yield from rows
                    return
        else:
            yield from self._workbook_rows(sheet)

    def each_sheet(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Every sheet with its rows, in one pass; rows left unread are passed over."""
        if self.kind == "ods":
            yield from _ods.sheets(self.path, self.name)
        else:
            for name in self.sheets:
                yield name, self.rows(name)

    def head(self, sheet: str = "") -> list[Row]:
        """The first rows of a sheet; read once."""
        if self.kind == "ods":
            return self._ods_heads.get(sheet, [])
        if sheet not in self._heads:
            self._heads[sheet] = list(islice(self.rows(sheet), HEAD_ROWS))
        return self._heads[sheet]

    @contextmanager
    def open_text(self) -> Iterator[io.TextIOWrapper]:
        """The decoded text of a CSV or JSON file."""
        with self.path.open(encoding=self.encoding, newline="", errors="strict") as file:
            try:
                yield file
            except UnicodeDecodeError as error:
                raise self.refusal(
                    f"text in {self.encoding} throughout",
                    f"other bytes at position {error.start}: {error.reason}",
                ) from error

    @cached_property
    def json(self) -> Any:
        """The parsed content of a JSON file."""
        with self.open_text() as file:
            try:
                return json.load(file)
            except UnicodeDecodeError:
                raise
            except (ValueError, RecursionError) as error:
                raise self.refusal("complete JSON", f"a fault: {error}") from error

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names of the files in a zip."""
        return _archive.members(self.path, self.name) if self.kind == "zip" else ()

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

    def refusal(self, expected: str, found: str, fix: str = AGAIN) -> BadInputError:
        """The error for a file that is not what its kind promises."""
        return refusal(self.name, expected, found, fix)

    @cached_property
    def _workbook(self) -> CalamineWorkbook:
        with self._damage_is_refused():
            if self.kind == "xlsx":
                _archive.verify(self.path, self.name)
            try:
                with self.path.open("rb") as file:  # by content: a path is judged by its name
                    return CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
            except PasswordError as error:
                raise _protected(self.name) from error

    def _workbook_rows(self, sheet: str) -> Iterator[Row]:
        """Rows as the spreadsheet numbers them, leading blank columns included."""
        errors = self._errors_of(sheet)
        with self._damage_is_refused():
            found = self._workbook.get_sheet_by_name(sheet)
            before: Row = (None,) * (found.start or (0, 0))[1]
            for number, cells in enumerate(found.iter_rows(), start=1):
                row = before + tuple(cell if cell != "" else None for cell in cells)
                if number in errors:
                    row = tuple(errors[number].get(at, cell) for at, cell in enumerate(row, 1))
                yield row

    def _errors_of(self, sheet: str) -> dict[int, dict[int, str]]:
        """Error values by row and column; also where faults of the sheet show."""
        if self.kind != "xlsx":
            return {}
        if sheet not in self._errors:
            with self._damage_is_refused():
                part = self._xlsx_parts[sheet]
                self._errors[sheet] = _xlsx.errors(self.path, self.name, sheet, part)
        return self._errors[sheet]

    @cached_property
    def _xlsx_parts(self) -> dict[str, str]:
        return _xlsx.parts(self.path, self.name)

    @cached_property
    def _ods_heads(self) -> dict[str, list[Row]]:
        return _ods.heads(self.path, self.name, HEAD_ROWS)

    def _damage_is_refused(self) -> AbstractContextManager[None]:
        return damage_is_refused(self.name, f"a complete {self.kind.upper()} file")


def open_document(path: Path | str, name: str | None = None) -> Document:
    """Find out what a file is from its bytes.

    Raises
    ------
    BadInputError
        If it is empty, encrypted, cut off, a web page, a picture, or a zip bomb.
    """
    path = Path(path)
    name = name or path.name
    try:
        return _opened(path, name)
    except OSError as error:
        raise refusal(
            name, "a file that can be read", error.strerror or str(error), "Check the path."
        ) from error


def _opened(path: Path, name: str) -> Document:
    if path.is_dir():
        raise refusal(name, "a file", "a folder", "Choose the file in it.")
    if not path.is_file():
        raise refusal(name, "a file", "nothing at that place", "Check the path.")
    with path.open("rb") as file:
        start = file.read(8192)
    if not start.strip():
        raise refusal(name, "a file with content", "an empty file")
    if start.startswith(b"PK"):
        return Document(path, name, _kind_of_zip(path, name))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return Document(path, name, _kind_of_ole(path, name))
    if start.startswith(b"%PDF"):
        raise refusal(name, "a data file", "a PDF", "Download the table that it was made from.")
    encoding = _text_file.encoding_of(path, name, start)
    opening = start.decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t").lower()
    _refuse_markup(name, opening)
    return Document(path, name, "json" if _JSON.match(opening) else "csv", encoding)


def _refuse_markup(name: str, opening: str) -> None:
    """Web pages, and the XML that older programs save with the suffix .xls."""
    if opening.startswith("<?xml") and "schemas-microsoft-com:office:spreadsheet" in opening:
        raise refusal(name, "a workbook", "one saved as XML by Excel", SAVE_AS_XLSX)
    if opening.startswith("<html") and "schemas-microsoft-com:office:excel" in opening:
        raise refusal(name, "a workbook", "one saved as a web page by Excel", SAVE_AS_XLSX)
    if opening.startswith(_WEB_PAGE):
        raise refusal(
            name,
            "a data file",
            "a web page",
            "The publisher's site answered with a page; download the file itself.",
        )
    if opening.startswith("<?xml"):
        raise refusal(name, "a data file", "a page or table in XML", SAVE_AS_XLSX)


def _kind_of_zip(path: Path, name: str) -> Kind:
    members = _archive.members(path, name)
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        raise refusal(name, "a workbook", "one saved as .xlsb by Excel", SAVE_AS_XLSX)
    if "content.xml" in members and "mimetype" in members:
        if _ods.is_protected(path, name):
            raise _protected(name)
        return "ods"
    return "zip"


def _kind_of_ole(path: Path, name: str) -> Kind:
    """An XLS, or the wrapper of an encrypted XLSX, whose directory may be anywhere."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise _protected(name)
    return "xls"


def _protected(name: str) -> BadInputError:
    return refusal(name, "a file without a password", "a password-protected one", UNLOCK)
