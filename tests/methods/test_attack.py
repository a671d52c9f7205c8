from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from vrn_metrics.counts import Count
from vrn_metrics.methods.attack import ContradictionError, attainable_intervals
from vrn_metrics.methods.cube import Dimension, equations_of


def a_total_of(parts: int) -> sparse.csr_array:
    """The first cell is the sum of the others."""
    return sparse.csr_array([[1.0, *[-1.0] * parts]])


def ends(found):
    return list(zip(found.lower.tolist(), found.upper.tolist(), strict=True))


def test_one_star_beside_a_total_is_exact():
    shown = [70, 31, 12, 9, np.nan, 15]
    found = attainable_intervals(shown, np.isnan(shown), a_total_of(5), 1, 7)
    assert ends(found) == [(3, 3)]


def test_a_second_star_opens_both():
    shown = [70, 31, 12, np.nan, np.nan, 15]
    found = attainable_intervals(shown, np.isnan(shown), a_total_of(5), 1)
    assert ends(found) == [(1, 11), (1, 11)]


@pytest.mark.parametrize(("total", "interval"), [(21, (1, 7)), (6, (1, 1)), (42, (7, 7))])
def test_six_stars_are_as_safe_as_their_total_leaves_them(total, interval):
    shown = [total, *[np.nan] * 6]
    found = attainable_intervals(shown, np.isnan(shown), a_total_of(6), 1, 7)
    assert ends(found) == [interval] * 6
    assert found.attained.all()


def test_all_ages_less_the_older_and_the_force_less_city_and_rutland_leak():
    area = Dimension(
        "area", ("county", "city", "rutland", "all"), (("all", ("county", "city", "rutland")),)
    )
    age = Dimension("age", ("under 25", "25+", "all"), (("all", ("under 25", "25+")),))
    cube = equations_of((area, age))
    table = cube.complete([[4, 20], [30, 60], [9, 8]])
    hidden = np.zeros(cube.size, dtype=bool)
    hidden[[cube.index(area="county", age=each) for each in ("under 25", "all")]] = True
    found = attainable_intervals(np.where(hidden, np.nan, table), hidden, cube.equations)
    assert ends(found) == [(4, 4), (24, 24)]


def test_two_rolling_years_give_away_a_month():
    months = tuple(f"m{number}" for number in range(1, 14))
    period = Dimension(
        "period", (*months, "r12", "r13"), (("r12", months[:12]), ("r13", months[1:]))
    )
    cube = equations_of((period,))
    table = cube.complete([10, 8, 9, 11, 8, 12, 9, 8, 10, 9, 11, 8, 3])
    only_the_last_month = np.arange(cube.size) == cube.index(period="m13")
    all_but_the_first = np.isin(np.arange(cube.size), range(1, 13))
    for hidden in (only_the_last_month, all_but_the_first):
        shown = np.where(hidden, np.nan, table)
        found = attainable_intervals(shown, hidden, cube.equations, cells=[12])
        assert ends(found) == [(3, 3)]


def test_rounded_margins_leave_the_star_open(golden):
    for case in golden("sdc")["rounded_margin_attacks"]:
        known = [
            Count.suppressed() if figure == "*" else Count.rounded(figure, at_least=8)
            for figure in case["published"]
        ]
        lower = [each.lower for each in (known[-1], *known[:-1])]
        upper = [each.upper for each in (known[-1], *known[:-1])]
        hidden = np.ones(len(known), dtype=bool)
        parts = a_total_of(len(known) - 1)
        star = 1 + case["published"].index("*")
        found = attainable_intervals(lower, hidden, parts, lower, upper, cells=[star])
        assert ends(found) == [tuple(case["intruder_interval_for_star"])]


def test_what_no_total_holds_stays_open():
    shown = [np.nan, np.nan, 5]
    found = attainable_intervals(shown, np.isnan(shown), a_total_of(2), 0)
    assert ends(found) == [(5, np.inf), (0, np.inf)]


def test_whole_numbers_are_worked_out_where_fractions_would_hide_them():
    # a + b = 1, b + c = 1 and a + c is 1 or 2: it is 2 or 0 in whole numbers, so 2, but in
    # fractions each may be one half.
    triangle = sparse.csr_array([[1.0, 1, 0, -1, 0, 0], [0, 1, 1, 0, -1, 0], [1, 0, 1, 0, 0, -1]])
    hidden = np.array([1, 1, 1, 0, 0, 1], dtype=bool)
    shown = np.where(hidden, np.nan, [1, 0, 1, 1, 1, 2])
    upper = np.array([1, 1, 1, 0, 0, 2])
    lower = np.array([0, 0, 0, 0, 0, 1])
    found = attainable_intervals(shown, hidden, triangle, lower, upper, cells=[0, 5])
    assert ends(found) == [(1, 1), (2, 2)]


def test_figures_that_contradict_each_other_are_refused():
    shown = [10, 20, np.nan]
    with pytest.raises(ContradictionError, match="add up"):
        attainable_intervals(shown, np.isnan(shown), a_total_of(2), 0)
    two = sparse.csr_array([[1.0, -1, -1, 0], [0, 1, -1, 0], [0, 0, 0, 1]])
    odd = [3, np.nan, np.nan, 0]
    with pytest.raises(ContradictionError):
        attainable_intervals(odd, np.isnan(odd), two, 0)


def test_a_shown_cell_without_a_value_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="shown cell needs a value"):
        attainable_intervals([3, np.nan, 1], [False, False, True], a_total_of(2))


MOST = {2: 5, 3: 2}  # what a leaf can be at most, by the number of dimensions


@st.composite
def small_tables(draw):
    """A 2 × 2 or 2 × 2 × 2 table with all totals, some cells of which are hidden."""
    sides = draw(st.sampled_from(sorted(MOST)))
    side = [Dimension(f"d{n}", ("x", "y", "all"), (("all", ("x", "y")),)) for n in range(sides)]
    cube = equations_of(side)
    leaf = st.integers(0, MOST[sides])
    leaves = draw(st.lists(leaf, min_size=2**sides, max_size=2**sides))
    table = cube.complete(np.reshape(leaves, [2] * sides))
    hidden = np.array(draw(st.lists(st.booleans(), min_size=cube.size, max_size=cube.size)))
    return cube, table, hidden


@settings(max_examples=60, deadline=None)
@given(small_tables())
def test_intervals_are_those_of_every_table_that_fits(case):
    cube, table, hidden = case
    sides = len(cube.dimensions)
    every = np.array(list(product(range(MOST[sides] + 1), repeat=2**sides)))
    units = np.array([cube.complete(each.reshape([2] * sides)) for each in np.eye(2**sides)])
    tables = every @ units
    most = MOST[sides] * units.sum(axis=0)
    found = attainable_intervals(np.where(hidden, np.nan, table), hidden, cube.equations, 0, most)
    fits = tables[np.all(tables[:, ~hidden] == table[~hidden], axis=1)]
    assert found.attained.all()
    assert found.lower.tolist() == fits.min(axis=0)[hidden].tolist()
    assert found.upper.tolist() == fits.max(axis=0)[hidden].tolist()


@settings(max_examples=60, deadline=None)
@given(small_tables())
def test_without_whole_tables_an_interval_is_never_narrower(case):
    cube, table, hidden = case
    shown = np.where(hidden, np.nan, table)
    exact = attainable_intervals(shown, hidden, cube.equations)
    outer = attainable_intervals(shown, hidden, cube.equations, whole_tables=False)
    assert np.all(outer.lower <= exact.lower)
    assert np.all(outer.upper >= exact.upper)
