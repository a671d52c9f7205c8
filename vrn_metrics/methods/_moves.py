"""Protection of a large part: move one sensitive cell after another, hide what must move too.

A move is a change of the true table by whole numbers that leaves every sum as it is. If it
takes a sensitive cell as far as the standard asks and all that it changes is hidden (or
stays within its rounding), then nobody can tell the two tables apart: the move is the proof
of safety, and it stays one when more is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from vrn_metrics.methods._linear import WHOLE, Numbers, Program, UnsolvedError
from vrn_metrics.methods._problem import Problem, UnprotectableError
from vrn_metrics.methods.attack import Cells, Mask

_REGIONS = (500, 4_000)  # cells looked at around a sensitive one before all are
_FREE = 1  # cost of moving a hidden cell by one: little, so that moves stay short
_PAID = 1_000  # cost of hiding the dearest further cell, spread over the move
_GAP = 0.2  # a move a fifth dearer than the cheapest will do where whole numbers are hard
_NODES = 200  # of the search for it
_WHOLE_UP_TO = 2_000  # steps among which whole numbers are looked for
_PRUNINGS = 400  # further cells that are tried to be shown again at the end


def solve(problem: Problem, hidden: Mask, tables: Iterable[Numbers] = ()) -> Mask:
    """The cells to hide, safe but not proven cheapest.

    Parameters
    ----------
    problem
        The part.
    hidden
        What is hidden to begin with.
    tables
        Whole tables that fit what is then shown, as far as any are known.

    Raises
    ------
    UnprotectableError
        If no move was found that takes a sensitive cell far enough.
    """
    search = _Search(problem, hidden | problem.sensitive)
    for table in tables:
        search.learn(table)
    order = np.flatnonzero(problem.sensitive)
    order = order[np.argsort(-problem.values[order], kind="stable")]
    failed = [int(cell) for cell in order if not search.protect(int(cell))]
    if failed:
        raise UnprotectableError(np.array(failed), is_proven=False)
    search.prune()
    return search.hidden


@dataclass(frozen=True)
class _Move:
    """Where the true table changes, and by how much."""

    cells: Cells
    steps: Numbers


@dataclass
class _Search:
    """What is hidden so far, and the moves that prove it safe."""

    problem: Problem
    hidden: Mask
    least: Numbers = field(init=False)
    most: Numbers = field(init=False)
    proofs: dict[int, tuple[_Move, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.least = self.problem.values.copy()
        self.most = self.problem.values.copy()
        self._by_row = self.problem.equations
        self._by_cell = sparse.csc_array(self.problem.equations)
        self._price = np.ceil(_PAID * self.problem.cost / self.problem.cost.max())

    def protect(self, cell: int, *, free: bool = False) -> bool:
        """Find moves until the cell meets the standard; whether it does.

        `free` allows no further hiding.
        """
        for sign, far in self._wishes(cell):
            if self.is_safe(cell):
                return True
            move = self._move(cell, sign, far, free=free)
            if move is not None:
                self._take(move)
        return self.is_safe(cell)

    def learn(self, table: Numbers) -> None:
        """Take a table that is known to fit what is shown as a move."""
        steps = table - self.problem.values
        cells = np.flatnonzero(steps)
        self._take(_Move(cells, steps[cells]))

    def is_safe(self, cell: int) -> bool:
        here = slice(cell, cell + 1)
        return bool(self.problem.standard.met_by(self.least[here], self.most[here])[0])

    def prune(self) -> None:
        """Show again, dearest first, what no proof needs once others are found."""
        extra = np.flatnonzero(self.hidden & ~self.problem.sensitive)
        extra = extra[np.argsort(-self.problem.cost[extra], kind="stable")]
        for cell in extra[:_PRUNINGS]:
            self._try_to_show(int(cell))

    def _wishes(self, cell: int) -> list[tuple[float, float]]:
        """Directions to move in and how far from the true value, the likelier first."""
        standard, value = self.problem.standard, self.problem.values[cell]
        wishes = []
        if standard.highest is not None:
            wishes.append((1.0, standard.highest - value))
        if standard.lowest is not None:
            wishes.append((-1.0, value - standard.lowest))
        up = min(standard.width, self.problem.hidden_upper[cell] - value)
        down = min(standard.width, value - self.problem.hidden_lower[cell])
        wishes += [(1.0, up), (-1.0, standard.width - up), (-1.0, down)]
        return [(sign, far) for sign, far in wishes if far > 0]

    def _move(self, cell: int, sign: float, far: float, *, free: bool) -> _Move | None:
        """The cheapest move that takes the cell as far as that."""
        size = 0
        for limit in (*_REGIONS, len(self.hidden)):
            region = self._region(cell, limit, free=free)
            if len(region) <= size:
                break
            size = len(region)
            move = self._move_within(region, cell, sign, far, free=free)
            if move is not None:
                return move
        return None

    def _region(self, cell: int, limit: int, *, free: bool) -> Cells:
        """Cells that may move, nearest first by shared sums, hidden before shown."""
        problem = self.problem
        loose = self.hidden | (problem.shown_upper > problem.shown_lower)
        open_ = loose if free else loose | problem.hideable
        inside = np.zeros(len(open_), dtype=bool)
        inside[cell] = True
        edge = np.array([cell], dtype=np.intp)
        count = 1
        while edge.size and count < limit:
            rows = np.unique(_entries(self._by_cell, edge))
            near = np.unique(_entries(self._by_row, rows))
            near = near[open_[near] & ~inside[near]]
            if len(near) > limit - count:
                rank = np.lexsort((self._price[near], ~loose[near]))
                near = near[rank[: limit - count]]
            inside[near] = True
            count += len(near)
            edge = near
        return np.flatnonzero(inside)

    def _move_within(
        self, region: Cells, cell: int, sign: float, far: float, *, free: bool
    ) -> _Move | None:
        problem = self.problem
        value = problem.values[region]
        low, high = (bound[region] for bound in problem.bounds(self.hidden))
        ends = [high - value, value - low]  # what a cell can move up and down unnoticed
        signs = [np.ones(len(region)), -np.ones(len(region))]
        costs = [np.full(len(region), float(_FREE))] * 2
        cells = [np.arange(len(region))] * 2
        payable = np.flatnonzero(problem.hideable[region] & ~self.hidden[region])
        if payable.size and not free:
            price = np.ceil(self._price[region[payable]] / far) + _FREE
            ends += [problem.hidden_upper[region[payable]] - high[payable]]
            ends += [low[payable] - problem.hidden_lower[region[payable]]]
            signs += [np.ones(len(payable)), -np.ones(len(payable))]
            costs += [price] * 2
            cells += [payable] * 2
        which, sense = np.concatenate(cells), np.concatenate(signs)
        limit, cost = np.concatenate(ends), np.concatenate(costs)
        own = region[which] == cell
        floor = np.zeros(len(which))
        limit[own & (sense != sign)] = 0.0
        start = np.flatnonzero(own & (sense == sign))[0]
        if limit[start] < far:
            return None
        floor[start] = far
        keep = limit > 0
        columns = self._by_cell[:, region[which[keep]]]
        rows = np.unique(columns.indices)
        matrix = sparse.csr_array(columns)[rows].multiply(sense[keep])
        steps = _cheapest(sparse.csr_array(matrix), floor[keep], limit[keep], cost[keep])
        if steps is None:
            return None
        change = np.bincount(which[keep], weights=steps * sense[keep], minlength=len(region))
        moved = np.flatnonzero(change)
        return _Move(region[moved], change[moved].astype(float))

    def _take(self, move: _Move) -> None:
        """Hide what the move takes out of what is known of it, and note how far cells went."""
        there = self.problem.values[move.cells] + move.steps
        low, high = (bound[move.cells] for bound in self.problem.bounds(self.hidden))
        self.hidden[move.cells[(there < low) | (there > high)]] = True
        for cell, end in zip(move.cells, there, strict=True):
            if self.problem.sensitive[cell] and not (self.least[cell] <= end <= self.most[cell]):
                self.proofs[int(cell)] = (*self.proofs.get(int(cell), ()), move)
        self.least[move.cells] = np.minimum(self.least[move.cells], there)
        self.most[move.cells] = np.maximum(self.most[move.cells], there)

    def _try_to_show(self, cell: int) -> None:
        """Show the cell again if every sensitive cell it proved can be proved without it."""
        before = self.hidden.copy(), self.least.copy(), self.most.copy(), dict(self.proofs)
        self.hidden[cell] = False
        bounds = self.problem.shown_lower[cell], self.problem.shown_upper[cell]
        shaken = []
        for other, moves in self.proofs.items():
            kept = tuple(move for move in moves if self._fits(move, cell, bounds))
            if len(kept) < len(moves):
                shaken.append(other)
                self._restate(other, kept)
        if not all(self.protect(other, free=True) for other in shaken):
            self.hidden, self.least, self.most, self.proofs = before

    def _fits(self, move: _Move, cell: int, bounds: tuple[float, float]) -> bool:
        place = np.searchsorted(move.cells, cell)
        if place == len(move.cells) or move.cells[place] != cell:
            return True
        return bool(bounds[0] <= self.problem.values[cell] + move.steps[place] <= bounds[1])

    def _restate(self, cell: int, moves: tuple[_Move, ...]) -> None:
        value = self.problem.values[cell]
        ends = [value]
        ends += [value + move.steps[np.searchsorted(move.cells, cell)] for move in moves]
        self.least[cell], self.most[cell] = min(ends), max(ends)
        self.proofs = {**self.proofs, cell: moves}


def _cheapest(
    matrix: sparse.csr_array, floor: Numbers, limit: Numbers, cost: Numbers
) -> Numbers | None:
    """The cheapest whole steps that leave every sum as it is, or nearly the cheapest.

    In fractions first, which mostly come out whole. Where they do not, whole numbers are
    looked for among the cells that the fractions move and what is free beside them, and
    then among all, unless these are too many.
    """
    still = np.zeros(matrix.shape[0])
    found = Program(matrix, floor, limit, still, still, cost=cost).minimise()
    if found is None or found.is_whole:
        return None if found is None else np.round(found.point)
    moved = found.point > WHOLE
    sums = np.unique(sparse.csc_array(matrix)[:, moved].indices)
    free = cost <= _FREE
    near = moved | (free & (abs(matrix[sums]).sum(axis=0) > 0))
    for columns in (near, np.ones_like(near)):
        if columns.sum() > _WHOLE_UP_TO:
            break
        part = sparse.csc_array(matrix)[:, columns]
        bounds = floor[columns], limit[columns]
        whole = np.ones(part.shape[1], dtype=bool)
        program = Program(
            part, *bounds, still, still, cost=cost[columns], whole=whole, gap=_GAP, nodes=_NODES
        )
        try:
            found = program.minimise()
        except UnsolvedError:
            continue
        if found is not None:
            steps = np.zeros(len(cost))
            steps[columns] = np.round(found.point)
            return steps
    return None


def _entries(matrix: sparse.csr_array | sparse.csc_array, lines: npt.NDArray[np.integer]) -> Cells:
    """The indices stored in these rows of a CSR, or columns of a CSC, array."""
    starts, stops = matrix.indptr[lines], matrix.indptr[lines + 1]
    lengths = stops - starts
    offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.asarray(matrix.indices[offsets + np.arange(lengths.sum())], dtype=np.intp)
