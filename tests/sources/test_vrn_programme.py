"""The programme's state: one record a row, every broken rule told with its row."""

from datetime import date

import pytest

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import identify, open_document, vrn_programme

HEADER = (
    "record,title,belongs_to,status,role,start,end,district,tier,rating,reach,cost,"
    "organisation,evidence"
)
HEAD = "layout,vrn-programme,1\ncovers,2019-09,2026-03\n\n" + HEADER + "\n"
MENTORS = (
    "intervention,Mentoring,,running,,2021-09-01,,Leicester; Rutland,primary,moderate,"
    '"1,860","338,500.07",,'
)


def reading(tmp_path, *rows, head=HEAD):
    path = tmp_path / "programme.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    document = open_document(path)
    assert identify(document).source is vrn_programme.SOURCE
    return vrn_programme.read(document)


def test_an_intervention_is_read_whole(tmp_path):
    found = reading(tmp_path, MENTORS)
    row = found.tables["programme_records"].iloc[0]
    assert found.edition == date(2026, 3, 31)
    assert row["title"] == "Mentoring"
    assert row["start_date"] == date(2021, 9, 1)
    assert row["end_date"] is None
    assert row["district_codes"] == "E06000016 E06000017"
    assert (row["reach"], row["cost_pence"]) == (1860, 33_850_007)


def test_every_kind_of_record_is_read_and_counted(tmp_path):
    found = reading(
        tmp_path,
        "expectation,Needs-Assessment,,MET,Analyst,2025-11-28,2026-11-30,,,,,,,Edition of 2025",
        "data given,Offences by month,,,,2024-10-01,,,,,,,National evaluation,",
        "project,service mapping,,on track,Analyst,,,,,,,,,",
        "milestone,Map drawn,Service Mapping,open,,,2026-09-30,,,,,,,",
        "risk,Staff leave,Service Mapping,open,,,,,,high,,,,",
        MENTORS,
        "agreement,Sharing,vrn-offences,,,2019-10-01,,,,,,,Police force,",
    )
    table = found.tables["programme_records"]
    assert table["record"].tolist() == [
        "expectation",
        "data given",
        "project",
        "milestone",
        "risk",
        "intervention",
        "agreement",
    ]
    assert table["title"].tolist()[:3] == [
        "needs-assessment",
        "Offences by month",
        "Service Mapping",
    ]
    assert table["status"].iloc[0] == "met"
    assert "1 of kind milestone" in found.notes[0].text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("wish,More money,,,,,,,,,,,,", "one of expectation"),
        ("project,Fishing,,on track,Analyst,,,,,,,,,", "one of Leadership & Governance"),
        ("project,Service Mapping,,splendid,Analyst,,,,,,,,,", "one of not begun"),
        ("project,Service Mapping,,done,,,,,,,,,,", "'role' of a record of kind project"),
        ("intervention,X,,,,2021-13-01,,all,primary,,,,,", "a day such as"),
        ("intervention,X,,,,2021-03-01,2020-01-01,all,primary,,,,,", "not before the start"),
        ("intervention,X,,,,2021-03-01,,Derby,primary,,,,,", "districts parted by semicolons"),
        ("intervention,X,,,,2021-03-01,,all,fourth,,,,,", "one of primary"),
        ("intervention,X,,,,2021-03-01,,all,primary,superb,,,,", "one of high"),
        ("intervention,X,,,,2021-03-01,,all,primary,,3,,,", "could be named"),
        ("intervention,X,,,,2021-03-01,,all,primary,,,1.234,,", "pounds such as"),
        ("intervention,X,,,,2021-03-01,,all,primary,,,-5,,", "pounds such as"),
        ("agreement,X,vrn-offences,,,2021-03-01,,Leicester,,,,,Police,", "nothing in column"),
        ("project,Service Mapping,,done,=1+1,,,,,,,,,", "not a formula"),
        ("agreement,,vrn-offences,,,2021-03-01,,,,,,,Police,", "'title'"),
    ],
)
def test_a_broken_row_is_told_with_its_number_and_nothing_is_read(tmp_path, row, said):
    with pytest.raises(BadInputError) as refusal:
        reading(tmp_path, MENTORS, row)
    assert said in str(refusal.value)
    assert "row 6" in str(refusal.value)


def test_all_broken_rows_are_told_at_once(tmp_path):
    with pytest.raises(BadInputError) as refusal:
        reading(tmp_path, "wish,A,,,,,,,,,,,,", "project,B,,done,Analyst,,,,,,,,,")
    assert {each.row for each in refusal.value.problems} == {5, 6}


def test_a_record_twice_and_a_file_without_any_are_refused(tmp_path):
    with pytest.raises(BadInputError, match="each record once"):
        reading(tmp_path, MENTORS, MENTORS)
    with pytest.raises(BadInputError, match="at least one record"):
        reading(tmp_path)


def test_a_column_for_a_persons_name_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="personal"):
        reading(tmp_path, MENTORS + ",x", head=HEAD.replace("evidence", "evidence,owner_name"))
