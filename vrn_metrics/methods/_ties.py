"""Is the nearest mixture the only one, which is taken where it is not, and what hangs on it?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from vrn_metrics.methods._linear import Program
from vrn_metrics.methods._simplex import nearest

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SAME = 1e-8  # of the spread: a mixture this near to another is the same one


def is_unique(points: Floats, support: Mask, could_enter: Mask) -> bool:
    """Whether no other weights make the same mixture of points.

    Parameters
    ----------
    points
        Points by coordinates.
    support
        The points with weight: affinely independent, as the active set leaves them.
    could_enter
        These, and all others whose entry would cost nothing.

    Notes
    -----
    Other weights must use a point from outside the support. They exist exactly where some
    mixture of those outside is an affine combination of the support: where the origin lies in
    their convex hull once the support's affine span is projected out.
    """
    outside = could_enter & ~support
    if not outside.any():
        return True
    base = points[support][0]
    span = (points[support] - base).T
    others = (points[outside] - base).T
    scale = max(float(np.abs(points - base).max()), np.finfo(float).tiny)
    if span.shape[1] > 1:
        basis = _range(span / scale)
        others = others - basis @ (basis.T @ others)
    others = others / scale
    closest = nearest(others.T, np.zeros((1, others.shape[0])))
    return bool(np.linalg.norm(closest.residuals) > SAME)


def least_norm(points: Floats, weights: Floats, could_enter: Mask) -> Floats:
    """Of all weights that make the same mixture, the most even ones.

    The choice is arbitrary but does not depend on the order of the points, and it is the
    limit of a vanishing ridge.

    References
    ----------
    Lawson CL, Hanson RJ. Solving Least Squares Problems. SIAM 1995, chapter 23: least distance
    programming.
    """
    system = _equations(points, could_enter)
    _, values, right = np.linalg.svd(system, full_matrices=True)
    rank = int((values > SAME * values[0]).sum())
    row_space, null_space = right[:rank], right[rank:].T
    least = row_space.T @ (row_space @ weights[could_enter])
    stacked = np.vstack([null_space.T, -least])
    goal = np.zeros(len(stacked))
    goal[-1] = 1.0
    residual = stacked @ optimize.nnls(stacked, goal)[0] - goal
    if abs(residual[-1]) < SAME:  # pragma: no cover  # infeasible by rounding only
        return weights
    even = np.zeros_like(weights)
    even[could_enter] = np.maximum(least - null_space @ residual[:-1] / residual[-1], 0.0)
    return np.asarray(even / even.sum())


def range_of(
    points: Floats, weights: Floats, could_enter: Mask, price: Floats
) -> tuple[float, float]:
    """The least and the most that `price @ weights` is, over all weights of the same mixture."""
    system = _equations(points, could_enter)
    target = system @ weights[could_enter]
    size = int(could_enter.sum())
    program = Program(
        sparse.csc_array(system),
        np.zeros(size),
        np.ones(size),
        target,
        target,
        cost=price[could_enter],
    )
    least = program.minimise()
    program.set_cost(-price[could_enter])
    most = program.minimise()
    own = float(price @ weights)
    return (
        min(own, own if least is None else least.cost),
        max(own, own if most is None else -most.cost),
    )


def _equations(points: Floats, could_enter: Mask) -> Floats:
    """Coordinates and the sum of the weights, one row each, in comparable units."""
    chosen = points[could_enter]
    centred = chosen - chosen.mean(axis=0)
    scale = max(float(np.abs(centred).max()), np.finfo(float).tiny)
    return np.vstack([centred.T / scale, np.ones(len(chosen))])


def _range(matrix: Floats) -> Floats:
    left, values, _ = np.linalg.svd(matrix, full_matrices=False)
    return np.asarray(left[:, values > SAME * max(float(values[0]), np.finfo(float).tiny)])
