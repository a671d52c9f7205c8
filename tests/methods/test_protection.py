from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from vrn_metrics.methods.attack import attainable_intervals
from vrn_metrics.methods.cube import Dimension, equations_of
from vrn_metrics.methods.protection import (
    NOT_EXACT,
    ProtectionError,
    Standard,
    beyond_small,
    protect,
    whole_range,
)

STANDARDS = {"not_exact": NOT_EXACT, "beyond_small": beyond_small(7)}
CASES = (
    "one_small_3x3",
    "two_small_same_row",
    "cycle_already_safe",
    "single_row",
    "all_small_row",
    "no_small",
    "knife_districts_5x3",
)


def flat(name: str, size: int) -> Dimension:
    """So many members and their total, which comes last."""
    parts = tuple(f"{name}{number}" for number in range(size))
    return Dimension(name, (*parts, "all"), (("all", parts),))


def with_totals(leaves):
    leaves = np.asarray(leaves)
    cube = equations_of([flat(f"d{axis}", size) for axis, size in enumerate(leaves.shape)])
    return cube, cube.complete(leaves)


def inner_cells(cube):
    """Those that are no total, in the order of the table without its totals."""
    is_leaf = [np.array([m in set(d.leaves) for m in d.members]) for d in cube.dimensions]
    whole = is_leaf[0]
    for each in is_leaf[1:]:
        whole = np.multiply.outer(whole, each)
    return np.flatnonzero(whole.ravel())


def attack(cube, table, hidden, lower=0, upper=np.inf):
    shown = np.where(hidden, np.nan, table)
    return attainable_intervals(shown, hidden, cube.equations, lower, upper)


def narrowed(cube, table, sensitive, hidden, standard):
    """The sensitive cells that the attacker narrows below the standard."""
    found = attack(cube, table, hidden)
    wide = standard.met_by(found.lower, found.upper)
    return np.intersect1d(found.cells[~wide], np.flatnonzero(sensitive))


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("effort", [30_000_000, 0])
def test_reference_tables_are_protected_at_the_reference_cost(golden, name, standard, effort):
    case = next(each for each in golden("sdc")["cases"] if each["id"] == name)
    expected = case[standard]
    cube, table = with_totals(case["table"])
    inner = inner_cells(cube)
    sensitive = np.zeros(cube.size, dtype=bool)
    sensitive[inner[case["primary"]]] = True
    options = {
        "standard": STANDARDS[standard],
        "may_hide": np.isin(np.arange(cube.size), inner),
        "effort": effort,
    }
    if expected is None:
        with pytest.raises(ProtectionError, match="worked out even when"):
            protect(table, sensitive, cube.equations, **options)
        return
    found = protect(table, sensitive, cube.equations, **options)
    assert not narrowed(cube, table, sensitive, found.hidden, STANDARDS[standard]).size
    cost = (len(found.complements), table[found.complements].sum())
    best = (expected["min_secondary"], expected["min_cost_at_that_k"])
    if effort:
        assert cost == best
        assert found.is_optimal
    else:
        assert cost >= best


@pytest.mark.parametrize("name", CASES)
def test_intervals_are_the_reference_intervals_for_the_same_pattern(golden, name):
    case = next(each for each in golden("sdc")["cases"] if each["id"] == name)
    cube, table = with_totals(case["table"])
    inner = inner_cells(cube)
    places = {int(cell): str(place) for place, cell in enumerate(inner)}
    for standard in STANDARDS:
        if case[standard] is not None:
            pattern = case["primary"] + case[standard]["one_optimal_pattern"]
            found = attack(cube, table, np.isin(np.arange(cube.size), inner[pattern]))
            ends = zip(found.cells, found.lower, found.upper, strict=True)
            assert {places[int(c)]: [lo, hi] for c, lo, hi in ends} == case[standard]["intervals"]
    weak = attack(cube, table, np.isin(np.arange(cube.size), inner[case["primary"]]))
    ends = zip(weak.cells, weak.lower, weak.upper, strict=True)
    assert {places[int(c)]: [lo, hi] for c, lo, hi in ends} == case["primary_only_attack"]


def test_a_row_of_which_the_total_may_be_hidden_is_protected():
    cube, table = with_totals([3, 20, 30, 40])
    sensitive = (table > 0) & (table < 8)
    found = protect(table, sensitive, cube.equations)
    assert not narrowed(cube, table, sensitive, found.hidden, NOT_EXACT).size
    assert found.complements.tolist() == [1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=9, max_size=9), st.sampled_from(sorted(STANDARDS)))
def test_the_optimum_is_that_of_trying_everything(leaves, name):
    standard = STANDARDS[name]
    cube, table = with_totals(np.reshape(leaves, (3, 3)))
    inner = inner_cells(cube)
    sensitive = np.isin(np.arange(cube.size), inner) & (table > 0) & (table < 8)
    others = [cell for cell in inner if not sensitive[cell]]

    def protects(extra):
        hidden = sensitive | np.isin(np.arange(cube.size), extra)
        return not narrowed(cube, table, sensitive, hidden, standard).size

    tried = [
        (len(extra), table[list(extra)].sum())
        for size in range(len(others) + 1)
        for extra in combinations(others, size)
        if protects(extra)
    ]
    may_hide = np.isin(np.arange(cube.size), inner)
    if not tried:
        with pytest.raises(ProtectionError):
            protect(table, sensitive, cube.equations, standard=standard, may_hide=may_hide)
        return
    found = protect(table, sensitive, cube.equations, standard=standard, may_hide=may_hide)
    assert (len(found.complements), table[found.complements].sum()) == min(tried)
    assert found.is_optimal


AREAS = Dimension(
    "area",
    ("a", "b", "c", "county", "city", "unassigned", "force"),
    (("county", ("a", "b", "c")), ("force", ("county", "city", "unassigned"))),
)
AGES = Dimension("age", ("under 25", "25+", "all"), (("all", ("under 25", "25+")),))
QUARTERS = Dimension(
    "period",
    ("q1", "q2", "q3", "q4", "q5", "y1", "r5"),
    (("y1", ("q1", "q2", "q3", "q4")), ("r5", ("q2", "q3", "q4", "q5"))),
)
HIERARCHIES = {
    "two-way": (flat("row", 4), flat("column", 3)),
    "three-way": (flat("row", 3), flat("column", 2), flat("layer", 2)),
    "areas by age": (AREAS, AGES),
    "areas by rolling years": (AREAS, QUARTERS),
}


@st.composite
def tables(draw):
    cube = equations_of(HIERARCHIES[draw(st.sampled_from(sorted(HIERARCHIES)))])
    shape = [len(each.leaves) for each in cube.dimensions]
    size = int(np.prod(shape))
    most = draw(st.sampled_from([3, 12, 40]))
    leaves = draw(st.lists(st.integers(0, most), min_size=size, max_size=size))
    return cube, cube.complete(np.reshape(leaves, shape))


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from(sorted(STANDARDS)), st.sampled_from([30_000_000, 0]))
def test_the_attacker_never_narrows_a_protected_cell(case, name, effort):
    cube, table = case
    standard = STANDARDS[name]
    sensitive = (table > 0) & (table < 8)
    found = protect(table, sensitive, cube.equations, standard=standard, effort=effort)
    assert not narrowed(cube, table, sensitive, found.hidden, standard).size
    assert np.array_equal(
        found.hidden, sensitive | np.isin(np.arange(cube.size), found.complements)
    )
    assert found.cost >= found.at_least


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from([30_000_000, 0]))
def test_rounding_counts_as_protection_and_the_whole_range_stays_open(case, effort):
    cube, table = case
    sensitive = (table > 0) & (table < 8)
    # Shown cells are rounded to 5, never below 8; a star says 1 to 7, or any number at all
    # for a cell hidden to protect another.
    rounded = 5 * np.floor(table / 5 + 0.5)
    shown_lower = np.where(table > 0, np.maximum(rounded - 2, 8), 0)
    shown_upper = np.where(table > 0, rounded + 2, 0)
    shown_lower, shown_upper = (
        np.where(sensitive, table, each) for each in (shown_lower, shown_upper)
    )
    lower = np.where(sensitive, 1, 0)
    upper = np.where(sensitive, 7, np.inf)
    try:
        found = protect(
            table,
            sensitive,
            cube.equations,
            standard=whole_range(1, 7),
            lower=lower,
            upper=upper,
            shown_lower=shown_lower,
            shown_upper=shown_upper,
            effort=effort,
        )
    except ProtectionError:
        everything = np.ones(cube.size, dtype=bool)  # hidden, and still too narrow
        seen = attack(cube, table, everything, lower, upper)
        wide = whole_range(1, 7).met_by(seen.lower, seen.upper)
        assert not wide[sensitive].all()
        return
    low = np.where(found.hidden, lower, shown_lower)
    high = np.where(found.hidden, upper, shown_upper)
    seen = attainable_intervals(table, np.ones(cube.size, dtype=bool), cube.equations, low, high)
    assert np.all(seen.lower[sensitive] == 1)
    assert np.all(seen.upper[sensitive] == 7)


def open_unless(offered, table):
    """What is known of cells that are not offered for view: nothing."""
    return np.where(offered, table, 0), np.where(offered, table, np.inf)


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from([30_000_000, 0]), st.integers(0, 2**32 - 1))
def test_cells_that_are_not_offered_may_be_anything(case, effort, seed):
    cube, table = case
    offered = np.random.default_rng(seed).random(cube.size) < 0.7
    sensitive = (table > 0) & (table < 5)
    low, high = open_unless(offered, table)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an infinite bound has no price, and is not multiplied
        found = protect(
            table,
            sensitive,
            cube.equations,
            standard=whole_range(1, 4),
            may_hide=offered,
            shown_lower=low,
            shown_upper=high,
            effort=effort,
        )
    seen = attack(cube, table, found.hidden | ~offered)
    wide = whole_range(1, 4).met_by(seen.lower, seen.upper)
    assert wide[sensitive[seen.cells]].all()
    assert offered[found.complements].all()


def test_progress_rises_to_all_of_it():
    cube, table = with_totals(np.random.default_rng(3).poisson(4, (4, 4)))
    told = []
    protect(table, (table > 0) & (table < 4), cube.equations, effort=0, progress=told.append)
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == 1


def test_hiding_the_small_counts_only_is_caught():
    cube = equations_of((AREAS, AGES))
    table = cube.complete([[4, 20], [11, 60], [9, 8], [30, 40], [10, 10]])
    sensitive = (table > 0) & (table < 8)
    assert narrowed(cube, table, sensitive, sensitive, NOT_EXACT).tolist() == [0]


def test_zeros_are_complements_only_if_they_may_be():
    cube, table = with_totals([[3, 0, 20], [0, 40, 30], [25, 35, 50]])
    sensitive = table == 3
    inner = np.isin(np.arange(cube.size), inner_cells(cube))
    free = protect(table, sensitive, cube.equations, may_hide=inner)
    kept = protect(table, sensitive, cube.equations, may_hide=inner, hide_zeros=False)
    assert (table[free.complements] == 0).any()
    assert (table[kept.complements] > 0).all()
    assert free.cost < kept.cost


def test_the_same_table_is_protected_the_same_way_twice():
    cube = equations_of((AREAS, AGES, flat("sex", 2)))
    shape = [len(each.leaves) for each in cube.dimensions]
    table = cube.complete(np.random.default_rng(7).poisson(5, shape))
    sensitive = (table > 0) & (table < 8)
    first, second = (protect(table, sensitive, cube.equations) for _ in range(2))
    assert np.array_equal(first.hidden, second.hidden)


def test_a_dearer_cell_is_spared():
    total = sparse.csr_array([[1.0, -1, -1, -1]])
    found = protect([60, 3, 20, 37], [0, 1, 0, 0], total, may_hide=[0, 1, 1, 1], cost=[9, 9, 9, 1])
    assert found.complements.tolist() == [3]
    assert found.cost == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([70, 31, 39.5], "whole numbers"),
        ([70, 31, np.nan], "whole numbers"),
        ([70, 31, 40], "adds up"),
    ],
)
def test_figures_that_are_no_table_are_refused(values, message):
    total = sparse.csr_array([[1.0, -1, -1]])
    with pytest.raises(ProtectionError, match=message):
        protect(values, [0, 1, 0], total)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"upper": 2}, "must contain its value"),
        ({"shown_upper": [70, 3, 66]}, "must contain its value"),
        ({"cost": 0}, "cost something"),
        ({"standard": beyond_small(7), "upper": 7}, "wider than what the mark"),
    ],
)
def test_bounds_that_are_not_true_are_mistakes_of_the_caller(options, message):
    total = sparse.csr_array([[1.0, -1, -1]])
    with pytest.raises(ValueError, match=message):
        protect([70, 3, 67], [0, 1, 0], total, **options)


def test_a_standard_of_no_width_is_none():
    with pytest.raises(ValueError, match="at least 1 wide"):
        Standard(width=0)
