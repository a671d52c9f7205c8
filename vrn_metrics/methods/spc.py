"""Is a series steady, and which of its points are not just chance?

Statistical process control as NHS *Making Data Count* teaches it: single values with limits
from their moving ranges (XmR), and beside them charts of rates where the population changes.
Limits are never moved by what the points show: a baseline is frozen, and new limits begin,
only where the caller says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from vrn_metrics.methods.limits import (
    RANGE_TO_SIGMA,
    Floats,
    Limits,
    Spread,
    Stretch,
    as_series,
    first_reason,
    lines,
    mapped,
    mean_of,
    mean_range,
)
from vrn_metrics.methods.signals import (
    Improvement,
    Meaning,
    Rule,
    SpecialCause,
    rules,
    special_causes,
)

__all__ = [
    "Improvement",
    "Limits",
    "Meaning",
    "Rule",
    "SpecialCause",
    "process_limits",
    "rules",
    "special_causes",
    "u_chart",
    "u_prime_chart",
]

RANGE_TO_LIMIT: Final = 2.66  # 3 / 1.128 as Making Data Count rounds it

NO_COUNT: Final = "no point has both a count and a population"
NO_EVENTS: Final = "there are no events"
NEGATIVE_COUNT: Final = "a count is below zero"


def process_limits(
    values: ArrayLike,
    *,
    screen_outliers: bool = True,
    baseline: slice | None = None,
    rebase_at: Sequence[int] = (),
) -> Limits:
    """The mean and the limits that a steady series seldom leaves: mean ± 2.66 moving ranges.

    Parameters
    ----------
    values
        The series along the last axis, NaN where missing or suppressed; never a zero in its
        place. The points do not overlap: a rolling sum must not be charted so.
    screen_outliers
        Whether moving ranges of 3.267 times their mean or more are left out, once, as
        NHSRplotthedots does; the NHS spreadsheet keeps them.
    baseline
        Twelve or more points, `slice(0, 24)`, that the lines come from; later points are
        judged by them and do not move them.
    rebase_at
        Positions at which new lines begin, for known changes: a recording rule, a new
        service. Choosing them by the look of the series hides what the chart is there to
        find.

    Returns
    -------
    Limits
        Not usable where no two neighbours are known, where all points are equal, and where
        screening would drop half or more of the differences, as it does for mostly-zero
        series: the limits then collapse on the mean and every point would stand out.

    Raises
    ------
    ValueError
        If there is no point, an infinite one, or baseline and rebases do not fit the series.

    Notes
    -----
    Single values are taken as roughly normal. Counts below about five a month are skewed, so
    that a high point stands out by chance more often than stated; below about one a month
    use `rare_events`.

    References
    ----------
    NHS England, Making Data Count. Nelson LS. Control charts for individual measurements.
    Journal of Quality Technology 1982; 14: 172-173.

    Examples
    --------
    >>> values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    >>> limits = process_limits(values)
    >>> round(limits.lower, 4), round(limits.centre, 4), round(limits.upper, 4)
    (-0.7156, 1.9444, 4.6044)
    >>> limits = process_limits(values, screen_outliers=False)
    >>> round(limits.lower, 4), round(limits.upper, 4)
    (-3.0626, 6.9515)
    """
    return individuals(
        as_series(values, "values"),
        RANGE_TO_LIMIT,
        screen_outliers=screen_outliers,
        baseline=baseline,
        rebase_at=rebase_at,
    )


def individuals(
    series: Floats,
    range_to_limit: float,
    *,
    screen_outliers: bool,
    baseline: slice | None,
    rebase_at: Sequence[int],
) -> Limits:
    """Limits so many mean moving ranges from the mean."""

    def spread_of(stretch: Stretch) -> Spread:
        basis = series[..., stretch.basis]
        known = ~np.isnan(basis)
        centre, behind = mean_of(basis, known), known.sum(axis=-1, keepdims=True)
        size, reason = mean_range(basis, screen_outliers=screen_outliers)
        return Spread(centre, centre, range_to_limit * size, behind, reason)

    return lines(series.shape[-1], spread_of, baseline=baseline, rebase_at=rebase_at)


def u_chart(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    baseline: slice | None = None,
    rebase_at: Sequence[int] = (),
) -> Limits:
    """Limits for rates whose counts vary by chance alone: narrower where more people are.

    Parameters
    ----------
    counts
        Events along the last axis, NaN where missing.
    exposure
        People or person-years, in the unit of the rate wanted: divide by 100,000 first for
        a rate per 100,000. Above zero, or NaN.
    baseline, rebase_at
        As for `process_limits`.

    Returns
    -------
    Limits
        Of the rate, `counts / exposure`, which is what `special_causes` is then given. No
        lower limit is below zero.

    Raises
    ------
    ValueError
        If an exposure is zero or negative, or as `process_limits`.

    Notes
    -----
    Counts are taken as Poisson. Large ones vary more than that (season, reporting), and then
    nearly every point stands out: use `u_prime_chart`.

    Examples
    --------
    >>> limits = u_chart([10, 14, 9, 12], [1.0, 1.1, 1.1, 1.2])
    >>> round(limits.centre, 3), limits.upper.round(3).tolist()
    (10.227, [19.821, 19.375, 19.375, 18.985])
    """
    return _rates(counts, exposure, baseline=baseline, rebase_at=rebase_at, between=False)


def u_prime_chart(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    baseline: slice | None = None,
    rebase_at: Sequence[int] = (),
) -> Limits:
    """Laney's limits for rates: a u chart widened, or narrowed, to how much they do vary.

    Parameters, returned limits and errors are those of `u_chart`.

    Notes
    -----
    Each rate is set on the scale of its Poisson sigma; their mean moving range over 1.128 is
    the factor by which the limits are multiplied. No range is screened out.

    References
    ----------
    Laney DB. Improved control charts for attributes. Quality Engineering 2002; 14: 531-537.
    """
    return _rates(counts, exposure, baseline=baseline, rebase_at=rebase_at, between=True)


def _rates(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    baseline: slice | None,
    rebase_at: Sequence[int],
    between: bool,
) -> Limits:
    events, people = np.broadcast_arrays(
        as_series(counts, "counts"), as_series(exposure, "exposures")
    )
    if (people <= 0).any():
        raise ValueError("exposures are numbers above 0, or NaN, but one is not")
    known = ~np.isnan(events + people)

    def spread_of(stretch: Stretch) -> Spread:
        points, basis = (..., stretch.points), (..., stretch.basis)
        in_basis = known[basis]
        total = np.where(in_basis, events[basis], 0).sum(axis=-1, keepdims=True)
        exposed = np.where(in_basis, people[basis], 0).sum(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):  # the reasons below say so
            centre = total / exposed
            sigma = np.sqrt(centre / people[points])
            scaled = (events[basis] / people[basis] - centre) / np.sqrt(centre / people[basis])
        behind = in_basis.sum(axis=-1, keepdims=True)
        below_zero = np.any(events[basis] < 0, axis=-1, keepdims=True)
        reason = first_reason(
            (behind == 0, NO_COUNT), (below_zero, NEGATIVE_COUNT), (total == 0, NO_EVENTS)
        )
        if between:
            size, no_range = mean_range(scaled, screen_outliers=False)
            sigma = sigma * (size / RANGE_TO_SIGMA)
            reason = np.where(reason == "", no_range, reason)
        return Spread(centre, centre, 3 * sigma, behind, reason)

    limits = lines(events.shape[-1], spread_of, baseline=baseline, rebase_at=rebase_at)
    return mapped(limits, lambda line: np.maximum(line, 0))
