"""The ranges by closed form are those of linear programming, the inside unknown to both."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from vrn_metrics.methods.margins import attainable


def by_programme(table, pinned, group, column):
    """The least and greatest of a group's cell over all tables with these margins."""
    rows, columns = table.shape
    names = np.arange(table.size).reshape(table.shape)
    equations, sums = [], []
    for row in range(rows):
        equations.append(np.isin(np.arange(table.size), names[row]).astype(float))
        sums.append(table[row].sum())
    for each in range(columns):
        equations.append(np.isin(np.arange(table.size), names[:, each]).astype(float))
        sums.append(table[:, each].sum())
    for row in np.flatnonzero(pinned):
        equations.append((np.arange(table.size) == names[row, 0]).astype(float))
        sums.append(table[row, 0])
    aim = np.isin(np.arange(table.size), names[group, column]).astype(float)
    found = [
        linprog(sign * aim, A_eq=np.array(equations), b_eq=np.array(sums), method="highs")
        for sign in (1, -1)
    ]
    assert all(each.success for each in found)
    return found[0].fun, -found[1].fun


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    cell = st.integers(0, 12)
    table = np.array([[draw(cell) for _ in range(columns)] for _ in range(rows)], dtype=float)
    pinned = np.array([draw(st.booleans()) for _ in range(rows)])
    group = np.array([draw(st.booleans()) for _ in range(rows)])
    return table, pinned, group


@settings(max_examples=150, deadline=None)
@given(tables())
def test_ranges_are_those_of_linear_programming(case):
    table, pinned, group = case
    first = np.where(pinned, table[:, 0], np.nan)
    found = attainable(table.sum(axis=1), first, table.sum(axis=0), group[None, :])
    for column in range(table.shape[1]):
        least, most = by_programme(table, pinned, group, column)
        assert found.lower[0, column] == pytest.approx(least, abs=1e-7)
        assert found.upper[0, column] == pytest.approx(most, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 2**32 - 1))
def test_column_sums_say_nothing_of_row_sums(case, seed):
    """Any rows of the same total, and the same total of free rows, go with the columns."""
    table, pinned, _ = case
    random = np.random.default_rng(seed)
    first = np.where(pinned, table[:, 0], np.nan)
    left = table.sum(axis=1) - np.nan_to_num(first)
    for kind in (pinned, ~pinned):
        if kind.any():
            total = int(left[kind].sum())
            left[kind] = random.multinomial(total, np.full(kind.sum(), 1 / kind.sum()))
    rows = left + np.nan_to_num(first)
    found = attainable(rows, first, table.sum(axis=0), np.eye(len(rows), dtype=bool))
    assert (found.lower <= found.upper).all()


@pytest.mark.parametrize(
    ("rows", "pinned", "columns"),
    [([3, 3], [np.nan, np.nan], [5, 2]), ([3, 3], [4, np.nan], [5, 1]), ([3, 3], [1, 1], [5, 1])],
)
def test_margins_that_contradict_each_other_are_refused(rows, pinned, columns):
    with pytest.raises(ValueError, match="contradict"):
        attainable(rows, pinned, columns, [[True, False]])
