from __future__ import annotations

import json
from datetime import date

import pytest

from vrn_metrics import observations
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import open_document
from vrn_metrics.sources.ons_homicide_rate import SOUTH_YORKSHIRE, read, recognise

HEADER = (
    "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
)
AREAS = (
    ("K04000001", "England and Wales", "Country"),
    ("E23000021", "Leicestershire", "Police Force Area"),
    (SOUTH_YORKSHIRE, "South Yorkshire", "Police Force Area"),
    ("E23000034", "London, City of", "Police Force Area"),
)
WINDOWS = ("2016-04-01/P3Y", "2019-04-01/P3Y", "2022-04-01/P3Y")


def row(code, name, kind, window, value="9.5", unit='"Rate per 1,000,000 population"', mark=""):
    quoted = f'"{name}"' if "," in name else name
    return f"{code},{quoted},{kind},Homicide Offences,{window},{value},m,{unit},,,{mark},"


def lines():
    return [
        HEADER,
        *(
            row(*area, window, "" if "City" in area[1] else "9.5", mark="u" * ("City" in area[1]))
            for area in AREAS
            for window in WINDOWS
        ),
    ]


@pytest.fixture
def document(tmp_path):
    def write(text, name="homicide.csv"):
        path = tmp_path / name
        path.write_text("\n".join(text) if isinstance(text, list) else text, encoding="utf-8-sig")
        return open_document(path)

    return write


def refusal(document):
    with pytest.raises(BadInputError) as caught:
        read(document)
    return str(caught.value)


def test_rates_keep_their_three_year_window(document):
    reading = read(document(lines()))
    ours = reading.observations.query("area_code == 'E23000021'")
    assert list(ours["lower"]) == list(ours["upper"]) == [9.5] * 3
    assert (ours["period_start"].iloc[0], ours["period_end"].iloc[0]) == (
        date(2016, 4, 1),
        date(2019, 3, 31),
    )
    assert reading.edition == date(2025, 3, 31)
    assert observations.broken_rules(reading.observations) == []


def test_a_blank_is_missing_and_never_zero(document):
    city = read(document(lines())).observations.query("area_code == 'E23000034'")
    assert set(city["status"]) == {"missing"}
    assert city["lower"].isna().all()


def test_south_yorkshire_is_set_aside_and_said(document):
    reading = read(document(lines()))
    assert SOUTH_YORKSHIRE not in set(reading.observations["area_code"])
    aside = [note for note in reading.notes if note.kind == "set-aside"]
    assert [note.rows for note in aside] == [3]
    assert "three times too high" in aside[0].text
    assert any("overlap" in note.text for note in reading.notes if note.kind == "warning")


def test_other_indicators_are_not_recognised(document):
    assert recognise(document(lines()))
    other = [line.replace("Homicide Offences", "Burglary Offences") for line in lines()]
    assert not recognise(document(other))
    assert not recognise(document([HEADER]))
    assert not recognise(document("code,name\n1,2\n"))


def test_the_description_is_refused_kindly(document):
    content = {"ess-beta-metadata": {"label": "Homicide offences"}}
    about = document(json.dumps(content), "homicide.json")
    assert recognise(about)
    assert "Load the CSV" in refusal(about)
    assert not recognise(document('{"ess-beta-metadata": {"label": "Burglary"}}', "b.json"))
    assert not recognise(document('{"ess-beta-metadata": ', "c.json"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("9.5", "many", "a rate, or a blank"),
        ("9.5", "-1", "a rate, or a blank"),
        ("9.5", "inf", "a rate, or a blank"),
        ("2022-04-01/P3Y", "2095-04-01/P3Y", "a window that has ended"),
        ("2022-04-01/P3Y", "2022-04-01/P1Y", "three years such as"),
        ("2022-04-01/P3Y", "0000-04-01/P3Y", "three years such as"),
        ("per 1,000,000", "per 100,000", "per 1,000,000 people"),
        ("E23000021", "E23000020", "the code of the police force"),
    ],
)
def test_broken_rows_are_refused(document, old, new, said):
    assert said in refusal(document([line.replace(old, new) for line in lines()]))


def test_rows_twice_or_lost_are_refused(document):
    assert "once" in refusal(document([*lines(), lines()[1]]))
    assert "same windows" in refusal(document(lines()[:-1]))
    assert "cut off" in refusal(document([*lines()[:-1], lines()[-1][:25]]))


def test_all_broken_rules_are_told_at_once(document):
    broken = [line.replace("9.5", "x").replace("2022-", "2095-") for line in lines()]
    with pytest.raises(BadInputError) as caught:
        read(document(broken))
    assert len(caught.value.problems) == 2
    assert caught.value.problems[0].times == 9


def test_unknown_forces_and_kinds_are_set_aside(document):
    extra = [row("E23000099", "Nowhere", "Police Force Area", w) for w in WINDOWS]
    extra += [row("E06000016", "Leicester", "Local Authority", w) for w in WINDOWS]
    reading = read(document(lines() + extra))
    assert sum(note.rows for note in reading.notes if note.kind == "set-aside") == 9


def test_the_real_file(real):
    document = open_document(real("homicide/ons_els_homicide-offences.csv"))
    assert recognise(document)
    reading = read(document)
    rows = reading.observations
    assert observations.broken_rules(rows) == []
    assert len(rows) == 504 - 9
    ours = rows[rows["area_code"] == "E23000021"].sort_values("period_start")["lower"]
    published = [10.383, 13.036, 12.854, 10.887, 8.703, 10.164, 9.516, 10.550, 7.486]
    assert [round(value, 3) for value in ours] == published
    assert (rows["status"] == "missing").sum() == 9


def test_the_real_description(real):
    about = open_document(real("homicide/ons_els_homicide-offences.json"))
    assert recognise(about)
    assert "the description of the table" in refusal(about)
