"""Can an interrupted time series be asked of these numbers, and how?"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, SupportsIndex, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._count_model import Choice
from vrn_metrics.methods.estimates import check_confidence

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Disruption = Literal["indicator", "drop", "keep"]

# Penfold and Zhang 2013 ask for eight on each side; of months, a year, or a season is a change.
FEWEST_POINTS: Final = 8
LARGEST: Final = 2.0**53  # above, floating-point numbers leave whole ones out
FEWEST_EVENTS: Final = 10  # on each side, or the normal interval of a logarithm means little


class Series(NamedTuple):
    """Events, NaN where missing, and the people behind each count."""

    events: Floats
    people: Floats


@dataclass(frozen=True)
class Options:
    """What was asked for; see `interrupted.fit`."""

    start: int
    period: int
    harmonics: int
    family: Choice
    slope_change: bool
    disrupted: Mask
    disruption: Disruption
    lags: int | None
    confidence: float


def read_series(counts: ArrayLike, exposure: ArrayLike, name: str) -> Series:
    """The two as arrays; one exposure stands for all points."""
    try:
        events, people = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    except (TypeError, ValueError) as error:
        raise VrnMetricsError(f"expected numbers for the {name} and exposure: {error}") from error
    if events.ndim != 1 or people.shape not in ((), events.shape):
        raise VrnMetricsError(
            f"expected one row of {name} and one exposure for each or for all, got shapes"
            f" {events.shape} and {people.shape}"
        )
    return Series(events, np.broadcast_to(people, events.shape))


def read_options(
    points: int,
    *,
    start: SupportsIndex,
    disrupted: ArrayLike | range | slice | None,
    period: int,
    harmonics: int,
    family: Choice,
    slope_change: bool,
    disruption: Disruption,
    lags: int | None,
    confidence: float,
) -> Options:
    """What was asked for, or an error that says what makes no sense."""
    if family not in get_args(Choice):
        raise VrnMetricsError(
            f"family is one of {', '.join(get_args(Choice))}, but {family!r} was given"
        )
    if disruption not in get_args(Disruption):
        raise VrnMetricsError(
            f"disruption is one of {', '.join(get_args(Disruption))}, but {disruption!r} was given"
        )
    try:
        whole = [operator.index(each) for each in (start, period, harmonics, lags or 0)]
        check_confidence(confidence)
        mask = _mask(disrupted, points)
    except (TypeError, ValueError) as error:
        raise VrnMetricsError(f"the fit cannot be set up: {error}") from error
    if whole[1] < 1 or whole[2] < 0 or whole[3] < 0:
        raise VrnMetricsError(
            f"period is 1 or more, harmonics and lags 0 or more, but {period}, {harmonics} and"
            f" {lags} were given"
        )
    return Options(
        start=whole[0],
        period=whole[1],
        harmonics=whole[2],
        family=family,
        slope_change=slope_change,
        disrupted=mask,
        disruption=disruption,
        lags=lags,
        confidence=confidence,
    )


def _mask(disrupted: ArrayLike | range | slice | None, points: int) -> Mask:
    mask = np.zeros(points, dtype=bool)
    if disrupted is None:
        return mask
    if isinstance(disrupted, slice):
        mask[disrupted] = True
        return mask
    if isinstance(disrupted, range):
        return np.isin(np.arange(points), np.asarray(disrupted))
    given = np.asarray(disrupted)
    if given.dtype != bool or given.shape != mask.shape:
        raise VrnMetricsError(
            f"disrupted is a range of indices or {points} times true or false, but an array of"
            f" {given.dtype} of shape {given.shape} was given"
        )
    return given


def unusable(series: Series, options: Options) -> str | None:
    """Why the numbers themselves cannot be used, or `None`."""
    events, people = series
    known = events[~np.isnan(events)]
    if not 0 < options.start < len(events):
        return f"the start, {options.start}, lies outside the {len(events)} points of the series"
    if len(known) == 0:
        return "no count is known"
    if (known < 0).any() or (known >= LARGEST).any():
        return "a count is below zero, or too large to be one"
    if (known != np.floor(known)).any():
        return "a count is not a whole number: counts are needed, not rates"
    if not ((people > 0) & np.isfinite(people)).all():
        return "an exposure is missing, infinite or not above zero"
    return None if known.sum() > 0 else "there are no events"


def too_little(events: Floats, used: Mask, options: Options) -> str | None:
    """Why too little is known on one side of the start, or `None`."""
    after = np.arange(len(events)) >= options.start
    needed = max(FEWEST_POINTS, options.period)
    for side, where in (("before the start", used & ~after), ("from the start on", used & after)):
        points, total = int(where.sum()), int(events[where].sum())
        if points < needed:
            return f"{points} points are known {side}, and {needed} are needed"
        if total < FEWEST_EVENTS:
            return f"there are {total} events {side}, and {FEWEST_EVENTS} are needed"
    return None
