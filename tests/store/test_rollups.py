"""Sums over districts: whole or not at all."""

from datetime import date

import pandas as pd
import pytest

from vrn_metrics.areas import COUNTY, NETWORK, UNASSIGNED, districts
from vrn_metrics.observations import table
from vrn_metrics.store.rollups import with_rollups


def cells(codes, lower=1.0, upper=7.0, status="suppressed", series="events"):
    return table(
        pd.DataFrame(
            {
                "series": series,
                "area_code": list(codes),
                "period_start": date(2024, 4, 1),
                "period_end": date(2025, 3, 31),
                "lower": lower,
                "upper": upper,
                "status": status,
            }
        )
    )


NINE = [each.code for each in districts()]


def sums(rows, additive=frozenset({"events"})):
    found = with_rollups(rows, additive)
    return found.set_index("area_code")[["lower", "upper", "status"]].T.to_dict("list")


def test_bounds_add_and_the_worst_status_stays():
    rows = pd.concat([cells(NINE), cells([UNASSIGNED], 4.0, 4.0, "exact")])
    assert sums(rows)[NETWORK] == [13.0, 67.0, "suppressed"]
    assert sums(rows)[COUNTY] == [7.0, 49.0, "suppressed"]


def test_without_one_district_there_is_no_sum():
    found = sums(cells(NINE[:-1]))
    assert NETWORK not in found
    assert COUNTY in found


def test_a_missing_part_makes_the_sum_missing():
    nothing = cells(NINE[:1], float("nan"), float("nan"), "missing")
    lower, upper, status = sums(pd.concat([nothing, cells(NINE[1:])]))[NETWORK]
    assert (pd.isna(lower), pd.isna(upper), status) == (True, True, "missing")


def test_a_published_total_is_kept_and_not_made_again():
    rows = pd.concat([cells(NINE), cells([NETWORK], 30.0, 30.0, "exact")])
    assert sums(rows)[NETWORK] == [30.0, 30.0, "exact"]


@pytest.mark.parametrize("series", ["rate"])
def test_rates_are_never_added(series):
    assert NETWORK not in sums(cells(NINE, series=series))
