"""Protection of a large part: move one sensitive cell after another, hide what must move too.

A move is a change of the true table by whole numbers that leaves every sum as it is. If it
takes a sensitive cell as far as the standard asks and all that it changes is hidden (or
stays within its rounding), then nobody can tell the two tables apart: the move is the proof
of safety, and it stays one when more is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vrn_metrics.methods._linear import WHOLE, Numbers, Program, UnsolvedError
from vrn_metrics.methods._optimum import attack_all_hidden
from vrn_metrics.methods._problem import Problem, UnprotectableError
from vrn_metrics.methods.attack import Cells, Mask, tighten

Tell = Callable[[float], None]

_FREE = 1  # cost of moving a hidden cell by one: little, so that moves stay short
_PAID = 1_000  # cost of moving the dearest further cell by one, which hides it
_DIVES = 60  # steps made whole one after another where a move comes out in fractions
_QUICK_DIVES = 8  # the same for a proof with less hidden, without which a cell stays hidden
_QUICK_PIVOTS = 800  # of a search for such a proof: longer ones seldom end well
_PRUNINGS = 1_200  # further cells that are tried to be shown again at the end
_FINDING = 0.2  # share of the time until all is safe; the rest goes into showing again


def solve(
    problem: Problem, hidden: Mask, tables: Iterable[Numbers] = (), tell: Tell = lambda _: None
) -> Mask:
    """The cells to hide, safe but not proven cheapest.

    Parameters
    ----------
    problem
        The part.
    hidden
        What is hidden to begin with.
    tables
        Whole tables that fit what is then shown, as far as any are known.
    tell
        Is told the share that is done, from time to time.

    Raises
    ------
    UnprotectableError
        If no move was found that takes a sensitive cell far enough.
    """
    search = _Search(problem, hidden | problem.sensitive)
    for table in tables:
        search.learn(table)
    search.protect(lambda share: tell(_FINDING * share))
    search.prune(lambda share: tell(_FINDING + (1 - _FINDING) * share))
    return search.hidden


@dataclass(frozen=True)
class _Move:
    """Where the true table changes, and what it comes to there."""

    cells: Cells
    ends: Numbers

    def keeps(self, cell: int, low: float, high: float) -> bool:
        """Whether it leaves the cell within these bounds, which hold the true value."""
        place = np.searchsorted(self.cells, cell)
        if place == len(self.cells) or self.cells[place] != cell:
            return True
        return bool(low <= self.ends[place] <= high)


@dataclass(frozen=True)
class _Wish:
    """To move a cell up (1) or down (-1) so far; without it no standard is met if `is_needed`."""

    sign: float
    far: float
    is_needed: bool


class _Search:
    """What is hidden so far, and the moves that prove it safe."""

    def __init__(self, problem: Problem, hidden: Mask) -> None:
        self.hidden = hidden.copy()
        self._problem = problem
        self._sensitive = np.flatnonzero(problem.sensitive)
        self._mover = _Mover(problem, self.hidden, problem.hideable)
        self._failures = np.zeros(len(hidden), dtype=int)
        self._moves: list[_Move] = []
        self._least, self._most = problem.values.copy(), problem.values.copy()

    def learn(self, table: Numbers) -> None:
        """Take a table that is known to fit what is shown, or would with more hidden."""
        cells = np.flatnonzero(table != self._problem.values)
        self._take(_Move(cells, table[cells]))

    def protect(self, tell: Tell) -> None:
        """Hide, sensitive cell by sensitive cell, what its cheapest moves change."""
        values = self._problem.values[self._sensitive]
        order = self._sensitive[np.argsort(values, kind="stable")]
        for place, cell in enumerate(order):
            self._prove(int(cell))
            tell(place / len(order))
        unproven = self._unsafe()
        if not unproven.size:
            return
        try:
            exposed, tables = attack_all_hidden(self._problem, unproven)
        except UnsolvedError:
            raise UnprotectableError(unproven, is_proven=False) from None
        if exposed.size:
            raise UnprotectableError(exposed, is_proven=True)
        for cell in unproven:
            for table in tables:
                if not self._is_safe(cell) and table[cell] != self._problem.values[cell]:
                    self.learn(table)

    def prune(self, tell: Tell) -> None:
        """Show again, dearest first, what no proof needs once others are found."""
        extra = np.flatnonzero(self.hidden & ~self._problem.sensitive)
        extra = extra[np.argsort(-self._problem.cost[extra], kind="stable")][:_PRUNINGS]
        self._mover = _Mover(self._problem, self.hidden, self.hidden & self._problem.hideable)
        self._mover.be_quick()
        for place, cell in enumerate(extra):
            self._try_to_show(int(cell))
            tell(place / len(extra))

    def _try_to_show(self, cell: int) -> None:
        """Show the cell again if every sensitive cell it proved can be proved without it."""
        self.hidden[cell] = False
        if self._is_plainly_exposed():
            self.hidden[cell] = True
            return
        low, high = self._problem.shown_lower[cell], self._problem.shown_upper[cell]
        lost = [move for move in self._moves if not move.keeps(cell, low, high)]
        self._trust([move for move in self._moves if move.keeps(cell, low, high)])
        self._mover.show(cell)
        shaken = self._unsafe()
        for other in shaken[np.argsort(-self._failures[shaken], kind="stable")]:
            if not self._prove(int(other)):
                self._failures[other] += 1
                self.hidden[cell] = True
                self._mover.hide(cell)
                self._trust([*self._moves, *lost])  # what was found meanwhile stays true
                return

    def _is_plainly_exposed(self) -> bool:
        """Whether one sum after another gives a sensitive cell away: quick to see."""
        value = self._problem.values
        lower, upper = self._problem.bounds(self.hidden)
        fall, rise = tighten(self._problem.equations, lower - value, upper - value)
        reach = (value + fall)[self._sensitive], (value + rise)[self._sensitive]
        return not self._problem.standard.met_by(*reach).all()

    def _prove(self, cell: int) -> bool:
        """Find moves until the cell meets the standard; whether it does."""
        for wish in self._wishes(cell):
            if self._is_safe(cell):
                return True
            value = self._problem.values[cell]
            gone = self._most[cell] - value if wish.sign > 0 else value - self._least[cell]
            if gone >= wish.far:
                continue
            move = self._mover.move(cell, wish.sign, wish.far)
            if move is not None:
                self._take(move)
            elif wish.is_needed:
                return False
        return self._is_safe(cell)

    def _wishes(self, cell: int) -> list[_Wish]:
        """Directions to move in and how far from the true value, the likelier first."""
        standard, value = self._problem.standard, self._problem.values[cell]
        wishes = []
        if standard.highest is not None:
            wishes.append(_Wish(1.0, standard.highest - value, is_needed=True))
        if standard.lowest is not None:
            wishes.append(_Wish(-1.0, value - standard.lowest, is_needed=True))
        up = min(standard.width, self._problem.hidden_upper[cell] - value)
        down = min(standard.width, value - self._problem.hidden_lower[cell])
        for sign, far in ((1.0, up), (-1.0, standard.width - up), (-1.0, down)):
            wishes.append(_Wish(sign, far, is_needed=False))
        return [wish for wish in wishes if wish.far > 0]

    def _is_safe(self, cell: int) -> bool:
        here = slice(cell, cell + 1)
        return bool(self._problem.standard.met_by(self._least[here], self._most[here])[0])

    def _unsafe(self) -> Cells:
        """The sensitive cells that no moves prove safe."""
        reach = self._least[self._sensitive], self._most[self._sensitive]
        return self._sensitive[~self._problem.standard.met_by(*reach)]

    def _take(self, move: _Move) -> None:
        """Hide what the move takes out of what is known of it, and note how far cells went."""
        low, high = (bound[move.cells] for bound in self._problem.bounds(self.hidden))
        for cell in move.cells[(move.ends < low) | (move.ends > high)]:
            self.hidden[cell] = True
            self._mover.hide(int(cell))
        self._moves.append(move)
        self._least[move.cells] = np.minimum(self._least[move.cells], move.ends)
        self._most[move.cells] = np.maximum(self._most[move.cells], move.ends)

    def _trust(self, moves: Sequence[_Move]) -> None:
        """Let these be all the moves there are."""
        self._moves = list(moves)
        self._least, self._most = self._problem.values.copy(), self._problem.values.copy()
        if moves:
            cells = np.concatenate([move.cells for move in moves])
            ends = np.concatenate([move.ends for move in moves])
            np.minimum.at(self._least, cells, ends)
            np.maximum.at(self._most, cells, ends)


class _Mover:
    """Looks for the cheapest move of a cell; one linear program, of which only bounds change.

    Each cell has a step up and a step down within what is known of it while it is shown,
    and two more, which have their price, beyond that. Every search starts from no step at
    all, so that an answer does not hang on what was asked before.

    Parameters
    ----------
    problem
        The part.
    hidden
        What is hidden to begin with.
    candidates
        What may be hidden, or is and may be shown again.
    """

    def __init__(self, problem: Problem, hidden: Mask, candidates: Mask) -> None:
        self._values = problem.values
        self._dives = _DIVES
        size = len(problem.values)
        low, high = problem.bounds(problem.sensitive)
        limits = [high - problem.values, problem.values - low, np.zeros(size), np.zeros(size)]
        limits[2][candidates] = _beyond(problem.hidden_upper[candidates], high[candidates])
        limits[3][candidates] = _beyond(low[candidates], problem.hidden_lower[candidates])
        limit = np.concatenate(limits)
        keep = limit > 0
        places = np.full(4 * size, -1)
        places[keep] = np.arange(keep.sum())
        self._up, self._down, *self._further = places.reshape(4, size)
        self._cell = np.tile(np.arange(size), 4)[keep]
        self._sense = np.tile(np.repeat([1.0, -1.0], size), 2)[keep]
        self._limit, self._most = limit[keep], limit[keep]
        self._price = np.ceil(_PAID * problem.cost / problem.cost.max()) + _FREE
        is_paid = (np.arange(4 * size) >= 2 * size)[keep] & ~hidden[self._cell]
        steps = sparse.csc_array(problem.equations)[:, self._cell].multiply(self._sense)
        still = np.zeros(steps.shape[0])
        self._program = Program(
            sparse.csc_array(steps),
            np.zeros(len(self._limit)),
            self._limit,
            still,
            still,
            cost=np.where(is_paid, self._price[self._cell], float(_FREE)),
            perturbed=False,
        )

    def be_quick(self) -> None:
        """Rather find no move from now on than search long."""
        self._program.give_up_after(_QUICK_PIVOTS)
        self._dives = _QUICK_DIVES

    def hide(self, cell: int) -> None:
        """Let the cell move for as little as a hidden one."""
        for place in self._beyond_shown(cell):
            self._limit[place] = self._most[place]
            self._program.set_bound(place, 0.0, self._limit[place])
            self._program.set_cost_of(place, _FREE)

    def show(self, cell: int) -> None:
        """Let the cell move no further than what is shown of it."""
        for place in self._beyond_shown(cell):
            self._limit[place] = 0.0
            self._program.set_bound(place, 0.0, 0.0)

    def move(self, cell: int, sign: float, far: float) -> _Move | None:
        """The cheapest move that takes the cell as far as that, or nearly; `None` if none is found.

        Fractions are made whole one after another, so that it may be a little dearer.
        """
        own, back = int(self._up[cell]), int(self._down[cell])
        if sign < 0:
            own, back = back, own
        if own < 0 or self._limit[own] < far:
            return None
        bounds = [(own, far, self._limit[own])]
        if back >= 0:
            bounds.append((back, 0.0, 0.0))
        steps = self._whole_steps(bounds)
        if steps is None:
            return None
        change = np.bincount(self._cell, steps * self._sense, minlength=len(self._values))
        cells = np.flatnonzero(change)
        return _Move(cells, self._values[cells] + change[cells])

    def _whole_steps(self, bounds: list[tuple[int, float, float]]) -> Numbers | None:
        self._program.restart()
        for each in bounds:
            self._program.set_bound(*each)
        try:
            for _ in range(self._dives + 1):
                found = self._program.minimise()
                if found is None:
                    return None
                if found.is_whole:
                    return np.round(found.point)
                is_part = np.abs(found.point - np.round(found.point)) >= WHOLE
                place = int(np.argmax(is_part))
                bounds.append((place, float(np.ceil(found.point[place])), self._limit[place]))
                self._program.set_bound(*bounds[-1])
            return None
        except UnsolvedError:
            return None
        finally:
            for place, _, _ in bounds:
                self._program.set_bound(place, 0.0, self._limit[place])

    def _beyond_shown(self, cell: int) -> list[int]:
        return [int(places[cell]) for places in self._further if places[cell] >= 0]


def _beyond(outer: Numbers, inner: Numbers) -> Numbers:
    """How much the outer bounds add to the inner ones; nothing to one that is infinite."""
    further = np.zeros(len(outer))
    return np.subtract(outer, inner, out=further, where=np.isfinite(inner) & (outer > inner))
