"""The list of figures that may be asked for: complete sums, and nothing else on offer."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from vrn_metrics.areas import COUNTY, LEICESTER, NETWORK, RUTLAND, members
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, measure
from vrn_metrics.periods import Period, shift
from vrn_metrics.sources import Series
from vrn_metrics.store.askable import ENOUGH, askable
from vrn_metrics.store.quantities import key_of, quantities

ALL_AGES = measure("knife-admissions").numerators[0]
YOUNG = measure("knife-admissions-under25").numerators[0]
ANY = measure("violence-admissions").numerators[0]
SERIES = (
    Series("sharp-admissions", "", within="assault-admissions"),
    Series("assault-admissions", ""),
)


def rows_of(counts, months=27, first=date(2023, 4, 1), provisional_from=None):
    """Rows for every area and month; `counts` by series, area and age band, 0 by default."""
    rows = []
    for number in range(months):
        month = shift(first, number)
        for area in members(NETWORK):
            for series in ("sharp-admissions", "assault-admissions"):
                for band in ("0-24", "25+"):
                    value = counts.get((series, area, band), 0)
                    rows.append((series, area, month, band, value))
    frame = pd.DataFrame(rows, columns=["series", "area_code", "period_start", "age_band", "value"])
    late = provisional_from is not None
    return frame.assign(
        definition="extract",
        setting="public",
        provisional=(frame["period_start"] >= provisional_from) if late else False,
    )


@pytest.fixture(scope="module")
def family():
    counts = {
        ("sharp-admissions", LEICESTER, "0-24"): 2,
        ("sharp-admissions", LEICESTER, "25+"): 3,
        ("assault-admissions", LEICESTER, "0-24"): 6,
        ("assault-admissions", LEICESTER, "25+"): 8,
        ("sharp-admissions", RUTLAND, "25+"): 1,
        ("assault-admissions", RUTLAND, "25+"): 1,
    }
    (found,) = askable(rows_of(counts), quantities("vrn-admissions"), SERIES)
    return found


def offered(family, numerator, area):
    cells = family.cells
    own = cells["offered"] & (cells["quantity"] == key_of(numerator)) & (cells["area_code"] == area)
    return cells[own].set_index("period")["value"]


def test_every_sum_holds(family):
    assert np.abs(family.equations @ family.cells["value"].to_numpy(float)).max() < 1e-9


def test_a_year_is_on_offer_for_every_area_and_counts_right(family):
    year = Period.financial_year(2023)
    assert offered(family, ALL_AGES, NETWORK)[year] == 12 * 6
    assert offered(family, YOUNG, LEICESTER)[year] == 12 * 2
    assert offered(family, ALL_AGES, RUTLAND)[year] == 12
    assert offered(family, ALL_AGES, COUNTY)[year] == 0
    assert offered(family, ANY, RUTLAND)[year] == 12


def test_the_latest_year_ends_with_the_latest_whole_quarter(family):
    assert max(each.end for each in offered(family, ALL_AGES, RUTLAND).index) == date(2025, 6, 30)


def test_a_quarter_needs_enough_events_and_a_month_the_network(family):
    lengths = {
        area: {each.months for each in offered(family, ALL_AGES, area).index}
        for area in (NETWORK, LEICESTER, RUTLAND, COUNTY)
    }
    assert lengths == {NETWORK: {3, 12}, LEICESTER: {3, 12}, RUTLAND: {12}, COUNTY: {12}}
    assert 3 * 5 >= ENOUGH > 6  # Leicester's quarters and not the network's months
    assert {each.months for each in offered(family, ANY, NETWORK).index} == {1, 3, 12}
    assert 1 not in {each.months for each in offered(family, ANY, LEICESTER).index}


def test_what_lies_between_two_quantities_is_in_the_table_but_not_on_offer(family):
    cells = family.cells
    between = cells[cells["quantity"] == f"only {key_of(ANY)}"]
    year = between[
        (between["area_code"] == LEICESTER) & (between["period"].map(lambda p: p.months) == 3)
    ]
    assert set(year["value"]) == {3 * (14 - 5)}
    assert not between["offered"].any()


def test_a_series_that_contradicts_its_place_is_kept_apart():
    counts = {("sharp-admissions", LEICESTER, "0-24"): 2}
    found = list(askable(rows_of(counts), quantities("vrn-admissions"), SERIES))
    assert len(found) == 2


def test_an_area_without_rows_is_not_known_and_nor_are_its_sums():
    rows = rows_of({("assault-admissions", LEICESTER, "0-24"): 20})
    rows = rows[(rows["area_code"] != RUTLAND)]
    (found,) = askable(rows, quantities("vrn-admissions"), SERIES)
    assert set(found.cells["area_code"]) == {*members(NETWORK), COUNTY} - {RUTLAND}


def test_provisional_months_make_provisional_figures():
    rows = rows_of({}, provisional_from=date(2025, 5, 1))
    (found,) = askable(rows, quantities("vrn-admissions"), SERIES)
    marked = found.cells.groupby("period")["provisional"].max()
    assert marked[Period.last_months(date(2025, 6, 30), 12)]
    assert not marked[Period.last_months(date(2025, 3, 31), 12)]


def test_what_the_catalogue_asks_is_what_there_is_to_ask():
    assert {each.numerator for each in quantities("vrn-offences")} == {
        numerator
        for each in CATALOGUE.values()
        for reading in DEFINITIONS.values()
        for numerator in each.under(reading)
        if numerator.source == "vrn-offences"
    }
