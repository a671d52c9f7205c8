"""A table with its totals: which cells there are and which sums hold between them.

A dimension lists its members and the sums among them (a county is its districts, a year
its quarters and also its months, a rolling year its twelve months). The cube is every
combination of members; every sum of one dimension holds for every combination of the
others. Whoever attacks or protects a table needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse


@dataclass(frozen=True)
class Dimension:
    """The members along one side of a table, and the sums among them.

    Parameters
    ----------
    name
        What `Cube.index` calls it.
    members
        Every value that can be asked for, parts and totals alike.
    sums
        Pairs of a total and its parts. One total may have several: a year is four
        quarters and also twelve months. Windows that overlap are totals like any other.

    Raises
    ------
    ValueError
        If members repeat, or a sum names none of them, or totals are parts of themselves.

    Examples
    --------
    >>> age = Dimension("age", ("under 25", "25+", "all"), (("all", ("under 25", "25+")),))
    >>> age.leaves
    ('under 25', '25+')
    """

    name: str
    members: tuple[str, ...]
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.members)) != len(self.members):
            raise ValueError(f"dimension '{self.name}' repeats a member")
        named = {each for total, parts in self.sums for each in (total, *parts)}
        if unknown := named - set(self.members):
            raise ValueError(f"dimension '{self.name}' sums over no member: {sorted(unknown)}")

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each member stands."""
        return {member: place for place, member in enumerate(self.members)}

    @property
    def leaves(self) -> tuple[str, ...]:
        """The members that are nobody's total, in order."""
        totals = {total for total, _ in self.sums}
        return tuple(member for member in self.members if member not in totals)

    def equations(self) -> sparse.csr_array:
        """One row a sum: 1 at the total, −1 at its parts."""
        matrix = sparse.lil_array((len(self.sums), len(self.members)))
        for row, (total, parts) in enumerate(self.sums):
            matrix[row, self.positions[total]] = 1
            for part in parts:
                matrix[row, self.positions[part]] = -1
        return sparse.csr_array(matrix)

    def expansion(self) -> npt.NDArray[np.float64]:
        """Every member (rows) as a sum of leaves (columns)."""
        leaves = self.leaves
        done = {leaf: np.eye(len(leaves))[place] for place, leaf in enumerate(leaves)}
        waiting = list(self.sums)
        while waiting:
            ready = [each for each in waiting if all(part in done for part in each[1])]
            if not ready:
                raise ValueError(f"dimension '{self.name}' has a total that is part of itself")
            for total, parts in ready:
                done.setdefault(total, np.sum([done[part] for part in parts], axis=0))
            waiting = [each for each in waiting if each not in ready]
        return np.array([done[member] for member in self.members])


@dataclass(frozen=True)
class Cube:
    """Every combination of the dimensions' members, and all sums that hold among them.

    Cells are numbered as NumPy ravels an array of `shape`: the last dimension runs first.
    """

    dimensions: tuple[Dimension, ...]
    equations: sparse.csr_array

    @property
    def shape(self) -> tuple[int, ...]:
        """How many members each dimension has."""
        return tuple(len(each.members) for each in self.dimensions)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(np.prod(self.shape))

    def index(self, **members: str) -> int:
        """The number of the cell that has these members."""
        place = [each.positions[members[each.name]] for each in self.dimensions]
        return int(np.ravel_multi_index(place, self.shape))

    def indices(self, rows: Mapping[str, Iterable[str]]) -> npt.NDArray[np.intp]:
        """The numbers of many cells, given a column of members for each dimension."""
        columns = [
            np.fromiter((each.positions[m] for m in rows[each.name]), dtype=np.intp)
            for each in self.dimensions
        ]
        return np.asarray(np.ravel_multi_index(columns, self.shape), dtype=np.intp)

    def complete(self, leaves: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """All cells, totals included, from an array over the dimensions' leaves."""
        table = np.asarray(leaves, dtype=float)
        for axis, each in enumerate(self.dimensions):
            table = np.moveaxis(np.tensordot(each.expansion(), table, (1, axis)), 0, axis)
        return table.ravel()


def equations_of(dimensions: Iterable[Dimension]) -> Cube:
    """The cube of these dimensions, with each sum of each dimension in each combination.

    Returns
    -------
    Cube
        `equations` is sparse, one row a sum, and `equations @ cells == 0` for every table
        that adds up. Some rows follow from others; solvers and attackers do not mind.

    Examples
    --------
    >>> sex = Dimension("sex", ("female", "male", "all"), (("all", ("female", "male")),))
    >>> age = Dimension("age", ("under 25", "25+", "all"), (("all", ("under 25", "25+")),))
    >>> cube = equations_of((sex, age))
    >>> cube.equations.shape
    (6, 9)
    >>> cube.complete([[1, 2], [3, 4]]).reshape(3, 3).tolist()
    [[1.0, 2.0, 3.0], [3.0, 4.0, 7.0], [4.0, 6.0, 10.0]]
    """
    sides = tuple(dimensions)
    blocks = []
    for place, each in enumerate(sides):
        before = int(np.prod([len(side.members) for side in sides[:place]]))
        after = int(np.prod([len(side.members) for side in sides[place + 1 :]]))
        inner = sparse.kron(each.equations(), sparse.eye_array(after), format="csr")
        blocks.append(sparse.kron(sparse.eye_array(before), inner, format="csr"))
    return Cube(sides, sparse.csr_array(sparse.vstack(blocks, format="csr")))
