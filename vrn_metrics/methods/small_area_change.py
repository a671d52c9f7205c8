"""Which of many small areas have risen or fallen by more than chance, and which stay high?

Each area's two counts are compared given their sum, against the change of all the others: a
rise everywhere makes no area stand out. Counts that vary more than chance, and the number of
areas that are looked at, are allowed for.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vrn_metrics.methods.estimates import as_numbers
from vrn_metrics.methods.rates import poisson_interval

Floats = NDArray[np.float64]

FALSE_DISCOVERY_RATE: Final = 0.05
FEWEST_EVENTS: Final = 10
"""Events in both windows together below which not even a threefold rise would be found."""
HIGH: Final = 2.0
"""Times the average from which an area counts as high."""
CREDIBLE: Final = 0.9
_FOR_DISPERSION: Final = 10  # events in all for an area to say how much counts vary


class Course(StrEnum):
    """What became of a small area from one window to the next."""

    EMERGING = "emerging"
    PERSISTENT = "persistent"
    FALLING = "falling"
    NO_CLEAR_CHANGE = "no-clear-change"
    TOO_FEW = "too-few"


class SmallAreaChange(NamedTuple):
    """One element an area.

    `ratio` is the change relative to the others', drawn towards none by as much as the areas'
    changes are alike; `lower` and `upper` its 90% credible interval; `p_value` two-sided, not
    a number where there are too few events; `dispersion` how many times that of chance the
    changes vary, 1 where not at all.
    """

    ratio: Floats
    lower: Floats
    upper: Floats
    p_value: Floats
    course: Any
    dispersion: float


def small_area_change(now: ArrayLike, before: ArrayLike) -> SmallAreaChange:
    """The course of each area between two windows of equal length.

    Parameters
    ----------
    now, before
        Events of each area in the later and in the earlier window, shape ``(areas,)``.

    Raises
    ------
    ValueError
        If a count is negative or not finite, or the two differ in length.

    Notes
    -----
    Given an area's sum, its later count is binomial with the others' share of later events:
    the conditional exact test, mid-p. Crimes come in clusters, so the areas' changes vary more
    than binomial ones; by how much is told from the middle half of the areas, which true
    hotspots hardly move, and the test's normal scores are divided by its root. Emerging and
    falling ones are told by Benjamini and Hochberg at 5% over the areas with enough events.
    *Persistent* is what neither rose nor fell and has twice the average area's events in both
    windows, each with a 99.8% interval above the average. Shrinkage is a beta prior whose
    strength is told from the same spread. *Bias:* areas of other areas' displaced crime make
    the others' share too low by as much as one area is of the whole.

    References
    ----------
    Przyborowski J, Wilenski H. Biometrika 1940; 31: 313-323. Benjamini Y, Hochberg Y. Journal
    of the Royal Statistical Society B 1995; 57: 289-300. Efron B. Journal of the American
    Statistical Association 2004; 99: 96-104 (the spread of the middle).

    Examples
    --------
    >>> found = small_area_change([60, 20, 20, 21, 3], [20, 20, 22, 20, 4])
    >>> [str(each) for each in found.course]
    ['emerging', 'no-clear-change', 'no-clear-change', 'no-clear-change', 'too-few']
    """
    later, earlier = as_numbers(now, "now"), as_numbers(before, "before")
    if later.ndim != 1 or later.shape != earlier.shape:
        raise ValueError("counts of two windows have one length, one number an area")
    if not (np.isfinite(later).all() and np.isfinite(earlier).all()):
        raise ValueError("counts are finite numbers, but one is not")
    if (later < 0).any() or (earlier < 0).any():
        raise ValueError("counts are numbers from 0 up, but one is not")
    total = later + earlier
    enough = total >= FEWEST_EVENTS
    share = _share_of_others(later, total)
    score = _scores(later, total, share)
    dispersion = _dispersion(score[total >= _FOR_DISPERSION])
    # The chance is that of a normal score, which is the exact one where counts vary as chance.
    chance = 2 * special.ndtr(-np.abs(score) / np.sqrt(dispersion))
    p_value = np.where(enough, np.minimum(chance, 1.0), np.nan)
    ratio, lower, upper = _shrunken(later, total, share, dispersion)
    found = _discovered(p_value)
    course = np.full(len(later), Course.NO_CLEAR_CHANGE, dtype=object)
    course[_stays_high(later, earlier)] = Course.PERSISTENT
    course[found & (score > 0)] = Course.EMERGING
    course[found & (score < 0)] = Course.FALLING
    course[~enough] = Course.TOO_FEW
    return SmallAreaChange(ratio, lower, upper, p_value, course, dispersion)


def _share_of_others(later: Floats, total: Floats) -> Floats:
    """The later window's share of all other areas' events; a half where they have none."""
    rest = total.sum() - total
    share = np.divide(later.sum() - later, rest, out=np.full(len(total), 0.5), where=rest > 0)
    # a share of none or all would call one event anywhere impossible
    return np.asarray(np.clip(share, 0.01, 0.99))


def _scores(later: Floats, total: Floats, share: Floats) -> Floats:
    """Normal scores of the mid-p chance of each later count given its sum."""
    # the chance of at most k of n is a beta integral, also where k is n
    below = np.where(
        later > 0, 1 - special.betainc(np.maximum(later, 1), total - later + 1, share), 0
    )
    up_to = np.where(
        later < total, special.betainc(np.maximum(total - later, 1), later + 1, 1 - share), 1
    )
    at = up_to - below
    middle = np.clip(below + at / 2, 1e-15, 1 - 1e-15)
    return np.asarray(np.where(total > 0, special.ndtri(middle), 0.0))


def _dispersion(scores: Floats) -> float:
    """The variance of the scores' middle half over that of chance, 1 at least."""
    if len(scores) < 5:
        return 1.0
    low, high = np.quantile(scores, [0.25, 0.75])
    spread = (high - low) / (2 * special.ndtri(0.75))
    return float(max(1.0, spread**2))


def _shrunken(
    later: Floats, total: Floats, share: Floats, dispersion: float
) -> tuple[Floats, Floats, Floats]:
    """The relative change and its credible interval under a beta prior round the others' share."""
    typical = float(np.median(total[total >= _FOR_DISPERSION])) if (total >= 10).any() else 10.0
    # With this many prior events an area of typical size varies by the dispersion found; where
    # changes vary by chance alone the prior is worth ten such areas.
    strength = typical / max(dispersion - 1.0, 0.1)
    a, b = later + strength * share, total - later + strength * (1 - share)
    odds = share / (1 - share)
    tails = [(1 - CREDIBLE) / 2, 0.5, (1 + CREDIBLE) / 2]
    low, middle, high = (special.betaincinv(a, b, tail) for tail in tails)
    made = [each / (1 - each) / odds for each in (middle, low, high)]
    return made[0], made[1], made[2]


def _discovered(p_value: Floats) -> NDArray[np.bool_]:
    """Benjamini and Hochberg's rejections; areas that cannot be judged are none."""
    judged = np.flatnonzero(~np.isnan(p_value))
    order = judged[np.argsort(p_value[judged], kind="stable")]
    steps = FALSE_DISCOVERY_RATE * np.arange(1, len(order) + 1) / max(len(order), 1)
    passed = np.flatnonzero(p_value[order] <= steps)
    found = np.zeros(len(p_value), dtype=bool)
    if passed.size:
        found[order[: passed[-1] + 1]] = True
    return found


def _stays_high(later: Floats, earlier: Floats) -> NDArray[np.bool_]:
    """Twice the average in both windows, and surely above it in each."""
    high = np.ones(len(later), dtype=bool)
    for window in (later, earlier):
        average = window.mean() if len(window) else 0.0
        lower, _ = poisson_interval(window, 0.998)
        high &= (window >= HIGH * average) & (lower > average) & (average > 0)
    return high
