"""Does an area differ from the rest by more than its size explains?

Funnel limits as OHID draws them: 95% and 99.8% round the average, wide for small areas. An
area inside the funnel cannot be ranked against another.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vrn_metrics.methods.estimates import as_numbers, check_confidence
from vrn_metrics.methods.rates import exact_interval, poisson_interval

Floats = NDArray[np.float64]

WARNING: Final = 0.95
ALARM: Final = 0.998
FEWEST_EVENTS_TO_STANDARDISE: Final = 10  # OHID: as for the rate itself
WINSORISED: Final = 0.1  # the share of areas at each end that are drawn in before variation is told


class Position(StrEnum):
    """Where an area lies in the funnel."""

    FAR_ABOVE = "above the 99.8% limit"
    ABOVE = "above the 95% limit"
    INSIDE = "within the limits"
    BELOW = "below the 95% limit"
    FAR_BELOW = "below the 99.8% limit"
    NOT_JUDGED = "too few events or a missing figure"


class WideFunnel(NamedTuple):
    """Limits of areas of these exposures that allow for variation between areas."""

    exposure: Floats
    lower: Floats
    upper: Floats


class RateFunnel(NamedTuple):
    """Two curves, each with its own exposures: draw `lower` over `lower_exposure`."""

    lower_exposure: Floats
    lower: Floats
    upper_exposure: Floats
    upper: Floats


def average(counts: ArrayLike, exposure: ArrayLike) -> float:
    """The line down the middle: all events over all exposure, areas that lack one left out.

    Raises
    ------
    ValueError
        If no area has both, or there is no exposure: there is then no average.

    Examples
    --------
    >>> average([10, 20, float("nan")], [100, 200, 500])
    0.1
    """
    events, people = _known(counts, exposure)
    everyone = float(np.nansum(people))
    if not everyone > 0:
        raise ValueError("no area has both a count and an exposure above 0: there is no average")
    return float(np.nansum(events)) / everyone


def rate_funnel(
    events: ArrayLike, centre: float, *, per: float = 1.0, confidence: float = ALARM
) -> RateFunnel:
    """The limits of rates or ratios, each found for a number of events.

    Parameters
    ----------
    events
        Numbers of events from 1 up, as many as the curve needs: 1 to that of the largest
        area.
    centre
        The average rate, events over exposure; 1 for observed over expected.
    per
        What the rate is given per: 100,000 people.
    confidence
        0.998 for the outer limits, 0.95 for the inner ones.

    Returns
    -------
    RateFunnel
        For each number of events the exposure at which it would be just low, or just high,
        and the rate it is there.

    Raises
    ------
    ValueError
        If a number of events is below 1, or the average is not above zero.

    Notes
    -----
    Exact Poisson limits. PHEindicatormethods finds the same by bisection and is off by up to
    5 parts in 100,000.

    Examples
    --------
    >>> funnel = rate_funnel([1, 10], 0.001, per=100_000, confidence=0.95)
    >>> funnel.lower.round(1).tolist(), funnel.upper.round(1).tolist()
    ([17.9, 54.4], [3949.8, 208.5])
    """
    number = as_numbers(events, "events")
    if not (number >= 1).all():
        raise ValueError("a rate has a funnel limit from 1 event up, but fewer were given")
    if not 0 < centre < np.inf:
        raise ValueError(f"the average rate is finite and above 0, but {centre} was given")
    fewest, most = exact_interval(number, confidence)
    scale = per * centre
    return RateFunnel(
        most / centre, scale * number / most, fewest / centre, scale * number / fewest
    )


def variation_between(
    counts: ArrayLike, exposure: ArrayLike, *, centre: float | None = None
) -> float:
    """How much areas differ beyond chance: the variance of the square root of their relative rate.

    Parameters
    ----------
    counts, exposure
        Events and exposure of each area; NaN where missing.
    centre
        The line to be judged against; the areas' own average where not given.

    Returns
    -------
    float
        Tau squared: 0 where areas differ by no more than chance, where fewer than three can be
        judged, or where nothing happened.

    Raises
    ------
    ValueError
        As for `rate_positions`.

    Notes
    -----
    The additive random-effects model of Spiegelhalter on the square-root scale, with the tenth
    of areas at each end drawn in, so that one area that stands out does not excuse itself. Few
    areas tell their variation poorly: with nine it is often found to be 0 where it is not, and
    an area that truly stands out among so few still widens the limits it is held against.

    References
    ----------
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and Safety in
    Health Care 2005; 14: 347-351.

    Examples
    --------
    >>> variation_between([100, 103, 97, 99, 101], [1, 1, 1, 1, 1])
    0.0
    >>> round(variation_between([100, 160, 60, 90, 130], [1, 1, 1, 1, 1]), 4)
    0.0183
    """
    events, people = _known(counts, exposure)
    line = _line(events, people, centre)
    judged = ~np.isnan(events)
    if judged.sum() < 3 or line <= 0:
        return 0.0
    expected = line * people[judged]
    precision = 4.0 * expected
    score = (np.sqrt(events[judged] / expected) - 1.0) * np.sqrt(precision)
    score = np.clip(score, *np.quantile(score, [WINSORISED, 1 - WINSORISED]))
    excess = float((score**2).sum()) - (judged.sum() - 1)
    spread = float(precision.sum() - (precision**2).sum() / precision.sum())
    return float(max(0.0, excess / spread))


def wide_funnel(
    exposure: ArrayLike,
    centre: float,
    between: float,
    *,
    per: float = 1.0,
    confidence: float = ALARM,
) -> WideFunnel:
    """The limits of rates where areas differ beyond chance: chance and their variation together.

    Parameters
    ----------
    exposure
        Sizes above zero at which limits are wanted.
    centre
        The average rate, events over exposure.
    between
        `variation_between`; with 0 they are the limits of chance alone on the same scale.
    per, confidence
        As for `rate_funnel`.

    Examples
    --------
    >>> funnel = wide_funnel([10_000, 40_000], 0.001, 0.0, per=100_000, confidence=0.95)
    >>> funnel.lower.round(1).tolist(), funnel.upper.round(1).tolist()
    ([47.6, 71.4], [171.6, 133.4])
    """
    sizes = as_numbers(exposure, "exposure")
    if not (sizes > 0).all():
        raise ValueError("exposures are numbers above 0, but one is not")
    width = -special.ndtri(check_confidence(confidence)) * np.sqrt(
        1.0 / (4.0 * centre * sizes) + between
    )
    scale = per * centre
    return WideFunnel(sizes, scale * np.maximum(1 - width, 0) ** 2, scale * (1 + width) ** 2)


def proportion_funnel(
    denominators: ArrayLike, centre: float, *, per: float = 1.0, confidence: float = ALARM
) -> tuple[Floats, Floats]:
    """The lower and upper limits of a share, for areas of these sizes.

    Parameters
    ----------
    denominators
        Sizes above zero.
    centre
        The average share, between 0 and 1.
    per
        100 for percentages.
    confidence
        0.998 for the outer limits, 0.95 for the inner ones.

    Raises
    ------
    ValueError
        If a size is not above zero or the average is not a share.

    Notes
    -----
    Average ± z sqrt(average (1 - average) / size), cut off at none and all. OHID's package
    calls this Wilson's method.

    Examples
    --------
    >>> lower, upper = proportion_funnel([100, 1000], 0.2, confidence=0.95)
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.1216, 0.1752], [0.2784, 0.2248])
    """
    sizes = as_numbers(denominators, "denominators")
    if not (sizes > 0).all():
        raise ValueError("denominators are numbers above 0, but one is not")
    if not 0 <= centre <= 1:
        raise ValueError(f"the average is a share between 0 and 1, but {centre} was given")
    width = -special.ndtri(check_confidence(confidence)) * np.sqrt(centre * (1 - centre) / sizes)
    return per * np.maximum(centre - width, 0), per * np.minimum(centre + width, 1)


def standardised_exposure(counts: ArrayLike, rates: ArrayLike, *, per: float = 100_000) -> Floats:
    """The population that would give a standardised rate from its count; NaN for no events.

    With it a directly standardised rate takes its place in a funnel, as OHID has it.

    Examples
    --------
    >>> standardised_exposure([23, 0], [53.14724096, 0]).round(0).tolist()
    [43276.0, nan]
    """
    events, value = _known(counts, rates)
    return np.where(events > 0, per * events / np.where(value > 0, value, np.nan), np.nan)


def rate_positions(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    centre: float | None = None,
    fewest_events: float = 0,
    between: float = 0.0,
) -> Any:
    """Where each area lies in the funnel of a rate or of observed over expected.

    Parameters
    ----------
    counts, exposure
        Events and exposure, or expected events, of each area; NaN where missing.
    centre
        The line to be judged against; the areas' own average where not given. 1 for
        observed over expected.
    fewest_events
        Areas with fewer are not judged: 10 for directly standardised rates.
    between
        `variation_between` of the areas. Above 0 an area is outside only if it is so for chance
        alone and for chance and variation together.

    Returns
    -------
    numpy.ndarray
        A `Position` for each area.

    Raises
    ------
    ValueError
        If a count or the line is negative, or an exposure is not above zero.

    Notes
    -----
    An area is outside where the average is not in its own interval (exact below 10 events,
    Byar's from 10), which is OHID's test; the drawn limits are exact throughout and differ
    from it in the fourth digit. With 54 areas on view, 2.7 lie beyond the 95% limits by
    chance and 0.1 beyond the 99.8% limits. Each area is part of the average, so a large one
    looks a little nearer to it than it is.

    Examples
    --------
    >>> [str(each) for each in rate_positions([5, 40, 12], [10_000, 10_000, 10_000])]
    ['below the 99.8% limit', 'above the 99.8% limit', 'within the limits']
    """
    events, people = _known(counts, exposure)
    if (people <= 0).any():
        raise ValueError("exposures are numbers above 0, or NaN, but one is not")
    line = _line(events, people, centre)
    judged = ~np.isnan(events) & ~np.isnan(people) & (events >= fewest_events)
    number = np.where(judged, events, 1.0)
    (low, high), (lowest, highest) = (
        poisson_interval(number, confidence) for confidence in (WARNING, ALARM)
    )
    expected = line * people
    inner, outer = (_beyond(number, expected, between, level) for level in (WARNING, ALARM))
    return _positions(
        judged,
        (expected < lowest) & outer,
        (expected < low) & inner,
        (expected > highest) & outer,
        (expected > high) & inner,
    )


def _beyond(number: Floats, expected: Floats, between: float, confidence: float) -> Any:
    """Whether areas are outside the limits of chance and variation; all, where there is none."""
    if between <= 0:
        return np.ones(np.shape(expected), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.abs(np.sqrt(number / expected) - 1)
        width = -special.ndtri(check_confidence(confidence)) * np.sqrt(
            1.0 / (4.0 * expected) + between
        )
    return ~(away <= width)


def proportion_positions(
    numerators: ArrayLike, denominators: ArrayLike, *, centre: float | None = None
) -> Any:
    """Where each area lies in the funnel of a share.

    Parameters, returned value and errors are those of `rate_positions`; no numerator is
    above its denominator.

    Examples
    --------
    >>> [str(each) for each in proportion_positions([25, 20, 30], [100, 100, 100])]
    ['within the limits', 'within the limits', 'within the limits']
    """
    cases, people = _known(numerators, denominators)
    if (people <= 0).any() or (cases > people).any():
        raise ValueError("a denominator is above 0 and not below its numerator, but one is")
    line = _line(cases, people, centre)
    judged = ~np.isnan(cases) & ~np.isnan(people)
    sizes = np.where(judged, people, 1.0)
    share = cases / people
    (low, high), (lowest, highest) = (
        proportion_funnel(sizes, line, confidence=confidence) for confidence in (WARNING, ALARM)
    )
    return _positions(judged, share > highest, share > high, share < lowest, share < low)


def _positions(
    judged: NDArray[np.bool_],
    far_above: NDArray[np.bool_],
    above: NDArray[np.bool_],
    far_below: NDArray[np.bool_],
    below: NDArray[np.bool_],
) -> Any:
    order = [Position.NOT_JUDGED, Position.FAR_ABOVE, Position.ABOVE]
    order += [Position.FAR_BELOW, Position.BELOW, Position.INSIDE]
    code = np.select([~judged, far_above, above, far_below, below], range(5), default=5)
    return np.array(order, dtype=object)[code]


def _line(counts: Floats, exposure: Floats, centre: float | None) -> float:
    """What areas are judged against. Where none is known none is judged, and any line will do."""
    if centre is None:
        return average(counts, exposure) if not np.isnan(counts).all() else 0.0
    if not 0 <= centre < np.inf:
        raise ValueError(f"the average is a finite number from 0 up, but {centre} was given")
    return centre


def _known(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    """Two arrays of one shape, each NaN where the other is."""
    one, two = np.broadcast_arrays(as_numbers(first, "counts"), as_numbers(second, "exposures"))
    if (one < 0).any() or np.isinf(one).any() or np.isinf(two).any():
        raise ValueError("counts are finite numbers from 0 up, or NaN, but one is not")
    return np.where(np.isnan(two), np.nan, one), np.where(np.isnan(one), np.nan, two)
