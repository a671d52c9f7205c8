"""The real knife file, before the network existed: a gap that no network made.

An analyst's compilation of the Home Office's table, which the reader refuses; here it is read
by itself, with its own populations, for what it says of the method.
"""

import csv

import numpy as np
import pytest

from vrn_metrics.areas import NETWORK, force_code
from vrn_metrics.measures.donor_pool import police_forces
from vrn_metrics.methods import synthetic_control

COUNTS, PEOPLE = "Knife Crime", "Population"  # the latter in thousands
YEARS = [f"20{year:02}/{year + 1:02}" for year in range(8, 19)]


@pytest.fixture(scope="module")
def rates(request):
    """Knife-enabled offences a year per 100,000, years by forces, the network first."""
    path = request.getfixturevalue("real")("knife/knifecrime2.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    donors = sorted({row["Force Name"] for row in rows if _is_donor(row["Force Name"])})
    names = ["Leicestershire", *donors]
    found = np.zeros((len(YEARS), len(names)))
    for row in rows:
        if row["Force Name"] in names and row["Financial Year"] in YEARS:
            place = YEARS.index(row["Financial Year"]), names.index(row["Force Name"])
            people = float(row[PEOPLE]) * 1_000
            found[place] += float(row[COUNTS]) / people * 100_000
    return found, names


def _is_donor(name):
    force = police_forces()[force_code(name)]
    return force.code != NETWORK and not force.funded_from


def test_twenty_two_unfunded_forces_are_left(rates):
    assert len(rates[1]) == 23


def test_three_neighbours_make_the_network_until_2017(rates):
    found, names = rates
    before = YEARS.index("2017/18")
    fit = synthetic_control.fit(found[:, 0], found[:, 1:], pre_periods=before)
    weights = dict(zip(names[1:], fit.weights, strict=True))
    assert weights["Northamptonshire"] == pytest.approx(0.602, abs=5e-4)
    assert weights["Derbyshire"] == pytest.approx(0.370, abs=5e-4)
    assert weights["Lincolnshire"] == pytest.approx(0.028, abs=5e-4)
    assert fit.unique_weights
    assert fit.gap[before:] == pytest.approx([12.2, 13.0], abs=0.05)


def test_the_gap_stands_out_two_years_before_the_network_existed(rates):
    found, _ = rates
    before = YEARS.index("2017/18")
    pretended = synthetic_control.placebo_in_time(
        found[:, 0], found[:, 1:], pre_periods=len(YEARS), starts=[before]
    )
    assert pretended[0].att == pytest.approx(12.6, abs=0.05)
    test = synthetic_control.placebo_test(found, treated=0, pre_periods=before)
    assert test.smallest_p_value == pytest.approx(1 / 23)
