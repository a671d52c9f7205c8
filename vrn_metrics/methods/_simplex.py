"""The mixture of points that lies nearest to a target, exactly, for many targets at once.

min ||target - points' w||² + ridge ||w||² over w >= 0 that sum to 1: the problem behind
synthetic controls of every kind. It is convex; an active set reaches its optimum in finitely
many steps, and the Karush-Kuhn-Tucker conditions show that it is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]

PRICE: Final = 1e-12  # a gradient this far below the multiplier is rounding
SMALLEST: Final = 1e-13  # a weight below it is rounding
STEPS_EACH: Final = 20  # times the number of points: far beyond what any problem has taken
JITTER: Final = 1e-14  # keeps a matrix of two equal points from being exactly singular
TIED: Final = 1e-9  # a point this near to the multiplier could enter at no cost


@dataclass(frozen=True, eq=False)
class Mixtures:
    """The nearest mixtures of many problems, and the proof that they are nearest.

    Gradients are divided by the square of the spread of the points, and by the target's
    distance from them or the ridge where that is larger, so that units do not matter.

    Parameters
    ----------
    weights
        One row a problem, one column a point; exact zeros outside the support.
    residuals
        Target less mixture, one row a problem.
    stationarity
        The largest difference of gradients within the support: 0 but for rounding.
    dual
        The least gradient of a point outside the support, less the support's: not below 0 but
        for rounding. Infinite where every point is in the support.
    could_enter
        Points that could take part at no cost: the support, and ties with it.
    """

    weights: Floats
    residuals: Floats
    stationarity: Floats
    dual: Floats
    could_enter: Mask


def nearest(
    points: Floats,
    targets: Floats,
    *,
    allowed: Mask | None = None,
    ridge: Floats | float = 0.0,
) -> Mixtures:
    """The weights of the mixture of points nearest to each target.

    Parameters
    ----------
    points
        Points by coordinates, shared by all problems, or problems by points by coordinates.
    targets
        Problems by coordinates.
    allowed
        Problems by points: which points each may use; all by default.
    ridge
        What the squared length of the weights costs, by problem or for all.

    Returns
    -------
    Mixtures

    Notes
    -----
    Points enter one at a time, the one with the lowest gradient first; between entries the
    optimum on the support is approached until a weight would turn negative, which then leaves
    (Lawson and Hanson's scheme with one equality). Every step is solved as a correction to the
    gradient of the data themselves, so that the squared condition of the Gram matrix costs
    steps and not digits.

    References
    ----------
    Lawson CL, Hanson RJ. Solving Least Squares Problems. SIAM 1995, chapter 23. Wolfe P.
    Finding the nearest point in a polytope. Mathematical Programming 1976; 11: 128-149.
    """
    search = _Search(points, targets, allowed, ridge)
    for _ in range(STEPS_EACH * (targets.shape[1] + points.shape[-2])):
        if not search.step():
            return search.finish()
    raise ArithmeticError("the active set did not settle")  # pragma: no cover


class _Search:
    """The state of all problems that are still being solved; finished ones are set aside."""

    def __init__(
        self, points: Floats, targets: Floats, allowed: Mask | None, ridge: Floats | float
    ) -> None:
        count = len(targets)
        self.is_shared = points.ndim == 2
        centre = points.mean(axis=-2)  # weights sum to 1: the level cancels, and costs digits
        self.points = points - (centre if self.is_shared else centre[:, None, :])
        self.targets = targets - centre
        square = (self.points**2).sum(axis=-1).max(axis=-1)
        spread = np.where(square > 0, square, 1.0)
        self.unit = np.broadcast_to(np.sqrt(spread), (count,))
        self.points = self.points / (
            np.sqrt(spread) if self.is_shared else self.unit[:, None, None]
        )
        self.targets = self.targets / self.unit[:, None]
        self.ridge = np.broadcast_to(np.asarray(ridge, dtype=float), (count,)) / self.unit**2
        size = points.shape[-2]
        self.allowed = np.ones((count, size), dtype=bool) if allowed is None else allowed
        self.far = np.maximum(np.maximum(1.0, np.linalg.norm(self.targets, axis=1)), self.ridge)
        self.gram = self.points @ np.swapaxes(self.points, -1, -2)
        self.weights = np.zeros((count, size))
        self.passive = np.zeros((count, size), dtype=bool)
        self.banned = np.zeros((count, size), dtype=bool)
        self.entered = np.full(count, -1)
        self.open = np.arange(count)  # problems that are not solved yet
        self.pricing = np.ones(count, dtype=bool)  # the optimum on the support is reached
        first = self._gradients(self.open) + np.diagonal(self.gram, axis1=-2, axis2=-1) / 2
        first = np.where(self.allowed, first, np.inf).argmin(axis=1)
        self.weights[self.open, first] = 1.0
        self.passive[self.open, first] = True

    def _residuals(self, rows: Indices) -> Floats:
        """Mixture less target, in units of the spread."""
        if self.is_shared:
            return np.asarray(self.weights[rows] @ self.points - self.targets[rows])
        mixture = np.matmul(self.weights[rows][:, None, :], self.points[rows])[:, 0, :]
        return np.asarray(mixture - self.targets[rows])

    def _gradients(self, rows: Indices) -> Floats:
        residuals = self._residuals(rows)
        if self.is_shared:
            slopes = residuals @ self.points.T
        else:
            slopes = np.matmul(self.points[rows], residuals[:, :, None])[:, :, 0]
        return np.asarray(slopes + self.ridge[rows, None] * self.weights[rows])

    def step(self) -> bool:
        """Let one point enter where the support is done, then move; whether any is unsolved."""
        rows = self.open
        gradients = self._gradients(rows)
        self._enter(rows, gradients)
        going = self.open[self.open >= 0]
        if len(going) < len(rows):
            gradients = gradients[self.open >= 0]
            self.open = going
        if len(going):
            self._move(going, gradients)
        return len(going) > 0

    def _enter(self, rows: Indices, gradients: Floats) -> None:
        done = self.pricing[rows]
        if not done.any():
            return
        at, slopes = rows[done], gradients[done]
        multiplier = (self.weights[at] * slopes).sum(axis=1)
        outside = self.allowed[at] & ~self.passive[at] & ~self.banned[at]
        price = np.where(outside, slopes - multiplier[:, None], np.inf)
        best = price.argmin(axis=1)
        enters = price[np.arange(len(at)), best] < -PRICE * self.far[at]
        self.passive[at[enters], best[enters]] = True
        self.entered[at[enters]] = best[enters]
        solved = np.zeros(len(rows), dtype=bool)
        solved[np.flatnonzero(done)[~enters]] = True
        self.open = np.where(solved, -1, rows)

    def _towards(self, rows: Indices, gradients: Floats) -> tuple[Indices, Mask, Floats]:
        """The support's points, which of the slots are taken, and the step to its optimum."""
        passive = self.passive[rows]
        slots = int(passive.sum(axis=1).max())
        support = np.argsort(~passive, axis=1, kind="stable")[:, :slots]
        taken = np.take_along_axis(passive, support, axis=1)
        if self.is_shared:
            block = self.gram[support[:, :, None], support[:, None, :]]
        else:
            block = self.gram[rows[:, None, None], support[:, :, None], support[:, None, :]]
        system = np.zeros((len(rows), slots + 1, slots + 1))
        system[:, :slots, :slots] = block * (taken[:, :, None] & taken[:, None, :])
        places = np.arange(slots)
        system[:, places, places] += np.where(taken, JITTER + self.ridge[rows, None], 1.0)
        system[:, :slots, slots] = system[:, slots, :slots] = taken
        right = np.zeros((len(rows), slots + 1))
        right[:, :slots] = np.where(taken, -np.take_along_axis(gradients, support, axis=1), 0.0)
        right[:, slots] = 1.0 - self.weights[rows].sum(axis=1)
        step = np.linalg.solve(system, right[:, :, None])[:, :slots, 0]
        return support, np.asarray(taken), np.asarray(step, dtype=float)

    def _move(self, rows: Indices, gradients: Floats) -> None:
        support, taken, step = self._towards(rows, gradients)
        now = np.take_along_axis(self.weights[rows], support, axis=1)
        goal = now + step
        falls = taken & (goal <= 0)
        newest = taken & (support == self.entered[rows, None])
        # a descent that rounding made up
        spurious = np.asarray((falls & newest & (now == 0)).any(axis=1))
        share = np.where(falls, now / np.where(falls, now - goal, 1.0), np.inf)
        share = np.where(falls & (now == 0), 0.0, share)
        length = np.minimum(share.min(axis=1, initial=np.inf), 1.0)
        length = np.where(spurious, 0.0, length)
        value = now + length[:, None] * step
        blocked = np.asarray(falls.any(axis=1))
        leaves = falls & (share <= length[:, None] + SMALLEST)
        leaves |= taken & blocked[:, None] & ~newest & (value <= SMALLEST)
        leaves = np.where(spurious[:, None], newest, leaves)
        value = np.where(leaves | ~taken, 0.0, np.maximum(value, 0.0))
        self.weights[rows] = 0.0
        current = np.zeros((len(rows), self.weights.shape[1]))
        np.put_along_axis(current, support, value, axis=1)
        self.weights[rows] = current
        kept = np.zeros_like(current, dtype=bool)
        np.put_along_axis(kept, support, taken & ~leaves, axis=1)
        self.passive[rows] = kept
        self.pricing[rows] = ~blocked | spurious
        made_up = rows[spurious]
        self.banned[rows[~spurious]] = False
        self.banned[made_up, self.entered[made_up]] = True
        self.entered[rows[~spurious & ~blocked]] = -1

    def finish(self) -> Mixtures:
        """Correct the last rounding, and measure how nearly optimal it all is."""
        rows = np.arange(len(self.targets))
        for _ in range(2):
            support, taken, step = self._towards(rows, self._gradients(rows))
            goal = np.take_along_axis(self.weights, support, axis=1) + step
            better = (goal > 0) | ~taken
            usable = np.asarray(better.all(axis=1))
            refined = np.zeros_like(self.weights)
            np.put_along_axis(refined, support, np.where(taken, goal, 0.0), axis=1)
            self.weights = np.where(usable[:, None], refined, self.weights)
        self.weights /= self.weights.sum(axis=1, keepdims=True)
        gradients = self._gradients(rows) / self.far[:, None]
        inside = np.where(self.passive, gradients, np.nan)
        multiplier = (self.weights * gradients).sum(axis=1)[:, None]
        outside = self.allowed & ~self.passive
        dual = np.where(outside, gradients - multiplier, np.inf)
        return Mixtures(
            weights=self.weights,
            residuals=-self._residuals(rows) * self.unit[:, None],
            stationarity=np.nanmax(inside, axis=1) - np.nanmin(inside, axis=1),
            dual=dual.min(axis=1),
            could_enter=self.passive | (dual < TIED),
        )
