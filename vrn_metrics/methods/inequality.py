"""How much more happens where people are poorest? Slope and relative index of inequality."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vrn_metrics.methods.estimates import as_numbers, check_confidence

Floats = NDArray[np.float64]

FEWEST_EVENTS = 10
"""Events that every group must have."""
FEWEST_GROUPS = 3


@dataclass(frozen=True)
class Inequality:
    """The indices, with their intervals; `reason` says why there are none.

    `relative` is the rate at the most deprived end over that at the least deprived one,
    `slope` the difference of the two, per unit of exposure. `dispersion` is Pearson's, 1 where
    the groups lie on the line as closely as chance allows.
    """

    relative: float | None
    relative_lower: float | None
    relative_upper: float | None
    slope: float | None
    slope_lower: float | None
    slope_upper: float | None
    dispersion: float | None
    reason: str | None = None


def inequality(counts: ArrayLike, exposure: ArrayLike, *, confidence: float = 0.95) -> Inequality:
    """Slope and relative index of inequality over groups from least to most deprived.

    Parameters
    ----------
    counts, exposure
        Events and people (or people times years) of each group, the least deprived first.
    confidence
        Of the intervals.

    Returns
    -------
    Inequality
        Without indices, and with a reason, where there are fewer than three groups or one has
        fewer than ten events.

    Raises
    ------
    ValueError
        If a count is negative, an exposure is not above zero, or the two differ in length.

    Notes
    -----
    Each group stands at the middle of its share of the people (its ridit, 0 to 1), and log
    rates follow a Poisson regression on it: OHID's slope index is a line through rates, which
    can go below zero and gives a small group the weight of a large one's chance. Errors are
    widened by Pearson's dispersion where it is above 1 (quasi-Poisson). The slope's interval
    is by the delta method on the log of the relative index with the mean rate held, the usual
    approximation. *Bias:* a rate that rises at the most deprived end only is smoothed over the
    whole range, so the relative index understates that end.

    References
    ----------
    Mackenbach JP, Kunst AE. Social Science and Medicine 1997; 44: 757-771. Moreno-Betancur M
    and others. Epidemiology 2015; 26: 518-527.

    Examples
    --------
    >>> found = inequality([100, 120, 150, 180, 220], [1000] * 5)
    >>> round(found.relative, 2), round(found.slope, 4)
    (2.69, 0.1525)
    """
    events, people = as_numbers(counts, "counts"), as_numbers(exposure, "exposure")
    if events.shape != people.shape or events.ndim != 1:
        raise ValueError("counts and exposure have one length, one number a group")
    if not ((events >= 0).all() and (people > 0).all() and np.isfinite(people).all()):
        raise ValueError("counts are 0 or more and exposures above 0, but one is not")
    if len(events) < FEWEST_GROUPS:
        return _without(f"fewer than {FEWEST_GROUPS} groups")
    if (events < FEWEST_EVENTS).any():
        return _without(f"a group has fewer than {FEWEST_EVENTS} events")
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    design = np.column_stack([np.ones(len(rank)), rank])
    fitted, coefficients, covariance = _poisson(events, people, design)
    spread = float(((events - fitted) ** 2 / fitted).sum()) / (len(events) - 2)
    dispersion = max(1.0, spread)
    z = -special.ndtri(check_confidence(confidence))
    error = float(np.sqrt(covariance[1, 1] * dispersion))
    log_ratio = float(coefficients[1])
    low, high = log_ratio - z * error, log_ratio + z * error
    mean = float(events.sum() / people.sum())
    return Inequality(
        relative=math.exp(log_ratio),
        relative_lower=math.exp(low),
        relative_upper=math.exp(high),
        slope=_slope(log_ratio, mean),
        slope_lower=_slope(low, mean),
        slope_upper=_slope(high, mean),
        dispersion=dispersion,
    )


def _poisson(events: Floats, people: Floats, design: Floats) -> tuple[Floats, Floats, Floats]:
    """Fitted counts, coefficients and their covariance, by Newton's method."""
    coefficients = np.array([np.log(events.sum() / people.sum()), 0.0])
    for _ in range(100):
        fitted = people * np.exp(design @ coefficients)
        information = design.T @ (fitted[:, None] * design)
        step = np.linalg.solve(information, design.T @ (events - fitted))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-12:
            break
    fitted = people * np.exp(design @ coefficients)
    return fitted, coefficients, np.linalg.inv(design.T @ (fitted[:, None] * design))


def _slope(log_ratio: float, mean: float) -> float:
    """The difference between the ends of an exponential line with this mean."""
    return float(mean * log_ratio)  # the mean of exp(b x) over 0..1 is (exp(b) - 1) / b


def _without(reason: str) -> Inequality:
    return Inequality(None, None, None, None, None, None, None, reason=reason)
