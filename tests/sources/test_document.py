"""Files as people really have them: each kind is read, each fault refused with one message."""

import io
import random
import re
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import _archive, _document, _text_file, open_document
from vrn_metrics.sources._cells import cell_name, column_number
from vrn_metrics.sources._damage import damage_is_refused
from vrn_metrics.sources._document import text

TABLE = [["area", "count"], ["Leicester", 12], ["Rutland", None], ["Blaby", 7]]
EXPECTED = [("area", "count"), ("Leicester", "12"), ("Rutland", ""), ("Blaby", "7")]


def frame():
    return pd.DataFrame(TABLE[1:], columns=TABLE[0])


def xlsx(path, rows=TABLE):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def ods(path):
    frame().to_excel(path, engine="odf", index=False)
    return path


def rows_of(document):
    return [
        tuple(text(cell) for cell in row)
        for sheet in document.sheets
        for row in document.rows(sheet)
    ]


def refused(path):
    """The one message with which opening or reading the file ends."""
    with pytest.raises(BadInputError) as caught:
        rows_of(open_document(path))
    return str(caught.value)


def rezipped(path, change):
    """The same zip with its members changed by `change(name, content)`."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))
    return path


# Any kind


def test_workbooks_are_known_by_content_and_not_by_name(tmp_path):
    for make, suffix in ((xlsx, "xls"), (xlsx, "ods"), (xlsx, "csv"), (ods, "xlsx"), (ods, "csv")):
        made = make(tmp_path / f"made.{make.__name__}")
        document = open_document(made.rename(tmp_path / f"{make.__name__}.{suffix}"))
        assert document.kind == make.__name__
        assert rows_of(document) == EXPECTED
        assert [tuple(map(text, row)) for row in document.head(document.sheets[0])] == EXPECTED


def test_cells_are_named_as_spreadsheets_name_them():
    for number in (1, 26, 27, 702, 703, 16384):
        assert cell_name(7, number) == f"{get_column_letter(number)}7"
        assert column_number(get_column_letter(number)) == number


def protected(path):
    import msoffcrypto

    plain = xlsx(path.with_name("plain.xlsx"))
    with plain.open("rb") as file, path.open("wb") as out:
        msoffcrypto.OfficeFile(file).encrypt("secret", out)


def protected_zip(path):
    path.write_bytes(MADE["zip"]())
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    path.write_bytes(content)


def protected_ods(path):
    rezipped(
        ods(path.with_name("o.ods")),
        lambda name, content: b"<x:encryption-data/>" if "manifest" in name else content,
    ).rename(path)


def bomb(path):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(130):
            member.write(b"0" * (1 << 20))


def lying_bomb(path):
    """An XLSX whose sheet states that it is small."""
    rezipped(
        xlsx(path.with_name("l.xlsx")),
        lambda name, content: content + b" " * (1 << 22) if "sheet1" in name else content,
    ).rename(path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert content.count(true.to_bytes(4, "little")) == 2
    path.write_bytes(content.replace(true.to_bytes(4, "little"), (1 << 10).to_bytes(4, "little")))


def twice(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", "2")


EXCEL_XML = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
EXCEL_PAGE = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>'

BAD = {
    "empty": ("an empty file", lambda path: path.write_bytes(b"")),
    "blank": ("an empty file", lambda path: path.write_bytes(b"  \n \n")),
    "picture": ("binary", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
    "pdf": ("a PDF", lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")),
    "web page": ("a web page", lambda path: path.write_text("<!DOCTYPE html><html></html>")),
    "Excel page": ("as a web page by Excel", lambda path: path.write_text(EXCEL_PAGE)),
    "Excel XML": ("as XML by Excel", lambda path: path.write_text(EXCEL_XML)),
    "other XML": ("in XML", lambda path: path.write_text('<?xml version="1.0"?><rows/>')),
    "protected XLSX": ("password-protected", protected),
    "protected ODS": ("password-protected", protected_ods),
    "protected zip": ("password-protected", protected_zip),
    "bomb": ("would unpack to 136,314,880 bytes", bomb),
    "lying bomb": ("to the 1,024 bytes it states, found more", lying_bomb),
    "one name twice": ("'a.csv' more than once", twice),
    "cut XLSX": (
        "damaged",
        lambda path: path.write_bytes(xlsx(path.with_name("w.xlsx")).read_bytes()[:3000]),
    ),
    "XLSB": ("xlsb", lambda path: zip_of(path, {"xl/workbook.bin": b"1"})),
    "other OLE": (
        "a complete XLS file",
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ),
    "open quote": (
        "row 2: .*cut off",
        lambda path: path.write_text('area,count\nLeicester,"12\nRutland,3\n'),
    ),
    "quotes inside a cell": ("row 2", lambda path: path.write_text('a,b\n"x" y,1\n')),
    "long cell": ("row 2", lambda path: path.write_text(f"a,b\n{'x' * 140_000},1\n")),
    "zero bytes at the end": (
        "zero byte at position 10,000",
        lambda path: path.write_bytes(b"area,n\nx,\n" * 1000 + b"\0" * 20),
    ),
    "neither encoding": ("neither", lambda path: path.write_bytes(b"area\n\x81\x8d\x8f\xff\n")),
    "UTF-8 cut in a character": (
        "cut off in the middle of a character",
        lambda path: path.write_bytes("area\nCafé\nCafé".encode()[:-1]),
    ),
    "marked UTF-8 that is none": (
        "other bytes at position 7",
        lambda path: path.write_bytes("\ufeffarea".encode() + b"\xe9\n"),
    ),
    "cut UTF-16": ("truncated", lambda path: path.write_bytes("ab,c\n".encode("utf-16")[:-1])),
    "folder": ("a folder", lambda path: path.mkdir()),
    "nothing": ("nothing at that place", lambda _: None),
    "a link to itself": ("nothing at that place", lambda path: path.symlink_to(path)),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_refused_with_one_message(kind, tmp_path):
    words, make = BAD[kind]
    path = tmp_path / "offered.csv"
    make(path)
    message = refused(path)
    assert re.match(r"offered\.csv: ((sheet '.*', )?row \d+: )?expected .+, found .+\. \w", message)
    assert re.search(words, message)


def test_a_place_that_cannot_be_read_is_said_so(tmp_path, monkeypatch):
    assert "File name too long" in refused(tmp_path / ("x" * 300))
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")

    def no_permission(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", no_permission)
    assert "Permission denied" in refused(path)


def test_a_panic_of_a_library_is_a_fault_of_the_file_and_an_interruption_is_not():
    panic = type("PanicException", (BaseException,), {})
    for error, expected in ((panic, BadInputError), (KeyboardInterrupt, KeyboardInterrupt)):
        with pytest.raises(expected), damage_is_refused("a.xlsx", "a workbook"):
            raise error


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_every_usual_encoding(tmp_path, encoding, end):
    path = tmp_path / "table.txt"
    path.write_bytes(f"area,count{end}Café Oadby,12{end}".encode(encoding))
    assert rows_of(open_document(path)) == [("area", "count"), ("Café Oadby", "12")]


def test_an_accent_as_last_byte_is_no_cut(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("area\nCafé".encode("cp1252"))
    assert rows_of(open_document(path))[1] == ("Café",)


def test_a_character_at_the_edge_of_a_block_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(_text_file, "_CHUNK", 7)
    path = tmp_path / "a.csv"
    for before in range(8):
        path.write_text("x" * before + "“Café”\n" * 3, encoding="utf-8")
        assert open_document(path).encoding == "utf-8"


def test_quoted_line_breaks_are_in_a_cell(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'"Police Force\r\nArea code",n\r\nE23,1\r\n')
    assert list(open_document(path).rows()) == [("Police Force\r\nArea code", "n"), ("E23", "1")]


COMMAS = ["a,b;c\n1,2\n", "Notes; see below\na,b\n1,2\n", "area\nx\n", 'a,b\n"x;y",1\n']
OTHERS = {
    "area;rate\nLeicester;1,5\nRutland;0,7\n": ";",
    "Extract, January\narea;rate\nLeicester;1,5\n": ";",
    "area\tcount\nLeicester\t12\n": "\t",
    '"a\nb";c\n1;2\n': ";",
    "sep=;\na;b\n": ";",
}


@pytest.mark.parametrize("content", COMMAS)
def test_a_comma_is_the_delimiter_unless_it_clearly_is_not(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content)
    document = open_document(path)
    assert document.delimiter == ","
    assert document.remarks == ()


@pytest.mark.parametrize("content", OTHERS)
def test_another_delimiter_is_taken_and_said(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content)
    document = open_document(path)
    assert document.delimiter == OTHERS[content]
    assert [len(row) for row in document.rows()][-1] == 2
    assert "not commas" in document.remarks[0]


def test_a_line_without_an_end_does_not_fill_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(_text_file, "LONGEST_LINE", 100)
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1," * 100)
    assert "row 2: expected lines of at most 100 characters" in refused(path)


@pytest.mark.parametrize(
    "content", ['{"a": [1, 2}', "[" * 200_000 + "{", '{"a": ' + "9" * 5000 + "}"]
)
def test_spoilt_json_is_refused(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(content)
    document = open_document(path)
    if document.kind == "json":
        with pytest.raises(BadInputError, match="expected complete JSON"):
            _ = document.json


# XLSX


def test_cells_of_a_workbook_come_out_as_what_they_are(tmp_path):
    cells = [
        date(2024, 3, 1),
        datetime(2024, 3, 1, 4, 5),
        time(4, 5),
        timedelta(hours=30),
        True,
        False,
        12,
        1.5,
        " words ",
    ]
    document = open_document(xlsx(tmp_path / "a.xlsx", [cells]))
    (row,) = document.rows("Sheet")
    assert row == tuple(cells)
    assert [type(cell) for cell in row[4:8]] == [bool, bool, float, float]


def test_rows_and_columns_before_the_table_are_kept_so_that_numbers_agree(tmp_path):
    book = openpyxl.Workbook()
    book.active["C3"] = 5
    book.save(tmp_path / "b.xlsx")
    rows = list(open_document(tmp_path / "b.xlsx").rows("Sheet"))
    assert len(rows) == 3
    assert rows[2] == (None, None, 5.0)


def test_a_sheet_of_a_chart_is_no_sheet_of_rows(tmp_path):
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    book.create_sheet("Data")["A1"] = 1
    book.save(tmp_path / "c.xlsx")
    document = open_document(tmp_path / "c.xlsx")
    assert document.sheets == ("Sheet", "Data")
    assert [(name, list(rows)) for name, rows in document.each_sheet()] == [
        ("Sheet", []),
        ("Data", [(1.0,)]),
    ]


def sheet_xml(path, cells, *, prefix="", calculation=""):
    """A workbook whose one sheet holds these cells as written."""

    def change(name, content):
        if name == "xl/workbook.xml":
            start, _, rest = content.partition(b"<calcPr")
            return start + calculation.encode() + rest.partition(b"/>")[2]
        if name != "xl/worksheets/sheet1.xml":
            return content
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
        return (
            f'<{prefix}worksheet {mark}="{space}"><{prefix}sheetData>{cells}'
            f"</{prefix}sheetData></{prefix}worksheet>"
        ).encode()

    return rezipped(xlsx(path), change)


def a_row(number, *cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


UNCALCULATED = [
    '<c r="B2"><f>SUM(1,2)</f></c>',
    '<c r="B2"><f>SUM(1,2)</f><v></v></c>',
    '<c r="B2" s="1"><f>SUM(1,2)</f><v/></c>',
    '<c r="B2"><f t="shared" si="0"/></c>',
]


@pytest.mark.parametrize("cell", UNCALCULATED)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_formula_without_a_value_is_refused_and_not_read_as_blank(tmp_path, cell, prefix):
    written = a_row(1, '<c r="A1"><v>1</v></c>') + a_row(2, cell)
    for tag in ("row", "c", "f", "v"):
        written = written.replace(f"<{tag}", f"<{prefix}{tag}").replace(
            f"</{tag}>", f"</{prefix}{tag}>"
        )
    path = sheet_xml(tmp_path / "f.xlsx", written, prefix=prefix)
    assert "sheet 'Sheet': expected numbers" in refused(path)
    assert "a formula without a value in cell B2 (1 in all)" in refused(path)
    assert "let it calculate" in refused(path)


def test_formulas_of_the_usual_library_are_refused(tmp_path):
    path = xlsx(tmp_path / "f.xlsx", [["area", "count"], ["Leicester", "=SUM(1,2)"]])
    assert "B2" in refused(path)


def test_a_formula_with_its_value_is_its_value(tmp_path):
    cells = a_row(
        1,
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="B1" t="str"><f>IF(1,"")</f><v></v></c>',
        '<c r="C1"><f>1-1</f><v>0</v></c>',
    )
    (row,) = open_document(sheet_xml(tmp_path / "v.xlsx", cells)).rows("Sheet")
    assert row == (2, None, 0)


def test_a_zero_that_stands_for_a_value_to_come_is_refused(tmp_path):
    cells = a_row(1, '<c r="C1"><f>SUM(A1:B1)</f><v>0</v></c>')
    mark = '<calcPr calcId="1" fullCalcOnLoad="1"/>'
    path = sheet_xml(tmp_path / "v.xlsx", cells, calculation=mark)
    assert "a formula without a value in cell C1" in refused(path)


def test_formulas_in_a_sheet_that_nobody_reads_do_not_matter(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.create_sheet("Workings")["A1"] = "=1+1"
    book.save(tmp_path / "w.xlsx")
    document = open_document(tmp_path / "w.xlsx")
    assert list(document.rows("Sheet")) == [(1.0,)]
    with pytest.raises(BadInputError, match="sheet 'Workings'"):
        document.head("Workings")


def test_error_values_are_words_and_not_blank(tmp_path):
    cells = a_row(2, '<c r="B2" t="n"><v>3</v></c>') + a_row(
        4,
        '<c r="B4" t="e"><v>#N/A</v></c>',
        '<c r="C4"><v>1</v></c>',
        '<c r="D4" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    )
    rows = list(open_document(sheet_xml(tmp_path / "e.xlsx", cells)).rows("Sheet"))
    assert rows[1] == (None, 3, None, None)
    assert rows[3] == (None, "#N/A", 1, "#DIV/0!")


# Each makes python-calamine lay out all cells up to the corner; the process is aborted then.
FAR = {
    "far both ways": (['r="A1"'], ['r="XFD1048576"'], "XFD1048576"),
    "two letters": (['r="A1"'], ['r="AZ1048576"'], "AZ1048576"),
    "small letters": (['r="A1"'], ['r="xfd1048576"'], "XFD1048576"),
    "blanks": (['r="A1"'], ['r = "XFD1048576"'], "XFD1048576"),
    "two cells": (['r="XFD1"'], ['r="A999999"'], "XFD999999"),
    "below any sheet": (['r="A1"'], ['r="A4294967290"'], "Z4294967290"),
}


@pytest.mark.parametrize("case", FAR)
def test_a_stray_cell_far_away_is_refused_and_does_not_end_the_process(tmp_path, case):
    near, far, corner = FAR[case]
    cells = "".join(
        a_row(row, *(f"<c {place}><v>1</v></c>" for place in places))
        for row, places in enumerate((near, far), start=1)
    )
    message = refused(sheet_xml(tmp_path / "far.xlsx", cells))
    assert f"reaches to cell {corner}. Delete the stray cells" in message


def test_a_row_far_away_is_refused(tmp_path):
    cells = '<row r="4294967295"><c><v>1</v></c></row>'
    assert "reaches to cell Z4294967295" in refused(sheet_xml(tmp_path / "far.xlsx", cells))


def test_a_format_far_away_is_no_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active["XFD1048576"].number_format = "0.00"
    book.save(tmp_path / "far.xlsx")
    assert list(open_document(tmp_path / "far.xlsx").rows("Sheet")) == [(1.0,)]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_what_is_found_in_a_sheet_does_not_depend_on_where_it_is_cut(tmp_path, monkeypatch, size):
    rows = [[f"row {n}", n, "=1+1" if n == 20 else n] for n in range(30)]
    spoilt = xlsx(tmp_path / "a.xlsx", rows)
    cells = "".join(
        a_row(n, f'<c r="A{n}" t="e"><v>#REF!</v></c>', f'<c r="AB{n}"><v>{n}</v></c>')
        for n in range(1, 20)
    )
    erroneous = sheet_xml(tmp_path / "b.xlsx", cells)
    monkeypatch.setattr(_archive, "CHUNK", size)
    assert "in cell C21 (1 in all)" in refused(spoilt)
    found = list(open_document(erroneous).rows("Sheet"))
    assert [(row[0], row[27]) for row in found] == [("#REF!", n) for n in range(1, 20)]


# ODS

SPACES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for each, urn in [("office", "office"), ("table", "table"), ("text", "text"), ("d", "drawing")]
)


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def ods_of(path, before="", **sheets):
    tables = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {SPACES}>'
        "<office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    members = {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<m/>"}
    return zip_of(path, members)


def ods_row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def ods_cell(content="", **attributes):
    """A cell; `office_value` is office:value, and words are one paragraph."""
    marks = "".join(
        f' {key.replace("_", ":", 1).replace("_", "-")}="{value}"'
        for key, value in attributes.items()
    )
    return f"<table:table-cell{marks}>{content}</table:table-cell>"


def words(content, **attributes):
    return ods_cell(f"<text:p>{content}</text:p>", office_value_type="string", **attributes)


def number(value, **attributes):
    return ods_cell(office_value_type="float", office_value=value, **attributes)


def test_cells_of_an_ods_come_out_as_what_they_are(tmp_path):
    cells = {
        number("12"): 12.0,
        ods_cell(office_value_type="percentage", office_value="0.5"): 0.5,
        ods_cell(office_value_type="currency", office_value="1.5"): 1.5,
        ods_cell(office_value_type="date", office_date_value="2024-03-01"): date(2024, 3, 1),
        ods_cell(office_value_type="date", office_date_value="2024-03-01T00:00:00"): date(
            2024, 3, 1
        ),
        ods_cell(office_value_type="date", office_date_value="2024-03-01T04:05:00"): datetime(
            2024, 3, 1, 4, 5
        ),
        ods_cell(office_value_type="time", office_time_value="PT04H05M00S"): time(4, 5),
        ods_cell(office_value_type="time", office_time_value="PT30H"): timedelta(hours=30),
        ods_cell(office_value_type="boolean", office_boolean_value="true"): True,
        words("Leicester &amp; <text:span>Rutland</text:span>"): "Leicester & Rutland",
        words("a<text:s/>b<text:line-break/>c"): "a b c",
        words("one</text:p>\n<text:p>two"): "one\ntwo",
        words("#DIV/0!", office_string_value=""): "#DIV/0!",
        words("", table_formula="of:=IF(1;&quot;&quot;)"): None,
        number("3", table_formula="of:=1+2"): 3.0,
        words(
            "7</text:p><office:annotation><text:p>a comment</text:p></office:annotation><text:p>8"
        ): "7\n8",
        words("x</text:p><d:frame><d:box><text:p>a shape</text:p></d:box></d:frame><text:p>y"): (
            "x\ny"
        ),
        number("1"): 1.0,
    }
    document = open_document(ods_of(tmp_path / "a.ods", T=ods_row(*cells)))
    (row,) = document.rows("T")
    assert row == tuple(cells.values())
    assert list(map(type, row)) == list(map(type, cells.values()))


def test_repeated_and_covered_cells_and_rows_stand_where_they_are_shown(tmp_path):
    blanks = ods_cell(table_number_columns_repeated="16375")
    path = ods_of(
        tmp_path / "a.ods",
        T=ods_row(words("title"), blanks)
        + ods_row(ods_cell(), more='table:number-rows-repeated="2"')
        + ods_row(
            words("wide", table_number_columns_spanned="2"),
            "<table:covered-table-cell><text:p>hidden</text:p></table:covered-table-cell>",
            number("5", table_number_columns_repeated="2"),
            blanks,
        )
        + ods_row(number("1"), more='table:number-rows-repeated="3"')
        + ods_row(blanks, more='table:number-rows-repeated="1048569"'),
    )
    document = open_document(path)
    wide = (None,) * 3
    assert list(document.rows("T")) == [
        ("title",),
        (None, *wide),
        (None, *wide),
        ("wide", None, 5, 5),
        (1, *wide),
        (1, *wide),
        (1, *wide),
    ]
    assert document.head("T") == list(document.rows("T"))


def test_a_formula_of_an_ods_without_a_value_is_refused(tmp_path):
    path = ods_of(
        tmp_path / "a.ods",
        Data=ods_row(number("1"))
        + ods_row(ods_cell(), more='table:number-rows-repeated="3"')
        + ods_row(ods_cell(table_number_columns_repeated="2"), ods_cell(table_formula="of:=1+1")),
    )
    assert "sheet 'Data': expected numbers" in refused(path)
    assert "a formula without a value in cell C5" in refused(path)


ODS_FAULTS = {
    "more than 1,048,576 rows": ods_row(ods_cell(), more='table:number-rows-repeated="99999999999"')
    + ods_row(number("1")),
    "at most 1,048,576 rows": ods_row(number("1"), more='table:number-rows-repeated="1048577"'),
    "at most 16,384 columns": ods_row(number("1", table_number_columns_repeated="999999999999")),
    "16,384 columns": ods_row(ods_cell(table_number_columns_repeated="999999999999"), number("1")),
    "kinds that ODS has, found 'void' in cell A1": ods_row(ods_cell(office_value_type="void")),
    "such as PT08H30M00S, found 'noon' in cell B1": ods_row(
        number("1"), ods_cell(office_value_type="time", office_time_value="noon")
    ),
    "damaged one: could not convert": ods_row(number("many")),
    "damaged one: Invalid isoformat": ods_row(
        ods_cell(office_value_type="date", office_date_value="May")
    ),
    "damaged one: mismatched tag": "</table:row>",
}


@pytest.mark.parametrize("fault", ODS_FAULTS)
def test_faults_of_an_ods_are_refused_in_one_pass_too(tmp_path, fault):
    path = ods_of(tmp_path / "a.ods", Data=ODS_FAULTS[fault])
    assert fault.removeprefix("more than ") in refused(path)


def test_damage_that_shows_while_rows_are_taken_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_document, "HEAD_ROWS", 3)
    monkeypatch.setattr(_archive, "CHUNK", 256)
    sheet = ods_row(number("1")) * 30
    document = open_document(ods_of(tmp_path / "a.ods", One=sheet, Two=sheet + "<oops>"))
    assert document.sheets == ("One", "Two")
    sheets = document.each_sheet()
    assert list(next(sheets)[1]) == [(1,)] * 30
    _, rows = next(sheets)
    with pytest.raises(BadInputError, match="mismatched tag"):
        list(rows)


def test_a_document_type_is_refused_before_its_entities_grow(tmp_path):
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = ods_of(tmp_path / "a.ods", entities, T=ods_row(words("&b;")))
    assert "without a document type" in refused(path)


SHEETS = {
    "Notes": ods_row(words("Updated: 23 July 2026")),
    "Empty": "",
    "A &amp; B": ods_row(words("Café"), number("1")) * 9,
    "Last": ods_row(number("2")) * 4,
}


@pytest.mark.parametrize("size", [1, 5, 100, 333, 1 << 17])
@pytest.mark.parametrize("most", [1, 2, 60])
def test_heads_and_rows_do_not_depend_on_where_the_content_is_cut(
    tmp_path, monkeypatch, size, most
):
    monkeypatch.setattr(_archive, "CHUNK", size)
    monkeypatch.setattr(_document, "HEAD_ROWS", most)
    document = open_document(ods_of(tmp_path / "a.ods", **SHEETS))
    assert document.sheets == ("Notes", "Empty", "A & B", "Last")
    all_rows = {name: list(rows) for name, rows in document.each_sheet()}
    assert all_rows == {
        "Notes": [("Updated: 23 July 2026",)],
        "Empty": [],
        "A & B": [("Café", 1)] * 9,
        "Last": [(2,)] * 4,
    }
    for sheet, rows in all_rows.items():
        assert document.head(sheet) == rows[:most]
        assert list(document.rows(sheet)) == rows


def test_rows_that_nobody_takes_are_passed_over(tmp_path):
    document = open_document(ods_of(tmp_path / "a.ods", **SHEETS))
    assert [name for name, _ in document.each_sheet()] == list(document.sheets)
    firsts = {name: next(rows, None) for name, rows in document.each_sheet()}
    assert firsts["Last"] == (2,)


def test_other_prefixes_mean_the_same(tmp_path):
    path = ods_of(tmp_path / "a.ods", T=ods_row(number("4")))
    rezipped(
        path, lambda _, content: content.replace(b"table:t", b"t:t").replace(b":table=", b":t=")
    )
    rezipped(path, lambda _, content: content.replace(b" table:", b" t:"))
    assert list(open_document(path).rows("T")) == [(4,)]


# Zip


def test_a_zip_of_tables_names_its_members(tmp_path):
    path = zip_of(tmp_path / "crime.zip", {"2025-01/a-street.csv": "a,b\n1,2\n", "n.txt": "x"})
    document = open_document(path)
    assert document.kind == "zip"
    assert document.members == ("2025-01/a-street.csv", "n.txt")


def unpacked(path, member="a.csv"):
    return b"".join(_archive.chunks(path, path.name, member))


def test_a_spoilt_member_is_refused_by_its_checksum(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "area,count\nLeicester,12\n")
    path.write_bytes(path.read_bytes().replace(b"Leicester,12", b"Leicester,21"))
    with pytest.raises(BadInputError, match="Bad CRC-32"):
        unpacked(path)


def test_a_member_that_states_another_size_is_refused(tmp_path):
    path = zip_of(tmp_path / "a.zip", {"a.csv": b"1,2\n" * 300})
    sizes = {stated: (stated).to_bytes(4, "little") for stated in (1200, 40, 2000)}
    content = path.read_bytes()
    for stated in (40, 2000):
        path.write_bytes(content.replace(sizes[1200], sizes[stated]))
        with pytest.raises(BadInputError, match=rf"unpack to the {stated:,} bytes it states"):
            unpacked(path)


# Anything


def _bytes(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


MADE = {
    "csv": lambda: "area,count\nLeicester,12\n“Oadby”,\n".encode(),
    "xlsx": lambda: _bytes(lambda file: frame().to_excel(file, engine="openpyxl", index=False)),
    "ods": lambda: _bytes(lambda file: frame().to_excel(file, engine="odf", index=False)),
    "zip": lambda: _bytes(lambda file: zip_of(file, {"2025-01/x-street.csv": "a,b\n1,2\n"})),
}


def spoil(content, chance):
    content = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    return bytes(content)


def read_everything(path):
    """Every way in: all of them raise `BadInputError` or nothing."""
    try:
        document = open_document(path)
        rows_of(document)
        assert document.first_words()
        for _, rows in document.each_sheet():
            assert all(isinstance(row, tuple) for row in rows)
        for member in document.members:
            unpacked(path, member)
        if document.kind == "json":
            _ = document.json
    except BadInputError as error:
        return str(error)
    return ""


FUZZ = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("kind", MADE)
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_spoilt_bytes_are_refused_or_read_and_nothing_else(kind, seed, tmp_path):
    chance = random.Random(seed)  # noqa: S311
    path = tmp_path / f"spoilt.{kind}"
    path.write_bytes(spoil(MADE[kind](), chance))
    message = read_everything(path)
    assert not message or message.startswith(f"spoilt.{kind}: ")


INNER = {"xlsx": ("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "ods": ("content.xml",)}


@pytest.mark.parametrize("kind", INNER)
@FUZZ
@given(seed=st.integers(0, 2**32))
def test_spoilt_xml_in_a_sound_zip_is_refused_or_read(kind, seed, tmp_path):
    chance = random.Random(seed)  # noqa: S311
    path = tmp_path / f"spoilt.{kind}"
    path.write_bytes(MADE[kind]())
    victim = chance.choice(INNER[kind])
    rezipped(path, lambda name, content: spoil(content, chance) if name == victim else content)
    message = read_everything(path)
    assert not message or message.startswith(f"spoilt.{kind}: ")
