"""A table with totals is safe as a whole: the standard holds for every small count in it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_metrics.methods.disclosure import (
    PROFILES,
    DisclosureError,
    attainable_interval,
    suppress,
)

DISTRICTS = ["a", "b", "c", "d", "e"]
AREA = {"county": ["a", "b", "c"], "all": ["county", "d", "e"]}
AGE = {"all": ["young", "old"]}


def complete(leaves):
    """Every combination of area and age of a table of five districts by two ages."""
    table = dict(zip(product(DISTRICTS, ["young", "old"]), leaves, strict=True))
    for age in ("young", "old"):
        table["county", age] = sum(table[each, age] for each in AREA["county"])
        table["all", age] = sum(table[each, age] for each in DISTRICTS)
    for area in (*DISTRICTS, "county", "all"):
        table[area, "all"] = table[area, "young"] + table[area, "old"]
    return pd.DataFrame(
        [{"area": area, "age": age, "count": count} for (area, age), count in table.items()]
    )


def test_the_example_of_the_handbook():
    """31, 12, 9, *, 15 of 70: the star is 3 (evidence, section 5)."""
    rows = pd.DataFrame({"area": [*DISTRICTS, "all"], "count": [31, 12, 9, 3, 15, 70]})
    safe = suppress(rows, hierarchy={"area": {"all": DISTRICTS}}, profile="gss_lt5")
    least, most = attainable_interval(safe, {"area": "d"})
    assert least <= 1
    assert most >= 5
    assert (safe["status"] == "suppressed").sum() == 2  # one company is enough


@pytest.mark.parametrize("counts", [[1] * 6, [7] * 6, [1, 2, 3, 4, 5, 6]])
def test_six_cells_of_one_to_seven_are_not_given_away_by_their_sum(counts):
    """Sums of 6 and of 42 are exact if stars mean 1 to 7 and the total is shown."""
    names = list("uvwxyz")
    rows = pd.DataFrame({"area": [*names, "all"], "count": [*counts, sum(counts)]})
    safe = suppress(rows, hierarchy={"area": {"all": names}}, profile="nhs_hes")
    for name in names:
        least, most = attainable_interval(safe, {"area": name})
        assert least <= 1
        assert most >= 8


def test_a_row_that_is_not_there_cannot_be_worked_out_either():
    """All ages and under 25 are shown: 25 and over would follow."""
    rows = pd.DataFrame({"age": ["all", "young"], "count": [20, 17]})
    safe = suppress(rows, hierarchy={"age": AGE}, profile="gss_lt5")
    assert "suppressed" in set(safe["status"])
    least, most = attainable_interval(safe, {"age": "old"})
    assert least <= 1
    assert most >= 5


def test_rounded_figures_protect_as_far_as_they_do():
    rows = pd.DataFrame({"area": [*DISTRICTS, "all"], "count": [31, 12, 9, 3, 15, 70]})
    safe = suppress(rows, hierarchy={"area": {"all": DISTRICTS}}, profile="nhs_hes")
    shown = safe[safe["status"] == "rounded"].set_index("area")
    assert tuple(shown.loc["all", ["lower", "upper"]]) == (68, 72)
    least, most = attainable_interval(safe, {"area": "d"})
    assert least <= 1
    assert most >= 8


def test_public_figures_are_left_alone():
    rows = pd.DataFrame({"area": ["a", "b", "all"], "count": [1, 2, 3]})
    safe = suppress(rows, hierarchy={"area": {"all": ["a", "b"]}}, profile="none_public")
    assert safe["status"].tolist() == ["exact"] * 3
    assert safe["lower"].tolist() == [1, 2, 3]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=10, max_size=10), st.sampled_from(sorted(PROFILES)))
def test_every_small_count_keeps_its_room(leaves, profile):
    rows = complete(leaves)
    safe = suppress(rows, hierarchy={"area": AREA, "age": AGE}, profile=profile)
    rule = PROFILES[profile]
    shown = safe["status"] == "exact"
    assert (safe.loc[shown, "lower"] == rows.loc[shown, "count"]).all()
    for row, bounds in zip(rows.itertuples(), safe.itertuples(), strict=True):
        assert bounds.lower <= row.count <= bounds.upper
        if 1 <= row.count <= rule.hidden_up_to:
            least, most = attainable_interval(safe, {"area": row.area, "age": row.age})
            assert least <= 1
            assert most >= rule.hidden_up_to + 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"area": ["a", "b", "all"], "count": [1, 2, 4]}, "add up"),
        ({"area": ["a", "a", "all"], "count": [1, 2, 3]}, "twice"),
        ({"place": ["a"], "count": [1]}, "columns"),
        ({"area": ["a"], "lower": [1], "upper": [2]}, "columns"),
        ({"area": ["a", "b"], "count": [1, -2]}, "whole numbers"),
        ({"area": ["a", "b"], "count": [1, 2.5]}, "whole numbers"),
    ],
)
def test_what_is_no_table_is_refused(rows, message):
    with pytest.raises(DisclosureError, match=message):
        suppress(pd.DataFrame(rows), hierarchy={"area": {"all": ["a", "b"]}}, profile="gss_lt5")


def test_an_unknown_profile_or_cell_or_table_is_refused():
    rows = pd.DataFrame({"area": ["a", "b", "all"], "count": [10, 12, 22]})
    with pytest.raises(DisclosureError, match="profile"):
        suppress(rows, hierarchy={"area": {}}, profile="none")
    safe = suppress(rows, hierarchy={"area": {"all": ["a", "b"]}}, profile="gss_lt5")
    with pytest.raises(DisclosureError, match="no cell"):
        attainable_interval(safe, {"area": "z"})
    with pytest.raises(DisclosureError, match="suppress"):
        attainable_interval(rows, {"area": "a"})


def test_totals_may_miss_and_counts_must_be_numbers():
    rows = pd.DataFrame({"area": ["a", "b"], "count": [3, 12]})
    safe = suppress(rows, hierarchy={"area": {"all": ["a", "b"]}}, profile="gss_lt5")
    assert safe["status"].tolist() == ["suppressed", "exact"]
    assert np.isinf(safe["upper"].iloc[0])


def test_bounds_that_are_one_number_will_do_for_a_count():
    rows = pd.DataFrame({"area": ["a", "b", "all"], "lower": [3, 12, 15], "upper": [3, 12, 15]})
    safe = suppress(rows, hierarchy={"area": {"all": ["a", "b"]}}, profile="gss_lt5")
    assert "suppressed" in set(safe["status"])
    assert attainable_interval(safe, {"area": "a"})[1] >= 5
