"""Index of Multiple Deprivation 2025: long and short names, ranges, and no older edition."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import imd_2025, open_document

LONG = (
    "Index of Multiple Deprivation (IMD)",
    "Income",
    "Employment",
    "Education, Skills and Training",
    "Health Deprivation and Disability",
    "Crime",
    "Barriers to Housing and Services",
    "Living Environment",
)
SHORT = (
    "IMD",
    "Income",
    "Employment",
    "Education",
    "Health",
    "Crime",
    "Housing_and_Services",
    "Environment",
)


def official(census="2021"):
    """The header of File 7 with one sub-domain, as MHCLG writes it."""
    header = [
        f"LSOA code ({census})",
        f"LSOA name ({census})",
        "Local Authority District code (2024)",
        "Local Authority District name (2024)",
    ]
    for name in (*LONG, "Indoors Sub-domain"):
        rate = " (rate)" if name in ("Income", "Employment") else ""
        header += [
            f"{name} Score{rate}",
            f"{name} Rank (where 1 is most deprived)",
            f"{name} Decile (where 1 is most deprived 10% of LSOAs)",
        ]
    return [*header, "Total population: mid 2022"]


def cells(code="E01013600", **changes):
    values = []
    for number in range(9):
        values += [f"{number}.5", str(1000 + number), str(number % 10 + 1)]
    row = [code, "Leicester 003A", "E06000016", "Leicester", *values, "1700"]
    for position, value in changes.items():
        row[int(position[1:])] = value
    return row


def write(path, header, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path):
    document = open_document(path)
    assert imd_2025.recognise(document)
    return imd_2025.read(document)


def refusal(path):
    with pytest.raises(BadInputError) as refused:
        read(path)
    return str(refused.value)


def test_official_columns_give_eight_domains(tmp_path):
    reading = read(write(tmp_path / "f7.csv", official(), cells(), cells("E01013601")))
    rows = reading.tables["deprivation"]
    assert len(rows) == 16
    assert rows["domain"].unique().tolist() == list(imd_2025.DOMAINS)
    health = rows[(rows["domain"] == "health") & (rows["lsoa_code"] == "E01013600")].iloc[0]
    assert (health["score"], health["rank"], health["decile"]) == (4.5, 1004, 5)
    assert health["district_code"] == "E06000016"
    assert reading.edition == date(2025, 10, 30)
    assert reading.observations.empty


def test_short_columns_are_understood_in_any_order(tmp_path):
    header = [f"{name}_{part}" for part in ("decile", "rank", "score") for name in SHORT]
    row = [*["3.0"] * 8, *["9000.0"] * 8, *["12.25"] * 8, "Blaby 001A", "E07000129", "Blaby"]
    path = write(
        tmp_path / "imd.csv",
        ["lsoa21_code", *header, "lsoa21_name", "ltla24_code", "ltla24_name"],
        ["E01025600", *row],
    )
    rows = read(path).tables["deprivation"]
    assert set(rows["decile"]) == {3}
    assert set(rows["rank"]) == {9000}
    assert set(rows["score"]) == {12.25}


def test_2011_lsoas_are_refused_with_the_reason(tmp_path):
    said = refusal(write(tmp_path / "f7.csv", official("2011"), cells()))
    assert "LSOAs of 2011" in said
    assert "do not match" in said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (cells(), "each LSOA code once"),
        (cells("E01"), "an ONS code such as E06000016, found 'E01'"),
        (cells("E01013601", _6="0"), "a whole number from 1 to 10, found '0'"),
        (cells("E01013601", _6="11"), "a whole number from 1 to 10, found '11'"),
        (cells("E01013601", _5="33756"), "from 1 to 33,755, found '33756'"),
        (cells("E01013601", _5="12.5"), "from 1 to 33,755, found '12.5'"),
        (cells("E01013601", _4="high"), "a number, found 'high'"),
        (cells("E01013601", _4="inf"), "a number, found 'inf'"),
        (cells("E01013601", _4=""), "a imd score"),
        (cells("E01013601")[:20], "32 cells in every row, found 20"),
    ],
)
def test_broken_rows_are_refused(tmp_path, row, said):
    message = refusal(write(tmp_path / "f7.csv", official(), cells(), row))
    assert said in message
    assert "row 3" in message


def test_missing_domain_is_refused(tmp_path):
    header = official()
    header[header.index("Crime Score")] = "Crime points"
    assert "no column for: crime score" in refusal(write(tmp_path / "f7.csv", header, cells()))


def test_other_tables_are_not_claimed(tmp_path):
    path = write(tmp_path / "l.csv", ["lsoa21_code", "ward24_code"], ["E01013600", "E05010459"])
    assert not imd_2025.recognise(open_document(path))


def test_real_file_has_the_known_most_deprived(real):
    rows = read(real("deprivation/imd2025_LLR_lsoa21.csv")).tables["deprivation"]
    assert len(rows) == 634 * 8
    worst = rows[(rows["domain"] == "imd") & (rows["decile"] == 1)]
    assert worst.groupby("district_code").size().to_dict() == {
        "E06000016": 40,
        "E07000130": 2,
        "E07000134": 1,
    }
