"""Which further cells must be hidden so that the small ones cannot be worked out.

Hiding the small counts alone protects nothing where totals are shown. `protect` chooses
the complementary suppressions that lose the least, and gives no answer that it has not
attacked: every sensitive cell it calls safe has other whole tables beside the true one
that fit everything shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods import _moves, _optimum
from vrn_metrics.methods._linear import Numbers
from vrn_metrics.methods._problem import Problem, Standard, UnprotectableError
from vrn_metrics.methods.attack import Cells, Mask, parts

NOT_EXACT = Standard(width=1)
"""No sensitive cell can be worked out exactly."""

EFFORT = 30_000_000
"""How long the optimum is looked for: rounds of choosing and attacking, times cells squared."""


class ProtectionError(VrnMetricsError):
    """A table that cannot be protected, or figures that are no table."""


def beyond_small(hidden_up_to: int) -> Standard:
    """Nobody can be sure that a sensitive cell is small: it might be above the threshold."""
    return Standard(width=1, highest=hidden_up_to + 1)


def whole_range(lowest: int, highest: int) -> Standard:
    """Nothing can be worked out beyond what the star says: it might be any of its values."""
    return Standard(width=max(1, highest - lowest), lowest=lowest, highest=highest)


@dataclass(frozen=True)
class Protected:
    """Which cells to hide.

    `cost` is what hiding `complements` costs, and `at_least` what any choice that protects
    the table costs, so far as it was proven. The choice is safe in any case.
    """

    hidden: Mask
    complements: Cells
    cost: float
    at_least: float

    @property
    def is_optimal(self) -> bool:
        """Whether it is proven that no cheaper choice protects the table."""
        return self.cost <= self.at_least


def protect(
    values: npt.ArrayLike,
    sensitive: npt.ArrayLike,
    equations: sparse.sparray,
    *,
    standard: Standard = NOT_EXACT,
    may_hide: npt.ArrayLike = True,
    hide_zeros: bool = True,
    lower: npt.ArrayLike = 0,
    upper: npt.ArrayLike = np.inf,
    shown_lower: npt.ArrayLike | None = None,
    shown_upper: npt.ArrayLike | None = None,
    cost: npt.ArrayLike | None = None,
    effort: int = EFFORT,
    progress: Callable[[float], None] | None = None,
) -> Protected:
    """The cells to hide so that no sensitive cell can be narrowed below the standard.

    Parameters
    ----------
    values
        The true table: whole numbers that satisfy the equations.
    sensitive
        Which cells must be protected; they are hidden in any case.
    equations
        One row a sum among cells that comes to zero (`cube.equations_of`).
    standard
        How wide the attainable interval of each sensitive cell must stay.
    may_hide
        Which other cells may be hidden; totals that are public elsewhere may not.
    hide_zeros
        Whether a zero may be hidden. Where zeros may be, far fewer cells are lost.
    lower, upper
        What is known of a cell once it is hidden: what its mark says.
    shown_lower, shown_upper
        What is known of a cell that is shown: its value by default, the bounds of its
        rounding if it is rounded.
    cost
        What hiding a cell loses, a positive whole number; by default the fewest cells, and
        among those the smallest sum of counts.
    effort
        How long the optimum is looked for in each part of the table: rounds of choosing
        and attacking, times the square of the part's cells. 0 does not look for it, which
        is for thousands of cells in one part; else there is one round at least.
    progress
        Is told the share that is done, from 0 to 1, from time to time.

    Returns
    -------
    Protected
        The same for the same input, on any machine.

    Raises
    ------
    ProtectionError
        If a sensitive cell stays exposed even when all that may be hidden is (a table of
        one row with its total shown), or no protection was found in a very large part.
        The message names the cells. Hide totals too (`may_hide`), or ask for a coarser
        table.

    Notes
    -----
    The optimum is the bilevel program of Fischetti and Salazar-González (*Management
    Science* 47, 2001) by cuts: choose, attack, and add to the choice the dual of every
    attack that succeeds. In a part where that does not end in time, the last choice is
    repaired: one sensitive cell after another takes the cheapest change of the table that
    moves it and fits what is shown (Kelly, Golden and Assad, *Networks* 22, 1992), what
    that change touches is hidden, and at the end what turns out not to be needed is shown
    again.

    Two limits. The attacker is taken to know what is shown and what each mark means, not
    the algorithm. And each sensitive cell is protected on its own: sums of sensitive
    cells that are a total of their own must be cells of the table to be protected.

    Examples
    --------
    A total of 70 and five districts of which one is small: a second one has to be hidden.

    >>> total = sparse.csr_array([[1.0, -1, -1, -1, -1, -1]])
    >>> protect([70, 31, 12, 9, 3, 15], [0, 0, 0, 0, 1, 0], total,
    ...         may_hide=[0, 1, 1, 1, 1, 1]).complements.tolist()
    [3]
    """
    problem = _read(
        values, sensitive, equations, standard, lower, upper, shown_lower, shown_upper, cost
    )
    hideable = np.broadcast_to(np.asarray(may_hide, dtype=bool), problem.values.shape)
    hideable = hideable & (hide_zeros | (problem.values != 0)) & ~problem.sensitive
    hideable &= (problem.hidden_lower <= problem.shown_lower) & (
        problem.shown_upper <= problem.hidden_upper
    )
    problem = replace(problem, hideable=hideable)

    hidden = problem.sensitive.copy()
    at_least = 0.0
    exposed: list[int] = []
    is_proven = True
    done, total = 0, max(1, int(problem.sensitive.sum()))
    tell = progress if progress is not None else _tell_nobody
    for part in parts(problem.equations, problem.can_move()):
        piece = problem.part(part)
        size = int(piece.sensitive.sum())
        if not size:
            continue

        def tell_of_part(share: float, before: int = done, size: int = size) -> None:
            tell((before + share * size) / total)

        try:
            chosen, bound = _protect_part(piece, effort, tell_of_part)
        except UnprotectableError as failure:
            exposed += [int(part[cell]) for cell in failure.cells]
            is_proven &= failure.is_proven
            continue
        finally:
            done += size
        hidden[part] |= chosen
        at_least += bound
    if exposed:
        raise _unprotectable(exposed, is_proven=is_proven)
    tell(1.0)
    complements = np.flatnonzero(hidden & ~problem.sensitive)
    return Protected(hidden, complements, float(problem.cost[complements].sum()), at_least)


def _protect_part(piece: Problem, effort: int, tell: Callable[[float], None]) -> tuple[Mask, float]:
    """What to hide in one part, and what any protection of it costs at least."""
    if not effort:
        return _moves.solve(piece, piece.sensitive, tell=tell), 0.0
    found = _optimum.solve(piece, rounds=max(1, effort // len(piece.values) ** 2))
    if found.is_safe:
        return found.hidden, found.at_least
    return _moves.solve(piece, found.hidden, found.tables, tell), found.at_least


def _tell_nobody(share: float) -> None:
    """Nobody asked for progress."""


def _read(
    values: npt.ArrayLike,
    sensitive: npt.ArrayLike,
    equations: sparse.sparray,
    standard: Standard,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    shown_lower: npt.ArrayLike | None,
    shown_upper: npt.ArrayLike | None,
    cost: npt.ArrayLike | None,
) -> Problem:
    table = np.asarray(values, dtype=float)
    sums = sparse.csr_array(equations)
    if not np.all(np.isfinite(table)) or np.any(table != np.round(table)):
        raise ProtectionError("expected whole numbers to protect, found others or none.")
    if off := int(np.count_nonzero(np.abs(sums @ table) > 0.5)):
        raise ProtectionError(
            f"expected a table that adds up, found {off} total(s) that differ from their parts. "
            "Leave out these sums, or protect the figures they are made of."
        )

    def spread(bound: npt.ArrayLike | None, default: Numbers) -> Numbers:
        given = default if bound is None else np.asarray(bound, dtype=float)
        return np.broadcast_to(given, table.shape).astype(float)

    problem = Problem(
        values=table,
        equations=sums,
        sensitive=np.asarray(sensitive, dtype=bool),
        hideable=np.zeros(table.shape, dtype=bool),
        hidden_lower=spread(lower, table),
        hidden_upper=spread(upper, table),
        shown_lower=spread(shown_lower, table),
        shown_upper=spread(shown_upper, table),
        cost=spread(cost, np.abs(table) + np.abs(table).sum() + 1),
        standard=standard,
    )
    problem.check()
    return problem


def _unprotectable(cells: list[int], *, is_proven: bool) -> ProtectionError:
    named = ", ".join(str(cell) for cell in sorted(cells)[:8])
    more = f" and {len(cells) - 8} more" if len(cells) > 8 else ""
    found = (
        "cells that can be worked out even when all that may be hidden is"
        if is_proven
        else "cells for which no protection was found within the limits of the search"
    )
    return ProtectionError(
        f"expected a table that can be protected, found {found}: {named}{more}. Let totals be "
        "hidden too (may_hide), or publish a coarser table."
    )
