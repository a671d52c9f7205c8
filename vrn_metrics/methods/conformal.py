"""Which constant effects would leave the treated unit's gaps unremarkable over time?

The placebo test compares units; this compares periods, and so still says something where
donors are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.methods._simplex import nearest
from vrn_metrics.methods._synthetic_input import Panel, need_post_periods, read_pair
from vrn_metrics.methods.estimates import Estimate, check_confidence

Floats = NDArray[np.float64]

GRID: Final = 201  # effects tried between the limits of the search
REACH: Final = 8.0  # limits of the search: so many errors either side of the mean gap
WIDER: Final = 6  # times the reach is doubled before a side is called unbounded
METHOD: Final = "conformal, moving blocks"


@dataclass(frozen=True, kw_only=True)
class ConformalTest:
    """The test of no effect, and the constant effects that are not rejected.

    Parameters
    ----------
    p_value
        Of no effect at all.
    smallest_p_value
        One over the number of periods: less cannot be reached.
    effect
        The mean gap since the start, with the interval; no interval where the smallest p-value
        is above the level, or no end of it was found.
    """

    p_value: float
    smallest_p_value: float
    effect: Estimate


def constant_effect(
    treated: ArrayLike,
    donors: ArrayLike,
    *,
    pre_periods: SupportsIndex,
    confidence: float = 0.95,
) -> ConformalTest:
    """The conformal test and interval of a constant effect on one unit.

    Parameters
    ----------
    treated, donors, pre_periods
        As in `synthetic_control.fit`, with at least one period from the start on.
    confidence
        Of the interval.

    Notes
    -----
    For each effect it is taken off the outcomes since the start, the weights are fitted to all
    periods, and the mean absolute gap since the start is compared with that of every block
    of as many neighbouring periods, the end joined to the beginning. The level holds exactly
    if the gaps are exchangeable in such blocks, and nearly if they are stationary. An effect
    that grows makes the interval too wide.

    Raises
    ------
    VrnMetricsError
        As `synthetic_control.fit`.

    References
    ----------
    Chernozhukov V, Wüthrich K, Zhu Y. An exact and robust conformal inference method for
    counterfactual and synthetic controls. Journal of the American Statistical Association 2021;
    116: 1849-1864.
    """
    level = 2 * check_confidence(confidence)
    panel = read_pair(treated, donors, pre_periods)
    need_post_periods(panel)
    before, periods = panel.pre_periods, panel.values.shape[1]
    weights = nearest(panel.donors[:, :before], panel.values[:1, :before]).weights[0]
    gap = panel.values[0] - weights @ panel.donors
    att = float(gap[before:].mean())
    smallest = 1 / periods
    none = float(_p_values(panel, np.zeros(1))[0])
    if smallest > level:
        return ConformalTest(
            p_value=none,
            smallest_p_value=smallest,
            effect=Estimate(att, None, None, confidence, METHOD),
        )
    unit = float(np.sqrt((gap[:before] ** 2).mean())) or float(np.abs(gap).max()) or 1.0
    lower = _end(panel, att, -unit, level)
    upper = _end(panel, att, unit, level)
    return ConformalTest(
        p_value=none,
        smallest_p_value=smallest,
        effect=Estimate(att, lower, upper, confidence, METHOD),
    )


def no_effect(treated: ArrayLike, donors: ArrayLike, *, pre_periods: SupportsIndex) -> float:
    """The p-value of no effect alone: `constant_effect` without the search for the interval."""
    panel = read_pair(treated, donors, pre_periods)
    need_post_periods(panel)
    return float(_p_values(panel, np.zeros(1))[0])


def _end(panel: Panel, att: float, unit: float, level: float) -> float | None:
    """The last effect on one side that is not rejected, to a hundredth of its distance."""
    reach = REACH * unit
    for _ in range(WIDER):
        tried = att + np.linspace(0, reach, GRID)
        accepted = np.flatnonzero(_p_values(panel, tried) > level + 1e-12)
        if len(accepted) == 0:
            return att
        if accepted[-1] < GRID - 1:
            fine = np.linspace(tried[accepted[-1]], tried[accepted[-1] + 1], GRID)
            kept = np.flatnonzero(_p_values(panel, fine) > level + 1e-12)
            return float(fine[kept[-1]])
        reach *= 2
    return None


def _p_values(panel: Panel, effects: Floats) -> Floats:
    """The p-value of each constant effect; all weights are found together."""
    before = panel.pre_periods
    outcomes = np.repeat(panel.values[:1], len(effects), axis=0)
    outcomes[:, before:] -= effects[:, None]
    weights = nearest(panel.donors, outcomes).weights
    size = np.abs(outcomes - weights @ panel.donors)
    periods = size.shape[1]
    after = periods - before
    around = np.concatenate([size, size[:, : after - 1]], axis=1) if after > 1 else size
    sums = np.cumsum(np.concatenate([np.zeros((len(size), 1)), around], axis=1), axis=1)
    blocks = sums[:, after : after + periods] - sums[:, :periods]
    own = blocks[:, before]
    tolerance = 1e-9 * np.maximum(own, 1e-300)
    return np.asarray((blocks >= (own - tolerance)[:, None]).mean(axis=1))
