"""Has the rate changed, and more than elsewhere?

Two counts are compared given their sum: when both are Poisson, the later one is then
binomial, whatever the rates themselves are. Nothing is approximated, which matters at the
sizes of a county.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vrn_metrics.counts import Count
from vrn_metrics.methods.estimates import (
    Estimate,
    bounds,
    check_confidence,
    unusable_count,
    unusable_exposure,
)

Floats = NDArray[np.float64]

CONDITIONAL_EXACT: Final = "conditional exact"
LOG_NORMAL: Final = "log-normal"
TIE: Final = math.log1p(1e-7)  # two outcomes are equally likely within this, as in R


@dataclass(frozen=True, kw_only=True)
class RateRatio(Estimate):
    """A ratio of rates with its interval and p-values.

    Parameters
    ----------
    p_value
        The chance of a change at least this large, in either direction, were there none:
        twice the smaller one-sided chance. It is below 0.05 exactly when the 95% interval
        leaves 1 out. For interval counts it is the largest that the bounds allow.
    p_value_min_likelihood
        The same by R's `poisson.test`, which adds up all outcomes that are no likelier than
        this one. At equal exposures the two agree; elsewhere it is often the smaller, and
        then can contradict the interval. `None` for interval counts.
    """

    p_value: float | None = None
    p_value_min_likelihood: float | None = None


class RateRatios(NamedTuple):
    """Ratios of rates, one an element; NaN where there is none."""

    value: Floats
    lower: Floats
    upper: Floats
    p_value: Floats


def rate_ratio(
    count: float | Count | None,
    exposure: float | None,
    baseline_count: float | Count | None,
    baseline_exposure: float | None,
    *,
    confidence: float = 0.95,
) -> RateRatio:
    """The rate over the baseline's rate, with exact limits and p-value.

    Parameters
    ----------
    count, baseline_count
        Events, whole numbers. The two periods must not overlap.
    exposure, baseline_exposure
        What the events are divided by, in one unit: people, or person-years where the
        periods differ in length. Taken as known without error.
    confidence
        Between 0 and 1.

    Returns
    -------
    RateRatio
        With no events in the baseline the value and upper limit are infinite; with none in
        either there is no value, anything from 0 to infinity is possible and p is 1. For a
        `Count` known as an interval, limits and p-value hold for every count within it.
        Withheld, with the reason, where something is missing, an exposure is zero or a
        `Count` can be below zero.

    Raises
    ------
    ValueError
        If a plain count is negative or not whole, an exposure is negative, or `confidence`
        is not a share.

    Notes
    -----
    Events are taken as independent: incidents with several victims make the interval too
    narrow and the p-value too small. The test is conservative: with no change it finds one
    in fewer than 5% of cases, the fewer the smaller the counts.

    Both one-sided chances move one way as the count grows or the baseline's shrinks, so over
    the bounds of interval counts the limits are found at two opposite corners. So is the
    largest p-value, unless one corner shows a fall and the other a rise: no change lies
    between them, and p is 1.

    References
    ----------
    Przyborowski J, Wilenski H. Homogeneity of results in testing samples from Poisson
    series. Biometrika 1940; 31: 313-323. Fay MP. Two-sided exact tests and matching
    confidence intervals for discrete data. R Journal 2010; 2(1): 53-58.

    Examples
    --------
    Homicides in Leicestershire, three years to March 2025 over three years to March 2019:

    >>> ratio = rate_ratio(26, 1_157_739, 42, 1_089_182)
    >>> round(ratio.value, 3), round(ratio.lower, 3), round(ratio.upper, 3)
    (0.582, 0.343, 0.972)
    >>> round(ratio.p_value, 4), round(ratio.p_value_min_likelihood, 4)
    (0.0379, 0.0293)
    """
    check_confidence(confidence)
    reason = (
        unusable_count(count)
        or unusable_exposure(exposure, "exposure")
        or _of_baseline(unusable_count(baseline_count))
        or unusable_exposure(baseline_exposure, "baseline's exposure")
    )
    if (
        reason
        or count is None
        or exposure is None
        or baseline_count is None
        or baseline_exposure is None
    ):
        return RateRatio.withheld(str(reason), confidence=confidence, method=CONDITIONAL_EXACT)
    (least, most), (baseline_least, baseline_most) = bounds(count), bounds(baseline_count)
    corners = rate_ratios(
        [least, most],
        exposure,
        [baseline_most, baseline_least],
        baseline_exposure,
        confidence=confidence,
    )
    lowest, highest = corners.value.tolist()
    exact = least == most and baseline_least == baseline_most
    if not exact:
        reason = f"the counts are known only to be {count} and {baseline_count}"
    elif math.isnan(lowest):
        reason = "no event in either period"
    return RateRatio(
        value=lowest if reason is None else None,
        lower=float(corners.lower[0]),
        upper=float(corners.upper[1]),
        confidence=confidence,
        method=CONDITIONAL_EXACT,
        reason=reason,
        least=None if exact or math.isnan(lowest) else lowest,
        most=None if exact or math.isnan(highest) else highest,
        p_value=1.0 if lowest < 1 < highest else float(corners.p_value.max()),
        p_value_min_likelihood=(
            min_likelihood_p_value(int(least), exposure, int(baseline_least), baseline_exposure)
            if exact
            else None
        ),
    )


def rate_ratios(
    counts: ArrayLike,
    exposures: ArrayLike,
    baseline_counts: ArrayLike,
    baseline_exposures: ArrayLike,
    *,
    confidence: float = 0.95,
) -> RateRatios:
    """Many ratios of rates at once; NaN where anything is missing or an exposure is zero.

    Parameters and errors are those of `rate_ratio`, as arrays of plain numbers that
    broadcast together. With no event on either side the value is NaN, the limits are 0 and
    infinity, and p is 1.
    """
    tail = check_confidence(confidence)
    given = (counts, exposures, baseline_counts, baseline_exposures)
    later, time, earlier, baseline_time = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in given)
    )
    for numbers, name in ((later, "counts"), (earlier, "baseline counts")):
        _refuse(numbers, name, "whole numbers from 0 up", lambda each: each != np.floor(each))
    for numbers, name in ((time, "exposures"), (baseline_time, "baseline exposures")):
        _refuse(numbers, name, "finite numbers from 0 up", np.isinf)
    known = ~np.isnan(later + earlier) & (time > 0) & (baseline_time > 0)
    later, earlier = np.where(known, later, 0), np.where(known, earlier, 0)
    time, baseline_time = np.where(known, time, 1), np.where(known, baseline_time, 1)
    share, baseline_share = time / (time + baseline_time), baseline_time / (time + baseline_time)
    ratio_of_times = baseline_time / time
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing over nothing is meant
        value = later / earlier * ratio_of_times
        upper = 1 / (_least_odds(earlier, later, tail) / ratio_of_times)
    lower = _least_odds(later, earlier, tail) * ratio_of_times
    fewer = chance_of_at_most(later, earlier, baseline_share)
    more = chance_of_at_most(earlier, later, share)
    p_value = np.minimum(2 * np.minimum(fewer, more), 1)
    nothing = np.where(known, 0.0, np.nan)
    return RateRatios(value + nothing, lower + nothing, upper + nothing, p_value + nothing)


def chance_of_at_most(count: ArrayLike, other_count: ArrayLike, other_share: ArrayLike) -> Floats:
    """The chance, given both counts' sum, that the first is no larger than it is.

    Parameters
    ----------
    count, other_count
        Events, whole numbers.
    other_share
        The share of the events that the other is expected to have: its share of the exposure
        when there is no change.

    Examples
    --------
    Six heads of eighteen throws, or fewer:

    >>> round(float(chance_of_at_most(6, 12, 0.5)), 6)
    0.118942
    """
    first, other = np.asarray(count, dtype=float), np.asarray(other_count, dtype=float)
    # The binomial tail is an incomplete beta integral: no sum, no overflow at large counts.
    inside = special.betainc(np.maximum(other, 1), first + 1, other_share)
    return np.asarray(np.where(other > 0, inside, 1.0))


def min_likelihood_p_value(
    count: int, exposure: float, baseline_count: int, baseline_exposure: float
) -> float:
    """The two-sided p-value of R's `poisson.test`: all outcomes no likelier than this one.

    It is not the one that goes with the interval (see `RateRatio`); it is here for those who
    compare with R.

    Examples
    --------
    >>> round(min_likelihood_p_value(7, 12, 36, 36), 4)
    0.2199
    """
    n, share = count + baseline_count, exposure / (exposure + baseline_exposure)
    if count > n * share:  # mirrored, so that the outcome lies below the mode
        return min_likelihood_p_value(baseline_count, baseline_exposure, count, exposure)
    if count == n * share:
        return 1.0

    log_odds = math.log(exposure) - math.log(baseline_exposure)

    def log_likelihood(outcome: int) -> float:
        return outcome * log_odds - math.lgamma(outcome + 1) - math.lgamma(n - outcome + 1)

    limit = log_likelihood(count) + TIE
    low, high = math.ceil(n * share), n + 1  # likelihood falls from the mode on: bisect
    while low < high:
        middle = (low + high) // 2
        if log_likelihood(middle) <= limit:
            high = middle
        else:
            low = middle + 1
    below = chance_of_at_most(count, baseline_count, 1 - share)
    above = 0.0 if low > n else chance_of_at_most(n - low, low, share)
    return min(float(below + above), 1.0)


def ratio_of_ratios(
    count: float | Count | None,
    exposure: float | None,
    baseline_count: float | Count | None,
    baseline_exposure: float | None,
    comparator_count: float | Count | None,
    comparator_exposure: float | None,
    comparator_baseline_count: float | Count | None,
    comparator_baseline_exposure: float | None,
    *,
    confidence: float = 0.95,
    dispersion: float = 1.0,
    comparator_dispersion: float = 1.0,
) -> RateRatio:
    """The change here over the change elsewhere: below 1 where it went better here.

    Parameters
    ----------
    count, exposure, baseline_count, baseline_exposure
        As for `rate_ratio`: here, later and at the baseline.
    comparator_count, comparator_exposure
        The same, elsewhere. Where the comparator's figures contain the area's own, subtract
        those first (`Count` subtracts): otherwise the area is compared partly with itself,
        which pulls the result towards 1.
    comparator_baseline_count, comparator_baseline_exposure
        The same, elsewhere, at the baseline.
    confidence
        Between 0 and 1.
    dispersion, comparator_dispersion
        The variance of counts here and elsewhere over that of chance alone, at least 1.

    Returns
    -------
    RateRatio
        Withheld, with the reason, where something is missing or any count can be zero: the
        method has no answer there.

    Raises
    ------
    ValueError
        As `rate_ratio`, but counts need not be whole.

    Notes
    -----
    The logarithm of the ratio is taken as normal, with the sum of the reciprocals of all
    four counts for variance; the comparator's own chance variation is thus counted, though
    with a nation to compare with it hardly shows. Over the bounds of interval counts, limits
    and p-value are the widest found at the bounds; in between they cannot be wider, as each
    rises or falls, or falls and then rises, along every count.

    Assumes that without the programme the area would have changed as the comparator did.

    References
    ----------
    Altman DG, Bland JM. Interaction revisited: the difference between two estimates. BMJ
    2003; 326: 219.

    Examples
    --------
    Homicide in Leicestershire beside England and Wales, where it fell from 11.516 to 9.105
    per million:

    >>> change = ratio_of_ratios(26, 1_157_739, 42, 1_089_182, 1_670, 1_670 / 9.105,
    ...                          2_030, 2_030 / 11.516)
    >>> round(change.value, 3), round(change.lower, 3), round(change.upper, 3)
    (0.737, 0.45, 1.206)
    """
    tail = check_confidence(confidence)
    if min(dispersion, comparator_dispersion) < 1:
        raise ValueError("a dispersion is 1 or more")
    counts = (count, comparator_baseline_count, baseline_count, comparator_count)
    exposures = (exposure, comparator_baseline_exposure, baseline_exposure, comparator_exposure)
    known_counts = [each for each in counts if unusable_count(each) is None and each is not None]
    known_exposures = [
        each
        for each in exposures
        if unusable_exposure(each, "exposure") is None and each is not None
    ]
    if len(known_counts) < len(counts) or len(known_exposures) < len(exposures):
        reason = "a count or exposure is missing or not above zero"
        return RateRatio.withheld(reason, confidence=confidence, method=LOG_NORMAL)
    ends = [bounds(each) for each in known_counts]
    if min(least for least, _ in ends) == 0:
        reason = "a count is or can be zero"
        return RateRatio.withheld(reason, confidence=confidence, method=LOG_NORMAL)
    corners = np.array(list(product(*ends)))
    up = np.array([1, 1, -1, -1])  # the first two raise the result, the others lower it
    log_ratio = np.log(corners / known_exposures) @ up
    spread = np.array([dispersion, comparator_dispersion, dispersion, comparator_dispersion])
    error = np.sqrt((spread / corners).sum(axis=1))
    width = -special.ndtri(tail) * error
    lowest, highest = float(np.exp(log_ratio.min())), float(np.exp(log_ratio.max()))
    exact = all(least == most for least, most in ends)
    p_value = 2 * special.ndtr(-np.abs(log_ratio) / error).max()
    return RateRatio(
        value=lowest if exact else None,
        lower=float(np.exp((log_ratio - width).min())),
        upper=float(np.exp((log_ratio + width).max())),
        confidence=confidence,
        method=LOG_NORMAL,
        reason=None if exact else "a count is known only as an interval",
        least=None if exact else lowest,
        most=None if exact else highest,
        p_value=1.0 if lowest < 1 < highest else float(p_value),
    )


def _least_odds(count: Floats, other: Floats, tail: float) -> Floats:
    """Clopper and Pearson's lower limit for the odds of an event falling in the count.

    Both the share and its complement are solved for, so that no digits are lost near 1.
    """
    some = np.maximum(count, 1)
    share = special.betaincinv(some, other + 1, tail)
    complement = special.betainccinv(other + 1, some, tail)
    return np.where(count > 0, share / complement, 0.0)


def _refuse(
    numbers: Floats, name: str, wanted: str, is_wrong: Callable[[Floats], NDArray[np.bool_]]
) -> None:
    wrong = ((numbers < 0) | np.isinf(numbers) | is_wrong(numbers)) & ~np.isnan(numbers)
    if wrong.any():
        raise ValueError(f"{name} are {wanted}, but {numbers[wrong][0]} was given")


def _of_baseline(reason: str | None) -> str | None:
    return reason and reason.replace("the count", "the baseline's count")
