"""The network's own layouts: what counts as what, zero told from missing, faults told at once."""

from collections import Counter
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from vrn_metrics import areas
from vrn_metrics.errors import BadInputError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import identify, open_document
from vrn_metrics.sources.vrn_admissions import cause

HEADERS = {
    "vrn-admissions": "month,district,icd10,age_band,sex,setting,count",
    "vrn-offences": "month,district,offence_code,knife,age_band,sex,setting,count",
    "vrn-homicides": "month,district,age,sex,relationship,method,setting",
}
NAMES = [each.name for each in areas.districts()]


@pytest.fixture
def extract(tmp_path):
    def write(layout, rows, header=None, covers="2024-04,2024-06", more=()):
        lines = [f"layout,{layout},1", f"covers,{covers}", *more, "", header or HEADERS[layout]]
        path = tmp_path / "extract.csv"
        path.write_text("\n".join([*lines, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def read(path):
    document = open_document(path)
    reader = identify(document)
    reading = reader.read(document)
    assert broken_rules(reading.observations) == []
    return reading


def refusal(path):
    with pytest.raises(BadInputError) as error:
        read(path)
    return str(error.value)


def total(reading, series, definition=None, **cell):
    rows = reading.observations
    rows = rows[rows["series"] == series]
    if definition:
        rows = rows[rows["definition"] == definition]
    for column, value in cell.items():
        rows = rows[rows[column] == value]
    return int(rows["lower"].sum())


@pytest.mark.parametrize("layout", HEADERS)
def test_every_template_is_read(layout):
    path = ROOT / "data" / "templates" / f"{layout}.csv"
    assert identify(open_document(path)).source.key == layout
    assert len(read(path).observations) > 0


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("X99", "sharp"), ("x99.4", "sharp"), ("X994", "sharp"), ("X85", "assault"),
        ("Y09.0", "assault"), ("X98", "assault"), ("W26", "other"), ("X78.1", "other"),
        ("Y28", "other"), ("Y87.1", "other"), ("Y10", "other"), ("X84", "other"),
    ],
)  # fmt: skip
def test_which_causes_are_assaults(code, kind):
    """Hospital Episode Statistics: X85-Y09 assault, X99 by sharp object."""
    assert cause(code) == kind


def test_admissions_are_summed_by_cause(extract):
    rows = [
        "2024-04,Leicester,X99.4,0-24,male,public,3",
        "2024-04,Leicester,X99.0,0-24,male,public,2",
        "2024-05,Blaby,Y04,25+,female,dwelling,4",
        "2024-05,Blaby,W26,25+,female,dwelling,9",
    ]
    found = read(extract("vrn-admissions", rows))
    assert total(found, "sharp-admissions") == 5
    assert total(found, "sharp-admissions", age_band="0-24", area_code="E06000016") == 5
    assert total(found, "assault-admissions") == 9
    assert any(note.kind == "set-aside" and note.rows == 1 for note in found.notes)


def test_only_selected_offences_with_a_knife_are_knife_violence(extract):
    rows = [
        "2024-04,Leicester,8N,yes,0-24,male,public,3",
        "2024-04,Leicester,8N,no,0-24,male,public,5",
        "2024-04,Leicester,10D,yes,0-24,male,public,7",
        "2024-04,Leicester,34B,yes,25+,male,public,2",
        "2024-04,Leicester,34B,unknown,25+,male,public,4",
        "2024-05,Leicester,8N,no,25+,male,public,-1",
    ]
    found = read(extract("vrn-offences", rows))
    assert total(found, "knife-violence") == 5
    assert total(found, "violence-with-injury") == 7
    assert total(found, "robbery") == 6
    assert total(found, "weapon-possession") == 7
    assert any("knife not known" in note.text for note in found.notes)


@pytest.mark.parametrize(
    ("age", "relationship", "ons", "without_children"),
    [
        (30, "partner", False, False),
        (30, "ex-partner", False, False),
        (16, "parent", False, False),
        (15, "parent", True, False),
        (15, "stranger", True, True),
        (22, "acquaintance", True, True),
        (22, "not known", True, True),
        (22, "", True, True),
        ("", "partner", False, False),
    ],
)
def test_domestic_follows_ons(extract, age, relationship, ons, without_children):
    """ONS: victim of 16 or over and partner, ex-partner or family; not known is non-domestic."""
    row = f"2024-04,Leicester,{age},male,{relationship},sharp instrument,public"
    found = read(extract("vrn-homicides", [row]))
    assert total(found, "homicides", "ons") == 1
    assert total(found, "homicides-nondomestic", "ons") == ons
    assert total(found, "homicides-nondomestic-knife", "ons") == ons
    assert total(found, "homicides-nondomestic", "excluding-family-under-16") == without_children


def test_a_relationship_without_ages_is_refused(extract):
    header = "month,district,age_band,relationship,method"
    path = extract("vrn-homicides", ["2024-04,Leicester,0-24,parent,other"], header)
    assert "the column 'age' beside 'relationship'" in refusal(path)


def test_a_covered_month_without_rows_is_zero_in_every_district_and_age(extract):
    found = read(extract("vrn-admissions", ["2024-04,Leicester,X99,0-24,male,public,3"]))
    rows = found.observations[found.observations["series"] == "sharp-admissions"]
    present = rows.groupby(["period_start", "area_code", "age_band"]).size()
    assert len(present) == 3 * 10 * 3
    assert rows["lower"].sum() == 3


def test_a_file_without_any_event_is_all_zeros_and_not_refused(extract):
    found = read(extract("vrn-homicides", []))
    assert total(found, "homicides") == 0
    assert len(found.observations) == 5 * 3 * 10 * 3


def test_without_ages_nothing_is_said_of_under_25s(extract):
    header = "month,district,offence_code,knife,count"
    found = read(extract("vrn-offences", ["2024-04,Leicester,8N,yes,3"], header))
    assert set(found.observations["age_band"]) == {"unknown"}
    assert any("no row has an age" in note.text for note in found.notes)


def test_a_file_for_the_force_area_stays_at_that_level(extract):
    found = read(extract("vrn-offences", ["2024-04,Leicestershire,8N,yes,0-24,male,public,3"]))
    assert set(found.observations["area_code"]) == {areas.NETWORK}
    mixed = [
        "2024-04,Leicestershire,8N,yes,0-24,male,public,3",
        "2024-04,Blaby,8N,yes,0-24,male,public,3",
    ]
    assert "both in one file" in refusal(extract("vrn-offences", mixed))


def test_provisional_months_are_marked(extract):
    path = extract("vrn-admissions", [], more=["provisional_from,2024-06"])
    rows = read(path).observations
    assert set(rows.loc[rows["provisional"], "period_start"]) == {date(2024, 6, 1)}


def test_a_file_that_says_it_is_made_up_is_marked(extract):
    for word in ("yes", "Yes", "TRUE"):
        assert read(extract("vrn-admissions", [], more=[f"demonstration,{word}"])).demonstration
    assert not read(extract("vrn-admissions", [], more=["demonstration,no"])).demonstration
    assert not read(extract("vrn-admissions", [])).demonstration


def test_a_workbook_says_the_same_as_the_text(extract, tmp_path):
    rows = ["2024-04,Leicester,X99,0-24,male,public,3"]
    text = read(extract("vrn-admissions", rows))
    book = openpyxl.Workbook()
    for line in (tmp_path / "extract.csv").read_text().split("\n"):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.active["A5"].value = book.active["A5"].value
    book.save(tmp_path / "extract.xlsx")
    found = read(tmp_path / "extract.xlsx")
    assert found.observations.equals(text.observations)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2024-04,Leicster,X99,0-24,male,public,3"], "Did you mean Leicester for 'Leicster'"),
        (["2024-04,LEICESTER CITY,X99,0-24,male,public,3"], "Did you mean Leicester"),
        (["2024-07,Leicester,X99,0-24,male,public,3"], "from April 2024 to June 2024"),
        (["soon,Leicester,X99,0-24,male,public,3"], "'soon'"),
        (["2024-04,Leicester,A01,0-24,male,public,3"], "ICD-10"),
        (["2024-04,Leicester,X99,18-24,male,public,3"], "one of 0-24, 25+, unknown"),
        (["2024-04,Leicester,X99,0-24,robot,public,3"], "female, male or unknown"),
        (["2024-04,Leicester,X99,0-24,male,moon,3"], "one of public, dwelling"),
        (["2024-04,Leicester,X99,0-24,male,public,three"], "whole number"),
        (["2024-04,Leicester,X99,0-24,male,public,-3"], "zero or more"),
        (["2024-04,Leicester,X99,0-24,male,public,"], "whole number"),
        (["2024-04,Leicester,X99,0-24,male,public,3.5"], "whole number"),
        (["2024-04,Leicester,X99,0-24"], "7 cells in every row"),
        (["2024-04,Leicester,X99,0-24,male,public,3"] * 2, "the same one again"),
    ],
)
def test_a_broken_row_is_refused_with_its_rule(extract, rows, words):
    message = refusal(extract("vrn-admissions", rows))
    assert words in message
    assert "row 5" in message or "row 6" in message


def test_every_broken_rule_is_told_at_once(extract):
    rows = [
        "2024-04,Nowhere,X99,0-24,male,public,3",
        "2024-04,Leicester,B99,0-24,male,public,3",
        "2024-04,Leicester,X99,0-24,male,public,many",
        "2024-04,Nowhere,X99,0-24,female,public,3",
    ]
    message = refusal(extract("vrn-admissions", rows))
    assert "'Nowhere' (2 times" in message
    assert "'B99'" in message
    assert "'many'" in message


@pytest.mark.parametrize(
    "column",
    [
        "name", "nhs_number", "NHSNumber", "date of birth", "DateOfBirth", "DOB", "postcode",
        "Post Code", "Victim name", "address 1", "patient_id", "crime number",
    ],
)  # fmt: skip
def test_a_column_of_personal_data_is_refused(extract, column):
    header = HEADERS["vrn-admissions"] + f",{column}"
    message = refusal(extract("vrn-admissions", [], header))
    assert "no personal data" in message


@pytest.mark.parametrize(
    ("covers", "more", "words"),
    [
        ("2024-04", (), "first and last month"),
        ("2024-06,2024-04", (), "first and last month"),
        ("2024-04,2999-04", (), "months that are over"),
        ("2024-04,2024-06", ("provisional_from,soon",), "provisional_from"),
        ("2024-04,2024-06", ("provisional_from,2062-06",), "a covered month"),
        ("2024-04,2024-06", ("covers,2019-04,2024-06",), "each key row once"),
        ("2024-04,2024-06", ("demonstration,maybe",), "yes or no"),
        ("2024-04,2024-06", ("rows,9",), "9 rows of data"),
    ],
)
def test_a_preamble_that_is_wrong_is_refused(extract, covers, more, words):
    assert words in refusal(extract("vrn-admissions", [], covers=covers, more=more))


def test_an_unknown_column_is_refused_so_that_nothing_is_lost_unseen(extract):
    message = refusal(extract("vrn-admissions", [], HEADERS["vrn-admissions"] + ",ward"))
    assert "ward" in message


def test_an_unknown_column_that_is_no_personal_data_is_not_called_so(extract):
    for column in ("district_name", "number_of_admissions"):
        message = refusal(extract("vrn-admissions", [], HEADERS["vrn-admissions"] + f",{column}"))
        assert "no personal data" not in message
        assert column in message


def test_counts_that_repeat_under_another_spelling_are_refused(extract):
    rows = [
        "2024-04,Leicester,X99,0-24,male,public,3",
        "2024-04,E06000016,x99,under 25,M,Public,3",
    ]
    message = refusal(extract("vrn-admissions", rows))
    assert "row 6: expected each combination of columns in one row" in message


def test_columns_that_say_the_same_thing_are_refused_together(extract):
    header = "month,district,icd10,age,age_band"
    assert "either 'age' or 'age_band'" in refusal(extract("vrn-admissions", [], header))
    header = "month,district,age,relationship,domestic,method"
    assert "either 'relationship' or 'domestic'" in refusal(extract("vrn-homicides", [], header))


def test_domestic_without_relationship_gives_the_definition_of_ons_alone(extract):
    """A child killed by family is *domestic, no* by ONS: who killed it is not in the file."""
    rows = ["2024-04,Leicester,9,no,yes", "2024-04,Leicester,30,yes,yes"]
    found = read(extract("vrn-homicides", rows, "month,district,age,domestic,knife"))
    assert total(found, "homicides") == 2
    assert total(found, "homicides-nondomestic-knife", "ons") == 1
    assert set(found.observations["definition"]) == {"ons"}
    assert any("excluding-family-under-16 cannot be given" in note.text for note in found.notes)


def test_killed_by_family_at_an_age_not_known_is_domestic_and_said(extract):
    rows = ["2024-04,Leicester,,male,parent,other,dwelling", "2024-04,Leicester,9,male,parent,,"]
    found = read(extract("vrn-homicides", rows))
    assert total(found, "homicides-nondomestic", "ons") == 1
    assert [note.rows for note in found.notes if "age not known" in note.text] == [1]


def test_rows_from_elsewhere_beside_a_force_area_are_set_aside(extract):
    header = "month,district,offence_code,knife,count"
    rows = ["2024-04,Leicestershire,8N,yes,3", "2024-04,outside,8N,yes,2"]
    found = read(extract("vrn-offences", rows, header))
    assert set(found.observations["area_code"]) == {areas.NETWORK}
    assert total(found, "knife-violence") == 3


def test_rows_from_elsewhere_are_set_aside_and_counted(extract):
    rows = ["2024-04,outside,X99,0-24,male,public,3", "2024-04,,X99,0-24,male,public,2"]
    found = read(extract("vrn-admissions", rows))
    assert total(found, "sharp-admissions") == 2
    assert total(found, "sharp-admissions", area_code=areas.UNASSIGNED) == 2
    assert [note.rows for note in found.notes if "outside" in note.text] == [1]


events = st.lists(
    st.tuples(
        st.sampled_from(["2024-04", "2024-05", "2024-06"]),
        st.sampled_from([*NAMES, "Unassigned"]),
        st.sampled_from(["X99.1", "Y04", "X85"]),
        st.integers(0, 100),
        st.sampled_from(["male", "female", "unknown"]),
    ),
    max_size=40,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(rows=events)
def test_every_event_put_in_comes_out_once_in_its_place(extract, rows):
    path = extract(
        "vrn-admissions",
        [",".join(map(str, row)) for row in rows],
        header="month,district,icd10,age,sex",
    )
    found = read(path)
    assert total(found, "assault-admissions") == len(rows)
    assert total(found, "sharp-admissions") == sum(row[2] == "X99.1" for row in rows)
    places = Counter(areas.district_code(row[1]) for row in rows)
    for code, count in places.items():
        assert total(found, "assault-admissions", area_code=code) == count
    young = sum(row[3] < 25 for row in rows)
    assert total(found, "assault-admissions", age_band="0-24") == young


def test_times_are_kept_in_four_words_and_only_of_knife_enabled_violence(extract):
    header = "month,district,offence_code,knife,age_band,sex,setting,time,count"
    rows = [
        "2024-04,Leicester,8N,yes,0-24,male,public,15:00,3",
        "2024-04,Leicester,8N,yes,0-24,male,public,17.59,2",
        "2024-04,Leicester,8N,yes,0-24,male,public,After school,1",
        "2024-04,Leicester,8N,yes,25+,male,public,5,1",
        "2024-04,Leicester,8N,yes,25+,male,public,00:00,1",
        "2024-05,Blaby,34B,yes,25+,male,public,,1",
        "2024-05,Blaby,34B,no,25+,male,public,21:30:00,1",
    ]
    reading = read(extract("vrn-offences", rows, header))
    seen = reading.observations
    of = {
        time: float(seen.loc[seen["series"] == f"knife-violence-{time}", "lower"].sum())
        for time in ("daytime", "after-school", "evening", "night", "unknown")
    }
    expected = {"daytime": 0, "after-school": 6, "evening": 0, "night": 2, "unknown": 1}
    assert of == expected
    assert seen.loc[seen["series"] == "knife-violence", "lower"].sum() == sum(expected.values())
    (said,) = [each for each in reading.notes if "midnight" in each.text]
    assert (said.kind, said.rows) == ("warning", 1)


def test_a_file_without_times_has_none(extract):
    reading = read(extract("vrn-offences", ["2024-04,Leicester,8N,yes,0-24,male,public,1"]))
    assert not (reading.observations["definition"] == "by-time").any()


@pytest.mark.parametrize("word", ["24:00", "9pm", "21:60", "late", "-1"])
def test_a_time_that_is_none_is_refused(extract, word):
    header = "month,district,offence_code,knife,age_band,sex,setting,time,count"
    row = f"2024-04,Leicester,8N,yes,0-24,male,public,{word},3"
    said = refusal(extract("vrn-offences", [row], header))
    assert "a time such as 21:30" in said
    assert word in said
