"""A table with its totals, made safe as a whole; and what a reader can still work out of it.

`publish` hides the small counts of figures that stand alone or were decided together
before. A table whose rows add up needs more, and gets it here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics.counts import Status
from vrn_metrics.methods._linear import Numbers
from vrn_metrics.methods.attack import Mask, attainable_intervals, tighten
from vrn_metrics.methods.cube import Cube, Dimension, equations_of
from vrn_metrics.methods.profiles import DisclosureError, profile_named
from vrn_metrics.methods.protection import protect

Hierarchy = Mapping[str, Mapping[str, Sequence[str]]]

_HIERARCHY: Final = "hierarchy"  # in the attributes of a table that was made safe


def suppress(table: pd.DataFrame, *, hierarchy: Hierarchy, profile: str) -> pd.DataFrame:
    """The table with small counts hidden, and with them whatever would give them away.

    Parameters
    ----------
    table
        One row a cell: a column for each dimension of the hierarchy, and `count`, a whole
        number, or `lower` and `upper` that are the same. Cells of the cube that have no row
        are not shown, and a reader is taken not to know them.
    hierarchy
        For each column its totals, each with its parts; parts may be totals. A column
        without totals is given an empty mapping: its members are then tables of their own.
    profile
        Key of `PROFILES`.

    Returns
    -------
    pandas.DataFrame
        The rows with `lower`, `upper` and `status` in place of `count`. A hidden row has
        the bounds that follow from the rows that are shown, and infinity where nothing
        follows; they say nothing that a reader could not work out.

    Raises
    ------
    DisclosureError
        If columns are missing, rows repeat, or counts do not add up.
    ProtectionError
        If no choice of rows protects the small ones.

    Notes
    -----
    Every small count, shown or not, might then be any number from 1 to one above the
    threshold, for all that a reader can tell. The choice is by `protection.protect`.

    Examples
    --------
    >>> rows = pd.DataFrame({"area": ["a", "b", "c", "all"], "count": [31, 12, 3, 46]})
    >>> safe = suppress(rows, hierarchy={"area": {"all": ["a", "b", "c"]}}, profile="gss_lt5")
    >>> safe["status"].tolist()
    ['exact', 'suppressed', 'suppressed', 'exact']
    >>> attainable_interval(safe, {"area": "c"})
    (0.0, 15.0)
    """
    rule = profile_named(profile)
    counts = _counts(table)
    if missing := set(hierarchy) - set(table.columns):
        raise DisclosureError(f"a table to make safe needs the columns {sorted(missing)}.")
    cube, place = _cube(table, hierarchy)
    values = _completed(cube, place, counts)
    known = np.isfinite(values)
    sums = cube.equations[np.asarray(abs(cube.equations) @ (~known).astype(float)) == 0]
    values = np.where(known, values, 0.0)
    if (off := np.abs(sums @ values) > 0.5).any():
        raise DisclosureError(
            f"expected counts that add up, found {int(off.sum())} total(s) that differ from the "
            "sum of their parts. Correct them, or leave the total out of the hierarchy."
        )
    offered = np.zeros(cube.size, dtype=bool)
    offered[place] = True
    low, high = rule.shown_bounds(values)
    low, high = np.where(offered, low, 0.0), np.where(offered, high, np.inf)
    small = known & (values >= 1) & (values <= rule.hidden_up_to)
    hidden = small
    if small.any():
        hidden = protect(
            values,
            small,
            sums,
            standard=rule.standard,
            may_hide=offered,
            shown_lower=low,
            shown_upper=high,
        ).hidden
    least, most = tighten(sums, np.where(hidden, 0.0, low), np.where(hidden, np.inf, high))
    shown_as = np.where(low == high, str(Status.EXACT), str(Status.ROUNDED))
    safe = table.drop(columns="count", errors="ignore").assign(
        lower=np.where(hidden, least, low)[place],
        upper=np.where(hidden, most, high)[place],
        status=np.where(hidden, str(Status.SUPPRESSED), shown_as)[place],
    )
    safe.attrs[_HIERARCHY] = {name: dict(totals) for name, totals in hierarchy.items()}
    return safe


def attainable_interval(table: pd.DataFrame, cell: Mapping[str, str]) -> tuple[float, float]:
    """The least and the most that a cell can be, for all that a reader of the table knows.

    Parameters
    ----------
    table
        As `suppress` returns it.
    cell
        The cell's member in each dimension. It need not be a row of the table.

    Raises
    ------
    DisclosureError
        If the table has no hierarchy, or the cell is none of its cube's.
    """
    if _HIERARCHY not in table.attrs:
        raise DisclosureError("expected a table made by disclosure.suppress(), found another.")
    hierarchy: Hierarchy = table.attrs[_HIERARCHY]
    cube, place = _cube(table, hierarchy)
    try:
        asked = cube.index(**cell)
    except KeyError as error:
        raise DisclosureError(f"the table has no cell {dict(cell)}: {error} is unknown.") from error
    least, most = np.zeros(cube.size), np.full(cube.size, np.inf)
    shown = (table["status"] != Status.SUPPRESSED).to_numpy()
    least[place[shown]] = table["lower"].to_numpy(float)[shown]
    most[place[shown]] = table["upper"].to_numpy(float)[shown]
    is_open: Mask = least < most
    found = attainable_intervals(least, is_open, cube.equations, least, most, cells=[asked])
    return float(found.lower[0]) + 0.0, float(found.upper[0]) + 0.0  # never -0.0


def _counts(table: pd.DataFrame) -> Numbers:
    """The whole number of each row."""
    if "count" in table:
        counts = table["count"].to_numpy(float)
    elif {"lower", "upper"} <= set(table.columns) and (table["lower"] == table["upper"]).all():
        counts = table["lower"].to_numpy(float)
    else:
        raise DisclosureError(
            "a table to make safe needs the columns count, or lower and upper that are the same."
        )
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.round(counts)).any():
        raise DisclosureError("expected whole numbers from 0 on to make safe, found others.")
    return counts


def _cube(table: pd.DataFrame, hierarchy: Hierarchy) -> tuple[Cube, np.ndarray]:
    """Every combination of the members, and where each row of the table stands in it."""
    sides = []
    for name, totals in hierarchy.items():
        named = [*table[name], *totals, *(part for parts in totals.values() for part in parts)]
        sums = tuple((total, tuple(parts)) for total, parts in totals.items())
        sides.append(Dimension(name, tuple(dict.fromkeys(named)), sums))
    cube = equations_of(sides)
    place = cube.indices({name: table[name] for name in hierarchy})
    if len(np.unique(place)) < len(place):
        raise DisclosureError("expected each cell once, found one of them twice.")
    return cube, place


def _completed(cube: Cube, place: np.ndarray, counts: Numbers) -> Numbers:
    """All cells as far as they follow from the rows, the others not a number."""
    values = np.full(cube.size, np.nan)
    values[place] = counts
    while True:
        unknown = np.isnan(values)
        open_in = np.asarray(abs(cube.equations) @ unknown.astype(float))
        rows = np.flatnonzero(open_in == 1)
        if not rows.size:
            return values
        for row in rows:
            span = slice(cube.equations.indptr[row], cube.equations.indptr[row + 1])
            cells, weights = cube.equations.indices[span], cube.equations.data[span]
            is_gap = np.isnan(values[cells])
            if is_gap.sum() == 1:
                rest = weights[~is_gap] @ values[cells[~is_gap]]
                values[cells[is_gap]] = -rest / weights[is_gap]
