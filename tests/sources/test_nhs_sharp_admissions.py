from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest

from vrn_metrics import areas, observations
from vrn_metrics.counts import Count
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import open_document
from vrn_metrics.sources.nhs_sharp_admissions import read, recognise

TITLE = (
    "Count of Finished Admissions Episodes (FAEs)1 and Finished Consultant Episodes (FCEs)2 "
    "where the external cause code3 was X994 - Assault with sharp object by {by}"
)
REGIONS = [each.name for each in areas.all_areas().values() if each.kind == "region"]
OTHERS = ["England - Not Otherwise Specified", "Foreign (incl. Jersey)", "Other UK", "Unknown"]
ACROSS = [*REGIONS, *OTHERS, "England"]
MONTHS = [
    *("April", "May", "Jun", "July", "August", "September"),
    *("October", "November", "December", "January", "February", "Mar"),
]
EAST_MIDLANDS = "E12000004"


def pairs(values):
    """FAEs and FCEs side by side, equal."""
    return [value for value in values for _ in range(2)]


def counts(region=10, other=0, england=90):
    return pairs([*[region] * 9, *[other] * 4, england])


def head(*labels, by="government office region", over=None, note=""):
    first = [None] * len(labels)
    names = [name for area in ACROSS for name in [area, *[None] * (3 if over else 1)]]
    rows = [[TITLE.format(by=by) + note], [], ["Activity in English NHS Hospitals"]]
    rows.append([*first, *names])
    if over:
        rows.append([*first, *[name for _ in ACROSS for sex in over for name in (sex, None)]])
    measures = ["FAEs", "FCEs"] * (len(ACROSS) * (2 if over else 1))
    return [*rows, [*labels, *measures]]


def totals(years=("2019-20", "2020-21 \n"), last_total=None, note=""):
    rows = head("Year", "Month", note=note)
    for year in years:
        rows += [[year if i == 0 else None, m, *counts()] for i, m in enumerate(MONTHS)]
        rows.append([f"{year.strip()} Total", None, *counts(120, 0, 1080)])
    if last_total:
        rows[-1][0] = last_total
    return [*rows, ["Source: Hospital Episode Statistics (HES), NHS Digital"]]


def ages(labels=("10 to 19", "20-29"), skip=None):
    rows = head("Year", "Month", "Age group", by="region and age group")
    for i, month in enumerate(MONTHS):
        for j, label in enumerate(labels):
            if (month, label) == skip:
                continue
            year = "2019-20" if i == j == 0 else None
            rows.append([year, None if j else month, label, *counts("*", 0, 27)])
    rows.append(["2019-20 total", None, None, *counts(50, 0, 648)])
    return rows


def by_year(rows, labels, years=("2019-20", "2020-21"), by="local authority of residence"):
    blank = [None] * len(labels)
    gap = [None] * (len(years) - 1)
    top = [*blank, "FAEs", *gap, "FCEs", *gap]
    return [[TITLE.format(by=by)], ["Activity"], [], top, [*labels, *years, *years], *rows]


DISTRICT = ("RESLADST", "RESLADST_ONS", "Local Authority")


@pytest.fixture
def workbook(tmp_path):
    def save(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "admissions.xlsx")
        return open_document(tmp_path / "admissions.xlsx")

    return save


def cell(reading, area, day, band="all", sex="all", series="sharp-admissions"):
    rows = reading.observations
    key = {"series": series, "area_code": area, "age_band": band, "sex": sex}
    for column, value in key.items():
        rows = rows[rows[column] == value]
    rows = rows[rows["period_start"] == day]
    assert len(rows) == 1
    found = rows.iloc[0]
    return found["lower"], found["upper"], found["status"]


def refusal(document):
    with pytest.raises(BadInputError) as caught:
        read(document)
    return str(caught.value)


def said(reading, words, kind="warning"):
    return [note.rows for note in reading.notes if note.kind == kind and words in note.text]


def test_national_counts_are_exact_and_others_rounded(workbook):
    reading = read(workbook(Anything=totals()))
    assert observations.broken_rules(reading.observations) == []
    assert cell(reading, "E92000001", date(2019, 4, 1)) == (90, 90, "exact")
    rounded = Count.rounded(10, to=5, at_least=8)
    assert cell(reading, EAST_MIDLANDS, date(2021, 3, 1)) == (
        rounded.lower,
        rounded.upper,
        "rounded",
    )
    assert len(reading.observations) == 2 * 12 * 10 * 2
    assert reading.edition == date(2021, 3, 31)


def test_consultant_episodes_are_another_series(workbook):
    rows = totals()
    rows[5][-1] = 93
    reading = read(workbook(Anything=rows))
    assert cell(reading, "E92000001", date(2019, 4, 1))[0] == 90
    fces = cell(reading, "E92000001", date(2019, 4, 1), series="sharp-admissions-fces")
    assert fces == (93, 93, "exact")


def test_a_mislabelled_total_is_told_by_the_word_and_its_place(workbook):
    reading = read(workbook(Anything=totals(last_total="2019-20 Total")))
    assert said(reading, "is the total of 2020-21") == [1]
    assert said(reading, "total rows", kind="set-aside") == [2]
    assert not said(reading, "cannot add up")


def test_totals_are_held_against_their_months(workbook):
    rows = totals()
    rows[-2][-2] = 2000
    assert said(read(workbook(Anything=rows)), "their months cannot add up to") == [1]


def test_hidden_cells_are_one_to_seven_and_blanks_zero_where_england_confirms(workbook):
    rows = totals()
    rows[5][2:6] = ["*", "*", None, None]
    rows[5][-2:] = [75, 75]
    reading = read(workbook(Anything=rows))
    first, second = areas.all_areas()["E12000001"], areas.all_areas()["E12000002"]
    assert (first.name, second.name) == tuple(REGIONS[:2])
    assert cell(reading, first.code, date(2019, 4, 1)) == (1, 7, "suppressed")
    assert cell(reading, second.code, date(2019, 4, 1)) == (0, 0, "exact")
    assert said(reading, "England's count confirms it") == [2]


def test_blanks_that_england_does_not_confirm_are_missing(workbook):
    rows = totals()
    rows[5][2:20] = [None] * 18
    reading = read(workbook(Anything=rows))
    assert cell(reading, EAST_MIDLANDS, date(2019, 4, 1))[2] == "missing"
    assert said(reading, "nothing confirms as zero") == [18]
    rows = totals()
    rows[5][2:] = [None] * (len(rows[5]) - 2)
    reading = read(workbook(Anything=rows))
    assert cell(reading, "E92000001", date(2019, 4, 1))[2] == "missing"


def test_formulas_without_values_are_refused(workbook):
    rows = totals()
    rows[6][4] = "=1+1"
    assert "formula without a value in cell E7" in refusal(workbook(Anything=rows))


@pytest.mark.parametrize(
    ("labels", "band"),
    [
        (("Under 10", "20 to 29"), "0-9"),
        (("0 to 9", "20-29"), "0-9"),
        (("80 and over", "20-29"), "80+"),
        (("80+", "20-29"), "80+"),
        (("Unknown Age", "20-29"), "unknown"),
    ],
)
def test_age_labels_drift_and_mean_the_same(workbook, labels, band):
    reading = read(workbook(Anything=ages(labels)))
    assert cell(reading, EAST_MIDLANDS, date(2020, 1, 1), band) == (1, 7, "suppressed")


def test_an_absent_age_group_is_zero(workbook):
    reading = read(workbook(Anything=ages(skip=("Jun", "20-29"))))
    for area in (EAST_MIDLANDS, "E92000001"):
        assert cell(reading, area, date(2019, 6, 1), "20-29") == (0, 0, "exact")
    assert said(reading, "without a row, read as zero") == [28]


def test_sexes_over_the_columns(workbook):
    rows = head("Year ", "Month", by="region and month", over=("Female", "Male"))
    both = [value for area in counts()[::2] for value in (0, 0, area, area)]
    rows += [["2019-20" if m == "April" else None, m, *both] for m in MONTHS]
    rows.append(["2019-20 Total", None, *[12 * value for value in both]])
    reading = read(workbook(Anything=rows))
    assert cell(reading, EAST_MIDLANDS, date(2019, 4, 1), sex="female") == (0, 0, "exact")
    assert cell(reading, "E92000001", date(2019, 4, 1), sex="male") == (90, 90, "exact")
    assert set(reading.observations["sex"]) == {"female", "male"}


def test_the_last_year_is_provisional_where_the_title_says_so(workbook):
    note = " for 2020-21 (Provisional, Apr 20 – Mar 21)8,9"
    rows = read(workbook(Anything=totals(note=note))).observations
    provisional = rows[rows["provisional"]]
    assert set(provisional["period_start"]) == {
        d for d in rows["period_start"] if d >= date(2020, 4, 1)
    }
    assert not read(workbook(Anything=totals())).observations["provisional"].any()


def test_ethnicity_and_analysts_sheets_are_set_aside_and_counted(workbook):
    ethnic = head("Year", "Month", "Ethnicity", by="region and ethnicity")
    ethnic += [["2019-20", "April", "White", *counts()], ["-", "-", "Mixed", *counts()]]
    analyst = [["Year", "Month", "Monthly_Episodes"], ["2012 - 2013", "April", 293]]
    reading = read(workbook(Data=totals(), Ethnicity=ethnic, UK_Stabbings_Totals=analyst))
    assert said(reading, "ethnicity", kind="set-aside") == [2]
    assert said(reading, "UK_Stabbings_Totals", kind="set-aside") == [2]
    assert "by ethnicity only" in refusal(workbook(Ethnicity=ethnic))


def test_local_authorities_by_year(workbook):
    rows = by_year(
        [
            ["32UC", "E06000016", "Leicester", 25, "*", 30, None],
            ["ZZ", None, "Closed Borough", 10, None, 10, None],
            [None, "E06000060", "Buckinghamshire", None, 15, None, 15],
            ["X", "Unknown", "Unknown", 10, 10, 10, 10],
            ["Total", None, None, 4674, 4014, 4757, 4091],
            ["Source: Hospital Episode Statistics (HES), NHS Digital"],
        ],
        DISTRICT,
    )
    reading = read(workbook(Anything=rows))
    assert observations.broken_rules(reading.observations) == []
    assert cell(reading, "E06000016", date(2019, 4, 1)) == (23, 27, "rounded")
    assert cell(reading, "E06000016", date(2020, 4, 1)) == (1, 7, "suppressed")
    fces = cell(reading, "E06000016", date(2020, 4, 1), series="sharp-admissions-fces")
    assert fces == (0, 0, "exact")
    assert cell(reading, "E06000060", date(2019, 4, 1))[2] == "missing"
    assert set(reading.observations["area_code"]) == {"E06000016", "E06000060"}
    assert said(reading, "Closed Borough", kind="set-aside") == [8]


def test_police_forces_by_year_and_age_fill_down(workbook):
    rows = by_year(
        [
            ["E23000021", "Leicestershire", "10-19", 10, 10, 10, 10],
            [None, None, "20-29", 15, "*", 15, "*"],
            ["E23000022", "Northamptonshire", "20-29", 10, 10, 10, 10],
        ],
        ("PFA code", "PFA name", "Age group"),
        by="police force area of residence and age group",
    )
    reading = read(workbook(Anything=rows))
    assert cell(reading, "E23000021", date(2019, 4, 1), "20-29") == (13, 17, "rounded")
    assert cell(reading, "E23000022", date(2019, 4, 1), "10-19") == (0, 0, "exact")


def test_an_absent_group_of_a_place_that_did_not_exist_yet_is_missing(workbook):
    rows = by_year(
        [
            [None, "E06000060", "Buckinghamshire", "10-19", None, 15, None, 15],
            ["32UC", "E06000016", "Leicester", "20-29", 10, 10, 10, 10],
        ],
        (*DISTRICT, "Age group"),
    )
    reading = read(workbook(Anything=rows))
    assert cell(reading, "E06000060", date(2019, 4, 1), "20-29")[2] == "missing"
    assert cell(reading, "E06000060", date(2020, 4, 1), "20-29") == (0, 0, "exact")


def test_one_of_our_places_under_another_code_is_refused(workbook):
    rows = by_year([["32UC", "E06000015", "Leicester", 25, 10, 30, 10]], DISTRICT)
    assert "the code E06000016 for Leicester" in refusal(workbook(Anything=rows))
    rows = by_year([["E23000020", "Leicestershire", 25, 10, 30, 10]], ("Code", "Force"))
    assert "the code E23000021" in refusal(workbook(Anything=rows))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("many", "a whole number"),
        (-5, "a whole number"),
        (12.5, "a whole number"),
        (13, "multiple of 5"),
        (5, "from 10 on"),
    ],
)
def test_counts_that_the_rule_cannot_have_let_through_are_refused(workbook, value, words):
    rows = totals()
    rows[6][2] = value
    assert words in refusal(workbook(Anything=rows))


def test_lost_and_repeated_rows_are_refused(workbook):
    rows = totals()
    assert "every month of a year" in refusal(workbook(A=[*rows[:8], *rows[9:]]))
    assert "a row with the total" in refusal(workbook(A=rows[:-3]))
    assert "every row once" in refusal(workbook(A=[*rows[:8], rows[7], *rows[8:]]))
    assert "every cell in one sheet" in refusal(workbook(A=rows, B=rows))
    assert "a region of England" in refusal(
        workbook(A=[["E Midlands" if c == "East Midlands" else c for c in row] for row in rows])
    )


def test_years_to_come_and_labels_that_are_none_are_refused(workbook):
    assert "nothing after today" in refusal(workbook(A=totals(("2094-95", "2095-96"))))
    assert "a financial year such as" in refusal(workbook(A=totals(("2019-21",))))
    assert "an age group such as" in refusal(workbook(A=ages(("10 to 19", "teenagers"))))


def test_all_sheets_are_judged_at_once(workbook):
    first, second = totals(), ages()
    first[6][2], second[6][3] = "many", 13
    with pytest.raises(BadInputError) as caught:
        read(workbook(A=first, B=second))
    assert {problem.sheet for problem in caught.value.problems} == {"A", "B"}


def test_a_sheet_saved_as_csv(tmp_path):
    path = tmp_path / "sheet.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(totals())
    document = open_document(path)
    assert recognise(document)
    assert cell(read(document), "E92000001", date(2019, 4, 1)) == (90, 90, "exact")
    cut = path.read_text(encoding="utf-8")
    path.write_text(cut[: cut.rindex("2020-21 Total") + 40], encoding="utf-8")
    assert "cut off" in refusal(open_document(path))


def test_other_tables_are_not_recognised(workbook, tmp_path):
    assert recognise(workbook(Anything=totals()))
    assert not recognise(workbook(A=[["Year", "Month", "FAEs"], ["2012-13", "April", 3]]))
    (tmp_path / "other.json").write_text("{}")
    assert not recognise(open_document(tmp_path / "other.json"))


def test_a_titled_sheet_without_a_table_is_refused(workbook):
    assert "a header" in refusal(workbook(A=[[TITLE.format(by="region")], ["nothing"]]))
    assert "months with counts" in refusal(workbook(A=head("Year", "Month")))
    closed = by_year([["ZZ", None, "Closed Borough", 10, None, 10, None]], DISTRICT)
    assert "places with an ONS code" in refusal(workbook(A=closed))


def test_the_real_workbook(real):
    document = open_document(real("nhs/UK_Knife_Crime_Workbook.xlsx"))
    assert recognise(document)
    reading = read(document)
    rows = reading.observations
    assert observations.broken_rules(rows) == []
    england = rows.query(
        "area_code == 'E92000001' and series == 'sharp-admissions' "
        "and age_band == 'all' and sex == 'all'"
    )
    years = england["period_start"].map(lambda day: day.year - (day.month < 4))
    sums = england.groupby(years)[["lower", "upper"]].sum()
    published = [3849, 3676, 3590, 4054, 4351, 4986, 5069, 4674, 4014, 4049]
    assert list(sums["lower"]) == list(sums["upper"]) == published
    assert said(reading, "'2020-21 Total' is the total of 2021-22") == [1]
    assert not said(reading, "their months cannot add up")
    assert not said(reading, "nothing confirms")
    assert len(rows) == 31_200
    assert (reading.edition, rows["provisional"].sum()) == (date(2022, 3, 31), 3120)
    band = ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+", "unknown"]
    assert set(rows["age_band"]) == {"all", *band}
    assert set(rows["sex"]) == {"all", "female", "male"}
