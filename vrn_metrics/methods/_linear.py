"""Linear and integer programs over the cells of a table: HiGHS, kept to the same answer.

One thread, a fixed seed and limits in nodes and not in seconds, so that the same table
gives the same answer on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers = npt.NDArray[np.float64]

WHOLE = 1e-6  # a solver's whole number is this near to one


@dataclass(frozen=True)
class Optimum:
    """The least cost, where it is reached, and the prices of the equations there.

    `cost` is minus infinity where there is no least; then there is no point either.
    """

    cost: float
    point: Numbers
    prices: Numbers

    @property
    def is_whole(self) -> bool:
        """Whether every cell is a whole number there."""
        return bool(np.all(np.abs(self.point - np.round(self.point)) < WHOLE))


class Program:
    """Cells within bounds that satisfy equations; solved again and again at new costs.

    Parameters
    ----------
    matrix
        One row an equation.
    lower, upper
        Bounds of each cell; may be infinite.
    row_lower, row_upper
        What each row must come to.
    cost
        What is minimised.
    whole
        Which cells must be whole numbers; none by default. Costs are whole numbers then.
    gap
        The share of the cost by which a program in whole numbers may miss the optimum.
    nodes
        After how many nodes of its search such a program is given up.
    perturbed
        Whether the solver may disturb the costs against ties: mostly quicker, but not where
        a few steps lead from the start to the optimum.
    """

    def __init__(
        self,
        matrix: sparse.sparray,
        lower: Numbers,
        upper: Numbers,
        row_lower: Numbers,
        row_upper: Numbers,
        *,
        cost: Numbers | None = None,
        whole: npt.NDArray[np.bool_] | None = None,
        gap: float = 0.0,
        nodes: int = 20_000,
        perturbed: bool = True,
    ) -> None:
        columns = sparse.csc_array(matrix)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        self._size = int(columns.shape[1])
        self._cost = np.zeros(self._size) if cost is None else np.asarray(cost, dtype=float)
        model.col_cost_ = self._cost
        model.col_lower_, model.col_upper_ = lower, upper
        model.row_lower_, model.row_upper_ = row_lower, row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = columns.indptr
        model.a_matrix_.index_ = columns.indices
        model.a_matrix_.value_ = columns.data
        if whole is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[int(each)] for each in whole]
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off" if whole is None else "on"),
            ("random_seed", 1),
            ("mip_rel_gap", gap),
            ("mip_abs_gap", 0.5),
            ("mip_max_nodes", nodes),
            ("dual_simplex_cost_perturbation_multiplier", float(perturbed)),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(model)

    def set_bounds(self, lower: Numbers, upper: Numbers) -> None:
        """Change every cell's bounds."""
        places = np.arange(self._size, dtype=np.int32)
        self._solver.changeColsBounds(self._size, places, lower, upper)

    def set_cost(self, cost: Numbers) -> None:
        """Change what is minimised."""
        places = np.arange(self._size, dtype=np.int32)
        self._solver.changeColsCost(self._size, places, cost)

    def set_bound(self, cell: int, lower: float, upper: float) -> None:
        """Change one cell's bounds."""
        self._solver.changeColBounds(cell, lower, upper)

    def set_cost_of(self, cell: int, cost: float) -> None:
        """Change what one cell costs."""
        self._solver.changeColCost(cell, cost)

    def restart(self) -> None:
        """Forget where the last optimum was, so that the next does not hang on it."""
        self._solver.setBasis()

    def give_up_after(self, pivots: int) -> None:
        """Limit how long a program in fractions is worked on."""
        self._solver.setOptionValue("simplex_iteration_limit", pivots)

    def add_row(self, at_least: float, cells: npt.NDArray[np.intp], weights: Numbers) -> None:
        """Demand that a weighted sum of cells is at least so much."""
        self._solver.addRow(at_least, np.inf, len(cells), cells.astype(np.int32), weights)

    def minimise(self) -> Optimum | None:
        """The optimum; `None` where nothing satisfies the equations and bounds.

        Raises
        ------
        UnsolvedError
            If the solver stopped at its limit of nodes or pivots.
        """
        self._solver.run()
        status = self._solver.getModelStatus()
        names = highspy.HighsModelStatus
        if status == names.kInfeasible:
            return None
        if status in (names.kUnbounded, names.kUnboundedOrInfeasible):
            return Optimum(-np.inf, np.empty(0), np.empty(0))
        if status != names.kOptimal:
            raise UnsolvedError(self._solver.modelStatusToString(status))
        found = self._solver.getSolution()
        return Optimum(
            float(self._solver.getInfo().objective_function_value),
            np.array(found.col_value),
            np.array(found.row_dual),
        )


class UnsolvedError(Exception):
    """The solver stopped at its limit; internal, the caller takes the cautious answer."""
