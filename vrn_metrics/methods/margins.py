"""What can be worked out of the inside of a table when its margins are known?

A table of rows (groups of people) by columns (kinds of place), of which all row sums and all
column sums are known, and for some rows, the *pinned* ones, also their cell in the first
column. Everything else is free.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Range(NamedTuple):
    """The least and the greatest that each cell can be, both shaped ``(groups, columns)``."""

    lower: Floats
    upper: Floats


def attainable(rows: ArrayLike, pinned: ArrayLike, columns: ArrayLike, groups: ArrayLike) -> Range:
    """The range of each cell of groups of rows, for all that the margins say.

    Parameters
    ----------
    rows
        Sum of each row, shape ``(rows,)``.
    pinned
        The known cell of each row in the first column, NaN for rows where it is not known.
    columns
        Sum of each column, shape ``(columns,)``; they add up to the rows'.
    groups
        Which rows are added up, boolean, shape ``(groups, rows)``.

    Returns
    -------
    Range
        Bounds of each group's cells, shape ``(groups, columns)``; both are reached.

    Raises
    ------
    ValueError
        If the margins contradict each other.

    Notes
    -----
    A flow from rows to columns; the bounds are its smallest cuts. Pinned rows have none left
    for the first column. Every set of row sums goes with every set of column sums of the same
    total, as long as the first column's free part is not above the sum of the free rows: so
    column sums say nothing of row sums that are not known.

    Examples
    --------
    >>> found = attainable([10, 20], [float("nan")] * 2, [24, 6], [[True, False]])
    >>> found.lower.tolist(), found.upper.tolist()
    ([[4.0, 0.0]], [[10.0, 6.0]])
    """
    known = np.asarray(pinned, dtype=float)
    is_pinned = ~np.isnan(known)
    first = np.where(is_pinned, known, 0.0)
    left = np.asarray(rows, dtype=float) - first
    sums = np.array(columns, dtype=float)
    sums[0] -= first.sum()
    chosen = np.asarray(groups, dtype=bool)
    if (left < 0).any() or (sums < 0).any() or not np.isclose(left.sum(), sums.sum()):
        raise ValueError("the margins contradict each other: no table has them")
    tied, free = chosen @ (left * is_pinned), chosen @ (left * ~is_pinned)
    others_tied, others_free = (left * is_pinned).sum() - tied, (left * ~is_pinned).sum() - free
    if sums[0] > (left * ~is_pinned).sum():
        raise ValueError("the margins contradict each other: no table has them")
    to_first_least = np.maximum(0.0, sums[0] - others_free)
    to_first_most = np.minimum(free, sums[0])
    others_first_least = np.maximum(0.0, sums[0] - free)
    able = (tied + free - to_first_least)[:, None]
    others_able = (others_tied + others_free - others_first_least)[:, None]
    lower = np.maximum(0.0, sums[None, :] - others_able)
    upper = np.minimum(sums[None, :], able)
    held = chosen @ first
    lower[:, 0], upper[:, 0] = held + to_first_least, held + to_first_most
    return Range(lower, upper)
