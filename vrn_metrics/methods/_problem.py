"""A table to protect: what is true, what is seen of a cell shown or hidden, what it must keep."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from vrn_metrics.methods._linear import Numbers
from vrn_metrics.methods.attack import Cells, Mask


@dataclass(frozen=True)
class Standard:
    """How wide the attainable interval of a sensitive cell must stay.

    Parameters
    ----------
    width
        The least distance between its ends; 1 is *not exactly*.
    lowest
        It must reach down to this, if given.
    highest
        It must reach up to this, if given.
    """

    width: int = 1
    lowest: int | None = None
    highest: int | None = None

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError("a protected interval is at least 1 wide, or the cell is known")

    def met_by(self, lower: Numbers, upper: Numbers) -> Mask:
        """Which of these attainable intervals are wide enough."""
        wide = upper - lower >= self.width
        if self.lowest is not None:
            wide &= lower <= self.lowest
        if self.highest is not None:
            wide &= upper >= self.highest
        return np.asarray(wide)


class UnprotectableError(Exception):
    """Cells that no choice protects, or none that was found, by their place; internal."""

    def __init__(self, cells: Cells, *, is_proven: bool) -> None:
        super().__init__(cells)
        self.cells = cells
        self.is_proven = is_proven


@dataclass(frozen=True)
class Problem:
    """One table, or one part of one that shares no sum with the rest.

    `equations @ cells` comes to what it comes to for `values`.
    """

    values: Numbers
    equations: sparse.csr_array
    sensitive: Mask
    hideable: Mask
    hidden_lower: Numbers
    hidden_upper: Numbers
    shown_lower: Numbers
    shown_upper: Numbers
    cost: Numbers
    standard: Standard

    def check(self) -> None:
        """Refuse bounds that are not true of the table, with `ValueError`."""
        if np.any((self.shown_lower > self.values) | (self.values > self.shown_upper)):
            raise ValueError("what is shown of a cell must contain its value")
        held = self.sensitive
        if np.any(
            (self.hidden_lower > self.values)[held] | (self.values > self.hidden_upper)[held]
        ):
            raise ValueError("what the mark of a sensitive cell says must contain its value")
        if np.any(self.cost <= 0):
            raise ValueError("hiding a cell must cost something")
        if not np.all(self.standard.met_by(self.hidden_lower, self.hidden_upper)[held]):
            raise ValueError("the standard is wider than what the mark of a hidden cell says")

    def can_move(self) -> Mask:
        """Which cells need not have their true value, if all that may be hidden is."""
        return np.asarray(self.sensitive | self.hideable | (self.shown_upper > self.shown_lower))

    def bounds(self, hidden: Mask) -> tuple[Numbers, Numbers]:
        """What is known of each cell if these are hidden."""
        return (
            np.where(hidden, self.hidden_lower, self.shown_lower),
            np.where(hidden, self.hidden_upper, self.shown_upper),
        )

    def part(self, cells: Cells) -> Problem:
        """The problem of some cells, the others held at their values."""
        touched = sparse.csr_array(self.equations[:, cells])
        rows = np.flatnonzero(np.diff(touched.indptr))
        return replace(
            self,
            values=self.values[cells],
            equations=sparse.csr_array(touched[rows]),
            sensitive=self.sensitive[cells],
            hideable=self.hideable[cells],
            hidden_lower=self.hidden_lower[cells],
            hidden_upper=self.hidden_upper[cells],
            shown_lower=self.shown_lower[cells],
            shown_upper=self.shown_upper[cells],
            cost=self.cost[cells],
        )
