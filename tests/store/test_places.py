"""Kinds of place are shown by year, whole or not at all, and give no small count away."""

from datetime import date

import pandas as pd
import pytest

from vrn_metrics.areas import LEICESTER, NETWORK, RUTLAND, members
from vrn_metrics.counts import Status
from vrn_metrics.measures import PLACES, measure
from vrn_metrics.methods.profiles import PROFILES
from vrn_metrics.periods import Period
from vrn_metrics.store.places import by_place

YEAR = Period.financial_year(2024)
TOTAL = "sharp-admissions/extract/0-24+25++unknown/all"
HIDDEN = Status.SUPPRESSED.rank


def rows(cells, months=12):
    """Every district at 20 in each of public places and dwellings, but for these cells."""
    of = {(code, place): 20 for code in members(NETWORK) for place in ("public", "dwelling")}
    of |= {(code, "other"): 0 for code in members(NETWORK)} | cells
    return pd.DataFrame(
        {
            "series": "sharp-admissions",
            "definition": "extract",
            "area_code": code,
            "period_start": month.start,
            "age_band": "25+",
            "setting": place,
            "value": float(value if month == YEAR.each_month()[0] else 0),
            "provisional": False,
        }
        for (code, place), value in of.items()
        for month in YEAR.each_month()[:months]
    )


def decided(status=Status.EXACT.rank):
    return pd.DataFrame(
        {"quantity": [TOTAL], "area_code": [NETWORK], "period": [YEAR], "status": [status]}
    )


def of_year(table, profile="gss_lt5", totals=None):
    found = by_place(
        "vrn-admissions", table, decided() if totals is None else totals, PROFILES[profile]
    )
    return {
        each["quantity"].rsplit("/", 1)[1].split("+")[0]: each for each in found.to_dict("records")
    }


def test_a_year_of_large_counts_is_shown_with_what_is_not_known_as_zero():
    found = of_year(rows({(LEICESTER, "other"): 30}))
    assert [found[place.settings[0]]["lower"] for place in PLACES] == [200, 200, 30, 0]
    assert all(each["status"] == Status.EXACT.rank for each in found.values())
    assert {each["area_code"] for each in found.values()} == {NETWORK}


@pytest.mark.parametrize("few", [1, 4])
def test_a_place_with_few_events_hides_the_whole_year(few):
    found = of_year(rows({(LEICESTER, "other"): few}))
    assert all(each["status"] == HIDDEN for each in found.values())


def test_a_small_count_that_the_sums_would_narrow_down_hides_the_year():
    """Of Rutland's nine at most all five elsewhere can be: its four in public would follow."""
    alone = {(code, place): 0 for code in members(NETWORK) for place in ("public", "dwelling")}
    alone |= {(LEICESTER, "public"): 200, (RUTLAND, "public"): 4, (RUTLAND, "other"): 5}
    assert all(each["status"] == HIDDEN for each in of_year(rows(alone)).values())
    # With as many elsewhere in Leicester nobody can tell where Rutland's were.
    shared = {**alone, (LEICESTER, "other"): 60}
    assert all(each["status"] != HIDDEN for each in of_year(rows(shared)).values())


def test_where_the_networks_total_is_hidden_so_are_its_places():
    found = of_year(rows({(LEICESTER, "other"): 30}), totals=decided(HIDDEN))
    assert all(each["status"] == HIDDEN for each in found.values())
    found = of_year(rows({(LEICESTER, "other"): 30}), totals=decided().iloc[:0])
    assert all(each["status"] == HIDDEN for each in found.values())


def test_part_of_a_year_is_not_on_offer_and_another_source_has_no_places():
    assert by_place("vrn-admissions", rows({}, months=11), decided(), PROFILES["gss_lt5"]).empty
    assert by_place("vrn-homicides", rows({}), decided(), PROFILES["gss_lt5"]).empty


def test_rounded_figures_are_ranges():
    found = of_year(rows({(LEICESTER, "other"): 33}), profile="nhs_hes")
    assert (found["hospitality"]["lower"], found["hospitality"]["upper"]) == (33, 37)
    assert found["hospitality"]["status"] == Status.ROUNDED.rank


def test_what_is_decided_is_what_a_view_gives(store, admissions_file):
    cells = [
        (month, name, "X990", "25+", "male", place, count)
        for month in ("2024-05",)
        for name in ("Leicester", "Blaby", "Charnwood", "Harborough", "Melton", "Rutland")
        for place, count in (("public", 20), ("dwelling", 10))
    ]
    store.load(admissions_file(cells), approve=True)
    year = Period(date(2024, 4, 1), date(2025, 3, 31))
    seen = [
        store.view().timeline(numerator, NETWORK).over(year).count
        for _, numerator in measure("knife-admissions").in_places()
    ]
    assert [each.lower for each in seen] == [120, 60, 0, 0]
    numerator = measure("knife-admissions").in_places()[0][1]
    assert store.view().timeline(numerator, LEICESTER).is_empty
