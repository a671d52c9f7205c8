"""Has a rate risen or fallen over the last five years, by the test that Fingertips uses?

The test needs five whole years side by side. For pooled or missing years, or fewer or more
points, there is `poisson_trend` on the counts themselves. Neither takes rolling windows: two
rolling years share most of their events, and any series of them seems to have a trend.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vrn_metrics.methods.count_trend import CountTrend, poisson_trend
from vrn_metrics.methods.estimates import as_numbers, check_confidence
from vrn_metrics.methods.trend_windows import Floats, Marker, overlap

__all__ = [
    "CountTrend",
    "Marker",
    "RecentTrend",
    "poisson_trend",
    "proportion_trend",
    "recent_trend",
]

Flags = NDArray[np.bool_]

POINTS: Final = 5
SIGNIFICANT: Final = 9.54953570608324  # chi-squared with 1 degree of freedom at p = 0.002
FLAT: Final = 1e-12  # a slope smaller than this, against the values, is rounding

TOO_FEW: Final = "fewer than five points"
MISSING: Final = "one of the last five points is missing"
NO_WIDTH: Final = "an interval is missing or has no width"
NOT_YEARS: Final = "the points are not single years: the test is for annual points"
NOT_A_SHARE: Final = "a numerator is below zero or above its denominator"
ALL_OR_NONE: Final = "all are cases, or none"
TOO_EXTREME: Final = "the numbers are too large or too close together to calculate with"
OUTLIER: Final = "without one of the points the trend is flat or goes the other way"
SIGNIFICANT_TREND: Final = "significant, and the same way without any one point"
NOT_SIGNIFICANT: Final = "not significant"


@dataclass(frozen=True)
class RecentTrend:
    """The trend over the last five years: one value for one series, an array for several.

    Parameters
    ----------
    slope
        Change a year, in the unit of the values; for proportions, of their logit. NaN where
        the test cannot be done.
    chi_squared
        The test statistic; a trend needs more than 9.5495 (p below 0.002).
    marker
        The answer, a `Marker`.
    reason
        Why that is the answer.
    """

    slope: Floats
    chi_squared: Floats
    marker: Any
    reason: Any


def recent_trend(
    values: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    *,
    times: ArrayLike | None = None,
    length: float = 1.0,
    confidence: float = 0.95,
) -> RecentTrend:
    """Whether rates with intervals have risen or fallen over their last five years.

    Parameters
    ----------
    values, lower, upper
        The rates and their limits along the last axis, oldest first; NaN where missing. Of
        more than five points the last five are taken.
    times
        The years, rising; consecutive ones where not given.
    length
        How many years each point covers. Anything but 1 is refused, and so are points
        closer together than that.
    confidence
        Of the limits.

    Returns
    -------
    RecentTrend
        `Marker.CANNOT` and the reason with fewer than five points, a missing value or
        interval, windows that are not years or overlap, or numbers too extreme to calculate
        with.

    Raises
    ------
    ValueError
        If the arrays do not fit each other, times do not rise, or confidence is no share.

    Notes
    -----
    A straight line with weights 1 / se², where se = (upper - lower) / (2 z). The trend counts
    only if its slope keeps its sign without each of the five points; a flat line without one
    of them has no sign. Asymmetric limits, as of small counts, are taken as symmetric, so at
    few events the test is rough: below ten a year prefer `poisson_trend`.

    The limits hold chance alone. Where steady counts vary more than that the test finds trends:
    with a negative binomial's alpha of 0.02 in 2% of series of 50 a year and in 33% of those of
    700, in place of 0.2%. `poisson_trend` stays at 4% to 6% there.

    References
    ----------
    OHID, Fingertips: Public health technical guidance, trend markers. PHEindicatormethods,
    `assign_trend_markers`.

    Examples
    --------
    >>> trend = recent_trend([30.6, 30.2, 28, 24.6, 24.67], [28.98, 28.63, 26.44, 23.15, 23.16],
    ...                      [32.25, 31.9, 29.64, 26.19, 26.25])
    >>> round(trend.slope, 4), round(trend.chi_squared, 2), str(trend.marker)
    (-1.7516, 46.76, 'decreasing')
    """
    z = -special.ndtri(check_confidence(confidence))
    rates, low, high = np.broadcast_arrays(*(_series(each) for each in (values, lower, upper)))
    years, refusal = _years(rates.shape[-1], times, length)
    if refusal:
        return _refused(rates.shape[:-1], refusal)
    rates, low, high = (each[..., -POINTS:] for each in (rates, low, high))
    with np.errstate(over="ignore"):  # refused as too extreme
        width = high - low
        usable = np.where(width > 0, width, np.nan)  # an interval of no width would outweigh all
        weights = (2 * z / usable) ** 2
    missing, no_width = _any(np.isnan(rates)), _any(~(width > 0))

    def slope_without(left: Floats, *, of: NDArray[np.intp]) -> Floats:
        return _slope(left, rates[..., of], weights[..., of])[0]

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):  # refused as too extreme
        slope, information = _slope(years, rates, weights)
        return _judged(
            slope,
            slope**2 * information,
            years,
            slope_without,
            smallest=FLAT * np.abs(rates).max(axis=-1) / np.ptp(years),
            cannot=[(missing, MISSING), (no_width, NO_WIDTH)],
        )


def proportion_trend(
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    times: ArrayLike | None = None,
    length: float = 1.0,
) -> RecentTrend:
    """Whether a share of a whole has risen or fallen over its last five years.

    Parameters
    ----------
    numerators, denominators
        Cases and all, along the last axis, oldest first; NaN where missing.
    times, length
        As for `recent_trend`.

    Returns
    -------
    RecentTrend
        As `recent_trend`; also not calculated where all or none are cases, or a numerator
        exceeds its denominator.

    Raises
    ------
    ValueError
        As `recent_trend`.

    Notes
    -----
    The chi-squared test for trend. Direction, and its steadiness without each point, come
    from an unweighted line through the logits, as in R. Where a numerator is zero or equals
    its denominator the logit is infinite and R fails; half a case is then added to both
    sides of that series.

    Examples
    --------
    >>> trend = proportion_trend([621, 599, 556, 535, 447], [3454, 3195, 3256, 3227, 3121])
    >>> round(trend.chi_squared, 4), str(trend.marker)
    (20.1151, 'decreasing')
    """
    cases, people = np.broadcast_arrays(_series(numerators), _series(denominators))
    years, refusal = _years(cases.shape[-1], times, length)
    if refusal:
        return _refused(cases.shape[:-1], refusal)
    cases, people = cases[..., -POINTS:], people[..., -POINTS:]
    missing = _any(np.isnan(cases + people))
    impossible = _any((cases < 0) | (cases > people) | (people <= 0))
    total, everyone = cases.sum(axis=-1), people.sum(axis=-1)
    alike = (total == 0) | (total == everyone)

    extreme = ((cases == 0) | (cases == people)).any(axis=-1, keepdims=True)
    half = np.where(extreme, 0.5, 0.0)
    since = years - years.mean()  # the statistic does not depend on where time begins
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # refused below
        logits = np.log((cases + half) / (people - cases + half))
        excess = everyone * (cases * since).sum(axis=-1) - total * (people * since).sum(axis=-1)
        spread = everyone * (people * since**2).sum(axis=-1) - (people * since).sum(axis=-1) ** 2
        chi_squared = everyone * excess**2 / (total * (everyone - total) * spread)

    def slope_without(left: Floats, *, of: NDArray[np.intp]) -> Floats:
        return _slope(left, logits[..., of], np.ones(left.shape))[0]

    return _judged(
        _slope(years, logits, np.ones(years.shape))[0],
        chi_squared,
        years,
        slope_without,
        smallest=FLAT * np.abs(logits).max(axis=-1) / np.ptp(years),
        cannot=[(missing, MISSING), (impossible, NOT_A_SHARE), (alike, ALL_OR_NONE)],
    )


def _series(values: ArrayLike) -> Floats:
    numbers = as_numbers(values, "values")
    if numbers.ndim == 0 or np.isinf(numbers).any():
        raise ValueError("expected finite numbers along the last axis, NaN where missing")
    return numbers


def _years(points: int, times: ArrayLike | None, length: float) -> tuple[Floats, str | None]:
    """The last five times, and why they cannot be tested, if so."""
    years = np.arange(points, dtype=float) if times is None else as_numbers(times, "times")
    if years.shape != (points,):
        raise ValueError(f"expected one time for each of {points} points, got {years.shape}")
    if points < POINTS:
        return years, TOO_FEW
    last = years[-POINTS:]
    if (np.diff(last) < 0).any():
        raise ValueError(f"times rise from point to point, but {last.tolist()} was given")
    if shared := overlap(last, length):
        return last, shared
    return last, None if length == 1 else NOT_YEARS


def _slope(times: Floats, values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The weighted slope along the last axis, and the reciprocal of its variance."""
    weight = weights / weights.sum(axis=-1, keepdims=True)
    since = times - (weight * times).sum(axis=-1, keepdims=True)
    information = (weights * since**2).sum(axis=-1)
    middle = (weight * values).sum(axis=-1, keepdims=True)
    return (weights * since * (values - middle)).sum(axis=-1) / information, information


def _judged(
    slope: Floats,
    chi_squared: Floats,
    years: Floats,
    slope_without: Callable[..., Floats],
    *,
    smallest: Floats,
    cannot: list[tuple[Flags, str]],
) -> RecentTrend:
    def sign(of: Floats) -> Floats:
        return np.where(np.abs(of) > smallest, np.sign(of), 0)

    direction = sign(slope)
    steady = np.ones(np.shape(slope), dtype=bool)
    for left_out in range(POINTS):
        kept = np.delete(np.arange(POINTS), left_out)
        steady &= sign(slope_without(years[kept], of=kept)) == direction
    significant = chi_squared > SIGNIFICANT
    cannot = [*cannot, (~np.isfinite(chi_squared), TOO_EXTREME)]
    refused = [holds for holds, _ in cannot]
    reason = np.select(
        [*refused, significant & steady, significant],
        [*(why for _, why in cannot), SIGNIFICANT_TREND, OUTLIER],
        default=NOT_SIGNIFICANT,
    )
    none = np.logical_or.reduce(refused)
    code = np.select([none, ~significant | ~steady, direction > 0], [0, 1, 2], default=3)
    markers = np.array([Marker.CANNOT, Marker.NO_CHANGE, Marker.INCREASING, Marker.DECREASING])
    return RecentTrend(
        slope=_one(np.where(none, np.nan, slope)),
        chi_squared=_one(np.where(none, np.nan, chi_squared)),
        marker=_one(markers.astype(object)[code]),
        reason=_one(reason.astype(object)),
    )


def _refused(shape: tuple[int, ...], reason: str) -> RecentTrend:
    nothing = np.full(shape, np.nan)
    return RecentTrend(
        slope=_one(nothing),
        chi_squared=_one(nothing),
        marker=_one(np.full(shape, Marker.CANNOT, dtype=object)),
        reason=_one(np.full(shape, reason, dtype=object)),
    )


def _any(flags: Flags) -> Flags:
    return np.asarray(flags.any(axis=-1))


def _one(array: Any) -> Any:
    """The value itself for one series; otherwise the array."""
    return array.item() if isinstance(array, np.ndarray) and array.ndim == 0 else array
