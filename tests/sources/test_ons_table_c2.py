from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from vrn_metrics import areas, observations
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import ons_table_c2, open_document

TITLE = "Table C2: Number of police recorded crimes by area, year ending June 2025 [note 1]"
PREFACE = [
    (TITLE,),
    ("Police recorded crime statistics are official statistics, not accredited",),
    ("This worksheet contains one table.",),
    ("Some shorthand is used.  [x] indicates data are unavailable.",),
    ("Link to Notes page",),
    ("Link to Table of contents",),
    ("Source: Police recorded crime from the Home Office",),
]
HEADER = (
    "Police Force\nArea code",
    "Police Force\nArea name",
    "Community Safety\nPartnership code",
    "Community Safety\nPartnership name",
    "Local Authority code",
    "Local Authority name",
    "Total recorded crime\n (excluding fraud)",
    "Homicide",
    "Possession of weapons offences",
)
FORCE = (areas.NETWORK, "Leicestershire")
KENT = ("E23000032", "Kent ")


def body():
    """Leicestershire and three forces with one oddity each."""
    rows = [(*FORCE, "", "", "", "", "10,000 ", "9 ", "19 ")]
    rows += [
        (*FORCE, d.csp_code, d.name, d.code, f"{d.name} ", "1,100 ", "1 ", "2 ")
        for d in areas.districts()
    ]
    rows += [
        (*FORCE, "", "Unassigned Leicestershire", "", "", "100 ", "0 ", "1 "),
        (*KENT, "", "", "", "", "60 ", "3 ", "6 "),
        ("E23000032", "Kent [note 4]", "E22000352", "Dartford and Gravesham",
         "Combined Local Authorities", "", "50 ", "3 ", "5 "),
        (*KENT, "", "Unassigned Kent", "", "", "10 ", "0 ", "1 "),
        ("E23000034", "City of London", "E22000180", "City of London", "E09000001",
         "City of London", "8,801 ", "0 ", "79 "),
        ("E23000025", "Suffolk", "", "", "", "", "[x]", "1 ", "0 "),
        ("E23000025", "Suffolk", "E22000274", "Suffolk Coastal", "E07000244", "", "5", "1", "0"),
        ("E23000025", "Suffolk", "E22000278", "Waveney", "E07000244", "", "5", "0", "0"),
    ]  # fmt: skip
    return rows


@pytest.fixture
def offered(tmp_path):
    """A document in the published layout, as CSV or as a sheet among others."""

    def offer(rows, kind="csv", preface=PREFACE, header=HEADER, others=()):
        path = tmp_path / f"offered.{kind}"
        width = len(header)
        lines = [(*line, *[""] * (width - len(line))) for line in preface] + [header, *rows]
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
        else:
            sheets = {"Notes": [("Notes",)], "Table C2 ": lines} | dict(others)
            with pd.ExcelWriter(path, engine="odf" if kind == "ods" else "openpyxl") as book:
                for name, of_sheet in sheets.items():
                    frame = pd.DataFrame(of_sheet)
                    frame.to_excel(book, sheet_name=name, header=False, index=False)
        return open_document(path)

    return offer


def values(reading, series="total-crime"):
    table = reading.observations
    met = table[table["series"] == series]
    return dict(zip(met["area_code"], met["lower"], strict=True))


def notes(reading, kind):
    return " | ".join(note.text for note in reading.notes if note.kind == kind)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_layout_is_read_from_every_kind_of_file(offered, kind):
    document = offered(body(), kind)
    assert ons_table_c2.recognise(document)
    reading = ons_table_c2.read(document)
    assert observations.broken_rules(reading.observations) == []
    assert set(reading.observations["period_start"]) == {date(2024, 7, 1)}
    assert reading.edition == date(2025, 6, 30)
    assert set(reading.observations["series"]) == {"total-crime", "homicide", "weapon-possession"}
    totals = values(reading)
    assert totals[areas.NETWORK] == 10_000
    assert totals[areas.RUTLAND] == 1_100
    assert totals[areas.UNASSIGNED] == 100
    assert totals["csp:unassigned-kent"] == 10
    assert totals["E22000352"] == 50  # joins several districts
    assert totals["E22000278"] == 5  # one of two in its district
    assert "E07000244" not in totals
    assert totals["E23000034"] == totals["E09000001"] == 8_801
    assert "Suffolk" not in notes(reading, "warning")  # its total is not published


def test_not_available_is_missing_and_not_zero(offered):
    table = ons_table_c2.read(offered(body())).observations
    missing = table[table["status"] == "missing"]
    assert list(zip(missing["area_code"], missing["series"], strict=True)) == [
        ("E23000025", "total-crime")
    ]
    assert missing["upper"].isna().all()


def test_a_network_that_does_not_add_up_is_refused(offered):
    rows = body()
    rows[0] = (*rows[0][:6], "10,001", "9", "19")
    with pytest.raises(BadInputError, match="total-crime 10,000 against 10,001"):
        ons_table_c2.read(offered(rows))


def test_another_force_that_does_not_add_up_is_warned_of(offered):
    rows = body()
    rows[11] = (*rows[11][:7], "4", "6")
    assert "Kent: the partnerships do not add up: homicide 3 against 4" in notes(
        ons_table_c2.read(offered(rows)), "warning"
    )


def test_the_last_force_must_add_up_or_the_file_is_cut_off(offered):
    with pytest.raises(BadInputError, match="add up to Kent"):
        ons_table_c2.read(offered(body()[:13]))


def test_an_unassigned_row_with_the_code_of_another_force_follows_its_name(offered):
    rows = body()
    rows[13] = ("E23000031", "Kent", "", "unassigned Kent", *rows[13][4:])
    reading = ons_table_c2.read(offered(rows))
    assert values(reading)["csp:unassigned-kent"] == 10
    assert "row 22" in notes(reading, "warning")
    assert "add up" not in notes(reading, "warning")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda rows: [*rows, rows[1]], "every area once"),
        (lambda rows: rows[1:], "no row for Leicester, Leicestershire and Rutland"),
        (lambda rows: rows[:5] + rows[6:], "its nine districts"),
        (lambda rows: [("E23000099", *rows[0][1:]), *rows[1:]], "Leicestershire under"),
        (
            lambda rows: [*rows, (*FORCE, "E22000999", "New", "E06000999", "New", "0", "0", "0")],
            "one of the nine districts",
        ),
        (lambda rows: [(*rows[0][:6], "many", "9", "19"), *rows[1:]], "row 9: expected a whole"),
        (lambda rows: [*rows[:-1], rows[-1][:4]], "9 cells in every row"),
        (lambda rows: rows[:0], "rows of areas"),
    ],
)
def test_what_is_refused(offered, change, reason):
    with pytest.raises(BadInputError, match=reason):
        ons_table_c2.read(offered(change(body())))


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Table C2: Number of crimes", "a title above the header"),
        ("Table C2: Number of crimes, year ending June 2090", "a year that has ended"),
        ("Table C3: Percentage change, year ending June 2025", "a sheet of counts"),
    ],
)
def test_the_title_says_the_year_and_that_it_counts(offered, title, reason):
    document = offered(body(), preface=[(title,), *PREFACE[1:]])
    assert ons_table_c2.recognise(document)
    with pytest.raises(BadInputError, match=reason):
        ons_table_c2.read(document)


def test_a_column_that_is_there_twice_is_refused(offered):
    header = (*HEADER[:-1], "Homicide")
    with pytest.raises(BadInputError, match="each column once"):
        ons_table_c2.read(offered(body(), header=header))


def test_sheets_of_rates_are_set_aside_and_other_years_are_read(offered):
    width = len(HEADER)

    def sheet(title):
        return [(title, *[""] * (width - 1)), HEADER, *body()]

    others = {
        "Table C3": sheet("Number of crimes, year ending June 2024"),
        "Table C4": sheet("Rate of crimes per 1,000 population, year ending June 2025"),
    }
    reading = ons_table_c2.read(offered(body(), "xlsx", others=others.items()))
    assert set(reading.observations["period_end"]) == {date(2024, 6, 30), date(2025, 6, 30)}
    assert "Table C4" in notes(reading, "set-aside")


def test_two_sheets_of_one_year_are_refused(offered):
    again = [(TITLE, *[""] * (len(HEADER) - 1)), HEADER, *body()]
    with pytest.raises(BadInputError, match="one sheet of counts a year"):
        ons_table_c2.read(offered(body(), "xlsx", others=[("Table C2b", again)]))


def test_the_published_table(real):
    name = "police_recorded_crime/policeforceareatablesyejune25final.csv"
    reading = ons_table_c2.read(open_document(real(name)))
    assert observations.broken_rules(reading.observations) == []
    totals, homicide = values(reading), values(reading, "homicide")
    ours = [*(district.code for district in areas.districts()), areas.UNASSIGNED]
    assert totals[areas.NETWORK] == sum(totals[code] for code in ours) == 94_194
    assert totals[areas.UNASSIGNED] == 4_481
    assert homicide[areas.NETWORK] == 5
    assert (homicide["E07000129"], homicide[areas.LEICESTER]) == (3, 2)
    assert values(reading, "violence-with-injury")[areas.NETWORK] == 10_557
    assert values(reading, "weapon-possession")[areas.NETWORK] == 750
    assert len([force for force in areas.forces() if force.code in totals]) == 43
    assert "add up" not in notes(reading, "warning")
    assert "Gwent" in notes(reading, "warning")
