"""Do neighbouring points depend on each other, and how much less sure is the answer then?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ResidualCorrelation:
    """How alike the residuals of neighbouring points are.

    Parameters
    ----------
    by_lag
        The autocorrelation at lags 1, 2, …; a pair with a missing point counts nothing.
    durbin_watson
        2 where neighbours are independent, towards 0 where they are alike, towards 4 where
        they alternate.
    ljung_box, p_value
        Of all the lags together, and the chance of at least as much were the points
        independent. These and the former are `None` where there is nothing to tell: no lag, no
        two neighbours that are known, or residuals that do not vary.
    """

    by_lag: tuple[float, ...]
    durbin_watson: float | None
    ljung_box: float | None
    p_value: float | None


def residual_correlation(residuals: Floats, lags: int) -> ResidualCorrelation:
    """The autocorrelation of residuals, NaN where a point is missing.

    No degree of freedom is taken off for the coefficients, so that a small p-value is
    believed a little too seldom.

    References
    ----------
    Ljung GM, Box GEP. On a measure of lack of fit in time series models. Biometrika 1978; 65:
    297-303.
    """
    known = ~np.isnan(residuals)
    points = int(known.sum())
    centred = np.where(known, residuals - residuals[known].mean(), 0.0)
    squares = float((centred**2).sum())
    steps = np.diff(residuals)[known[1:] & known[:-1]]
    if squares == 0 or len(steps) == 0 or lags == 0:
        return ResidualCorrelation((), None, None, None)
    by_lag = [float(centred[lag:] @ centred[:-lag]) / squares for lag in range(1, lags + 1)]
    weighted = sum(each**2 / (points - lag) for lag, each in enumerate(by_lag, start=1))
    ljung_box = points * (points + 2) * weighted
    return ResidualCorrelation(
        by_lag=tuple(by_lag),
        durbin_watson=float((steps**2).sum() / (residuals[known] ** 2).sum()),
        ljung_box=ljung_box,
        p_value=float(special.chdtrc(lags, ljung_box)),
    )


def newey_west(influence: Floats, lags: int) -> Floats:
    """The standard error of a sum of terms in order of time, neighbours dependent up to `lags`.

    Parameters
    ----------
    influence
        What each point adds to the error of an estimate, along the first axis; zero where a
        point is missing, which keeps the others at their distance.
    lags
        The weight falls from 1 at lag 0 to 0 at lag `lags` + 1 (Bartlett's kernel).

    Notes
    -----
    As in statsmodels' and R's `sandwich` default, nothing is added for the coefficients that
    were fitted, so that it is too small in short series.

    References
    ----------
    Newey WK, West KD. A simple, positive semi-definite, heteroskedasticity and
    autocorrelation consistent covariance matrix. Econometrica 1987; 55: 703-708.
    """
    place = np.arange(len(influence))
    weights = np.maximum(1 - np.abs(place[:, None] - place) / (lags + 1), 0)
    variance = (influence * (weights @ influence)).sum(axis=0)
    return np.asarray(np.sqrt(np.maximum(variance, 0)))  # below zero by rounding only
