"""Text of a CSV or JSON file: its encoding, its delimiter, its rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from vrn_metrics.sources._cells import Row
from vrn_metrics.sources._damage import AGAIN, refusal

LONGEST_LINE: Final = 1 << 20
OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs"}

_CHUNK: Final = 1 << 20
_MOST: Final = 0.9
_TEXT: Final = "text in UTF-8 or Windows-1252"


def encoding_of(path: Path, name: str, start: bytes) -> str:
    """UTF-8 if all of it decodes, else the Windows encoding that Excel writes.

    Raises
    ------
    BadInputError
        If it is not text, or UTF-8 that was cut or damaged.
    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if wide := _unmarked_utf_16(start):
        return wide
    if b"\x00" in start:
        raise refusal(name, "text, a workbook or a zip", "binary content")
    marked = start.startswith(codecs.BOM_UTF8)
    fault = _fault(path, name, "utf-8")
    if fault is None:
        return "utf-8-sig" if marked else "utf-8"
    position, is_at_end, had_more = fault
    if marked or (is_at_end and had_more):
        cut = "a file that was cut off in the middle of a character" if is_at_end else ""
        raise refusal(name, "text in UTF-8", cut or f"other bytes at position {position:,}")
    if _fault(path, name, "cp1252") is not None:
        raise refusal(name, _TEXT, "bytes that are neither")
    return "cp1252"


def _unmarked_utf_16(start: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of English is zero."""
    even, odd = start[0::2], start[1::2]
    for wide, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if len(start) > 2 and not others.count(0) and zeros.count(0) >= _MOST * len(zeros):
            return wide
    return None


def _fault(path: Path, name: str, encoding: str) -> tuple[int, bool, bool] | None:
    """Where decoding fails, whether for want of more bytes, and whether some was not ASCII."""
    decoder = codecs.getincrementaldecoder(encoding)()
    had_more, position, pending = False, 0, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if b"\x00" in chunk:
                at = position + chunk.index(b"\x00")
                raise refusal(name, "text", f"a zero byte at position {at:,}", AGAIN)
            if pending or not chunk.isascii() or not chunk:  # plain ASCII is every encoding
                try:
                    had_more |= not decoder.decode(chunk, final=not chunk).isascii()
                except UnicodeDecodeError as error:
                    had_more |= not error.object[: error.start].isascii()
                    return position - pending + error.start, not chunk, had_more
            pending = len(decoder.getstate()[0])
            position += len(chunk)
            if not chunk:
                return None


def lines(file: TextIO, name: str) -> Iterator[str]:
    """The lines of a text, refused where there are none to speak of."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise refusal(
                name, f"lines of at most {LONGEST_LINE:,} characters", "a longer one", row=number
            )
        yield line


def delimiter_of(first: Sequence[str]) -> str:
    r"""The character between the columns: a comma unless it clearly is another.

    Another one is taken if the first line that it divides has no comma, and it divides nine
    in ten of the lines that follow: commas in numbers and in notes then decide nothing.

    Examples
    --------
    >>> delimiter_of(["area;rate", "Leicester;1,5", "Rutland;0,7"])
    ';'
    >>> delimiter_of(["area,note", "Leicester,see a;b", "Rutland,see c;d"])
    ','
    """
    for delimiter in OTHER_DELIMITERS:
        try:
            # Not strict: a quoted cell may go on beyond the first lines.
            records = [row for row in csv.reader(first, delimiter=delimiter) if row]
        except csv.Error:
            continue
        divided = [len(row) > 1 for row in records]
        if True not in divided:
            continue
        header = divided.index(True)
        if "," in "".join(records[header]):
            continue
        if sum(divided[header:]) >= _MOST * len(divided[header:]):
            return delimiter
    return ","


def rows(file: TextIO, name: str, delimiter: str) -> Iterator[Row]:
    """Every record of delimited text; a blank cell is None.

    Raises
    ------
    BadInputError
        If a quote is never closed, a field is over-long, or quotes stand inside a cell.
    """
    number = 0
    records = csv.reader(lines(file, name), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(records, start=1):  # noqa: B007  # read where it fails
            yield tuple(cell if cell != "" else None for cell in row)
    except csv.Error as error:
        raise refusal(
            name,
            "complete comma-separated text",
            f"{error}: it may have been cut off",
            row=number + 1,
        ) from error


def first_lines(file: TextIO, name: str, most: int) -> list[str]:
    """The first lines."""
    return list(islice(lines(file, name), most))
