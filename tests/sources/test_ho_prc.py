from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from vrn_metrics import areas, observations
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import ho_knife, ho_prc_csp, ho_prc_force, ons_table_c2, open_document

LABELS = ("Offence Description", "Offence Group", "Offence Subgroup", "Offence Code")
FORCE_HEADER = (
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    *LABELS,
    "Number of Offences",
)
CSP_HEADER = (
    "Financial Year",
    "Financial Quarter",
    "Police Force",
    "CSP Name",
    *LABELS,
    "Offence Count",
)
VIOLENCE = "Violence against the person"
HOMICIDE = ("Homicide", VIOLENCE, "Homicide", "1/4.1/4.10/4.2")
INJURY = ("Assault with injury", VIOLENCE, "Violence with injury", "8N")
# One offence of every group, two of violence, and fraud, which total crime leaves out.
OFFENCES = (
    HOMICIDE,
    INJURY,
    ("Attempted murder", VIOLENCE, "Violence with injury", "2"),
    ("Threats to kill", VIOLENCE, "Violence without injury", "3B"),
    ("Rape of a female aged 16 and over", "Sexual offences", "Rape offences", "19C"),
    ("Robbery of personal property", "Robbery", "Robbery of personal property", "34B"),
    ("Shoplifting", "Theft offences", "Shoplifting", "46"),
    ("Other criminal damage", "Criminal damage and arson", "Criminal damage", "58D"),
    ("Other drug offences", "Drug offences", "Possession of drugs", "92C"),
    (
        "Possession of article with blade or point",
        "Possession of weapons offences",
        "Possession of weapons offences",
        "10D",
    ),
    ("Violent disorder", "Public order offences", "Public order offences", "62A"),
    ("Perjury", "Miscellaneous crimes", "Miscellaneous crimes", "67"),
    ("Fraud by a company director", "Fraud offences", "Fraud offences", "51"),
)
DISTRICTS = tuple(district.name for district in areas.districts())


def grid(places, count=1, quarters=(1, 2), year="2024/25"):
    return [
        (year, quarter, *place, *offence, count)
        for quarter in quarters
        for place in places
        for offence in OFFENCES
    ]


def forces(*names, **options):
    return grid([(name,) for name in names], **options)


def partnerships(**options):
    ours = [("Leicestershire", name) for name in (*DISTRICTS, "Unassigned Leicestershire")]
    return grid([*ours, ("Kent", "Ashford"), ("Kent", "Unassigned Kent")], **options)


@pytest.fixture
def offered(tmp_path):
    """A document from rows, as CSV or as a workbook with a notes sheet."""

    def offer(rows, header=FORCE_HEADER, kind="csv", notes=("Updated: 23 July 2026",)):
        path = tmp_path / f"offered.{kind}"
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *rows])
        else:
            years = {row[0]: [] for row in rows}
            for row in rows:
                years[row[0]].append(row)
            engine = "odf" if kind == "ods" else "openpyxl"
            with pd.ExcelWriter(path, engine=engine) as book:
                cover = pd.DataFrame(["Police recorded crime open data", *notes])
                cover.to_excel(book, sheet_name="Notes", header=False, index=False)
                for year, of_year in years.items():
                    table = pd.DataFrame(of_year, columns=header)
                    table.to_excel(book, sheet_name=year.replace("/", "_"), index=False)
        return open_document(path)

    return offer


def sums(reading, area=areas.NETWORK, quarter=date(2024, 4, 1)):
    table = reading.observations
    met = table[(table["area_code"] == area) & (table["period_start"] == quarter)]
    return dict(zip(met["series"], met["lower"], strict=True))


def notes(reading, kind):
    return [note.text for note in reading.notes if note.kind == kind]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_offence_rows_add_up_to_series(offered, kind):
    rows = forces("Leicestershire", "Kent", count=2)
    document = offered(rows, kind=kind)
    assert ho_prc_force.recognise(document)
    reading = ho_prc_force.read(document)
    assert observations.broken_rules(reading.observations) == []
    assert sums(reading) == {
        "total-crime": 24,
        "violence-against-the-person": 8,
        "homicide": 2,
        "violence-with-injury": 4,
        "violence-without-injury": 2,
        "sexual-offences": 2,
        "robbery": 2,
        "weapon-possession": 2,
    }
    assert set(reading.observations["definition"]) == {"published"}
    stated = date(2024, 9, 30) if kind == "csv" else date(2026, 7, 23)
    assert reading.edition == stated


def test_sheets_of_several_years_are_one_table(offered):
    rows = forces("Kent", year="2023/24") + forces("Kent", year="2024/25")
    reading = ho_prc_force.read(offered(rows, kind="xlsx"))
    assert reading.observations["period_start"].nunique() == 4


def test_header_and_quarter_may_be_written_in_other_ways(offered):
    header = ("", *(name.replace(" ", "_").upper() for name in FORCE_HEADER), "Policeuk_Cat")
    rows = [
        (at, year, f"Q{quarter}", *rest, "Other crime")
        for at, (year, quarter, *rest) in enumerate(forces("Leicestershire", count="1,002"))
    ]
    document = offered(rows, header)
    assert ho_prc_force.recognise(document)
    reading = ho_prc_force.read(document)
    assert sums(reading)["total-crime"] == 12 * 1002
    assert "Policeuk_Cat" in " ".join(notes(reading, "set-aside"))


def test_negative_counts_are_kept(offered):
    rows = [(*row[:-1], -3 if row[3] == "Violent disorder" else 1) for row in forces("Kent")]
    reading = ho_prc_force.read(offered(rows))
    assert sums(reading, areas.force_code("Kent"))["total-crime"] == 11 - 3


def test_who_has_no_territory_is_set_aside_with_a_note(offered):
    rows = forces("Leicestershire") + forces("British Transport Police", quarters=(1,))
    rows += [("2024/25", 1, "Action Fraud", "Fraud", "Fraud offences", "Fraud", "AF", 99)]
    reading = ho_prc_force.read(offered(rows))
    assert set(reading.observations["area_code"]) == {areas.NETWORK}
    aside = [note for note in reading.notes if "British Transport Police" in note.text]
    assert [note.rows for note in aside] == [len(OFFENCES) + 1]
    assert any("fraud" in text for text in notes(reading, "set-aside"))


def test_england_and_wales_only_where_all_forces_are_there(offered):
    names = ["Leicestershire" if f.kind == "network" else f.name for f in areas.forces()]
    rows = forces(*names, quarters=(1,)) + forces(*names[:-1], quarters=(2,))
    assert "Leicestershire" in names[:-1]
    reading = ho_prc_force.read(offered(rows))
    assert sums(reading, areas.ENGLAND_AND_WALES)["homicide"] == 43
    assert sums(reading, areas.ENGLAND_AND_WALES, date(2024, 7, 1)) == {}


def test_homicide_comes_as_four_rows_of_one_label(offered):
    rows = [
        row
        for each in forces("Leicestershire", "Kent")
        for row in ([each] * 4 if each[3] == "Homicide" else [each])
    ]
    reading = ho_prc_force.read(offered(rows))
    assert sums(reading)["homicide"] == 4
    assert any("one label" in text for text in notes(reading, "matched"))


@pytest.mark.parametrize("offence", ["Homicide", "Shoplifting"])
@pytest.mark.parametrize("force", ["Leicestershire", "Kent"])
def test_a_row_that_is_there_twice_is_refused(offered, offence, force):
    rows = forces("Leicestershire", "Kent", "Essex")
    rows.append(next(row for row in rows if row[2] == force and row[3] == offence))
    with pytest.raises(BadInputError, match=f"each offence once.*{force}.*{offence}"):
        ho_prc_force.read(offered(rows))


@pytest.mark.parametrize(
    ("at", "value", "expected"),
    [
        (0, "2024", "a financial year"),
        (0, "2090/91", "a quarter that has begun"),
        (1, "5", "a quarter from 1 to 4"),
        (2, "Leicester Police", "the name of a police force"),
        (4, "", "an offence description and group"),
        (7, "a few", "a whole number"),
        (7, "2.5", "a whole number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_row(offered, at, value, expected):
    rows = forces("Leicestershire")
    rows[2] = (*rows[2][:at], value, *rows[2][at + 1 :])
    with pytest.raises(BadInputError, match=f"row 4: expected {expected}"):
        ho_prc_force.read(offered(rows))


def test_a_blank_count_makes_its_sums_missing_not_lower(offered):
    rows = forces("Leicestershire", quarters=(1,))
    rows = [(*row[:-1], None) if row[3] == "Attempted murder" else row for row in rows]
    table = ho_prc_force.read(offered(rows, kind="xlsx")).observations.set_index("series")
    missing = {"violence-with-injury", "violence-against-the-person", "total-crime"}
    assert set(table.index[table["status"] == "missing"]) == missing
    assert table.loc[list(missing), "lower"].isna().all()


def test_a_cut_off_file_is_refused(offered):
    rows = forces("Leicestershire", "Kent", "Essex")
    document = offered(rows)
    document.path.write_bytes(document.path.read_bytes()[:-20])
    with pytest.raises(BadInputError, match="cut off or damaged"):
        ho_prc_force.read(open_document(document.path))
    with pytest.raises(BadInputError, match=r"11 for Essex.*cut off"):
        ho_prc_force.read(offered(rows[:-2]))


def test_a_quarter_without_the_network_is_refused(offered):
    rows = forces("Kent") + forces("Leicestershire", quarters=(1,))
    with pytest.raises(BadInputError, match="none in July 2024 to September 2024"):
        ho_prc_force.read(offered(rows))


def test_a_quarter_of_another_force_that_lacks_offences_is_set_aside(offered):
    rows = forces("Kent", "Essex", "Leicestershire")
    del rows[3]
    reading = ho_prc_force.read(offered(rows))
    kent = areas.force_code("Kent")
    assert sums(reading, kent) == {}
    assert sums(reading, kent, date(2024, 7, 1))
    assert any("Kent April 2024" in text for text in notes(reading, "set-aside"))


def test_a_filtered_table_gives_no_total(offered):
    rows = [row for row in forces("Leicestershire") if row[4] != "Theft offences"]
    reading = ho_prc_force.read(offered(rows))
    assert "total-crime" not in sums(reading)
    assert any("theft-offences" in text for text in notes(reading, "warning"))


def test_driving_within_violence_with_injury_is_warned_of(offered):
    driving = ("Causing death by careless driving", VIOLENCE, "Violence with injury", "4.8")
    rows = forces("Leicestershire") + [
        ("2024/25", quarter, "Leicestershire", *driving, 0) for quarter in (1, 2)
    ]
    reading = ho_prc_force.read(offered(rows))
    assert any("not like for like" in text for text in notes(reading, "warning"))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_partnerships_become_districts(offered, kind):
    document = offered(partnerships(), CSP_HEADER, kind)
    assert ho_prc_csp.recognise(document)
    reading = ho_prc_csp.read(document)
    assert observations.broken_rules(reading.observations) == []
    assert set(reading.observations["area_code"]) == {
        *(district.code for district in areas.districts()),
        areas.UNASSIGNED,
        "csp:ashford",
        "csp:unassigned-kent",
    }
    assert sums(reading, areas.LEICESTER)["total-crime"] == 12


def test_unassigned_of_another_force_is_never_ours(offered):
    rows = [(y, q, f, "Unassigned" if c == "Unassigned Kent" else c, *rest)
            for y, q, f, c, *rest in partnerships()]  # fmt: skip
    reading = ho_prc_csp.read(offered(rows, CSP_HEADER))
    assert "csp:unassigned-kent" in set(reading.observations["area_code"])
    assert sums(reading, areas.UNASSIGNED)["total-crime"] == 12


@pytest.mark.parametrize(
    ("name", "force"), [("Leicester North", "Leicestershire"), ("Blaby", "Kent")]
)
def test_a_partnership_under_the_wrong_force_is_refused(offered, name, force):
    rows = [*partnerships(), ("2024/25", 1, force, name, *INJURY, 1)]
    with pytest.raises(BadInputError, match=r"expected (one of the nine|Blaby under)"):
        ho_prc_csp.read(offered(rows, CSP_HEADER))


def test_a_district_that_is_not_in_every_quarter_is_refused(offered):
    rows = [row for row in partnerships() if not (row[1] == 2 and row[3] == "Rutland")]
    with pytest.raises(BadInputError, match="Rutland in every quarter"):
        ho_prc_csp.read(offered(rows, CSP_HEADER))


def test_each_table_is_claimed_by_one_source_only(offered):
    readers = (ho_prc_force, ho_prc_csp, ho_knife, ons_table_c2)
    for rows, header, mine in (
        (forces("Kent"), FORCE_HEADER, ho_prc_force),
        (partnerships(), CSP_HEADER, ho_prc_csp),
    ):
        for kind in ("csv", "xlsx"):
            document = offered(rows, header, kind)
            assert [each for each in readers if each.recognise(document)] == [mine]


def test_outcomes_are_not_claimed(offered):
    header = (*FORCE_HEADER[:-1], "Outcome Group", "Number of Offences")
    rows = [(*row[:-1], "Charged", row[-1]) for row in forces("Kent")]
    document = offered(rows, header)
    assert not ho_prc_force.recognise(document)
    assert not ho_knife.recognise(document)
