"""How many events for how many people, and how sure is that?

The conventions are those of the Office for Health Improvement and Disparities (OHID), so
that a rate here can be laid beside Fingertips and its R package, PHEindicatormethods 2.1.0.
The departures are few: a missing count is never zero, and no lower limit is below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, overload

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
Numbers = Sequence[float] | NDArray[Any]

EXACT_BELOW: Final = 10  # OHID: exact limits under 10 events, Byar's approximation from 10
FEWEST_EVENTS_TO_STANDARDISE: Final = 10  # OHID: no directly standardised rate below this

BLOCK: Final = 16_384  # at once: temporaries stay in the processor's cache

# Eurostat, Revision of the European Standard Population (2013): people out of 100,000 aged
# 0-4, 5-9, … 85-89, 90 and over; infants joined to 1-4 and the three oldest bands to one,
# as OHID does.
ESP2013: Final = (
    *(5_000, 5_500, 5_500, 5_500, 6_000, 6_000, 6_500, 7_000, 7_000, 7_000),
    *(7_000, 6_500, 6_000, 5_500, 5_000, 4_000, 2_500, 1_500, 1_000),
)


class Rates(NamedTuple):
    """Rates and their limits, one an element; NaN where there is none."""

    value: Floats
    lower: Floats
    upper: Floats


@overload
def exact_interval(count: float, confidence: float = ...) -> tuple[float, float]: ...
@overload
def exact_interval(count: Numbers, confidence: float = ...) -> tuple[Floats, Floats]: ...
def exact_interval(count: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """The exact (Garwood) limits for a Poisson count, from the chi-squared distribution.

    It covers the truth at least as often as it says, for small counts rather more often.

    Parameters
    ----------
    count
        Events, one number or an array; not negative, not missing.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple
        The lower and upper limits, of the shape of `count`; the lower limit of 0 is 0.

    Raises
    ------
    ValueError
        If a count is negative, missing or infinite, or `confidence` is not a share.

    References
    ----------
    Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936; 28: 437-442.

    Examples
    --------
    >>> [round(limit, 4) for limit in exact_interval(3)]
    [0.6187, 8.7673]
    """
    events, tail = _events(count), check_confidence(confidence)
    return _like(count, *_exact_limits(events, tail))


@overload
def byar_interval(count: float, confidence: float = ...) -> tuple[float, float]: ...
@overload
def byar_interval(count: Numbers, confidence: float = ...) -> tuple[Floats, Floats]: ...
def byar_interval(count: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """Byar's limits for a Poisson count: close to exact from 10 events, and quick.

    Parameters, returned values and errors are those of `exact_interval`. Where the formula
    falls below zero (few events, much confidence) the lower limit is 0.

    References
    ----------
    Breslow NE, Day NE. Statistical Methods in Cancer Research, volume II. IARC, Lyon, 1987.

    Examples
    --------
    >>> [round(limit, 6) for limit in byar_interval(65)]
    [50.163188, 82.849139]
    """
    events, tail = _events(count), check_confidence(confidence)
    return _like(count, *_byar_limits(events, tail))


@overload
def poisson_interval(count: float, confidence: float = ...) -> tuple[float, float]: ...
@overload
def poisson_interval(count: Numbers, confidence: float = ...) -> tuple[Floats, Floats]: ...
def poisson_interval(count: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """The limits for a Poisson count as OHID gives them: exact below 10, Byar's from 10.

    Parameters, returned values and errors are those of `exact_interval`. Events are taken
    as independent: where one incident has several victims, or one person several
    admissions, the interval is too narrow.

    References
    ----------
    OHID, Fingertips: Public health technical guide, confidence intervals.

    Examples
    --------
    >>> [round(limit, 4) for limit in poisson_interval(9)]
    [4.1154, 17.0848]
    >>> lower, upper = poisson_interval([0, 10])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.0, 4.7874], [3.6889, 18.3915])
    """
    events, tail = _events(count), check_confidence(confidence)
    return _like(count, *_poisson_limits(events, tail))


def crude_rate(
    count: float | Count | None,
    population: float | None,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """Events for every `per` people, with the limits of `poisson_interval`.

    Parameters
    ----------
    count
        Events. A `Count` known as an interval gives no value but the rate at its bounds;
        the lower limit then belongs to its least and the upper to its most.
    population
        People, or person-years where the count covers more than a year. It is taken as
        known without error.
    per
        100,000 for admissions and knife crime, one million for homicide. With the expected
        events as `population` and 1 or the reference rate here, this is the indirectly
        standardised ratio or rate.
    confidence
        Between 0 and 1.

    Returns
    -------
    Estimate
        Withheld, with the reason, where the count or the population is missing, the
        population is zero, or a `Count` can be below zero.

    Raises
    ------
    ValueError
        If a plain count or the population is negative, or `confidence` is not a share.

    Examples
    --------
    Homicides in Leicestershire in the three years to March 2025, per million person-years:

    >>> rate = crude_rate(26, 3 * 1_157_739, per=1_000_000)
    >>> round(rate.value, 3), round(rate.lower, 3), round(rate.upper, 3), rate.method
    (7.486, 4.889, 10.969, 'Byar')
    """
    tail = check_confidence(confidence)
    reason = unusable_count(count) or unusable_exposure(population, "population")
    if count is None or population is None or reason:
        method = "exact Poisson or Byar"
        return Estimate.withheld(str(reason), confidence=confidence, method=method)
    least, most = bounds(count)
    lower, upper = _poisson_limits(np.array([least, most]), tail)
    methods = dict.fromkeys(
        "exact Poisson" if end < EXACT_BELOW else "Byar" for end in (least, most)
    )
    exact, scale = least == most, per / population
    return Estimate(
        value=least * scale if exact else None,
        lower=float(lower[0]) * scale,
        upper=float(upper[1]) * scale,
        confidence=confidence,
        method=" and ".join(methods),
        reason=None if exact else f"the count is known only to be {count}",
        least=None if exact else least * scale,
        most=None if exact else most * scale,
    )


def crude_rates(
    counts: ArrayLike,
    populations: ArrayLike,
    *,
    per: ArrayLike = 100_000,
    confidence: float = 0.95,
) -> Rates:
    """Many crude rates at once; NaN where a count or population is missing or zero people.

    Parameters are those of `crude_rate`, as arrays of plain numbers that broadcast together.
    For counts known as intervals, call it once with the least and once with the most.

    Raises
    ------
    ValueError
        If a count or population is negative or infinite, or `confidence` is not a share.

    Examples
    --------
    >>> rates = crude_rates([65, float("nan")], [100, 100], per=100)
    >>> rates.value.tolist(), rates.lower.round(4).tolist()
    ([65.0, nan], [50.1632, nan])
    """
    tail = check_confidence(confidence)
    events, people = np.asarray(counts, dtype=float), np.asarray(populations, dtype=float)
    _refuse_negative(events, "counts")
    _refuse_negative(people, "populations")
    known = ~np.isnan(events)
    lower, upper = _poisson_limits(events if known.all() else np.where(known, events, 0), tail)
    scale = np.asarray(per) / np.where(people > 0, people, np.nan)
    scale = scale if known.all() else np.where(known, scale, np.nan)
    return Rates(events * scale, lower * scale, upper * scale)


def directly_standardised_rate(
    counts: Numbers,
    populations: Numbers,
    standard: Numbers = ESP2013,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    variances: Numbers | None = None,
) -> Estimate:
    """The rate that the area would have with the standard population's ages.

    Standardising keeps a student city and an ageing county comparable. The limits are
    Dobson's, built on Byar's limits for the total.

    Parameters
    ----------
    counts, populations, standard
        Events, people and standard people by age band, in one order.
    per, confidence
        As for `crude_rate`.
    variances
        The variance of each count. Left out, events are independent and it is the count
        itself. Where people have several events each, it is the sum over people of the
        square of their events, which widens the interval.

    Returns
    -------
    Estimate
        Withheld, with the reason, below 10 events, and where a count is missing (R takes
        that for zero; here whoever knows that no event happened passes 0) or a population
        is missing or zero.

    Raises
    ------
    ValueError
        If shapes differ, a number is negative, or `confidence` is not a share.

    References
    ----------
    Dobson AJ et al. Confidence intervals for weighted sums of Poisson parameters. Statistics
    in Medicine 1991; 10: 457-462. The form for several events a person is that of
    PHEindicatormethods 2.1.0, `calculate_dsr(independent_events = FALSE)`.

    Examples
    --------
    >>> events = [12, 4, 3, 2, 3, 4, 8, 2, 2, 3, 4, 5, 6, 8, 5, 6, 5, 5, 4]
    >>> people = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576,
    ...           606, 522, 426, 273, 300, 288, 153, 123, 207]
    >>> rate = directly_standardised_rate(events, people, ESP2013)
    >>> round(rate.value, 3), round(rate.lower, 3), round(rate.upper, 3)
    (1103.212, 877.456, 1367.088)
    """
    method = "Dobson" if variances is None else "Dobson, events not independent"
    events, people = np.asarray(counts, dtype=float), np.asarray(populations, dtype=float)
    if events.ndim != 1:
        raise ValueError(f"counts are one number an age band, but have shape {events.shape}")
    rate = directly_standardised_rates(
        events, people, standard, per=per, confidence=confidence, variances=variances
    )
    if np.isnan(rate.value):
        if np.isnan(events).any():
            reason = "the count of an age band is missing"
        elif not (people > 0).all():
            reason = "the population of an age band is missing or zero"
        elif events.sum() < FEWEST_EVENTS_TO_STANDARDISE:
            reason = f"fewer than {FEWEST_EVENTS_TO_STANDARDISE} events"
        else:
            reason = "the variance of an age band's count is missing"
        return Estimate.withheld(reason, confidence=confidence, method=method)
    return Estimate(float(rate.value), float(rate.lower), float(rate.upper), confidence, method)


def directly_standardised_rates(
    counts: ArrayLike,
    populations: ArrayLike,
    standard: ArrayLike = ESP2013,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    variances: ArrayLike | None = None,
) -> Rates:
    """Many directly standardised rates at once; age bands run along the last axis.

    Parameters and errors are those of `directly_standardised_rate`; NaN stands where that
    withholds.
    """
    tail = check_confidence(confidence)
    events, people = np.asarray(counts, dtype=float), np.asarray(populations, dtype=float)
    spread = events if variances is None else np.asarray(variances, dtype=float)
    weights = np.asarray(standard, dtype=float)
    for name, array in (("counts", events), ("populations", people), ("variances", spread)):
        _refuse_negative(array, name)
        if array.shape[-1:] != weights.shape:
            raise ValueError(
                f"{name} have the shape {array.shape}, but the standard has {weights.size} bands"
            )
    if not ((weights >= 0).all() and 0 < weights.sum() < np.inf):
        raise ValueError("the standard population has finite numbers from 0 up, not all zero")
    total = events.sum(axis=-1)
    enough = total >= FEWEST_EVENTS_TO_STANDARDISE  # False where a count is missing
    weight = per * weights / weights.sum() / np.where(people > 0, people, np.nan)
    value = np.where(enough, (weight * events).sum(axis=-1), np.nan)
    total = np.where(enough, total, FEWEST_EVENTS_TO_STANDARDISE)
    stretch = np.sqrt((weight**2 * spread).sum(axis=-1) / total)
    below, above = _byar_limits(total, tail)
    # Dobson's lower limit can fall below zero where one small band carries the rate.
    lower = np.maximum(value + stretch * (below - total), 0)
    return Rates(value, lower, value + stretch * (above - total))


@overload
def wilson_interval(
    numerator: float, denominator: float, confidence: float = ...
) -> tuple[float, float]: ...
@overload
def wilson_interval(
    numerator: Numbers, denominator: Numbers, confidence: float = ...
) -> tuple[Floats, Floats]: ...
def wilson_interval(numerator: Any, denominator: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """Wilson's score limits for a proportion, which stay within 0 and 1.

    Parameters
    ----------
    numerator, denominator
        The part and the whole, numbers or arrays.
    confidence
        Between 0 and 1.

    Raises
    ------
    ValueError
        If a part is negative, missing or more than its whole, if a whole is zero, or
        `confidence` is not a share.

    References
    ----------
    Wilson EB. Probable inference. Journal of the American Statistical Association 1927; 22:
    209-212.

    Examples
    --------
    >>> [round(limit, 6) for limit in wilson_interval(65, 100)]
    [0.552544, 0.736358]
    """
    z = _deviate(check_confidence(confidence))
    part, whole = np.broadcast_arrays(_events(numerator), _events(denominator))
    if not (whole > 0).all():
        raise ValueError("a proportion needs a denominator above 0")
    if not (part <= whole).all():
        raise ValueError("the numerator of a proportion is at most its denominator")
    centre, half = 2 * part + z**2, z * np.sqrt(z**2 + 4 * part * (1 - part / whole))
    lower, upper = (centre - half) / (2 * (whole + z**2)), (centre + half) / (2 * (whole + z**2))
    return _like(part, np.maximum(lower, 0), np.minimum(upper, 1))


def _poisson_limits(events: Floats, tail: float) -> tuple[Floats, Floats]:
    """Exact below 10, by table where every such count is whole, else Byar's."""
    flat = events.ravel()
    lower, upper = np.empty_like(flat), np.empty_like(flat)
    table = _exact_limits(np.arange(EXACT_BELOW, dtype=float), tail)
    for start in range(0, flat.size, BLOCK):
        block = slice(start, start + BLOCK)
        lower[block], upper[block] = _block_of_limits(flat[block], tail, table)
    return lower.reshape(events.shape), upper.reshape(events.shape)


def _block_of_limits(
    events: Floats, tail: float, table: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    lower, upper = _byar_limits(events, tail)
    small = events < EXACT_BELOW
    few = events[small]
    place = few.astype(np.intp)
    if (place == few).all():
        lower[small], upper[small] = table[0][place], table[1][place]
    else:
        lower[small], upper[small] = _exact_limits(few, tail)
    return lower, upper


def _exact_limits(events: Floats, tail: float) -> tuple[Floats, Floats]:
    # A chi-squared quantile on 2k degrees of freedom, halved, is a gamma quantile at k;
    # scipy.special spares the second and a half that importing scipy.stats takes.
    lower = np.where(events > 0, special.gammaincinv(np.maximum(events, 1e-300), tail), 0.0)
    return lower, np.asarray(special.gammainccinv(events + 1, tail))


def _byar_limits(events: Floats, tail: float) -> tuple[Floats, Floats]:
    third = _deviate(tail) / 3
    some, above = np.maximum(events, 1e-300), events + 1
    lower_root = np.maximum(1 - 1 / (9 * some) - third / np.sqrt(some), 0)
    upper_root = 1 - 1 / (9 * above) + third / np.sqrt(above)
    return events * _cubed(lower_root), above * _cubed(upper_root)


def _cubed(numbers: Floats) -> Floats:
    return numbers * numbers * numbers  # several times quicker than `** 3`


def _deviate(tail: float) -> float:
    return float(-special.ndtri(tail))


def _events(count: Any) -> Floats:
    """Counts as an array of floats, none negative, missing or infinite."""
    events = np.asarray(count, dtype=float)
    if np.isnan(events).any():
        raise ValueError("a count is a finite number from 0 up, but NaN was given: it is missing")
    _refuse_negative(events, "counts")
    return events


def _refuse_negative(numbers: Floats, name: str) -> None:
    wrong = (numbers < 0) | np.isinf(numbers)
    if wrong.any():
        raise ValueError(
            f"{name} are finite numbers from 0 up, but {numbers[wrong][0]} was given"
            f" ({wrong.sum()} of {numbers.size})"
        )


def _like(given: Any, lower: Floats, upper: Floats) -> tuple[Any, Any]:
    """Floats for one number, arrays for arrays."""
    return (float(lower), float(upper)) if np.ndim(given) == 0 else (lower, upper)
