"""What can be worked out of a hidden cell from everything that is shown.

The attacker knows every shown figure, every published rule (a star is 1 to 7, a rounded
10 is 8 to 12) and every sum that holds between cells, and asks of each hidden cell for the
least and the greatest whole number it can be. Nothing here looks at a hidden value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._linear import WHOLE, Numbers, Program, UnsolvedError

Cells = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

_SWEEPS = 200  # of bound propagation; what is left then is left to the solver
_SLACK = 1e-6  # rounding error allowed before a bound is moved to the next whole number


class ContradictionError(VrnMetricsError):
    """The shown figures cannot all be true of one table."""


@dataclass(frozen=True)
class Intervals:
    """The least and greatest that each cell can be.

    `attained` says that a table of whole numbers reaches both ends, so that the interval
    is exact. Where it is false whole numbers were not asked for or the solver gave up on
    them, and the truth may be narrower.
    """

    cells: Cells
    lower: Numbers
    upper: Numbers
    attained: Mask

    @property
    def width(self) -> Numbers:
        """Zero where the cell is known exactly."""
        return self.upper - self.lower


def attainable_intervals(
    values: npt.ArrayLike,
    hidden: npt.ArrayLike,
    equations: sparse.sparray,
    lower: npt.ArrayLike = 0,
    upper: npt.ArrayLike = np.inf,
    *,
    cells: npt.ArrayLike | None = None,
    whole_tables: bool = True,
) -> Intervals:
    """The whole numbers that each hidden cell can be, given all that is shown.

    Parameters
    ----------
    values
        The table. Only cells that are not hidden are read.
    hidden
        Which cells are not shown exactly. A rounded cell is hidden too, with the bounds
        of its rounding.
    equations
        One row a sum among cells that comes to zero (`cube.equations_of`).
    lower, upper
        What is known of each hidden cell without any sum: 1 and 7 for a star, 8 and 12
        for a rounded 10, 0 and infinity if nothing is.
    cells
        The cells asked for; all hidden ones by default.
    whole_tables
        Whether an end must be reached by a table of whole numbers. Without this it is
        only rounded to the nearest whole number inside: quicker, and at most too wide.

    Returns
    -------
    Intervals
        In the order of `cells`.

    Raises
    ------
    ContradictionError
        If no table of whole numbers fits what is shown.

    Notes
    -----
    Bounds are first propagated through the sums, rounding inward; the cells still open
    fall into parts that share no sum, and each part is a linear program solved in both
    directions. Where a linear optimum is not a whole table it is solved again as an
    integer program, so an end is exact, not only an outer bound.

    Examples
    --------
    Five districts of which one is hidden, and their total: 31, 12, 9, ``*``, 15 of 70.

    >>> total = sparse.csr_array([[1.0, -1, -1, -1, -1, -1]])
    >>> found = attainable_intervals(
    ...     [70, 31, 12, 9, np.nan, 15], [0, 0, 0, 0, 1, 0], total, 1, 7)
    >>> found.lower.tolist(), found.upper.tolist()
    ([3.0], [3.0])
    """
    mask = np.asarray(hidden, dtype=bool)
    shown = np.asarray(values, dtype=float)
    least = np.where(mask, np.broadcast_to(np.asarray(lower, dtype=float), mask.shape), shown)
    most = np.where(mask, np.broadcast_to(np.asarray(upper, dtype=float), mask.shape), shown)
    if not (np.all(np.isfinite(shown[~mask])) and np.all(~np.isnan(least + np.isinf(most)))):
        raise ValueError("a shown cell needs a value and a hidden one needs bounds, not NaN")
    asked = np.flatnonzero(mask) if cells is None else np.asarray(cells, dtype=np.intp)
    sums = sparse.csr_array(equations)
    least, most = tighten(sums, least, most)
    attained = np.ones(len(mask), dtype=bool)
    wanted = np.zeros(len(mask), dtype=bool)
    wanted[asked] = True
    for part in parts(sums, most > least):
        if wanted[part].any():
            reach = _Reach(sums, least, most, part, whole_tables=whole_tables)
            least[part], most[part], attained[part] = reach.solve(wanted[part])
    return Intervals(asked, least[asked], most[asked], attained[asked])


def tighten(equations: sparse.csr_array, lower: Numbers, upper: Numbers) -> tuple[Numbers, Numbers]:
    """The bounds after each sum has been used on its own, again and again.

    Cheap, and exact for whatever one sum after another gives away; never too narrow.

    Raises
    ------
    ContradictionError
        If a lower bound passes an upper one.
    """
    sums = sparse.csc_array(equations)
    row = sums.indices
    column = np.repeat(np.arange(sums.shape[1]), np.diff(sums.indptr))
    weight = sums.data
    low, high = np.ceil(lower - _SLACK), np.floor(upper + _SLACK)
    _refuse_crossed(low, high)
    for _ in range(_SWEEPS):
        small, large = np.where(
            weight > 0, (low[column], high[column]), (high[column], low[column])
        )
        small, large = small * weight, large * weight
        rest_small = _sum_of_others(row, small, sums.shape[0])
        rest_large = _sum_of_others(row, large, sums.shape[0])
        ends = -rest_large / weight, -rest_small / weight
        least = np.full(len(low), -np.inf)
        most = np.full(len(high), np.inf)
        np.maximum.at(least, column, np.where(weight > 0, ends[0], ends[1]))
        np.minimum.at(most, column, np.where(weight > 0, ends[1], ends[0]))
        new_low = np.maximum(low, np.ceil(least - _SLACK))
        new_high = np.minimum(high, np.floor(most + _SLACK))
        _refuse_crossed(new_low, new_high)
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high


def _sum_of_others(row: npt.NDArray[np.int32], terms: Numbers, rows: int) -> Numbers:
    """For each entry the sum of its row without itself, minus or plus infinity kept."""
    endless = np.isinf(terms)
    finite = np.where(endless, 0.0, terms)
    total = np.bincount(row, weights=finite, minlength=rows)
    infinities = np.bincount(row, weights=endless, minlength=rows)
    sign = np.sign(terms[endless][0]) if endless.any() else 1.0
    left = infinities[row] - endless
    return np.where(left > 0, sign * np.inf, total[row] - finite)


def _refuse_crossed(lower: Numbers, upper: Numbers) -> None:
    crossed = np.flatnonzero(lower > upper)
    if crossed.size:
        raise ContradictionError(
            "expected shown figures that add up, found no whole number for "
            f"{crossed.size} cell(s), first cell {crossed[0]}. Check the values and bounds."
        )


def parts(equations: sparse.csr_array, is_open: Mask) -> Iterator[Cells]:
    """The open cells in groups that share no sum, each group in order."""
    cells = np.flatnonzero(is_open)
    if not cells.size:
        return
    links = sparse.csr_array(equations[:, cells])
    links = sparse.csr_array((np.ones(links.nnz), links.indices, links.indptr), links.shape)
    graph = sparse.block_array([[None, links], [links.T, None]], format="csr")
    _, labels = csgraph.connected_components(graph, directed=False)
    groups = labels[links.shape[0] :]
    order = np.argsort(groups, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        yield cells[group]


class _Reach:
    """How far the cells of one part can go."""

    def __init__(
        self,
        equations: sparse.csr_array,
        lower: Numbers,
        upper: Numbers,
        cells: Cells,
        *,
        whole_tables: bool,
    ) -> None:
        known = np.where(upper > lower, 0.0, lower)
        touched = equations[:, cells]
        rows = np.flatnonzero(np.diff(sparse.csr_array(touched).indptr))
        self._matrix = sparse.csr_array(touched)[rows]
        self._rest = -np.asarray(equations[rows] @ known)
        self._lower, self._upper = lower[cells], upper[cells]
        self._whole_tables = whole_tables
        self._program = self._make(whole=False)
        self._whole: Program | None = None
        self._least = np.full(len(cells), np.inf)  # reached by whole tables found so far
        self._most = np.full(len(cells), -np.inf)

    def solve(self, wanted: Mask) -> tuple[Numbers, Numbers, Mask]:
        lower, upper = self._lower.copy(), self._upper.copy()
        attained = np.ones(len(lower), dtype=bool)
        self._see_together(wanted)
        for cell in np.flatnonzero(wanted):
            if self._least[cell] > lower[cell]:
                lower[cell], whole = self._end(cell, 1)
                attained[cell] &= whole
            if self._most[cell] < upper[cell]:
                end, whole = self._end(cell, -1)
                upper[cell] = -end
                attained[cell] &= whole
        return lower, upper, attained

    def _see_together(self, wanted: Mask) -> None:
        """Push many cells at once to their bounds, as long as each push settles a good part."""
        for sign in (1.0, -1.0):
            bound = self._lower if sign > 0 else self._upper
            while True:
                reached = self._least <= bound if sign > 0 else self._most >= bound
                left = wanted & ~reached & np.isfinite(bound)
                before = int(left.sum())
                if before < 8:
                    break
                self._program.set_cost(np.where(left, sign, 0.0))
                self._try(self._program)
                reached = self._least <= bound if sign > 0 else self._most >= bound
                if int((left & ~reached).sum()) > 0.8 * before:
                    break

    def _try(self, program: Program) -> tuple[float, bool]:
        found = program.minimise()
        if found is None:
            raise ContradictionError(
                "expected shown figures that add up, found no table that fits them all. "
                "Check the values and bounds."
            )
        if not np.isfinite(found.cost):
            return found.cost, True
        if found.is_whole:
            self._least = np.minimum(self._least, np.round(found.point))
            self._most = np.maximum(self._most, np.round(found.point))
        return found.cost, found.is_whole

    def _end(self, cell: np.intp, sign: float) -> tuple[float, bool]:
        """The least of `sign` times the cell, and whether a whole table reaches it."""
        cost = np.zeros(len(self._lower))
        cost[cell] = sign
        self._program.set_cost(cost)
        least, whole = self._try(self._program)
        outer = np.ceil(least - WHOLE)
        if whole or (self._least[cell] <= outer if sign > 0 else -self._most[cell] <= outer):
            return float(outer), True
        if not self._whole_tables:
            return float(outer), False
        if self._whole is None:
            self._whole = self._make(whole=True)
        self._whole.set_cost(cost)
        try:
            least, _ = self._try(self._whole)
        except UnsolvedError:
            return float(outer), False
        return float(np.round(least)), True

    def _make(self, *, whole: bool) -> Program:
        integer = np.ones(len(self._lower), dtype=bool) if whole else None
        rest = self._rest
        return Program(self._matrix, self._lower, self._upper, rest, rest, whole=integer)
