"""Kinds of place and times of day: a year whole or not at all, and no small count given away."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from vrn_metrics.areas import LEICESTER, NETWORK, RUTLAND, members
from vrn_metrics.counts import Status
from vrn_metrics.measures import PLACES, TIMES, measure
from vrn_metrics.methods.profiles import PROFILES
from vrn_metrics.observations import BY_TIME, series_at
from vrn_metrics.periods import Period
from vrn_metrics.store.circumstances import by_circumstance
from vrn_metrics.store.quantities import key_of

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
    found = by_circumstance(
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
    assert by_circumstance(
        "vrn-admissions", rows({}, months=11), decided(), PROFILES["gss_lt5"]
    ).empty
    assert by_circumstance("vrn-homicides", rows({}), decided(), PROFILES["gss_lt5"]).empty


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


TIMED = "knife-violence/extract/0-24+25++unknown/all"
LARGE = list(members(NETWORK)).index(LEICESTER)
SMALL = PROFILES["gss_lt5"].hidden_up_to


def timed_rows(table, place_table=None):
    """Knife-enabled violence by district, age, place and time, all in the first month of a year.

    `place_table` is what the totals say by place, where they are of other files.
    """
    first, records = YEAR.each_month()[0], []
    by_place = table.sum(axis=-1) if place_table is None else place_table
    whole = [("knife-violence", "extract", by_place[..., None])]
    of_time = [
        (series_at("knife-violence", each.key), BY_TIME, table[..., number, None])
        for number, each in enumerate(TIMES)
    ]
    for series, definition, cells in (*whole, *of_time):
        for d, code in enumerate(members(NETWORK)):
            for month in YEAR.each_month():
                records += [
                    {
                        "series": series,
                        "definition": definition,
                        "area_code": code,
                        "period_start": month.start,
                        "age_band": age,
                        "setting": (place.settings or ("",))[0],
                        "value": float(cells[d, a, p, 0]) if month == first else 0.0,
                        "provisional": False,
                    }
                    for a, age in enumerate(("0-24", "25+"))
                    for p, place in enumerate(PLACES)
                ]
    return pd.DataFrame(records)


def times_of(table, place_table=None):
    """The statuses of the times of the year, by key."""
    totals = decided().assign(quantity=TIMED)
    rule = PROFILES["gss_lt5"]
    found = by_circumstance("vrn-offences", timed_rows(table, place_table), totals, rule)
    asked = {
        key_of(numerator): time.key for time, numerator in measure("knife-violence").at_times()
    }
    rows = found[found["quantity"].isin(asked)].to_dict("records")
    return {asked[each["quantity"]]: each for each in rows}


def many(seed, mean):
    """A table of districts, ages, places and times around this mean, Rutland's a tenth of it."""
    draw = np.random.default_rng(seed)
    means = np.full((len(members(NETWORK)), 2, len(PLACES), len(TIMES)), float(mean))
    means[list(members(NETWORK)).index(RUTLAND)] /= 10
    return draw.poisson(means)


def test_times_of_a_year_are_shown_over_the_network():
    table = many(1, 6.0)
    found = times_of(table)
    assert [found[each.key]["lower"] for each in TIMES] == table.sum(axis=(0, 1, 2)).tolist()
    assert {each["status"] for each in found.values()} == {Status.EXACT.rank}


def test_a_time_with_few_events_hides_the_year():
    table = many(1, 6.0)
    table[..., 4] = 0
    table[0, 0, 0, 4] = 3
    assert {each["status"] for each in times_of(table).values()} == {HIDDEN}


def test_times_of_other_files_than_the_total_are_not_shown():
    """A newer file of a month without times would leave the old file's times beside its total."""
    table = many(1, 6.0)
    other = table.sum(axis=-1)
    other[0, 0, 0] += 1
    assert {each["status"] for each in times_of(table, other).values()} == {HIDDEN}


def test_a_year_without_times_in_one_month_is_not_on_offer():
    rows = timed_rows(many(1, 6.0))
    late = (rows["definition"] == BY_TIME) & (rows["period_start"] == date(2024, 12, 1))
    found = by_circumstance(
        "vrn-offences", rows[~late], decided().assign(quantity=TIMED), PROFILES["gss_lt5"]
    )
    assert len(found) == len(PLACES)


def test_a_small_count_that_the_times_would_narrow_down_hides_the_year():
    """Of Rutland's nine at most all five by day were by day: its four at night would follow."""
    table = np.zeros((len(members(NETWORK)), 2, len(PLACES), len(TIMES)), dtype=int)
    table[:, :, :3, 3] = 30
    place = list(members(NETWORK)).index(RUTLAND)
    table[place] = 0
    table[place, 0, 1, 3], table[place, 0, 1, 0] = 4, 5
    assert {each["status"] for each in times_of(table).values()} == {HIDDEN}
    table[LARGE, 0, 1, 0] = 60  # with as many in Leicester nobody can tell
    assert {each["status"] for each in times_of(table).values()} == {Status.EXACT.rank}


@pytest.mark.parametrize(("seed", "mean"), [(2, 0.4), (3, 0.8), (4, 1.5), (5, 3.0)])
def test_whatever_is_shown_leaves_small_counts_open_by_linear_programming(seed, mean):
    """Against a program that knows nothing of margins: totals by district and age, those in
    public under 25, places and times of the network; small totals open as the guard leaves them.
    """
    table = many(seed, mean)
    if next(iter(times_of(table).values()))["status"] == HIDDEN:
        pytest.skip("the year is hidden: there is nothing to work anything out from")
    shape, flat = table.shape, table.ravel()
    axes = np.indices(shape).reshape(4, -1)

    def sums(*by):
        """Every sum over cells that agree on these axes, as rows of a matrix."""
        keys = np.ravel_multi_index(axes[list(by)], [shape[each] for each in by])
        return (keys == np.arange(keys.max() + 1)[:, None]).astype(float)

    young_public = sums(0, 1, 2)[(np.arange(len(members(NETWORK))) * 2) * len(PLACES)]
    known = np.concatenate([sums(0, 1), young_public, sums(2), sums(3)])
    value = known @ flat
    is_open = (value > 0) & (value <= SMALL)
    # What the guard hides with the small ones, so that they stay open: Leicester's here.
    beside = (
        known[:, np.ravel_multi_index((LARGE, 0, 0, 0), shape)]
        + known[:, np.ravel_multi_index((LARGE, 1, 1, 0), shape)]
    )
    of_network = np.r_[np.zeros(len(value) - len(PLACES) - len(TIMES)), np.ones(9)]
    slack = np.where((beside > 0) & (of_network == 0), 50, 0)
    low = np.where(is_open, 1, np.maximum(value - slack, 0))
    high = np.where(is_open, SMALL + 1, value + slack)
    asked = np.concatenate([sums(0, 3), sums(1, 3), sums(0, 1, 3), sums(2, 3)])
    small = asked[((asked @ flat > 0) & (asked @ flat <= SMALL))]
    chosen = np.random.default_rng(seed).permutation(len(small))[:25]
    for each in small[chosen]:
        least, most = (
            linprog(
                sign * each,
                A_ub=np.concatenate([known, -known]),
                b_ub=np.concatenate([high, -low]),
                method="highs",
            ).fun
            * sign
            for sign in (1, -1)
        )
        assert least <= 1 + 1e-6
        assert most >= SMALL + 1 - 1e-6
