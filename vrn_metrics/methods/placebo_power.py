"""How large must an effect be for a placebo test to find it, with these units and numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._simplex import nearest
from vrn_metrics.methods._synthetic_input import read_pre_periods
from vrn_metrics.methods.estimates import as_numbers
from vrn_metrics.methods.placebo import EQUAL

Floats = NDArray[np.float64]

FALLS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
REPLICATES: Final = 300
LEVEL: Final = 0.05
WANTED: Final = 0.8


@dataclass(frozen=True, kw_only=True)
class PlaceboPower:
    """How often falls of several sizes would be found, by simulation.

    Parameters
    ----------
    falls, shares
        Proportions by which the treated unit's events fall, and how often each is found.
    smallest_p_value
        One over the number of units. Where it is above the level nothing is ever found.
    detectable
        The fall found four times in five, between the simulated ones by a straight line;
        `None` where none is.
    dispersion
        The variance of the counts before the start over that of chance alone.
    replicates
        How many panels were drawn: a share near a half is known to 1.96 × 0.5 / √replicates.
    """

    falls: tuple[float, ...]
    shares: tuple[float, ...]
    smallest_p_value: float
    detectable: float | None
    dispersion: float
    replicates: int


def placebo_power(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    post_periods: int,
    treated: int = 0,
    season: int = 1,
    falls: Sequence[float] = FALLS,
    replicates: int = REPLICATES,
    level: float = LEVEL,
    seed: int = 1,
) -> PlaceboPower:
    """The power of the placebo test of a synthetic control, from periods before the start alone.

    Parameters
    ----------
    counts, exposure
        Before the start: one row a period, one column a unit.
    post_periods
        How many periods would follow.
    treated
        The treated unit's column.
    season
        How many periods make a year.
    falls
        Proportions to try, from small to large.
    replicates
        Panels drawn for each.
    level
        Of the test.
    seed
        The same seed gives the same answer.

    Notes
    -----
    Units keep their own rates and share the ups and downs of time, the last year of which
    repeats itself after the start. Counts vary about that by chance, times a dispersion
    measured before the start (gamma-Poisson). The treated unit is nobody's donor, as in the test
    by default. Real forces drift apart as well, which is not
    in it: what is said here to be detectable is too hopeful, never too cautious.

    Raises
    ------
    VrnMetricsError
        If counts are negative or missing, exposures not above zero, or units fewer than three.
    """
    events = as_numbers(counts, "counts")
    people = as_numbers(exposure, "exposures")
    if events.ndim != 2 or people.shape != events.shape or events.shape[1] < 3:
        raise VrnMetricsError(
            "expected counts and exposures of one row a period and one column a unit, three"
            f" units or more, found shapes {events.shape} and {people.shape}"
        )
    if not (np.isfinite(events).all() and (events >= 0).all() and (people > 0).all()):
        raise VrnMetricsError("expected counts of 0 or above and exposures above 0, none missing")
    before = read_pre_periods(len(events), len(events))
    events, people = events.T, people.T
    expected, dispersion = _expected(events, people, post_periods, season)
    ahead = np.concatenate([people, np.repeat(people[:, -1:], post_periods, axis=1)], axis=1)
    units = len(events)
    random = np.random.default_rng(seed)
    found = np.zeros(len(falls))
    allowed = ~np.eye(units, dtype=bool)
    allowed[:, treated] = False
    allowed[treated, :] = np.arange(units) != treated
    for _ in range(replicates):
        drawn = random.poisson(_spread(random, expected, dispersion))
        rates = drawn / ahead
        weights = nearest(rates[:, :before], rates[:, :before], allowed=allowed).weights
        gaps = rates - weights @ rates
        pre = np.sqrt((gaps[:, :before] ** 2).mean(axis=1))
        own = drawn[treated, before:]
        for place, fall in enumerate(falls):
            change = (
                random.binomial(own, 1 - fall) / ahead[treated, before:] - rates[treated, before:]
            )
            since = gaps[:, before:].copy()
            since[treated] += change
            found[place] += _p_value(since, pre, treated) <= level + EQUAL
    shares = found / replicates
    return PlaceboPower(
        falls=tuple(falls),
        shares=tuple(float(each) for each in shares),
        smallest_p_value=1 / units,
        detectable=_crossing(np.asarray(falls, dtype=float), shares),
        dispersion=dispersion,
        replicates=replicates,
    )


def _expected(events: Floats, people: Floats, ahead: int, season: int) -> tuple[Floats, float]:
    """Units times periods without interaction, continued, and the dispersion about it."""
    rates = events.sum(axis=1) / people.sum(axis=1)
    without = rates[:, None] * people
    factors = np.divide(
        events.sum(axis=0), without.sum(axis=0), where=without.sum(axis=0) > 0,
        out=np.ones(events.shape[1]),
    )  # fmt: skip
    fitted = without * factors
    usable = fitted > 0
    freedom = max((events.shape[0] - 1) * (events.shape[1] - 1), 1)
    chi_squared = ((events - fitted)[usable] ** 2 / fitted[usable]).sum()
    last = factors[-min(season, len(factors)) :]
    later = np.resize(last, ahead)
    continued = rates[:, None] * people[:, -1:] * later
    return np.concatenate([fitted, continued], axis=1), max(1.0, float(chi_squared / freedom))


def _spread(random: np.random.Generator, expected: Floats, dispersion: float) -> Floats:
    """Rates that vary so that counts have `dispersion` times the variance of chance."""
    if dispersion <= 1:
        return expected
    scale = dispersion - 1
    return np.asarray(random.gamma(np.maximum(expected, 1e-12) / scale, scale))


def _p_value(since: Floats, pre: Floats, treated: int) -> float:
    post = np.sqrt((since**2).mean(axis=1))
    small = 1e-12 * max(float(pre.max()), np.finfo(float).tiny)
    ratios = np.where(pre > small, post / np.maximum(pre, small), np.inf)
    return float((ratios >= ratios[treated] * (1 - EQUAL)).mean())


def _crossing(falls: Floats, shares: Floats) -> float | None:
    """Where the share first reaches the wanted one."""
    reached = np.flatnonzero(shares >= WANTED)
    if not len(reached):
        return None
    place = int(reached[0])
    if place == 0:
        return float(falls[0])
    low, high = shares[place - 1], shares[place]
    return float(
        falls[place - 1] + (WANTED - low) / (high - low) * (falls[place] - falls[place - 1])
    )
