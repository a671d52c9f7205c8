"""The ledger is read to the penny, or not at all."""

from datetime import date

import pytest

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import identify, open_document, vrn_spend

HEADER = (
    "date,year,line,project,category,amount,kind,funding_stream,classified_by,reason,doubtful,"
    "currency"
)
HEAD = f"layout,vrn-spend,1\ncovers,2025-04,2025-09\n\n{HEADER}\n"
LINE = (
    '2025-06-30,2025/26,01,Service Mapping,intervention,"£1,234.05",actual,home-office,Lead,,yes,'
)


def reading(tmp_path, *rows):
    path = tmp_path / "ledger.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    document = open_document(path)
    assert identify(document).source is vrn_spend.SOURCE
    return vrn_spend.read(document)


def test_a_line_is_read_whole_and_journals_take_back(tmp_path):
    journal = "2025-09-30,2025-26,02,Service Mapping,other,(20.00),actual,match,,,,GBP"
    found = reading(tmp_path, LINE, journal)
    table = found.tables["ledger_lines"]
    assert found.edition == date(2025, 9, 30)
    assert table["amount_pence"].tolist() == [123_405, -2_000]
    assert table["year"].tolist() == ["2025-26", "2025-26"]
    assert table["doubtful"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-06-30", "30/06/2025", "a day such as"),
        ("2025-06-30", "2026-06-30", "a day in 2025/26"),
        ("2025-06-30", "2025-12-31", "covered month"),
        ("2025/26", "2025", "a financial year"),
        (",01,", ",,", "'line'"),
        ("Service Mapping", "", "'project'"),
        (",intervention,", ",helping,", "one of intervention"),
        ('"£1,234.05"', "1234.056", "pounds such as"),
        (",actual,", ",maybe,", "one of plan"),
        ("home-office", "lottery", "one of home-office"),
        (",Lead,", ",,", "classified_by"),
        (",yes,", ",perhaps,", "yes or no"),
        (",yes,", ",yes,EUR", "pounds (GBP)"),
    ],
)
def test_a_broken_line_is_told_with_its_row(tmp_path, old, new, said):
    with pytest.raises(BadInputError) as refusal:
        reading(tmp_path, LINE.replace(old, new, 1))
    assert said in str(refusal.value)
    assert "row 5" in str(refusal.value)


def test_a_line_twice_and_an_empty_ledger_are_refused(tmp_path):
    with pytest.raises(BadInputError, match="each line once"):
        reading(tmp_path, LINE, LINE)
    with pytest.raises(BadInputError, match="at least one line"):
        reading(tmp_path)
