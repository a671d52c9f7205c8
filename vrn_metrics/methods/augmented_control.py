"""A synthetic control whose remaining error before the start is taken off by a ridge regression."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._donor_weights import donor_weights
from vrn_metrics.methods._ranked import ranked
from vrn_metrics.methods._synthetic_input import Panel, need_post_periods, read_pair, read_panel
from vrn_metrics.methods._synthetic_result import PlaceboTest, SyntheticControl, rmspe

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PENALTIES: Final = 21  # from the largest squared singular value down to 1e-8 of it
LEAST_SHARE: Final = 1e-8
FEWEST: Final = 3  # periods before the start: one is held out, and one step is left


@dataclass(frozen=True, kw_only=True, eq=False)
class AugmentedControl(SyntheticControl):
    """A synthetic control with weights below zero allowed, at a price.

    Parameters
    ----------
    penalty
        The ridge: the larger, the nearer to the synthetic control with weights from 0 to 1.
    simplex
        Those weights.
    extrapolation
        How much weight is below zero: how far the donors' range is left.
    """

    penalty: float
    simplex: Floats
    extrapolation: float


def fit(
    treated: ArrayLike,
    donors: ArrayLike,
    *,
    pre_periods: SupportsIndex,
    penalty: float | None = None,
) -> AugmentedControl:
    """The effect by a ridge-augmented synthetic control.

    Parameters
    ----------
    treated, donors, pre_periods
        As in `synthetic_control.fit`, with at least three periods before the start and two
        donors.
    penalty
        The ridge; by default the largest whose error, in periods held out one by one, is
        within one standard error of the least.

    Raises
    ------
    VrnMetricsError
        As `synthetic_control.fit`; and if the penalty is not above zero.

    Notes
    -----
    weights + (treated - donors' weights)' (X'X + penalty I)^-1 X', where X are the donors before
    the start, less their mean. Where the synthetic control fits without error nothing is added.

    Assumptions, and which way each leans if wrong. As `synthetic_control.fit`; beyond the
    donors' range a straight line is trusted, which can go wrong either way.

    References
    ----------
    Ben-Michael E, Feller A, Rothstein J. The augmented synthetic control method. Journal of the
    American Statistical Association 2021; 116: 1789-1803.
    """
    if penalty is not None and not (np.isfinite(penalty) and penalty > 0):
        raise VrnMetricsError(f"a penalty is a number above 0, but {penalty} was given")
    panel = _read(read_pair(treated, donors, pre_periods))
    own, others, before = panel.values[0], panel.donors, panel.pre_periods
    allowed = np.ones((1, len(others)), dtype=bool)
    target = own[None, :before]
    held = None if penalty is not None else _held_out(others[:, :before], target, allowed)
    simplex = donor_weights(others[:, :before], target).weights[0]
    weights, chosen = _augment(
        others[:, :before], target[0], simplex, None if held is None else held[:, 0], penalty
    )
    synthetic = weights @ others
    gap = own - synthetic
    size = float(np.abs(panel.values).max())
    return AugmentedControl(
        weights=weights,
        gap=gap,
        synthetic=synthetic,
        pre_periods=before,
        att=float(gap[before:].mean()),
        pre_rmspe=float(rmspe(gap[:before], size)),
        post_rmspe=float(rmspe(gap[before:], size)),
        pre_mean=float(own[:before].mean()),
        penalty=chosen,
        simplex=simplex,
        extrapolation=float(-weights[weights < 0].sum()),
    )


def placebo_test(
    panel: ArrayLike,
    *,
    treated: Hashable,
    pre_periods: SupportsIndex,
    treated_in_pools: bool = False,
    confidence: float = 0.95,
) -> PlaceboTest:
    """The treated unit's gap among those of all others, each augmented with a ridge of its own.

    Parameters are those of `synthetic_control.placebo_test`. The absolute mean gap
    is ranked: the ridge drives the error before the start towards zero, where a ratio means
    little.
    """
    read = _read(read_panel(panel, treated, pre_periods, fewest_donors=3))
    values, before = read.values, read.pre_periods
    past = values[:, :before]
    allowed = ~np.eye(len(values), dtype=bool)
    if not treated_in_pools:
        allowed[:, read.treated] = False
    held = _held_out(past, past, allowed)
    simplex = donor_weights(past, past, allowed).weights
    weights = np.zeros_like(simplex)
    for unit, mask in enumerate(allowed):
        weights[unit, mask], _ = _augment(
            past[mask], past[unit], simplex[unit, mask], held[:, unit, mask], None
        )
    return ranked(
        values - weights @ values,
        weights,
        read,
        confidence=confidence,
        method="augmented synthetic control",
        statistic="att",
    )


def _read(panel: Panel) -> Panel:
    need_post_periods(panel)
    if panel.pre_periods < FEWEST or len(panel.values) < 3:
        raise VrnMetricsError(
            f"an augmented synthetic control needs at least {FEWEST} periods before the start"
            f" and two donors, found {panel.pre_periods} and {len(panel.values) - 1}"
        )
    return panel


def _held_out(points: Floats, targets: Floats, allowed: Mask) -> Floats:
    """The weights with each period before the start left out, in its turn."""
    periods = points.shape[1]
    folds = [np.delete(np.arange(periods), period) for period in range(periods)]
    return np.stack(
        [donor_weights(points[:, fold], targets[:, fold], allowed).weights for fold in folds]
    )


def _augment(
    points: Floats,
    target: Floats,
    simplex: Floats,
    held: Floats | None,
    penalty: float | None,
) -> tuple[Floats, float]:
    """The weights with the ridge's correction, and the penalty that was used."""
    centre = points.mean(axis=0)
    donors, own = (points - centre).T, target - centre  # periods by donors
    largest = float(np.linalg.norm(donors, ord=2) ** 2)
    if largest == 0:
        return simplex, 0.0
    if penalty is None:
        if held is None:
            raise AssertionError("either a penalty or the folds to choose it by")
        penalties = largest * LEAST_SHARE ** (np.arange(PENALTIES) / (PENALTIES - 1))
        penalty = _choose(donors, own, held, penalties)
    product = donors @ donors.T + penalty * np.eye(len(donors))
    return simplex + donors.T @ np.linalg.solve(product, own - donors @ simplex), penalty


def _choose(donors: Floats, own: Floats, held: Floats, penalties: Floats) -> float:
    """The largest penalty with an error within one standard error of the least."""
    periods = len(donors)
    product = donors @ donors.T
    errors = np.empty((periods, len(penalties)))
    for period in range(periods):
        rest = np.delete(np.arange(periods), period)
        left = own[rest] - donors[rest] @ held[period]
        values, vectors = np.linalg.eigh(product[np.ix_(rest, rest)])
        turned = (vectors.T @ left)[:, None] / (np.maximum(values, 0)[:, None] + penalties)
        added = product[period, rest] @ (vectors @ turned)
        errors[period] = (own[period] - donors[period] @ held[period] - added) ** 2
    means = errors.mean(axis=0)
    best = int(means.argmin())
    allowance = errors[:, best].std(ddof=1) / np.sqrt(periods)
    return float(penalties[means <= means[best] + allowance].max())
