"""Synthetic controls matched on covariates and averages, with their importance searched or given.

The search is not convex: programs that make one run of it give different answers for the same
data. Here it starts several times, and says how far the starts ended apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._simplex import nearest
from vrn_metrics.methods._synthetic_input import read_pair
from vrn_metrics.methods._synthetic_result import SyntheticControl
from vrn_metrics.methods.synthetic_control import with_weights

Floats = NDArray[np.float64]
Weigh = Callable[[Floats], Floats]
Loss = Callable[[Floats], Floats]

STARTS: Final = 4
GENERATIONS: Final = 120
CANDIDATES: Final = 8  # a generation, times the number of predictors
LEAST: Final = -8.0  # the logarithm to base 10 of an importance that is as good as none
NEARLY: Final = 1.05  # a start whose loss is within a twentieth of the best ended well


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictorMatch:
    """A synthetic control by predictors, and how much its weights depend on the search.

    Parameters
    ----------
    control
        The fit. Its `certificate` is of no use here and absent.
    importance
        One a predictor, with sum 1.
    loss
        The mean squared gap over the periods that the search looked at.
    losses, atts
        What every start of the search ended with, best first; one each where the importance
        was given.
    """

    control: SyntheticControl
    importance: Floats
    loss: float
    losses: tuple[float, ...]
    atts: tuple[float | None, ...]

    @property
    def att_range(self) -> tuple[float, float] | None:
        """The effects among starts that ended within a twentieth of the best loss."""
        near = [
            att
            for att, loss in zip(self.atts, self.losses, strict=True)
            if att is not None and loss <= NEARLY * self.loss
        ]
        return (min(near), max(near)) if near else None


def fit(
    treated: ArrayLike,
    donors: ArrayLike,
    *,
    pre_periods: SupportsIndex,
    predictors: ArrayLike,
    donor_predictors: ArrayLike,
    importance: ArrayLike | Literal["equal", "search"] = "equal",
    loss_periods: Sequence[int] | None = None,
    seed: int = 1,
) -> PredictorMatch:
    """The mixture of donors nearest to the treated unit in what is thought to predict it.

    Parameters
    ----------
    treated, donors, pre_periods
        As in `synthetic_control.fit`.
    predictors
        One number a predictor, for the treated unit.
    donor_predictors
        The same for the donors: one row a predictor, one column a donor.
    importance
        What an error in each predictor costs once all are divided by their standard deviation
        among units: the same, or given, or such that the outcome before the start is fitted
        best.
    loss_periods
        Which periods that fit is judged by: indices, by default all before the start.
    seed
        Of the search, which gives the same answer for the same seed on one machine.

    Raises
    ------
    VrnMetricsError
        As `synthetic_control.fit`; and if predictors are missing or do not fit the donors.

    References
    ----------
    Abadie A, Gardeazabal J. The economic costs of conflict: a case study of the Basque Country.
    American Economic Review 2003; 93: 113-132. Becker M, Klößner S. Fast and reliable
    computation of generalized synthetic controls. Econometrics and Statistics 2018; 5: 1-19,
    on why the search needs care.
    """
    panel = read_pair(treated, donors, pre_periods)
    own, others = np.asarray(predictors, dtype=float), np.asarray(donor_predictors, dtype=float)
    if own.ndim != 1 or others.shape != (len(own), len(panel.donors)) or len(own) == 0:
        raise VrnMetricsError(
            "expected one number a predictor, and for the donors one row a predictor and one"
            f" column a donor ({len(panel.donors)}), found shapes {own.shape} and {others.shape}"
        )
    if not (np.isfinite(own).all() and np.isfinite(others).all()):
        raise VrnMetricsError("expected a number for every predictor, found some missing")
    spread = np.column_stack([own, others]).std(axis=1, ddof=1)
    if (spread == 0).any():
        raise VrnMetricsError(
            f"predictors {np.flatnonzero(spread == 0).tolist()} are the same for every unit:"
            " leave them out"
        )
    target, points = own / spread, (others / spread[:, None]).T
    before = panel.pre_periods
    periods = np.arange(before) if loss_periods is None else np.asarray(loss_periods)
    if periods.ndim != 1 or not len(periods) or not np.isin(periods, np.arange(before)).all():
        raise VrnMetricsError(f"loss_periods are indices from 0 to {before - 1}")

    def weigh(importances: Floats) -> Floats:
        scale = np.sqrt(importances)
        return nearest(points * scale[:, None, :], target * scale).weights

    def loss(weights: Floats) -> Floats:
        gaps = panel.values[0, periods] - weights @ panel.donors[:, periods]
        return np.asarray((gaps**2).mean(axis=1))

    if isinstance(importance, str) and importance == "search":
        tried = _search(weigh, loss, len(own), seed)
    else:
        tried = _given(importance, len(own))[None]
    weights = weigh(tried)
    losses = loss(weights)
    order = np.argsort(losses, kind="stable")
    controls = [
        with_weights(panel.values[0], panel.donors.T, weights[row], pre_periods=before)
        for row in order
    ]
    return PredictorMatch(
        control=controls[0],
        importance=tried[order[0]],
        loss=float(losses[order[0]]),
        losses=tuple(float(losses[row]) for row in order),
        atts=tuple(control.att for control in controls),
    )


def averages(outcomes: ArrayLike, windows: Sequence[Sequence[int] | range | slice]) -> Floats:
    """Means over windows of periods, one row a window, to be used as predictors.

    Parameters
    ----------
    outcomes
        One row a period; one column a unit, or none for a single unit.

    Examples
    --------
    >>> averages([1.0, 3.0, 5.0, 7.0], [range(2), [3]]).tolist()
    [2.0, 7.0]
    """
    values = np.asarray(outcomes, dtype=float)
    chosen = [
        values[window if isinstance(window, slice) else list(window)].mean(axis=0)
        for window in windows
    ]
    return np.array(chosen)


def _given(importance: ArrayLike | str, size: int) -> Floats:
    if isinstance(importance, str):
        if importance != "equal":
            raise VrnMetricsError(
                f"importance is 'equal', 'search' or numbers, but {importance!r} was given"
            )
        return np.full(size, 1 / size)
    given = np.asarray(importance, dtype=float)
    if given.shape != (size,) or not (given >= 0).all() or not 0 < given.sum() < np.inf:
        raise VrnMetricsError(
            f"expected {size} importances of 0 or above and not all 0, found {importance!r}"
        )
    return np.asarray(given / given.sum())


def _search(weigh: Weigh, loss: Loss, size: int, seed: int) -> Floats:
    """The importance that each start ended with."""
    if size == 1:
        return np.ones((1, 1))

    def judge(logarithms: Floats) -> Floats:
        return loss(weigh(_importances(logarithms.T)))

    ends = []
    for start in range(STARTS):
        random = np.random.default_rng([seed, start])
        first = random.uniform(LEAST / 2, 0, (CANDIDATES * size, size))
        first[0] = 0.0  # all alike
        found = optimize.differential_evolution(
            judge,
            [(LEAST, 0.0)] * size,
            init=first,
            maxiter=GENERATIONS,
            tol=1e-6,
            polish=False,
            vectorized=True,
            updating="deferred",
            rng=random,
        )
        ends.append(_importances(found.x[None])[0])
    return np.array(ends)


def _importances(logarithms: Floats) -> Floats:
    values = 10.0**logarithms
    return np.asarray(values / values.sum(axis=1, keepdims=True))
