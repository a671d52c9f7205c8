"""Are rare events coming faster or slower than they did? Chart the time between them.

A count a month of something that happens twice a year is mostly zeros, and a chart of it
sees nothing or sees alarms. The gaps between events carry the same news and can be judged
after each event. Long gaps are good: give `special_causes` the improvement `"increase"`.

The gap that is still open, since the last event, belongs on neither chart until it ends. It
may be said to be longer than the upper limit once it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from vrn_metrics.methods.limits import (
    NO_VARIATION,
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
)
from vrn_metrics.methods.spc import individuals

POWER: Final = 3.6  # Nelson 1994: an exponential gap to the power 1/3.6 is nearly normal
TIE: Final = 0.5  # days between two events of the same day, on average a little less

TOO_FEW: Final = "fewer than two gaps are known"


def without_ties(gaps: ArrayLike) -> Floats:
    """The gaps as a T chart takes them: none of zero, half a day in its place.

    Dates are whole days, so two events of one day show no time between them. Something was
    there all the same, and a zero would drag the centre line down. Three or more victims of
    one incident are one event: join them before taking gaps.

    Raises
    ------
    ValueError
        If a gap is negative or infinite, or there is none.

    Examples
    --------
    >>> without_ties([0, 14, 3]).tolist()
    [0.5, 14.0, 3.0]
    """
    days = _gaps(gaps)
    return np.where(days == 0, TIE, days)


def t_chart(
    gaps: ArrayLike,
    *,
    screen_outliers: bool = True,
    baseline: slice | None = None,
    rebase_at: Sequence[int] = (),
) -> Limits:
    """Limits for the time between events, where it is known to the day or better.

    Parameters
    ----------
    gaps
        Days from each event to the next along the last axis, NaN where not known. Zeros
        count as half a day; draw and label `without_ties(gaps)`.
    screen_outliers, baseline, rebase_at
        As for `spc.process_limits`, on the transformed gaps.

    Returns
    -------
    Limits
        In days, none below zero.

    Raises
    ------
    ValueError
        If a gap is negative or infinite, or as `spc.process_limits`.

    Notes
    -----
    The gaps to the power 1/3.6 have the limits of single values, mean ± 3 moving ranges over
    1.128, and these are taken back to days. The centre line is therefore near the median
    gap, not the mean. Assumes that events are independent of each other; retaliation
    makes short gaps commoner.

    References
    ----------
    Nelson LS. A control chart for parts-per-million nonconforming items. Journal of Quality
    Technology 1994; 26: 239-240. Montgomery DC. Introduction to statistical quality
    control, section 7.3.5.

    Examples
    --------
    >>> limits = t_chart([20, 50, 3, 90, 41, 12, 66, 0, 35, 28, 101, 7, 54])
    >>> round(limits.lower, 1), round(limits.centre, 1), round(limits.upper, 1)
    (0.0, 27.1, 632.4)
    """
    limits = individuals(
        without_ties(gaps) ** (1 / POWER),
        3 / RANGE_TO_SIGMA,
        screen_outliers=screen_outliers,
        baseline=baseline,
        rebase_at=rebase_at,
    )
    return mapped(limits, lambda line: np.maximum(line, 0) ** POWER)


def g_chart(
    gaps: ArrayLike, *, baseline: slice | None = None, rebase_at: Sequence[int] = ()
) -> Limits:
    """Limits for the number of days, or of cases, that pass between events.

    Parameters
    ----------
    gaps
        Whole numbers along the last axis, NaN where not known. Zero needs no repair here:
        it is the commonest value of the distribution.
    baseline, rebase_at
        As for `spc.process_limits`.

    Returns
    -------
    Limits
        The lower limit is zero, so only long gaps can lie outside.

    Raises
    ------
    ValueError
        If a gap is negative or infinite, or as `spc.process_limits`.

    Notes
    -----
    A geometric distribution with the mean of the gaps: sigma is the root of m (m + 1). The
    centre line is the median, as half of the gaps lie on either side of it and runs are
    counted from it. The distribution is skewed, and about 2 gaps in 100 lie above the upper
    limit by chance: a T chart gives fewer false alarms.

    References
    ----------
    Benneyan JC. Number-between g-type statistical quality control charts for monitoring
    adverse events. Health Care Management Science 2001; 4: 305-318.

    Examples
    --------
    >>> limits = g_chart([20, 50, 3, 90, 41, 12, 66, 0, 35, 28, 101, 7, 54])
    >>> round(limits.lower, 1), round(limits.centre, 1), round(limits.upper, 1)
    (0.0, 35.0, 157.5)
    """
    days = _gaps(gaps)

    def spread_of(stretch: Stretch) -> Spread:
        basis = days[..., stretch.basis]
        known = ~np.isnan(basis)
        behind = known.sum(axis=-1, keepdims=True)
        mean = mean_of(basis, known)
        filled = np.where(behind == 0, 0, basis)  # NumPy warns of a median of nothing
        median = np.where(behind == 0, np.nan, np.nanmedian(filled, axis=-1, keepdims=True))
        reason = first_reason((behind < 2, TOO_FEW), (mean == 0, NO_VARIATION))
        return Spread(median, mean, 3 * np.sqrt(mean * (mean + 1)), behind, reason)

    limits = lines(days.shape[-1], spread_of, baseline=baseline, rebase_at=rebase_at)
    return mapped(limits, lambda line: np.maximum(line, 0))


def _gaps(gaps: ArrayLike) -> Floats:
    days = as_series(gaps, "gaps")
    if (days < 0).any():
        raise ValueError(f"gaps are 0 or more, but {np.nanmin(days)} was given: sort the dates")
    return days
