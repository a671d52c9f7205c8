"""The cheapest protection of a small part, proven: choose, attack, learn from the attack.

The chooser is an integer program that knows only the lessons so far, so its cost never
exceeds the optimum; the first choice that withstands the attack is therefore optimal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vrn_metrics.methods._linear import WHOLE, Numbers, Optimum, Program, UnsolvedError
from vrn_metrics.methods._problem import Problem, UnprotectableError
from vrn_metrics.methods.attack import Cells, Mask

_BOTH = (1.0, -1.0)  # the least and the greatest
_TINY = 1e-7  # a price below this is the solver's rounding error


@dataclass(frozen=True)
class Outcome:
    """The last choice, what no choice can cost less than, and tables that hide behind it.

    `is_safe` says that the last attack failed; the choice is then optimal.
    """

    hidden: Mask
    at_least: float
    is_safe: bool
    tables: tuple[Numbers, ...]


def solve(problem: Problem, *, rounds: int) -> Outcome:
    """The cells to hide at the least cost, or the best guess after so many rounds.

    Raises
    ------
    UnprotectableError
        If hiding all that may be hidden does not protect.
    """
    attacker = _Attacker(problem)
    chooser = _chooser(problem)
    hidden, at_least = problem.sensitive, 0.0
    try:
        attacker.refuse_unprotectable()
        for _ in range(rounds):
            choice = chooser.minimise()
            if choice is None:
                raise UnprotectableError(np.flatnonzero(problem.sensitive), is_proven=True)
            hidden, at_least = choice.point > 0.5, float(np.round(choice.cost))
            lessons = attacker.attack(hidden)
            if not lessons:
                return Outcome(hidden, at_least, True, attacker.tables(hidden))
            for gains, needed in lessons:
                _teach(chooser, problem, gains, needed)
    except UnsolvedError:
        pass  # too hard to prove: what was chosen last is still a good start
    return Outcome(hidden, at_least, False, attacker.tables(hidden))


def attack_all_hidden(problem: Problem, cells: Cells) -> tuple[Cells, tuple[Numbers, ...]]:
    """Which of these cells are exposed even when all that may be hidden is, and tables found.

    The tables take the other cells as far as the standard asks.

    Raises
    ------
    UnsolvedError
        If the solver gave up.
    """
    everything = problem.sensitive | problem.hideable
    attacker = _Attacker(problem)
    exposed = attacker.exposed(everything, cells)
    return np.array(exposed, dtype=np.intp), attacker.tables(everything)


def _chooser(problem: Problem) -> Program:
    """Which cells to hide, each 0 or 1, with sensitive ones 1.

    From the start it knows that a cell hidden alone in a sum of exact figures is not
    hidden: a choice that does so is unsafe, or pays for nothing.
    """
    can_hide = problem.sensitive | problem.hideable
    is_exact = problem.shown_lower == problem.shown_upper
    sums = problem.equations
    lines, columns, weights = [], [], []
    count = 0
    for row in range(sums.shape[0]):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        if not is_exact[cells].all():
            continue
        company = cells[can_hide[cells]]
        size = len(company)
        lines.append(np.repeat(np.arange(count, count + size), size))
        columns.append(np.tile(company, size))
        weights.append((1.0 - 2.0 * np.eye(size)).ravel())
        count += size
    entries = [np.concatenate(each) if each else np.empty(0) for each in (weights, lines, columns)]
    known = sparse.coo_array(
        (entries[0], (entries[1].astype(int), entries[2].astype(int))),
        shape=(count, len(problem.values)),
    )
    return Program(
        known,
        problem.sensitive.astype(float),
        can_hide.astype(float),
        np.zeros(count),
        np.full(count, np.inf),
        cost=np.where(problem.hideable, problem.cost, 0.0),
        whole=np.ones(len(problem.values), dtype=bool),
    )


def _teach(chooser: Program, problem: Problem, gains: Numbers, needed: float) -> None:
    """Demand that hiding gains what the attacked cell needs."""
    needed -= float(gains[problem.sensitive].sum())
    cells = np.flatnonzero(problem.hideable & (gains > 0))
    chooser.add_row(1.0, cells, np.minimum(gains[cells] / needed, 1.0))


class _Attacker:
    """Attacks choices for one part, and remembers every table found on the way."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rest = np.asarray(problem.equations @ problem.values)
        self._tables = [problem.values]
        lower, upper = problem.bounds(problem.sensitive)
        self._program = self._make(lower, upper, whole=False)

    def refuse_unprotectable(self) -> None:
        everything = self._problem.sensitive | self._problem.hideable
        exposed = self.exposed(everything, np.flatnonzero(self._problem.sensitive))
        if exposed:
            raise UnprotectableError(np.array(exposed), is_proven=True)

    def attack(self, hidden: Mask) -> list[tuple[Numbers, float]]:
        """What each success of the attack says: gains by cell, and how much is needed."""
        sensitive = np.flatnonzero(self._problem.sensitive)
        lessons = [self._lesson(cell) for cell in self.exposed(hidden, sensitive)]
        unlearned = (~hidden & self._problem.hideable).astype(float)
        # Exposed only because counts are whole: linear prices say nothing, but any safe
        # choice hides a cell that this one shows.
        return [lesson if _is_violated(lesson, hidden) else (unlearned, 1.0) for lesson in lessons]

    def tables(self, hidden: Mask) -> tuple[Numbers, ...]:
        """The tables found so far that nobody can tell from the true one."""
        lower, upper = self._problem.bounds(hidden)
        return tuple(each for each in self._tables if np.all((each >= lower) & (each <= upper)))

    def exposed(self, hidden: Mask, cells: Cells) -> list[int]:
        """Which of these sensitive cells can be narrowed below the standard."""
        fitting = self.tables(hidden)
        self._least, self._most = np.min(fitting, axis=0), np.max(fitting, axis=0)
        self._hidden, self._bounds = hidden, self._problem.bounds(hidden)
        self._ends: dict[tuple[int, float], Optimum] = {}
        self._whole: Program | None = None
        self._program.set_bounds(*self._bounds)
        return [int(each) for each in cells if self._is_exposed(int(each))]

    def _is_exposed(self, cell: int) -> bool:
        """Whether no tables of whole numbers take the cell as far as the standard asks."""
        for sign in _BOTH:
            if self._is_safe(cell):
                return False
            self._end(cell, sign)
        low, high = (sign * self._ends[cell, sign].cost for sign in _BOTH)
        outer = np.ceil([low - WHOLE]), np.floor([high + WHOLE])
        if self._is_safe(cell):
            return False
        if not self._problem.standard.met_by(*outer)[0]:
            return True
        for sign in _BOTH:  # fractions would protect it: do whole numbers?
            self._whole_end(cell, sign)
            if self._is_safe(cell):
                return False
        return True

    def _end(self, cell: int, sign: float) -> Optimum:
        """How far the cell goes, in fractions if need be; computed once for each choice."""
        if (cell, sign) not in self._ends:
            cost = np.zeros(len(self._hidden))
            cost[cell] = sign
            self._program.set_cost(cost)
            found = self._ends[cell, sign] = self._optimum(self._program)
            if np.isfinite(found.cost) and found.is_whole:
                self._remember(found.point)
        return self._ends[cell, sign]

    def _whole_end(self, cell: int, sign: float) -> None:
        """Remember a table of whole numbers as far out as the standard can ask for."""
        if self._whole is None:
            self._whole = self._make(*self._bounds, whole=True)
        lower, upper = self._bounds[0].copy(), self._bounds[1].copy()
        standard, value = self._problem.standard, self._problem.values[cell]
        if sign > 0:
            goal = value if standard.lowest is None else standard.lowest
            lower[cell] = max(lower[cell], min(goal, value - standard.width))
        else:
            goal = value if standard.highest is None else standard.highest
            upper[cell] = min(upper[cell], max(goal, value + standard.width))
        cost = np.zeros(len(lower))
        cost[cell] = sign
        self._whole.set_bounds(lower, upper)
        self._whole.set_cost(cost)
        self._remember(self._optimum(self._whole).point)

    @staticmethod
    def _optimum(program: Program) -> Optimum:
        found = program.minimise()
        if found is None:
            raise UnsolvedError("the true table does not fit its own bounds")
        return found

    def _is_safe(self, cell: int) -> bool:
        here = slice(cell, cell + 1)
        return bool(self._problem.standard.met_by(self._least[here], self._most[here])[0])

    def _remember(self, point: Numbers) -> None:
        table = np.round(point)
        self._tables.append(table)
        self._least = np.minimum(self._least, table)
        self._most = np.maximum(self._most, table)

    def _lesson(self, cell: int) -> tuple[Numbers, float]:
        """The attack's dual: an upper bound on the interval, linear in what is hidden."""
        standard = self._problem.standard
        low, high = self._reach(cell, 1.0), self._reach(cell, -1.0)
        wishes = [(low[0] + high[0], standard.width - low[1] - high[1])]
        if standard.lowest is not None:
            wishes.append((low[0], -standard.lowest - low[1]))
        if standard.highest is not None:
            wishes.append((high[0], standard.highest - high[1]))
        return max(wishes, key=lambda wish: wish[1] - float(wish[0][self._hidden].sum()))

    def _reach(self, cell: int, sign: float) -> tuple[Numbers, float]:
        """How far the cell goes against `sign`: gain by hidden cell, and with none hidden."""
        problem = self._problem
        cost = np.zeros(len(problem.values))
        cost[cell] = sign
        found = self._end(cell, sign)
        if not np.isfinite(found.cost):
            return np.full(len(cost), np.inf), 0.0
        prices = cost - problem.equations.T @ found.prices
        up, down = np.maximum(prices, 0.0), np.maximum(-prices, 0.0)
        up[up < _TINY], down[down < _TINY] = 0.0, 0.0
        with np.errstate(invalid="ignore"):  # no limit less no limit, which has no price
            gains = _worth(up, problem.shown_lower - problem.hidden_lower)
            gains += _worth(down, problem.hidden_upper - problem.shown_upper)
        base = -float(found.prices @ self._rest)
        base += float((_worth(down, problem.shown_upper) - _worth(up, problem.shown_lower)).sum())
        gains[~(problem.sensitive | problem.hideable)] = 0.0
        return gains, base

    def _make(self, lower: Numbers, upper: Numbers, *, whole: bool) -> Program:
        integer = np.ones(len(lower), dtype=bool) if whole else None
        return Program(self._problem.equations, lower, upper, self._rest, self._rest, whole=integer)


def _worth(prices: Numbers, amounts: Numbers) -> Numbers:
    """Prices times amounts, where no price times no limit is nothing."""
    return np.multiply(prices, amounts, out=np.zeros(len(prices)), where=prices > 0)


def _is_violated(lesson: tuple[Numbers, float], hidden: Mask) -> bool:
    gains, needed = lesson
    return float(gains[hidden].sum()) < needed - WHOLE
