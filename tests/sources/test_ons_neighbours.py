"""Statistical nearest neighbours: twenty an area, fewer only at the end of a row."""

from __future__ import annotations

import os
from datetime import date, datetime

import pytest

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import ons_neighbours, open_document

HEADER = ",".join(["AREACD", *(str(rank) for rank in range(1, 21))])
OTHERS = [f"E060000{number}" for number in range(20, 40)]


def row(area="E06000016", neighbours=OTHERS):
    return ",".join([area, *neighbours])


def write(path, *rows, header=HEADER):
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8-sig")
    return path


def read(path):
    document = open_document(path)
    assert ons_neighbours.recognise(document)
    return ons_neighbours.read(document)


def refusal(path):
    with pytest.raises(BadInputError) as refused:
        read(path)
    return str(refused.value)


def test_twenty_ranked_neighbours(tmp_path):
    path = write(tmp_path / "n.csv", row())
    os.utime(path, (0, datetime(2025, 3, 4, 12).timestamp()))
    reading = read(path)
    rows = reading.tables["neighbours"]
    assert rows["rank"].tolist() == list(range(1, 21))
    assert rows["neighbour_code"].tolist() == OTHERS
    assert reading.edition == date(2025, 3, 4)
    assert any("2025-03-04, the date of the file" in note.text for note in reading.notes)


def test_blanks_at_the_end_are_no_neighbours(tmp_path):
    rows = read(write(tmp_path / "n.csv", row(neighbours=[*OTHERS[:5], *[""] * 15])))
    assert len(rows.tables["neighbours"]) == 5
    assert any("fewer than 20" in note.text for note in rows.notes)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (row(), "each area once, found 'E06000016' again"),
        (row("Leicester"), "an ONS code such as E06000016, found 'Leicester'"),
        (row("E06000017", ["", *OTHERS[1:]]), "an ONS code such as E06000016, found ''"),
        (row(OTHERS[0]), "beside itself"),
        (row("E06000017", [OTHERS[1], *OTHERS[1:]]), "each neighbour of an area once"),
        (row("E06000017", OTHERS[:3]), "21 cells in every row, found 4"),
    ],
)
def test_broken_rows_are_refused(tmp_path, broken, said):
    message = refusal(write(tmp_path / "n.csv", row(), broken))
    assert said in message
    assert "row 3" in message


def test_other_number_of_ranks_is_refused(tmp_path):
    path = write(tmp_path / "n.csv", "E06000016,E06000017", header="AREACD,1")
    assert "expected the header" in refusal(path)


def test_empty_table_is_refused(tmp_path):
    assert "at least one area" in refusal(write(tmp_path / "n.csv"))


def test_real_file(real):
    rows = read(real("comparators/ons_els_global-neighbours.csv")).tables["neighbours"]
    assert rows["area_code"].nunique() == 397
    assert len(rows) == 397 * 20 - 225
    leicester = rows[rows["area_code"] == "E06000016"]
    assert leicester["rank"].tolist() == list(range(1, 21))
