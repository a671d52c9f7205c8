from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest

from vrn_metrics import areas, observations
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import open_document
from vrn_metrics.sources.ons_population import read, recognise

ACROSS = ["Code", "Name", "Geography", "All ages", *map(str, range(90)), "90+"]
LONG = ["ladcode23", "laname23", "country", "sex", "age", "population_2023", "population_2024"]
PLACES = [(each.code, each.name) for each in areas.districts()]


def across(each=10, places=PLACES):
    return [ACROSS, *([code, name, "Unitary", each * 91, *[each] * 91] for code, name in places)]


def long(sexes=("F", "M"), places=PLACES):
    body = [
        [code, name, "E", sex, age, 10 + index, 20 + index]
        for code, name in places
        for index, sex in enumerate(sexes)
        for age in range(91)
    ]
    return [LONG, *body]


@pytest.fixture
def saved(tmp_path):
    def save(rows, name="mye24tablesew.csv"):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return open_document(tmp_path / name)

    return save


@pytest.fixture
def workbook(tmp_path):
    def save(sheets, name="estimates.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return open_document(tmp_path / name)

    return save


def noted(rows, year=2024, sex="Persons", lines=7):
    notes = [["note"]] * (lines - 1)
    return [[f"MYE2: population estimates, {sex} by single year of age, mid-{year}"], *notes, *rows]


def value(rows, code, band, sex="all", year=2024):
    day = date(year, 6, 30)
    found = rows.query("area_code == @code and age_band == @band and sex == @sex")
    found = found[found["period_start"] == day]
    assert len(found) == 1
    assert (found["lower"] == found["upper"]).all()
    return found["lower"].iloc[0]


def refusal(document):
    with pytest.raises(BadInputError) as caught:
        read(document)
    return str(caught.value)


def test_single_years_become_bands_exactly(saved):
    reading = read(saved(across(each=3)))
    rows = reading.observations
    assert observations.broken_rules(rows) == []
    bands = [value(rows, "E06000016", band) for band in ("all", "0-24", "25+", "85-89", "90+")]
    assert bands == [3 * 91, 3 * 25, 3 * 66, 3 * 5, 3]
    assert reading.edition == date(2024, 6, 30)


def test_the_year_of_a_csv_comes_from_its_name_and_is_said(saved):
    reading = read(saved(across(), "pop-mid2019.csv"))
    assert reading.edition == date(2019, 6, 30)
    assert any("file's name" in note.text for note in reading.notes if note.kind == "matched")
    assert "Put the year into the name" in refusal(saved(across(), "people.csv"))
    assert "Put the year into the name" in refusal(saved(across(), "2011_to_2019.csv"))


@pytest.mark.parametrize(("lines", "label"), [(7, "Geography"), (4, "Geography1")])
def test_workbooks_with_notes_above_the_header(workbook, lines, label):
    header = [label if name == "Geography" else name for name in ACROSS]
    sheets = {
        "Notes": [["Estimates"]],
        "MYE2 - Persons": noted([header, *across(20)[1:]], lines=lines),
        "MYE2 - Females": noted(across(11), sex="Females", lines=lines),
        "MYE2 - Males": noted(across(9), sex="Males", lines=lines),
    }
    document = workbook(sheets)
    assert recognise(document)
    rows = read(document).observations
    assert value(rows, "E06000016", "0-24") == 500
    assert value(rows, "E06000016", "0-24", sex="female") == 275
    assert value(rows, "E06000016", "25+", sex="male") == 9 * 66
    assert set(rows.loc[rows["sex"] != "all", "age_band"]) == {"all", "0-24", "25+"}
    assert observations.broken_rules(rows) == []


def test_persons_must_be_females_and_males(workbook):
    sheets = {
        "MYE2 - Persons": noted(across(21)),
        "MYE2 - Females": noted(across(11), sex="Females"),
        "MYE2 - Males": noted(across(9), sex="Males"),
    }
    assert "add up to persons" in refusal(workbook(sheets))


@pytest.mark.parametrize("sexes", [("F", "M"), ("2", "1")])
@pytest.mark.parametrize("titles", [0, 1])
def test_the_long_layout(workbook, sexes, titles):
    reading = read(workbook({"MYEB1 (2023 Geography)": [["Title"]] * titles + long(sexes)}))
    rows = reading.observations
    assert observations.broken_rules(rows) == []
    assert value(rows, "E07000130", "0-24", sex="female", year=2023) == 250
    assert value(rows, "E07000130", "0-24", sex="male", year=2023) == 275
    assert value(rows, "E07000130", "0-24", year=2023) == 525
    assert value(rows, "E07000130", "90+") == 41


def test_the_short_header_of_the_long_layout(saved):
    header = ["code", "name", "geography", "sex", "age", "population_2011", "population_2022"]
    rows = read(saved([header, *long()[1:]])).observations
    assert value(rows, "E06000016", "all", year=2011) == 91 * 21


def test_sheets_that_repeat_each_other_count_once(workbook):
    sheets = {"MYE2 - Persons": noted(across(41)), "MYEB1": long()}
    reading = read(workbook(sheets))
    assert observations.broken_rules(reading.observations) == []
    assert [n.rows for n in reading.notes if "repeats" in n.text] == [len(PLACES)]
    sheets["MYE2 - Persons"] = noted(across(40))
    assert "every area once" in refusal(workbook(sheets))


def test_single_years_must_add_up_to_all_ages(saved):
    rows = across()
    rows[1][3] += 1
    assert "add up to all ages" in refusal(saved(rows))


@pytest.mark.parametrize("cell", ["", "many", "-1", "1.5"])
def test_cells_that_are_no_count_are_refused(saved, cell):
    rows = across()
    rows[1][10] = cell
    assert "a whole number of people" in refusal(saved(rows))


def test_projections_are_refused(saved):
    assert "Projections" in refusal(saved(across(), "mid2047.csv"))
    header = [name.replace("2024", "2047") for name in LONG]
    assert "Projections" in refusal(saved([header, *long()[1:]]))


def test_lost_and_repeated_rows_are_refused(saved):
    assert "every area once" in refusal(saved([*across(), across()[1]]))
    assert "all nine districts" in refusal(saved(across()[:-2]))
    assert "cut off" in refusal(saved([*across()[:-1], across()[-1][:40]]))
    assert "cut off" in refusal(saved([*across(), ["E060000"]]))
    assert "every age from 0 to 90" in refusal(saved(long()[:-1]))
    assert "every age from 0 to 90" in refusal(saved([*long(), long()[-1]]))
    assert "M and F" in refusal(saved(long(sexes=("M",))))


def test_a_district_of_ours_under_another_code_is_refused(saved):
    rows = across()
    rows[1][0] = "E06000015"
    assert "the code E06000016 for Leicester" in refusal(saved(rows))


def test_one_sex_is_not_taken_for_persons(saved):
    females = across(320_000, [("E92000001", "ENGLAND"), *PLACES])
    assert "both sexes" in refusal(saved(females))
    rows = read(saved(females, "mye24-females.csv")).observations
    assert set(rows["sex"]) == {"female"}


def test_a_part_of_england_and_wales_is_said(saved):
    whole = across(100, [("K04000001", "ENGLAND AND WALES")])[1:]
    warnings = [
        note.text for note in read(saved(across(10) + whole)).notes if note.kind == "warning"
    ]
    assert len(warnings) == 1
    assert "fall short of England and Wales by 910 people" in warnings[0]


def test_rows_without_a_code_are_set_aside_and_counted(saved):
    reading = read(saved([*across(), ["Source: ONS"]]))
    assert [note.rows for note in reading.notes if note.kind == "set-aside"] == [1]


def test_other_tables_are_not_recognised(saved):
    assert not recognise(saved([["Code", "Name", "All ages"], ["E06000016", "Leicester", 3]]))
    assert not recognise(saved([["sex", "age", "population_2024"], ["M", 1, 3]]))


def test_the_real_file(real):
    document = open_document(real("population/mye24tablesew.csv"))
    assert recognise(document)
    reading = read(document)
    rows = reading.observations
    assert observations.broken_rules(rows) == []
    assert rows["area_code"].nunique() == 357
    assert value(rows, "E06000016", "all") == 388_348
    assert value(rows, "E06000016", "0-24") == 145_206
    ours = rows[rows["area_code"].isin([code for code, _ in PLACES])]
    assert ours.loc[ours["age_band"] == "all", "lower"].sum() == 1_175_364
    assert ours.loc[ours["age_band"] == "0-24", "lower"].sum() == 364_762
    assert not [note for note in reading.notes if note.kind == "warning"]
