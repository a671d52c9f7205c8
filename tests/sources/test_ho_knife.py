from __future__ import annotations

import csv
from datetime import date

import pytest
from openpyxl import Workbook

from vrn_metrics import areas, observations
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import ho_knife, ho_prc_csp, ho_prc_force, open_document

HEADER = ("Financial Year", "Financial Quarter", "Force Name", "Offence", "Number of offences")
TITLE = "Offences involving knives or sharp instruments, by police force area"
SELECTED = (
    "Homicide",
    "Attempted murder",
    "Threats to kill",
    "Assault with injury and assault with intent to cause serious harm",
    "Robbery",
    "Rape",
    "Sexual assault",
)


def rows_of(*forces, offences=SELECTED, count=3, quarters=("Q1", "Q2")):
    return [
        ("2024/25", quarter, force, offence, count)
        for quarter in quarters
        for force in forces
        for offence in offences
    ]


@pytest.fixture
def offered(tmp_path):
    """A document with a title above the header, in a workbook beside a cover sheet or as CSV."""

    def offer(rows, header=HEADER, title=TITLE, kind="xlsx"):
        path = tmp_path / f"offered.{kind}"
        lines = [header, *rows] if title is None else [(title,), (), header, *rows]
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(lines)
        else:
            book = Workbook()
            book.active.title = "Cover"
            book.active.append(("Open data tables",))
            book.active.append(("Updated: 23 July 2026",))
            sheet = book.create_sheet("Data")
            for line in lines:
                sheet.append(line)
            book.save(path)
        return open_document(path)

    return offer


def notes(reading, kind):
    return " | ".join(note.text for note in reading.notes if note.kind == kind)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_seven_offences_add_up(offered, kind):
    document = offered(rows_of("Leicestershire", "Kent"), kind=kind)
    assert ho_knife.recognise(document)
    assert not ho_prc_force.recognise(document)
    assert not ho_prc_csp.recognise(document)
    reading = ho_knife.read(document)
    assert observations.broken_rules(reading.observations) == []
    assert len(reading.observations) == 4
    assert set(reading.observations["lower"]) == {21}
    assert reading.edition == (date(2024, 9, 30) if kind == "csv" else date(2026, 7, 23))
    assert "'Number of offences' as the count" in notes(reading, "matched")
    assert "row 3" in notes(reading, "matched")


def test_possession_and_totals_are_set_aside(offered):
    offences = (*SELECTED, "Possession of article with blade or point", "Total selected offences")
    reading = ho_knife.read(offered(rows_of("Leicestershire", offences=offences)))
    assert set(reading.observations["lower"]) == {21}
    aside = [(note.rows, note.text) for note in reading.notes if note.kind == "set-aside"]
    assert [rows for rows, _ in aside] == [2, 2]
    assert "possession" in aside[0][1]


def test_columns_under_other_names_are_matched(offered):
    header = ("FINANCIAL_YEAR", "Quarter", "Police Force", "Region", "Offence_Type", "Total")
    rows = [(y, q[1], f, "East", o, n) for y, q, f, o, n in rows_of("Leicestershire")]
    reading = ho_knife.read(offered(rows, header))
    assert set(reading.observations["lower"]) == {21}
    assert "'Total' as the count; not used: Region" in notes(reading, "matched")


def test_the_full_layout_of_recorded_crime_is_ours_when_it_speaks_of_knives(offered):
    header = (*HEADER[:3], "Offence Description", "Offence Group", "Offence Subgroup",
              "Offence Code", "Number of Offences")  # fmt: skip
    rows = [(*row[:4], "Group", "Subgroup", "1", row[4]) for row in rows_of("Leicestershire")]
    document = offered(rows, header)
    assert ho_knife.recognise(document)
    assert not ho_prc_force.recognise(document)
    assert set(ho_knife.read(document).observations["lower"]) == {21}


def test_england_and_wales_needs_all_forces(offered):
    names = ["Leicestershire" if f.kind == "network" else f.name for f in areas.forces()]
    table = ho_knife.read(offered(rows_of(*names))).observations
    assert set(table.loc[table["area_code"] == areas.ENGLAND_AND_WALES, "lower"]) == {43 * 21}


def test_negative_and_missing_counts(offered):
    rows = rows_of("Kent", "Leicestershire", quarters=("Q1",))
    rows[0] = (*rows[0][:4], -4)
    rows[8] = (*rows[8][:4], "[x]")
    table = ho_knife.read(offered(rows)).observations.set_index("area_code")
    assert table.loc[areas.force_code("Kent"), "lower"] == 14
    assert table.loc[areas.NETWORK, "status"] == "missing"


def test_selected_offences_that_are_not_listed_are_named(offered):
    reading = ho_knife.read(offered(rows_of("Leicestershire", offences=SELECTED[1:])))
    assert "homicide" in notes(reading, "warning")


@pytest.mark.parametrize(
    ("rows", "header", "title", "reason"),
    [
        (rows_of("Kent"), HEADER, None, "the words knife or sharp instrument"),
        ([(*row, 9) for row in rows_of("Kent")], (*HEADER, "Weapons"), TITLE, "one column of num"),
        (
            [(*row[:4], "Charged", row[4]) for row in rows_of("Kent")],
            (*HEADER[:4], "Outcome type", HEADER[4]),
            TITLE,
            "columns of outcomes",
        ),
        ([(*r[:3], r[4]) for r in rows_of("Kent")], (*HEADER[:3], "Count"), TITLE, "a column of"),
        (rows_of("Kent", offences=("Arson",)), HEADER, TITLE, "one of the selected offences"),
        (rows_of("Kent", count="many"), HEADER, TITLE, "a whole number"),
        (rows_of("Kent", "Kent"), HEADER, TITLE, "each offence once"),
        ([], HEADER, TITLE, "one column of numbers|rows of offences"),
    ],
)
def test_it_refuses_when_unsure(offered, rows, header, title, reason):
    document = offered(rows, header, title)
    assert ho_knife.recognise(document)
    with pytest.raises(BadInputError, match=reason):
        ho_knife.read(document)


def test_a_compilation_is_refused_with_what_to_do(real):
    document = open_document(real("knife/knifecrime2.csv"))
    assert ho_knife.recognise(document)
    assert not ho_prc_force.recognise(document)
    with pytest.raises(BadInputError, match=r"analyst's compilation.*vrn-offences"):
        ho_knife.read(document)
