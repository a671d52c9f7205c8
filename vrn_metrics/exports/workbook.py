"""A spreadsheet as the Analysis Function asks for: for people, their screen readers and machines.

A cover sheet with all that must be known, one table a sheet, each a real table below its title,
no merged and no empty cell, numbers as numbers, and marks such as [c] explained.

References
----------
Government Analysis Function. Releasing statistics in spreadsheets, 2021, as updated.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from vrn_metrics.exports.dataset import Column, Dataset, Mark, Value

COVER, DATA, COLUMNS = "Cover sheet", "Table 1", "Table 2"
FONT: Final = {"font_name": "Arial", "font_size": 12}
_WIDEST, _NARROWEST, _COVER_WIDTH = 60, 12, 100
_ABOVE = 4  # lines over a table: title, what the sheet holds, marks, notice


def xlsx(table: Dataset) -> bytes:
    """The table as a workbook, byte for byte the same for the same figures."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    made = table.provenance.as_of
    book.set_properties(
        {
            "title": table.title,
            "subject": table.provenance.vintage,
            "comments": table.provenance.notice,
            "created": datetime(made.year, made.month, made.day),
        }
    )
    book.formats[0].set_font_name(FONT["font_name"])
    book.formats[0].set_font_size(FONT["font_size"])
    _cover(book, table)
    _sheet(book, DATA, table.title, table, table.columns, table.values())
    named = [
        [each.name, each.title, each.meaning, each.unit or Mark.NOT_APPLICABLE]
        for each in table.columns
    ]
    heads = [
        Column("column", "Column", ""),
        Column("title", "Title", ""),
        Column("meaning", "Meaning", ""),
        Column("unit", "Unit", ""),
    ]
    _sheet(book, COLUMNS, "What each column means", table, heads, named)
    book.close()
    return out.getvalue()


def _cover(book: Workbook, table: Dataset) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.hide_gridlines(2)
    origin = table.provenance
    said = [
        *([origin.notice] if origin.notice else []),
        origin.vintage,
        "Sheets",
        f"{DATA}: {table.title}",
        f"{COLUMNS}: what each column means",
        "What is counted",
        *origin.definitions,
        "Marks in place of a number",
        *(f"{mark} means {mark.words}." for mark in Mark),
        "What is hidden, and why",
        *origin.suppression,
        "What to mind",
        *(origin.caveats or ("Nothing further.",)),
        "Sources and licence",
        *(f"{each.title}, {each.publisher}: {each.licence}." for each in origin.sources),
        "Releases",
        *(origin.release_words or ("None.",)),
    ]
    heads = {
        "Sheets",
        "What is counted",
        "Marks in place of a number",
        "What is hidden, and why",
        "What to mind",
        "Sources and licence",
        "Releases",
    }
    title = book.add_format({**FONT, "font_size": 16, "bold": True, "text_wrap": True})
    head = book.add_format({**FONT, "font_size": 14, "bold": True})
    text = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
    strong = book.add_format({**FONT, "text_wrap": True, "bold": True})
    sheet.set_column(0, 0, _COVER_WIDTH)
    sheet.write_string(0, 0, table.title, title)
    for place, line in enumerate(said, start=1):
        look = head if line in heads else strong if line == origin.notice else text
        sheet.write_string(place, 0, line, look)


def _sheet(
    book: Workbook,
    name: str,
    title: str,
    table: Dataset,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({**FONT, "font_size": 14, "bold": True})
    plain = book.add_format(FONT)
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(1, 0, f"This sheet has one table, of {len(rows)} rows.", plain)
    sheet.write_string(2, 0, "Marks in square brackets are explained on the cover sheet.", plain)
    sheet.write_string(3, 0, table.provenance.notice or table.provenance.vintage, plain)
    looks = {"wrap": {**FONT, "text_wrap": True, "valign": "top"}, "top": {**FONT, "valign": "top"}}
    made = {key: book.add_format(look) for key, look in looks.items()}
    made["head"] = book.add_format({**FONT, "bold": True, "text_wrap": True, "bottom": 1})
    made["date"] = book.add_format({**FONT, "valign": "top", "num_format": "yyyy-mm-dd"})
    made["right"] = book.add_format({**FONT, "valign": "top", "align": "right"})
    for place, column in enumerate(columns):
        longest = max([len(column.title), *(len(str(row[place])) for row in rows)])
        sheet.set_column(place, place, min(max(longest + 2, _NARROWEST), _WIDEST))
    last = _ABOVE + max(len(rows), 1)  # a table without a row is none to Excel
    sheet.add_table(
        _ABOVE,
        0,
        last,
        len(columns) - 1,
        {
            "name": name.replace(" ", "_"),
            "autofilter": False,
            "style": None,
            "columns": [{"header": each.title, "header_format": made["head"]} for each in columns],
        },
    )
    for row, values in enumerate(rows or [[Mark.NOT_APPLICABLE] * len(columns)], _ABOVE + 1):
        for place, value in enumerate(values):
            _write(sheet, row, place, value, made)
    sheet.freeze_panes(_ABOVE + 1, 0)


def _write(sheet: Worksheet, row: int, place: int, value: Value, made: dict[str, Any]) -> None:
    if isinstance(value, Mark):
        sheet.write_string(row, place, str(value), made["right"])
    elif isinstance(value, str):
        sheet.write_string(row, place, value, made["wrap"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, made["date"])
    else:
        sheet.write_number(row, place, value, made["top"])
