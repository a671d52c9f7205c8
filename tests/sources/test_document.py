"""Files as people really have them: each kind is read, each fault refused with one message."""

import io
import random
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import _document, open_document
from vrn_metrics.sources._document import text

TABLE = [["area", "count"], ["Leicester", 12], ["Rutland", None], ["Blaby", 7]]


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


EXPECTED = [("area", "count"), ("Leicester", "12"), ("Rutland", ""), ("Blaby", "7")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_every_usual_encoding(tmp_path, encoding):
    path = tmp_path / "table.txt"
    path.write_text("area,count\n“Café” – Oadby,12\n", encoding=encoding)
    assert rows_of(open_document(path))[1] == ("“Café” – Oadby", "12")


def test_workbooks_are_known_by_content_and_not_by_name(tmp_path):
    for make in (xlsx, ods):
        path = make(tmp_path / "made.xlsx" if make is xlsx else tmp_path / "made.ods")
        renamed = path.rename(tmp_path / f"{make.__name__}.csv")
        document = open_document(renamed)
        assert document.kind == make.__name__
        assert rows_of(document) == EXPECTED


def test_a_large_ods_is_streamed_and_says_the_same(tmp_path, monkeypatch):
    path = ods(tmp_path / "made.ods")
    monkeypatch.setattr(_document, "STREAM_ODS_ABOVE", 0)
    document = open_document(path)
    assert document.sheets == ("Sheet1",)
    assert [row for row in rows_of(document) if any(row)] == EXPECTED
    assert [name for name, _ in document.each_sheet()] == ["Sheet1"]  # rows left unread
    assert [tuple(map(text, row)) for row in document.head("Sheet1")][:2] == EXPECTED[:2]


def test_rows_and_columns_before_the_table_are_kept_so_that_numbers_agree(tmp_path):
    book = openpyxl.Workbook()
    book.active["C3"] = 5
    book.save(tmp_path / "b.xlsx")
    rows = list(open_document(tmp_path / "b.xlsx").rows("Sheet"))
    assert len(rows) == 3
    assert rows[2] == (None, None, 5.0)


def test_a_formula_without_a_value_is_refused_and_not_read_as_blank(tmp_path):
    path = xlsx(tmp_path / "f.xlsx", [["area", "count"], ["Leicester", "=SUM(1,2)"]])
    with pytest.raises(BadInputError, match="B2"):
        rows_of(open_document(path))


def protected(path):
    import msoffcrypto

    plain = xlsx(path.with_name("plain.xlsx"))
    with plain.open("rb") as file, path.open("wb") as out:
        msoffcrypto.OfficeFile(file).encrypt("secret", out)


def bomb(path):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(130):
            member.write(b"0" * (1 << 20))


BAD = {
    "empty": lambda path: path.write_bytes(b""),
    "blank": lambda path: path.write_bytes(b"  \n \n"),
    "picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "pdf": lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\x00\n1 0 obj"),
    "web page": lambda path: path.write_text("<!DOCTYPE html><html><body>404</body></html>"),
    "old Excel page": lambda path: path.write_text("<html xmlns:x='urn:x'><table></table></html>"),
    "protected": protected,
    "bomb": bomb,
    "cut workbook": lambda path: path.write_bytes(
        xlsx(path.with_name("w.xlsx")).read_bytes()[:3000]
    ),
    "cut quote": lambda path: path.write_text('area,count\nLeicester,"12\nRutland,3\n'),
    "neither encoding": lambda path: path.write_bytes(b"area,count\n\x81\x8d\x8f\xff,1\n"),
    "folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_refused_with_one_message(kind, tmp_path):
    path = tmp_path / "offered.csv"
    BAD[kind](path)
    with pytest.raises(BadInputError, match=r"offered\.csv: .*expected .*, found "):
        rows_of(open_document(path))


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(BadInputError, match="nothing at that place"):
        open_document(tmp_path / "gone.csv")


MADE = {
    "csv": lambda: b"area,count\nLeicester,12\nRutland,\n",
    "xlsx": lambda: _bytes(lambda file: frame().to_excel(file, engine="openpyxl", index=False)),
    "ods": lambda: _bytes(lambda file: frame().to_excel(file, engine="odf", index=False)),
    "zip": lambda: _bytes(lambda file: _zip(file)),
}


def _bytes(write):
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def _zip(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("2025-01/2025-01-x-street.csv", "a,b\n1,2\n")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("kind", MADE)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_spoilt_bytes_are_refused_or_read_and_nothing_else(
    kind, streamed, seed, tmp_path, monkeypatch
):
    monkeypatch.setattr(_document, "STREAM_ODS_ABOVE", 0 if streamed else 1 << 30)
    chance = random.Random(seed)  # noqa: S311
    content = bytearray(MADE[kind]())
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    path = tmp_path / f"spoilt.{kind}"
    path.write_bytes(content)
    try:
        document = open_document(path)
        rows_of(document)
        document.first_words()
    except BadInputError:
        return
